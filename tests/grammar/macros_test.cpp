#include "tests/grammar/parsed.hpp"

#include "grammar/print.hpp"
#include "support/render.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace pyasm;

namespace {

/// The body of the first block as printed, its lines without blanks at both ends, joined by "; ".
std::string body_of(const tests::Parsed& parsed) {
    if (parsed.diagnostics.has_errors()) return parsed.errors();
    support::ByteWriter out;
    grammar::print(parsed.unit, {}, out);
    std::string result;
    std::string text(out.text());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        std::string line = text.substr(at, end - at);
        at = end + 1;
        line.erase(0, line.find_first_not_of(' '));
        while (line.find("  ") != std::string::npos) line.erase(line.find("  "), 1);
        if (line.empty() || line[0] == '.') continue;
        result += (result.empty() ? "" : "; ") + line;
    }
    return result;
}

/// The same of a body, with definitions in front of its block.
std::string body(std::string_view definitions, std::string_view text, std::string_view target = "3.13") {
    return body_of(tests::parse_text(fmt::format("{}.function f(a)\n{}.end\n", definitions, text), target));
}

std::string first_error(std::string_view text, std::string_view target = "3.13") {
    const auto parsed = tests::parse_text(text, target);
    const std::string all = parsed.errors();
    return all.substr(0, all.find('\n'));
}

} // namespace

