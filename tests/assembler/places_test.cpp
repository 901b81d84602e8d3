#include "assembler/assemble.hpp"
#include "grammar/parse.hpp"
#include "objects/code_object.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace pyasm;
using objects::ValueId;

namespace {

/// A text assembled with its places noted down.
struct Placed {
    explicit Placed(std::string text, std::map<std::string, std::string> files = {}) {
        const auto read = [&files](const std::string& path) -> support::Result<std::string> {
            return files.at(path);
        };
        const auto source = sources.add("test.pyasm", std::move(text));
        REQUIRE(source);
        grammar::ParseOptions parsing;
        parsing.read_include = read;
        auto unit = grammar::parse(**source, sources, parsing, diagnostics);
        assembler::AssembleOptions options;
        options.unchecked = &unchecked;
        options.places = &places;
        file = assembler::assemble(std::move(unit), sources, options, diagnostics);
        REQUIRE(file);
    }

    /// "test.pyasm:4:5 NOP"
    [[nodiscard]] std::string word(support::Span span) const {
        if (!span.known()) return "nowhere";
        const support::Location location = sources.locate(span.begin);
        return fmt::format("{}:{}:{} {}", location.file->path, location.line, location.column,
                           sources.text(span));
    }
    [[nodiscard]] std::string at(ValueId code, std::uint32_t offset) const {
        return word(places.at(code, offset));
    }

    support::Sources sources;
    support::Diagnostics diagnostics;
    std::vector<ValueId> unchecked;
    assembler::Places places;
    std::optional<objects::PycFile> file;
};

} // namespace

TEST_CASE("every byte of co_code has the statement that it comes from") {
    const Placed placed(".target 3.12\n"
                        ".module\n"
                        ".unchecked\n"
                        "  RESUME 0\n"
                        "back: LOAD_NAME x\n"
                        "  EXTENDED_ARG\n"
                        "  LOAD_CONST [256]\n"
                        "  .op 9\n"
                        "  .bytes b\"\\x09\\x00\\x09\\x00\"\n"
                        "  JUMP_BACKWARD back\n"
                        ".end\n");
    const ValueId top = placed.file->top;
    CHECK(placed.word(placed.places.block_of(top)) == "test.pyasm:2:1 .module");
    const std::vector<std::string> expected = {"test.pyasm:4:3 RESUME",        "test.pyasm:5:7 LOAD_NAME",
                                               "test.pyasm:7:3 LOAD_CONST", // its prefix, too
                                               "test.pyasm:7:3 LOAD_CONST",    "test.pyasm:8:3 .op",
                                               "test.pyasm:9:3 .bytes",        "test.pyasm:9:3 .bytes",
                                               "test.pyasm:10:3 JUMP_BACKWARD"};
    for (std::uint32_t i = 0; i < expected.size(); ++i) {
        CAPTURE(i);
        CHECK(placed.at(top, 2 * i) == expected[i]);
        CHECK(placed.at(top, 2 * i + 1) == expected[i]);
    }
    CHECK(placed.unchecked == std::vector{top});
}

TEST_CASE("automatic prefixes, caches and three-byte instructions belong to their statement") {
    std::string names = ".names ";
    for (int i = 0; i < 300; ++i) names += fmt::format("{}n{}", i ? ", " : "", i);
    const Placed wide(".target 3.12\n.module\n" + names +
                      "\nRESUME 0\nLOAD_GLOBAL n299\nRETURN_VALUE\n.end\n");
    const ValueId top = wide.file->top;
    for (std::uint32_t offset = 2; offset < 14; ++offset)
        CHECK(wide.at(top, offset) ==
              "test.pyasm:5:1 LOAD_GLOBAL"); // two prefixes' worth, itself, four caches
    CHECK(wide.at(top, 14) == "test.pyasm:6:1 RETURN_VALUE");

    const Placed old(".target 2.7\n.module\nLOAD_CONST None\nRETURN_VALUE\n.end\n");
    CHECK(old.at(old.file->top, 2) == "test.pyasm:3:1 LOAD_CONST");
    CHECK(old.at(old.file->top, 3) == "test.pyasm:4:1 RETURN_VALUE");
}

TEST_CASE("nested, included and empty blocks have their own places") {
    const Placed placed(".target 3.8\n.module\nLOAD_CONST code(f)\n.function f()\n.include \"body\"\n.end\n"
                        "LOAD_CONST code(empty)\nRETURN_VALUE\n.end\n.code empty\n.unchecked\n.end\n",
                        {{"body", "  LOAD_CONST 1\n  RETURN_VALUE\n"}});
    const auto& pool = placed.file->pool;
    const auto consts = pool.children(pool.code(placed.file->top).consts);
    REQUIRE(consts.size() == 2);
    CHECK(placed.at(placed.file->top, 0) == "test.pyasm:3:1 LOAD_CONST");
    CHECK(placed.at(placed.file->top, 2) == "test.pyasm:7:1 LOAD_CONST");
    CHECK(placed.at(consts[0], 2) == "body:2:3 RETURN_VALUE");
    CHECK(placed.word(placed.places.block_of(consts[0])) == "test.pyasm:4:1 .function");
    CHECK(placed.at(consts[1], 0) == "test.pyasm:10:1 .code"); // no statement in it
    CHECK(placed.unchecked == std::vector{consts[1]});
    CHECK(placed.at(objects::no_value, 0) == "nowhere");
    CHECK(placed.word(placed.places.block_of(pool.code(placed.file->top).consts)) == "nowhere");
}
