#include "inspector/json_writer.hpp"

#include "inspector/words.hpp"
#include "support/text.hpp"

#include <cassert>
#include <cstddef>

// Lengths of any size: as it comes, RapidJSON counts them in 32 bits.
#define RAPIDJSON_NO_SIZETYPEDEFINE
namespace rapidjson {
using SizeType = std::size_t; // NOLINT(readability-identifier-naming): RapidJSON's name
}
#include <rapidjson/ostreamwrapper.h>
#include <rapidjson/writer.h>

namespace pyasm::inspector {
namespace {

/// An Output as far as RapidJSON needs it to be a std::ostream.
struct Stream {
    using char_type = char;

    Output& out;

    void put(char c) {
        // The one control character that RapidJSON leaves as it is. Only strings can hold it.
        if (c == '\x7F') [[unlikely]]
            return out.text("\\u007F");
        out.put(c);
    }
    void flush() {} // the Output hands on by itself
};

} // namespace

/// ASCII as the target has all other characters written as escapes. Open levels are kept on the heap.
struct JsonWriter::Writer {
    explicit Writer(Output& out) : stream{out}, wrapper(stream), json(wrapper) {}

    Stream stream;
    rapidjson::BasicOStreamWrapper<Stream> wrapper;
    rapidjson::Writer<rapidjson::BasicOStreamWrapper<Stream>, rapidjson::UTF8<>, rapidjson::ASCII<>> json;
};

JsonWriter::JsonWriter(Output& out) : writer_(std::make_unique<Writer>(out)) {}
JsonWriter::~JsonWriter() = default;

void JsonWriter::begin_object() { writer_->json.StartObject(); }
void JsonWriter::end_object() { writer_->json.EndObject(); }
void JsonWriter::begin_array() { writer_->json.StartArray(); }
void JsonWriter::end_array() { writer_->json.EndArray(); }
void JsonWriter::null() { writer_->json.Null(); }
void JsonWriter::boolean(bool value) { writer_->json.Bool(value); }
void JsonWriter::number(std::int64_t value) { writer_->json.Int64(value); }
void JsonWriter::key(std::string_view name) { writer_->json.Key(name.data(), name.size()); }

void JsonWriter::string(std::string_view text) {
    assert(!support::find_invalid_utf8(text)); // what RapidJSON does not decode ends the string early
    writer_->json.String(text.data(), text.size());
}

void JsonWriter::hex(support::Bytes bytes) { string(hex_text(bytes)); }

} // namespace pyasm::inspector
