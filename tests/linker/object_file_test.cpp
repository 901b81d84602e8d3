// Object files from anywhere: every damage is found, and none does harm.
#include "linker/object_file.hpp"

#include "isa/target.hpp"
#include "objects/pyc.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>
#include <string>

using namespace pyasm;

namespace {

/// An object file with two globals and two externs, whose text is no matter here.
std::string sample(std::string_view source = "dir/hello w\xc3\xb6rld.pyasm") {
    program::ObjectModule module;
    module.pyc.target = isa::find_target("3.13");
    module.globals = {{"main", objects::ValueId{0}, true, {}},
                      {"gr\xc3\xb6\xc3\x9f"
                       "e",
                       objects::ValueId{0},
                       false,
                       {}}};
    module.externs = {{"lib:C.m", true, {}, "f"}, {"outer.<locals>.x$2", false, {}, "f"}};
    support::ByteWriter out;
    linker::write_object(module, source, "\n.target 3.13\n", out);
    return std::string(out.text());
}

} // namespace

TEST_CASE("an object file comes back as it was written") {
    for (const std::string source :
         {"a.pyasm", "dir/hello w\xc3\xb6rld.pyasm", "odd\n# target %41\x01.pyasm", "", "%"}) {
        CAPTURE(source);
        const std::string file = sample(source);
        const auto header = linker::read_object(file);
        REQUIRE(header.ok());
        CHECK(header->source == source);
        CHECK(header->target->name == "3.13");
        CHECK(!header->has_module);
        REQUIRE(header->globals.size() == 2);
        CHECK(header->globals[0].name == "main");
        CHECK(header->globals[0].is_code);
        CHECK(header->globals[1].name == "gr\xc3\xb6\xc3\x9f"
                                         "e");
        CHECK(!header->globals[1].is_code);
        REQUIRE(header->externs.size() == 2);
        CHECK(header->externs[0].name == "lib:C.m");
        CHECK(header->externs[1].name == "outer.<locals>.x$2");
        CHECK(file.substr(header->text_begin) == "\n.target 3.13\n");
    }
}

TEST_CASE("the header is read without the text") {
    const std::string file = sample();
    const std::size_t begin = linker::read_object(file)->text_begin;
    const auto header = linker::read_object_header(std::string_view(file).substr(0, begin));
    REQUIRE(header.ok());
    CHECK(header->globals.size() == 2);
}

TEST_CASE("an object file that is cut anywhere is refused, at a byte of it") {
    const std::string file = sample();
    for (std::size_t size = 0; size < file.size(); ++size) {
        CAPTURE(size);
        const auto header = linker::read_object(std::string_view(file).substr(0, size));
        REQUIRE(!header.ok());
        REQUIRE(header.error().offset);
        CHECK(*header.error().offset <= size);
        CHECK(!header.error().message.empty());
    }
}

TEST_CASE("no changed byte of an object file goes unnoticed but in what the text does not bind") {
    const std::string file = sample("a");
    const auto original = linker::read_object(file);
    for (std::size_t at = 0; at < file.size(); ++at) {
        for (const char byte : {'\0', '\n', ' ', 'x', '9', '%', '\xff'}) {
            std::string changed = file;
            if (changed[at] == byte) continue;
            changed[at] = byte;
            const auto header = linker::read_object(changed);
            if (!header.ok()) {
                REQUIRE(header.error().offset);
                CHECK(*header.error().offset <= changed.size());
                continue;
            }
            // What may change is a name, which is held against the text when it is assembled, and the source.
            CHECK(header->text_begin == original->text_begin);
            CHECK(header->text_hash == original->text_hash);
            const bool names_differ =
                header->globals[0].name != "main" || header->globals[1].name.substr(0, 2) != "gr" ||
                header->globals[1].name.size() != original->globals[1].name.size() ||
                header->globals[1].name != original->globals[1].name ||
                header->externs[0].name != original->externs[0].name ||
                header->externs[1].name != original->externs[1].name || header->source != original->source;
            CHECK(names_differ);
        }
    }
}

TEST_CASE("random damage is refused or harmless") {
    std::mt19937 random(20251121);
    const std::string file = sample();
    for (int turn = 0; turn < 20'000; ++turn) {
        std::string changed = file;
        for (int edits = 0; edits < 3; ++edits) {
            const std::size_t at = random() % changed.size();
            switch (random() % 3) {
            case 0: changed[at] = static_cast<char>(random()); break;
            case 1: changed.erase(at, random() % 9); break;
            default: changed.insert(at, file.substr(random() % file.size(), random() % 20)); break;
            }
            if (changed.empty()) changed = "#";
        }
        const auto header = linker::read_object(changed);
        if (!header.ok()) CHECK(header.error().offset.value_or(0) <= changed.size());
    }
}

TEST_CASE("a header with a hundred thousand symbols is read in no time, and names no symbol twice") {
    std::string file = "#!pyasm-object 1\n# target 3.13\n# source a\n# module no\n";
    for (int i = 0; i < 100'000; ++i) file += fmt::format("# global code f{}\n", i);
    CHECK(linker::read_object_header(file + "# text 0 0000000000000000\n")->globals.size() == 100'000);
    const auto twice = linker::read_object_header(file + "# global code f7\n# text 0 0000000000000000\n");
    REQUIRE(!twice.ok());
    CHECK(twice.error().message == "the symbol 'f7' stands twice in the header");
    // A name may be as long as the language lets it be.
    const std::string name(100'000, 'x');
    const std::string long_one = file + "# global code " + name + "\n# text 0 0000000000000000\n";
    const auto named = linker::read_object_header(long_one);
    REQUIRE(named.ok());
    CHECK(named->globals.back().name == name);
}

TEST_CASE("a header that does not tell the truth about the text is found out, at the byte that is wrong") {
    program::ObjectModule module;
    module.pyc.target = isa::find_target("3.13");
    module.globals = {{"main", objects::ValueId{0}, true, {}},
                      {"gr\xc3\xb6\xc3\x9f"
                       "e",
                       objects::ValueId{0},
                       false,
                       {}}};
    module.externs = {{"lib:C.m", true, {}, "f"}, {"outer.<locals>.x$2", false, {}, "f"}};
    const std::string file = sample();
    const linker::ObjectHeader header = linker::read_object(file).value();
    const auto place = [&](const linker::ObjectHeader& said) {
        const auto wrong = linker::contradiction(said, module);
        return wrong ? file.substr(wrong->offset.value()) : "";
    };
    CHECK(place(header) == "");
    linker::ObjectHeader other = header;
    other.has_module = true;
    CHECK(place(other).starts_with("no\n# global code main"));
    other.target = isa::find_target("3.12");
    CHECK(place(other).starts_with("3.13\n# source"));
    // A symbol of another name, one of another kind, one that the text has not, and one that is missing.
    std::swap(module.globals[0].name, module.globals[1].name);
    CHECK(place(header).starts_with("main\n"));
    std::swap(module.globals[0].name, module.globals[1].name);
    module.externs[1].wants_code = true;
    CHECK(place(header).starts_with("outer.<locals>.x$2\n# text"));
    module.externs.pop_back();
    CHECK(place(header).starts_with("outer.<locals>.x$2\n# text"));
    module.globals.push_back({"more", objects::ValueId{0}, true, {}});
    CHECK(place(header).starts_with("# extern code lib:C.m"));
}
