// What JsonWriter adds to the library behind it, and what it counts on.
#include "inspector/json_writer.hpp"
#include "inspector/output.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

using namespace pyasm;

namespace {

std::string written(const std::function<void(inspector::JsonWriter&)>& write) {
    std::string text;
    {
        inspector::Output out([&text](std::string_view piece) { text += piece; });
        inspector::JsonWriter json(out);
        write(json);
    }
    return text;
}

std::string string_of(std::string_view text) {
    return written([text](inspector::JsonWriter& json) { json.string(text); });
}

} // namespace

TEST_CASE("JSON strings are ASCII without control characters") {
    CHECK(string_of("a/b \"c\" \\ \r\n\t") == R"("a/b \"c\" \\ \r\n\t")");
    CHECK(string_of({"\0\x1b\x7f~", 4}) == R"("\u0000\u001B\u007F~")");
    CHECK(string_of("\u00e9\u20ac\u202e\uffff") == R"("\u00E9\u20AC\u202E\uFFFF")");
    CHECK(string_of("\U00010000\U0001F600\U0010FFFF") == R"("\uD800\uDC00\uD83D\uDE00\uDBFF\uDFFF")");
    CHECK(string_of("\x7f\u0080") == R"("\u007F\u0080")");
}

TEST_CASE("JSON values, separators and hexadecimal") {
    const std::string text = written([](inspector::JsonWriter& json) {
        json.begin_object();
        json.key("numbers");
        json.begin_array();
        json.number(std::numeric_limits<std::int64_t>::min());
        json.number(0);
        json.number(std::numeric_limits<std::int64_t>::max());
        json.end_array();
        json.key("\u00e4");
        json.begin_object();
        json.end_object();
        json.key("hex");
        const std::uint8_t bytes[] = {0, 0x7f, 0xff};
        json.hex(bytes);
        json.key("words");
        json.begin_array();
        json.null();
        json.boolean(true);
        json.boolean(false);
        json.hex({});
        json.end_array();
        json.end_object();
    });
    CHECK(text == R"({"numbers":[-9223372036854775808,0,9223372036854775807],"\u00E4":{},)"
                  R"("hex":"007fff","words":[null,true,false,""]})");
}

TEST_CASE("JSON may nest deep and be long") {
    constexpr std::size_t depth = 1'000'000;
    const std::string text = written([](inspector::JsonWriter& json) {
        for (std::size_t i = 0; i < depth; ++i) json.begin_array();
        json.string(std::string(depth, 'x'));
        for (std::size_t i = 0; i < depth; ++i) json.end_array();
    });
    CHECK(text == std::string(depth, '[') + '"' + std::string(depth, 'x') + '"' + std::string(depth, ']'));
}
