#include "tests/grammar/parsed.hpp"

#include "grammar/parse.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace pyasm;

namespace {

/// The value of an expression as `\(...)` writes it, or what is wrong with it.
std::string value(std::string_view expression, std::string_view target = "3.13") {
    const auto parsed = tests::parse_text(
        fmt::format(".function f(a, b)\n.cellvars b\n.consts \\({})\n.end\n", expression), target);
    if (parsed.diagnostics.has_errors()) {
        const support::Diagnostic& error = parsed.diagnostics.all().front();
        CHECK(parsed.diagnostics.error_count() == 1);
        std::string text = error.message;
        if (!error.help.empty()) text.append("; ").append(error.help);
        return text;
    }
    const auto& consts = parsed.unit.blocks.at(0).pins.consts.value.values;
    REQUIRE(consts.size() == 1);
    return tests::show(parsed.unit.values, consts[0]);
}

} // namespace

TEST_SUITE("grammar") {
    TEST_CASE("expressions count as Python does") {
        CHECK(value("1 + 2 * 3") == "int 7");
        CHECK(value("(1 + 2) * 3") == "int 9");
        CHECK(value("-7 // 2") == "int -4");
        CHECK(value("-7 % 2") == "int 1");
        CHECK(value("7 % -2") == "int -1");
        CHECK(value("-7 // -2") == "int 3");
        CHECK(value("2 - 3 - 4") == "int -5");
        CHECK(value("1 << 3 + 1") == "int 16");
        CHECK(value("-1 >> 100") == "int -1");
        CHECK(value("6 & 3 | 8 ^ 1") == "int 11");
        CHECK(value("~5") == "int -6");
        CHECK(value("- - 5") == "int 5");
        CHECK(value("0x_ff + 0o17 + 0b11 + 1_000") == "int 1273");
        CHECK(value("not 1 == 2") == "int 1");
        CHECK(value("1 < 2 and 2 < 1 or 3") == "int 3");
        CHECK(value("0 and 1 // 0") == "int 0");
        CHECK(value("1 or nothing") == "int 1");
        CHECK(value("017 + 1L", "2.7") == "int 16");
        CHECK(value("(1,") == "'(' is never closed");
    }

    TEST_CASE("ints have 64 bits, and no more") {
        CHECK(value("9223372036854775807") == "int 9223372036854775807");
        CHECK(value("-9223372036854775808") == "int -9223372036854775808");
        CHECK(value("9223372036854775808") == "9223372036854775808 does not fit into 64 bits");
        CHECK(value("9223372036854775807 + 1") == "9223372036854775807 + 1 does not fit into 64 bits");
        CHECK(value("-9223372036854775808 - 1") == "-9223372036854775808 - 1 does not fit into 64 bits");
        CHECK(value("-(-9223372036854775808)") == "-(-9223372036854775808) does not fit into 64 bits");
        CHECK(value("-9223372036854775808 // -1") == "-9223372036854775808 // -1 does not fit into 64 bits");
        CHECK(value("-9223372036854775808 % -1") == "int 0");
        CHECK(value("4611686018427387904 * 2") == "4611686018427387904 * 2 does not fit into 64 bits");
        CHECK(value("1 << 62") == "int 4611686018427387904");
        CHECK(value("-1 << 63") == "-1 << 63 does not fit into 64 bits");
        CHECK(value("0 << 1000") == "int 0");
        CHECK(value("1 << -1") == "a shift by -1");
        CHECK(value("1 // 0") == "division by zero");
        CHECK(value("1 % 0") == "division by zero");
    }

    TEST_CASE("expressions of strings") {
        CHECK(value("'a' + \"b\" 'c'") == "str 'abc'");
        CHECK(value("'ab' * 3") == "str 'ababab'");
        CHECK(value("0 * 'ab'") == "str ''");
        CHECK(value("-1 * 'ab'") == "str ''");
        CHECK(value("'b' in 'abc'") == "int 1");
        CHECK(value("'x' not in 'abc'") == "int 1");
        CHECK(value("'a' < 'b' and 'a' != 'b'") == "int 1");
        CHECK(value("len('\\u20acx')") == "int 2");
        CHECK(value("str(12) + str(3.11) + str('x')") == "str '123.11x'");
        CHECK(value("int(' -12 ') + int('0x10')") == "int 4");
        CHECK(value("'\"' + \"'\" + '\\\\ \\n'") == "str '\"\\x27\\x5c \\x0a'");
        CHECK(value("int('x')") == "int() of 'x', which is no number");
        CHECK(value("int('9223372036854775808')") == "9223372036854775808 does not fit into 64 bits");
        CHECK(value("len(1)") == "len() of an int");
        CHECK(value("'a' * 2000000") == "the string has more than 1048576 bytes");
        CHECK(value("('a' * 1000000 + 'a' * 1000000)") == "the string has more than 1048576 bytes");
        CHECK(value("b'x'") == "a string is wanted here, not bytes; Leave out the b.");
        CHECK(value("'x\\xg'") == "\\x needs 2 hexadecimal digits");
    }

    TEST_CASE("versions compare by their numbers") {
        CHECK(value("target == 3.13") == "int 1");
        CHECK(value("3.9 < 3.10") == "int 1");
        CHECK(value("target >= 3.9", "3.10") == "int 1");
        CHECK(value("2.7 < target") == "int 1");
        CHECK(value("3.99 > target", "3.15") == "int 1");
        CHECK(value("target >= 3") == "'>=' between a version and an int; A version has two numbers: 3.0.");
        CHECK(value("target == '3.13'") ==
              "'==' between a version and a string; str(x) makes a string of a value, and int(s) a number.");
        CHECK(value("3.1.1") ==
              "'3.1.1' is no version; A version is written as in 3.11; there are no floats here.");
        CHECK(value("-3.1") ==
              "'3.1' is no version; A version is written as in 3.11; there are no floats here.");
    }

    TEST_CASE("functions of names") {
        CHECK(value("kind(a)") == "str 'local'");
        CHECK(value("kind(b)") == "str 'cell'");
        CHECK(value("kind(c)") == "str 'global'");
        CHECK(value("kind('b')") == "str 'cell'");
        CHECK(value("defined(a)") == "int 0");
        CHECK(value("has(RESUME)") == "int 1");
        CHECK(value("has(RESUME)", "3.8") == "int 0");
        CHECK(value("has(SLICE+1)", "2.7") == "int 1");
        CHECK(value("has(LOAD_CONTS)") ==
              "no version has an instruction 'LOAD_CONTS'; Did you mean LOAD_CONST?");
        CHECK(value("count()") == "int 0");
        CHECK(value("count(a, (1, 2), 'x, y')") == "int 3");
        CHECK(value("text( (1,  2) )") == "str '(1, 2)'");
        CHECK(value("is_name(a.b) and not is_name(None) and not is_name(1) and not is_name('a')") == "int 1");
        CHECK(value("defined(1)") == "defined() takes a name");
        CHECK(value("nothing(1)") ==
              "no function 'nothing'; There are defined, kind, has, is_name, count, text, len, str and int.");
        CHECK(value("kind") == "'kind' is a function here: brackets are missing");
    }

    TEST_CASE("what is no expression") {
        CHECK(value("1 +") == "expected a value, found the end of the expression");
        CHECK(value("1 2") == "unexpected '2' in the expression");
        CHECK(value("1 = 2") == "unexpected '=' in the expression; Two values are compared with ==.");
        CHECK(value("1 && 2") == "unexpected '&' in the expression; Write and.");
        CHECK(value("4 / 2") == "unexpected '/' in the expression; Division is written //, and rounds down.");
        CHECK(value("2 ** 2") ==
              "unexpected '*' in the expression; There is no power: write the product, or a shift.");
        CHECK(value("!1") == "expected a value, found '!'; Write not.");
        CHECK(value("1 < 2 < 3") == "comparisons are not chained here; Join two of them with and.");
        CHECK(value("1 + not 1") == "'not' binds too loosely to stand here; Put it in brackets.");
        CHECK(value("1 + 'a'") ==
              "'+' between an int and a string; str(x) makes a string of a value, and int(s) a number.");
        CHECK(value("-'a'") == "'-' in front of a string");
        CHECK(value("'%s' % 1") == "strings are not formatted here; Join the parts with +.");
        CHECK(value("x") == "no symbol 'x' is set; Define it with .set or -D, or ask defined(NAME) first.");
        CHECK(value("1_") == "a number ends in an underscore; Leave it out.");
        CHECK(value(std::string(101, '(') + "1" + std::string(101, ')')) ==
              "an expression nested deeper than 100 levels");
        CHECK(value(std::string(100, '(') + "1" + std::string(100, ')')) == "int 1");
        CHECK(value(std::string(101, '~') + "1") == "an expression nested deeper than 100 levels");
    }

    TEST_CASE("definitions of the command line") {
        const auto shown = [](std::string_view text) {
            const auto definition = grammar::parse_definition(text);
            if (!definition) return std::string(definition.error().message);
            return fmt::format("{}: {} {}", definition->name, definition->value.kind_name(),
                               definition->value.plain());
        };
        CHECK(shown("X") == "X: an int 1");
        CHECK(shown("X=12") == "X: an int 12");
        CHECK(shown("X=-0x10") == "X: an int -16");
        CHECK(shown("X=3.11") == "X: a version 3.11");
        CHECK(shown("X=word") == "X: a string word");
        CHECK(shown("X='a b'") == "X: a string a b");
        CHECK(shown("X=True") == "X: an int 1");
        CHECK(shown("X=") ==
              "'X=' has no value: an int of up to 64 bits, a version, a word, or a string in quotes");
        CHECK(shown("X=a b") ==
              "'X=a b' has no value: an int of up to 64 bits, a version, a word, or a string in quotes");
        CHECK(shown("X=1 +") ==
              "'X=1 +' has no value: an int of up to 64 bits, a version, a word, or a string in quotes");
        for (const char* text : {"1+2", "1.5-1", "'a'+'b'", "'a' 'b'", "'a", "--1", "99999999999999999999"})
            CHECK(
                shown(fmt::format("X={}", text)) ==
                fmt::format(
                    "'X={}' has no value: an int of up to 64 bits, a version, a word, or a string in quotes",
                    text));
        CHECK(shown("X='a\\'b'") == "X: a string a'b");
        CHECK(shown("=1") == "'=1' is not NAME or NAME=VALUE");
        CHECK(shown("1X") == "'1X' is not NAME or NAME=VALUE");
        CHECK(shown("target=3.11") == "'target=3.11' gives a word of expressions another meaning");
        CHECK(shown("X=\xff") ==
              "'X=\\xff' has no value: an int of up to 64 bits, a version, a word, or a string in quotes");
    }
}
