#include "tests/grammar/parsed.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace pyasm;
using tests::errors_of;
using tests::parse_text;

TEST_SUITE("grammar") {
    TEST_CASE("the target") {
        CHECK(parse_text(".target 2.7\n.module\n.end\n").unit.target->name == "2.7");
        CHECK(parse_text(".module\n.end\n").unit.target == &isa::newest_target());
        CHECK(parse_text(".target 3.8\n.module\n.end\n", "3.8").errors().empty());
        CHECK(parse_text(".module\n.end\n", "3.8").unit.target->name == "3.8");
        CHECK(errors_of(".target 3.8\n.module\n.end\n", "3.9") ==
              "1:9: the file is for 3.8, and 3.9 was asked for; Leave out .target or the option --target, or "
              "let them "
              "agree.\n");
        CHECK(errors_of(".target 3.99\n.module\n.end\n") ==
              "1:9: unknown target '3.99'; Did you mean 3.9? The targets are 2.7, 3.6, 3.7, 3.8, 3.9, 3.10, "
              "3.11, 3.12, "
              "3.13, 3.14, 3.15.\n");
        CHECK(errors_of(".target\n.module\n.end\n") ==
              "1:8: expected a version such as 3.13 in '.target', found the end of the line\n");
        CHECK(errors_of(".target 3.8\n.target 3.8\n.module\n.end\n") ==
              "2:1: a second '.target' in the file\n  1:9: the first one is here\n");
        CHECK(errors_of(".module\n.end\n.target 3.8\n") ==
              "3:1: '.target' stands after the first block; Put it ahead of all blocks.\n");
        CHECK(errors_of(".module\n.target 3.8\n.end\n") ==
              "2:1: '.target' stands in a block; Put it ahead of the file's first block.\n");
    }

    TEST_CASE("lines") {
        CHECK(errors_of("\xEF\xBB\xBF.module\r\n\tNOP\f\r\n\r\n  # comment\r\n.end").empty());
        CHECK(errors_of(".module # c\na: b: NOP # c\nc:\nd: .op 1\n.end # c").empty());
        CHECK(errors_of("") ==
              "-: nothing to assemble: the file has no block; A program is a .module with instructions "
              "and an .end.\n");
        CHECK(errors_of("# only a comment") == errors_of(""));
        CHECK(errors_of(".module\n.lnie 3\n.end") == "2:1: unknown directive '.lnie'; Did you mean .line?\n");
        CHECK(errors_of(".module\n.zzzzzz\n.end") == "2:1: unknown directive '.zzzzzz'\n");
        CHECK(errors_of(".module\n.end x") == "2:6: unexpected 'x' after '.end'\n");
        CHECK(errors_of("NOP\nNOP\n.module\n.end\nNOP\n") ==
              "1:1: an instruction outside of a block; Code stands between .module, .function, .class or "
              ".code and its "
              ".end.\n5:1: an instruction outside of a block; Code stands between .module, .function, .class "
              "or .code "
              "and its .end.\n");
    }

    TEST_CASE("blocks that do not match") {
        CHECK(errors_of(".end\n.module\n.end\n.end\n") ==
              "1:1: '.end' without a block\n4:1: '.end' without a block\n");
        CHECK(errors_of(".module\n.function f()\nNOP\n\n") ==
              "3:3: the file ends inside a block: '.end' is missing\n  2:1: the block was opened here\n"
              "3:3: the file ends inside a block: '.end' is missing\n  1:1: the block was opened here\n");
        CHECK(errors_of(".module\n.end\n.module\n.end\n") ==
              "3:1: a second '.module' in the file; Use .code for other code objects.\n  1:1: the first one "
              "is here\n");
        CHECK(errors_of(".code f\n.end\n.class f\n.end\n") ==
              "3:8: symbol 'f' is defined twice in the same scope; Give one of them another symbol, such as "
              "f$2: $ and a number at its end are no part of the name.\n  1:7: first defined here\n");
        CHECK(errors_of(".code f\n.code f\n.end\n.end\n").empty());
        CHECK(errors_of(".module\na:\nb:\na: NOP\n.end\n.code x\na:\n.end\n") ==
              "4:1: label 'a' is defined twice in this block\n  2:1: first defined here\n");
        std::string deep;
        for (int i = 0; i < 100; ++i) deep += fmt::format(".code c{}\n", i);
        std::string ends;
        for (int i = 0; i < 100; ++i) ends += ".end\n";
        CHECK(errors_of(deep + ends).empty());
        CHECK(errors_of(deep + ".code x\n.code y\nNOP\n.end\n.end\n" + ends) ==
              "101:1: blocks nested deeper than 100 levels\n");
    }

    TEST_CASE("a line with a mistake still opens and closes blocks") {
        CHECK(errors_of(".function f(a b)\nNOP\n.end x\n.module\n.end\n") ==
              "1:15: expected ',' or ')' in the signature, found 'b'\n3:6: unexpected 'x' "
              "after '.end'\n");
    }

    TEST_CASE("bytes that are no text") {
        CHECK(errors_of(".module\n\xff\n.end\n") ==
              "2:1: byte 0xff at offset 8 is not valid UTF-8; A source is UTF-8 text.\n");
        CHECK(errors_of(std::string_view(".module\nX \0\n.end\n", 16)) ==
              "2:3: a NUL byte at offset 10; A source is UTF-8 text.\n");
        CHECK(errors_of(std::string_view("\xf3\x0d\r\n\0\0", 6)).find("this is a .pyc") == std::string::npos);
        CHECK(errors_of(std::string_view("\xf3\x0d\x0d\x0a\0\0\0\0", 8))
                  .find("This is a .pyc file of Python 3.13") != std::string::npos);
        CHECK(errors_of(".module\nX \"\a\"\n.end\n") ==
              "2:4: control character U+0007; In a string write \\x07.\n");
        CHECK(errors_of(".module\nNOP\x7f\n.end\n").substr(0, 33) == "2:4: control character U+007F; In");
        CHECK(
            errors_of(".module\nNOP # \r x\n.end\n") ==
            "2:7: a carriage return without a line feed; Lines end in LF or CR LF; in a string write \\r.\n");
    }

    TEST_CASE("includes") {
        const auto included =
            parse_text(".include \"sub/a.pyasm\"\n.module\n.include 'b.pyasm'\nRETURN_VALUE\n.end\n", "3.13",
                       {{"sub/a.pyasm", ".include \"c.pyasm\"\n"},
                        {"sub/c.pyasm", ".function f()\n NOP\n.end\n"},
                        {"b.pyasm", "x: LOAD_CONST 1"}});
        CHECK(included.errors().empty());
        const auto& unit = included.unit;
        REQUIRE(unit.blocks.size() == 2);
        CHECK(unit.blocks[0].symbol == "f");
        REQUIRE(unit.blocks[1].body.size() == 3);
        CHECK(unit.blocks[1].body[2].text == "RETURN_VALUE");
        CHECK(included.sources->text(unit.blocks[1].body[1].span) == "LOAD_CONST");
        const auto place = included.sources->locate(unit.blocks[0].symbol_span.begin);
        CHECK(place.file->path == "sub/c.pyasm");
        const auto trail = included.sources->locate(place.file->origin.from.begin);
        CHECK(trail.file->path == "sub/a.pyasm");
        CHECK(included.sources->locate(trail.file->origin.from.begin).file->path == "test.pyasm");

        const auto errors = [](std::string_view text, const std::map<std::string, std::string>& files) {
            return parse_text(text, "3.13", files).errors();
        };
        CHECK(errors(".include 'x'\n.module\n.end\n", {}) == "1:10: cannot include 'x': no such file\n");
        CHECK(errors(".include x\n.module\n.end\n", {}) ==
              "1:10: expected a string literal in '.include', found 'x'; Write it in quotes.\n");
        CHECK(errors(".include 'a'\n.module\n.end\n", {{"a", ".include './test.pyasm'\n"}}) ==
              "a:1:10: './test.pyasm' includes itself\n");
        CHECK(errors(".include 'a'\n.module\n.end\n", {{"a", ".include 'd/../a'\n"}}) ==
              "a:1:10: 'd/../a' includes itself\n");
        CHECK(errors(".module\n.include 'a'\n.end\n", {{"a", "NOP\n.end\n"}}) ==
              "a:2:1: '.end' without a block in this file\n");
        CHECK(errors(".module\n.include 'a'\n.end\n", {{"a", ".code f\n"}}) ==
              "a:1:7: the file ends inside a block: '.end' is missing\n  a:1:1: the block was opened here\n");
        CHECK(errors(".module\n.include 'a'\nX 1x\n.end\n", {{"a", "X 2x\n"}}) ==
              "a:1:3: bad number '2x'; Text is written in quotes.\n3:3: bad number '1x'; Text is written in "
              "quotes.\n");
    }

    TEST_CASE("includes are limited in depth and number") {
        std::map<std::string, std::string> chain;
        for (int i = 0; i < 200; ++i) chain[fmt::format("f{}", i)] = fmt::format(".include 'f{}'\n", i + 1);
        CHECK(parse_text(".include 'f0'\n", "", chain).errors() ==
              "f99:1:10: files include one another more than 100 levels deep\n");
        std::map<std::string, std::string> twice;
        for (int i = 0; i < 60; ++i)
            twice[fmt::format("f{}", i)] = fmt::format(".include 'f{0}'\n.include 'f{0}'\n", i + 1);
        twice["f60"] = "";
        const auto parsed = parse_text(".include 'f0'\n", "", twice);
        CHECK(parsed.errors().find("more than 10000 included files") != std::string::npos);
        CHECK(parsed.diagnostics.error_count() == 1);
    }
}