TEST_SUITE("grammar") {
    TEST_CASE("what is substituted, and what is not") {
        const std::string m = ".macro m x, y=2, *rest\nX (\\x, \\y, \"x\", \\rest)\n.endmacro\n";
        CHECK(body(m, "m 1\n") == "X (1, 2, \"x\")");
        CHECK(body(m, "m 1, 3\n") == "X (1, 3, \"x\")");
        CHECK(body(m, "m y=3, x=1\n") == "X (1, 3, \"x\")");
        CHECK(body(m, "m 1, , 4, (5, 6)\n") == "X (1, 2, \"x\", 4, (5, 6))");
        CHECK(body(m, "m (1, 2), \"a, b\", 'c', \"\"\"d\n\"\"\"\n") ==
              "X ((1, 2), \"a, b\", \"x\", \"c\", \"d\\n\")");
        CHECK(body(m, "m (1, # comment\n 2)\n") == "X ((1, 2), 2, \"x\")");
        CHECK(body(m, "m 1 # comment, 2\n") == "X (1, 2, \"x\")");
        CHECK(body(".macro m x\nX \"\\\\x\"\nX '\\\\x' # \\x\nX \\x\n.endmacro\n", "m 1\n") ==
              "X \"\\\\x\"; X \"\\\\x\"; X 1");
        CHECK(body(".macro m op\nX \\op\n.endmacro\n", "m +=\nm bool(<)\nm not in\nm []\n") ==
              "X +=; X bool(<); X not in; X []");
        CHECK(body(".macro m name, i\nX a_\\name\\()_\\i\\(1 + 1)\n.endmacro\n", "m b, 5\n") == "X a_b_52");
        CHECK(body(".set n = \"abc\"\n", "X \\{n}_x\nX \\(n)\nX (\\(n),\n \\(1 + 1))\n") ==
              "X abc_x; X \"abc\"; X (\"abc\", 2)");
        CHECK(body(".set n = \"abc\"\n", "\\{n}: X \\{n}\n\\{\"Y\"}\n") == "abc:; X abc; Y");
        CHECK(body(".set i = 2\n", "a\\(i): b\\(i): X \\(i)\n") == "a2:; b2:; X 2");
        CHECK(body("", "X (&1 [\\(1)], *1)\n") == "X (&1 [1], *1)");
        CHECK(body("", "X \"a\\(1)\" # \\(x)\n") == "X \"a\\\\(1)\"");
        CHECK(
            body("", "X \\(target)\n.names a,\n b\\(1)\n") ==
            "3:1: '.names' stands after the block's first instruction; Put it ahead of the instructions.\n");
    }

    TEST_CASE("lists of names go on over lines in which something is substituted") {
        const auto parsed = tests::parse_text(".module\n.names a,\n b\\(1), # \\\n c\nX\n.end\n");
        CHECK(parsed.errors().empty());
        const auto& names = parsed.unit.blocks.at(0).pins.names.value.values;
        REQUIRE(names.size() == 3);
        CHECK(parsed.unit.values.text(names[1]) == "b1");
    }

    TEST_CASE("blocks may begin and end in different expansions") {
        const auto parsed =
            tests::parse_text(".macro fn name, *parameters\n.function \\name(\\parameters)\n.endmacro\n"
                              ".macro endfn\n.end\n.endmacro\n"
                              "fn f, a, b=(1, 2)\nX\nendfn\n"
                              ".repeat x in g, h\n.function \\x\\(1)()\nX\n.end\n.endrepeat\n");
        CHECK(parsed.errors().empty());
        REQUIRE(parsed.unit.blocks.size() == 3);
        CHECK(parsed.unit.blocks[0].parameters.size() == 2);
        CHECK(parsed.unit.blocks[2].symbol == "h1");
        CHECK(first_error(".macro fn\n.function f()\n.endmacro\nfn\nX\n") ==
              "5:1: the file ends inside a block: '.end' is missing");
    }

    TEST_CASE("local names are new in each expansion") {
        const std::string m =
            ".macro m\n.local l\nJ \\l\n.repeat 2\n.local k\n\\k: J \\l, \\k\n.endrepeat\n\\l:\n"
            ".endmacro\n";
        CHECK(body(m, "m\nm\n") == "J l·1; k·2:; J l·1, k·2; k·3:; J l·1, k·3; l·1:; J l·4; k·5:; J l·4, "
                                   "k·5; k·6:; J l·4, k·6; l·4:");
        CHECK(first_error(".local a\n") == "1:1: '.local' stands outside of a macro's body; The variables of "
                                           "a block are stated with .locals.");
        CHECK(first_error(".macro m\n.local \\x\n.endmacro\nm\n") ==
              "2:8: no parameter or local name 'x' here");
        CHECK(first_error(".macro m\n.local 1\n.endmacro\nm\n") ==
              "2:8: expected a name; It is written here without a backslash, and with one where it is used.");
    }

    TEST_CASE("a name of a body within a macro is its own") {
        // A parameter, the variable of a repetition, a local name; behind the inner body it is the outer one
        // again.
        CHECK(body(".macro outer x, y\n.macro inner x, z=\\x\nX (\\x, \\y, \\z)\n.endmacro\ninner 7\nX "
                   "\\x\n.endmacro\n",
                   "outer 1, 2\n") == "X (7, 2, 1); X 1");
        CHECK(body(".macro outer x\n.repeat x in \\x, 2\nX \\x\n.endrepeat\nX \\x\n.endmacro\n",
                   "outer 1\n") == "X 1; X 2; X 1");
        CHECK(body(".macro outer\n.local l\n.repeat 1\n\\l: J \\l\n.local l\n.endrepeat\nJ "
                   "\\l\n\\l:\n.endmacro\n",
                   "outer\n") == "l·2:; J l·2; J l·1; l·1:");
        CHECK(body(".macro outer x\n.macro a *x\n.if 1\n.repeat i in \\x\nX (\\i, "
                   "\\x)\n.endrepeat\n.endif\n.endmacro\n"
                   "a 5, 6\nX \\x\n.endmacro\n",
                   "outer 1\n") == "X (5, 5, 6); X (6, 5, 6); X 1");
    }

    TEST_CASE("an argument over several lines is one line in the macro") {
        const std::string m = ".macro m x\nX \\x\nY\n.endmacro\n";
        const auto lines = [&](std::string_view call) {
            const auto parsed = tests::parse_text(fmt::format("{}.function f()\n{}.end\n", m, call));
            CHECK(parsed.errors().empty());
            std::string result;
            for (const auto& statement : parsed.unit.blocks.at(0).body)
                result += fmt::format("{} ", parsed.sources->line_at(statement.span.begin));
            return result;
        };
        CHECK(lines("m \"\"\"a\nb\"\"\"\n") == "2 3 ");
        CHECK(lines(".repeat x in \"\"\"a\nb\"\"\", (1,\n2), 3\nX \\x\nY\n.endrepeat\n") ==
              "9 10 9 10 9 10 ");
        const auto value = [&](std::string_view text, std::string_view target = "3.13") {
            return body(m, fmt::format("m {}\n", text), target);
        };
        CHECK(value("\"\"\"a\nb\\\nc\r\n\\\r\n'\"d\"\"\"") == "X \"a\\nbc\\n'\\\"d\"; Y");
        CHECK(value("r\"\"\"a\n\\d\\\n\\\"\\\\\"\"\"") == value("'a\\n\\\\d\\\\\\n\\\\\"\\\\\\\\'"));
        CHECK(value("Rb\"\"\"\\x\n\"\"\"") == "X b\"\\\\x\\n\"; Y");
        CHECK(value("ur\"\"\"\\u00e4\\n\n\"\"\"", "2.7") == value("u'\\u00e4\\\\n\\n'", "2.7"));
        CHECK(value("(\"a\\\nb\",\n2)") == "X (\"ab\", 2); Y");
    }

    TEST_CASE("macros leave early, call others and themselves, and define others") {
        CHECK(body(".macro m n\n.if \\n == 0\nZ\n.exitmacro\n.endif\nX \\n\nm \\(\\n - 1)\n.endmacro\n",
                   "m 2\nY\n") == "X 2; X 1; Z; Y");
        CHECK(body(".macro m\nX\n.repeat 3\nY\n.exitmacro\nZ\n.endrepeat\nZ\n.endmacro\n", "m\nm\nW\n") ==
              "X; Y; X; Y; W");
        CHECK(body(".macro make name\n.macro \\name x\nX \\x\n.endmacro\n.endmacro\nmake m1\nmake m2\n",
                   "m1 1\nm2 2\n") == "X 1; X 2");
        CHECK(first_error(".exitmacro\n") == "1:1: '.exitmacro' stands outside of a macro's body");
    }

    TEST_CASE("the same macro twice") {
        const std::string m = ".macro m x\nX \\x\n.endmacro\n";
        CHECK(tests::errors_of(m + m + ".module\n.end\n").empty());
        CHECK(tests::errors_of(m + "\t.macro  m   x # c\r\n   X\t\\x   # it\n  .endmacro\n.module\n.end\n")
                  .empty());
        CHECK(first_error(m + ".macro m x\nX  \\x\n\n.endmacro\n") ==
              "4:8: macro 'm' is defined twice; Give one of them another name.");
        CHECK(first_error(".macro m\nX \"a  b\"\n.endmacro\n.macro m\nX \"a b\"\n.endmacro\n") ==
              "4:8: macro 'm' is defined twice; Give one of them another name.");
        CHECK(tests::errors_of(m + ".macro m x\nY\n.endmacro\n") ==
              "4:8: macro 'm' is defined twice; Give one of them another name.\n  1:8: first defined here\n");
        CHECK(first_error(".macro NOP\n.endmacro\n") == "1:8: NOP is an instruction of 3.13: no macro can "
                                                        "have its name; Names in small letters are free.");
        CHECK(body(".macro PRINT_ITEM\nX\n.endmacro\n", "PRINT_ITEM\n") == "X");
    }

    TEST_CASE("labels, positions and comments at a call") {
        CHECK(body(".macro m x\nX \\x\n.endmacro\n", "a: b: m 1 @ 10:4-8 # c\nm \"a @ 3\" @ none\n") ==
              "a:; b:; X 1 @ 10:4-8; X \"a @ 3\" @ none");
    }

    TEST_CASE("branches") {
        const auto branch = [](std::string_view first, std::string_view second) {
            return body("", fmt::format(".if {}\nA\n.elif {}\nB\n.else\nC\n.endif\nD\n", first, second));
        };
        CHECK(branch("1", "1") == "A; D");
        CHECK(branch("0", "1") == "B; D");
        CHECK(branch("0", "0") == "C; D");
        CHECK(branch("1", "1 // 0") == "A; D"); // not looked at
        CHECK(body("", ".if 0\n.if 1\nA\n.else\nB\n.endif\n.else\nC\n.endif\n") == "C");
        CHECK(body("", ".if 0\nX \"\"\"\n.endif\n\"\"\"\nX (\n.endif\nA\n") ==
              "A"); // a directive ends the bracket
        CHECK(body("", ".if 0\n\x40 $ ' ( \n.macro x\n.endmacro\n.endif\nA\n") == "A");
        CHECK(body("", "l: .if 1\nA\nk: .endif\n") == "l:; A; k:");
        CHECK(
            body("",
                 "l\\(1): k: .if 0\nA\nm\\(2): .else\nn\\(3): .repeat 2\nB\n.endrepeat\no\\(4): .endif\n") ==
            "l1:; k:; n3:; B; B; o4:");
        CHECK(body("", "l\\(1): .macro m x\nX \\x\n.endmacro\nm 2\n") == "l1:; X 2");
        CHECK(first_error(".module\nl\\(x): .if 1\nA\n.endif\n.end\n") ==
              "2:4: no symbol 'x' is set; Define it with .set or -D, or ask defined(NAME) first.");
        CHECK(first_error(".if 0\n.else \\(1)\n.endif\n") == "2:7: unexpected '\\' after '.else'");
        CHECK(first_error("\\{\".if 1\"}\n.endif\n") ==
              "1:1: '.if' is made by a substitution, and lines that belong to it cannot follow; Write the "
              "directive "
              "itself, without a marker.");
        // A branch that is not taken ends where it does if it is.
        const std::string strays = ".macro m\n.endif\n.endmacro\n.repeat 0\n.endif\n.endrepeat\n.endif\nA\n";
        CHECK(body("", ".if 0\n" + strays) == "A");
        CHECK(tests::errors_of(".module\n.if 1\n" + strays + ".end\n") ==
              "4:1: '.endif' without '.if'\n7:1: '.endif' without '.if'\n");
        CHECK(body("", ".if 0\nA\n  .elif 1 # c\nB\n  .else # c\n.endif\n") == "B");
    }

    TEST_CASE("conditions that are not closed, or never opened") {
        CHECK(first_error(".if 1\n") == "1:1: '.if' without '.endif'");
        CHECK(first_error(".if 0\nA\n") == "1:1: '.if' without '.endif'");
        CHECK(tests::errors_of(".if 0\n.fi\n") ==
              "1:1: '.if' without '.endif'\n  2:1: this may have been meant for '.endif'\n");
        CHECK(first_error(".else\n") == "1:1: '.else' without '.if'");
        CHECK(first_error(".elif 1\n") == "1:1: '.elif' without '.if'");
        CHECK(first_error(".endif\n") == "1:1: '.endif' without '.if'");
        CHECK(first_error(".if 1\n.else\n.elif 1\n.endif\n") ==
              "3:1: '.elif' stands after the '.else' of its '.if'; The .else comes last.");
        CHECK(first_error(".if 0\n.else\n.else\n.endif\n") ==
              "3:1: '.else' stands after the '.else' of its '.if'; The .else comes last.");
        CHECK(first_error(".macro m\n.if 1\n.endmacro\nm\n.endif\n") == "2:1: '.if' without '.endif'");
        CHECK(first_error(".macro m\n.endif\n.endmacro\n.if 1\nm\n.endif\n") ==
              "2:1: '.endif' without '.if'");
        CHECK(first_error(".repeat 2\n.if 1\n.endrepeat\n") == "2:1: '.if' without '.endif'");
    }

    TEST_CASE("bodies that are not closed, or never opened") {
        CHECK(tests::errors_of(".macro m\nX\n.endm\n") ==
              "1:1: '.macro' without '.endmacro'\n  3:1: this may have been meant for '.endmacro'\n");
        CHECK(first_error(".repeat 2\nX\n") == "1:1: '.repeat' without '.endrepeat'");
        CHECK(tests::errors_of(".if 0\nX\n.repeat 2\n.endif\n") ==
              "1:1: '.if' without '.endif'\n  3:1: in it, this one is not ended either\n");
        CHECK(first_error(".endmacro\n") == "1:1: '.endmacro' without '.macro'");
        CHECK(first_error(".endrepeat\n") == "1:1: '.endrepeat' without '.repeat'");
        CHECK(first_error(".macro m\n.endmacro x\n") == "2:11: unexpected 'x' after '.endmacro'");
        CHECK(first_error(".macro m\n.macro n\n.endmacro\n") == "1:1: '.macro' without '.endmacro'");
    }

    TEST_CASE("repetitions") {
        CHECK(body("", ".repeat 0\nX\n.endrepeat\nY\n") == "Y");
        CHECK(body(".set i = 0\n", ".repeat 3\nX \\(i)\n.set i = i + 1\n.endrepeat\n") == "X 0; X 1; X 2");
        CHECK(body("", ".repeat x in 1, (2, 3), \"a, b\"\nX \\x\n.endrepeat\n") ==
              "X 1; X (2, 3); X \"a, b\"");
        CHECK(body("", ".repeat x in\nX \\x\n.endrepeat\nY\n") == "Y");
        CHECK(body("", ".repeat x in 1, 2\n.repeat y in 3, 4\nX (\\x, \\y)\n.endrepeat\n.endrepeat\n") ==
              "X (1, 3); X (1, 4); X (2, 3); X (2, 4)");
        CHECK(body(".macro m *r\n.repeat x in \\r\nX \\x\n.endrepeat\nY \\(count(\\r))\n.endmacro\n",
                   "m\nm 1, (2, 3)\n") == "Y 0; X 1; X (2, 3); Y 2");
        CHECK(first_error(".repeat -1\n.endrepeat\n") == "1:9: -1 turns: a count is 0 or more");
        CHECK(first_error(".repeat \"a\"\n.endrepeat\n") == "1:9: a count is an int, and this is a string");
        CHECK(first_error(".repeat 1000001\n.endrepeat\n") ==
              "1:9: 1000001 turns are too many: there are at most 1000000 expansions");
        CHECK(first_error(".repeat x in 1,,2\n.endrepeat\n") ==
              "1:16: an item is missing between two commas");
    }

    TEST_CASE("what a name is in its block") {
        const std::string text = ".function f(p)\n.locals p, l\n.cellvars c\n.freevars r\n"
                                 "X \\(kind(p) + kind(l) + kind(c) + kind(r) + kind(g))\n"
                                 ".function g()\nX \\(kind(c) + kind(r) + kind(p))\n.end\n"
                                 ".class C\n.freevars r\nX \\(kind(c) + kind(r))\n.end\n.end\n"
                                 ".module\nX \\(kind(p))\n.end\n";
        const auto parsed = tests::parse_text(text);
        CHECK(parsed.errors().empty());
        const auto said = [&](std::size_t block) {
            return parsed.unit.values.text(parsed.unit.blocks.at(block).body.at(0).operand.value);
        };
        CHECK(said(0) == "locallocalcellfreeglobal");
        CHECK(said(1) == "freefreeglobal");
        CHECK(said(2) == "namefree");
        CHECK(said(3) == "name");
        CHECK(first_error(".set a = kind(x)\n") ==
              "1:15: kind() asks for a name in a block, and stands outside of all");
    }

    TEST_CASE("the target, once asked for, stays") {
        CHECK(first_error(".if target > 3.8\n.endif\n.target 3.8\n", "")
                  .starts_with("3:1: '.target' stands after an expression that asks for the target"));
        CHECK(tests::errors_of(".if target > 3.8\n.endif\n.target 3.8\n.module\n.end\n", "3.8").empty());
        CHECK(tests::errors_of(".if 1\n.target 3.8\n.endif\n.module\nX\n.end\n").empty());
    }

    TEST_CASE("an error in an expansion tells the way that led there") {
        const auto parsed =
            tests::parse_text(".macro inner x\n    X \\x )\n.endmacro\n.macro outer y\n.repeat 1\n"
                              "inner \\y\n.endrepeat\n.endmacro\n.module\nX\nouter 5\n.end\n");
        CHECK(support::render(parsed.diagnostics, *parsed.sources, false) ==
              "test.pyasm:2:9: error: unexpected ')' after the operand\n"
              "    2 |     X 5 )\n"
              "      |         ^\n"
              "test.pyasm:6:1: note: in the expansion of macro 'inner'\n"
              "    6 | inner 5\n"
              "      | ^~~~~\n"
              "test.pyasm:5:1: note: in turn 1 of this repetition\n"
              "    5 | .repeat 1\n"
              "      | ^~~~~~~\n"
              "test.pyasm:11:1: note: in the expansion of macro 'outer'\n"
              "   11 | outer 5\n"
              "      | ^~~~~\n");
    }

    TEST_CASE("a statement that is read twice is reported once") {
        CHECK(tests::errors_of("x: X \\(1)\n") == "1:1: a label outside of a block; Code stands between "
                                                  ".module, .function, .class or .code and its "
                                                  ".end.\n");
        CHECK(tests::errors_of(".module\nX 2x \\(1)\n.end\n") ==
              "2:3: bad number '2x'; Text is written in quotes.\n");
        CHECK(tests::errors_of(".module\nl: X (\\(1), 2x)\nl\\(\"\"): X\n.end\n").find("2:10: ") == 0);
        CHECK(tests::errors_of(".module\nX \\x\nX \\(x)\n.function \\y(a)\n.end\n.end\n") ==
              "2:3: no parameter or local name 'x' here; A backslash and a name stand for a parameter, in "
              "the body of "
              "a macro.\n"
              "3:5: no symbol 'x' is set; Define it with .set or -D, or ask defined(NAME) first.\n"
              "4:11: no parameter or local name 'y' here; A backslash and a name stand for a parameter, in "
              "the body of "
              "a macro.\n");
    }
}
