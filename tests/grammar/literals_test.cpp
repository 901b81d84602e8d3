#include "tests/grammar/parsed.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace pyasm;
using tests::literal;

TEST_SUITE("grammar") {
    TEST_CASE("ints") {
        CHECK(literal("0, 10, -1, 0x1f, 0o17, 0b101, 1_000, 0x_ff, -0, 00") ==
              "int 0; int 10; int -1; int 31; int 15; int 5; int 1000; int 255; int 0; int 0");
        CHECK(literal("9223372036854775807, -9223372036854775808") ==
              "int 9223372036854775807; int -9223372036854775808");
        CHECK(literal("9223372036854775808") == "long + 0 0 0 0 8");
        CHECK(literal("-9223372036854775809") == "long - 1 0 0 0 8");
        CHECK(literal("0x8000_0000_0000_0000, 0o1000000000000000000000") ==
              "long + 0 0 0 0 8; long + 0 0 0 0 8");
        CHECK(literal("123456789012345678901234567890") == literal("0x18ee90ff6c373e0ee4e3f0ad2"));
        CHECK(literal("1" + std::string(40, '0')) == literal("0x1d6329f1c35ca4bfabb9f5610000000000"));
    }

    TEST_CASE("ints of Python 2") {
        CHECK(literal("10L, 10l, -5L, 0L, 017, 0777, 0o17, 0x1FL, 00", "2.7") ==
              "long + 10; long + 10; long - 5; long +; int 15; int 511; int 15; long + 31; int 0");
        CHECK(literal("9223372036854775808", "2.7") == "long + 0 0 0 0 8");
    }

    TEST_CASE("floats") {
        CHECK(literal("1.5, 1e9, -0.0, 0.0, .5, 1., 1_0.0_1e0_1, 09.5") ==
              "float 0x3ff8000000000000; float 0x41cdcd6500000000; float 0x8000000000000000; "
              "float 0x0000000000000000; float 0x3fe0000000000000; float 0x3ff0000000000000; "
              "float 0x4059066666666666; float 0x4023000000000000");
        CHECK(literal("5e-324, 1e-400, 1e400, -1e400, 0e999999999999") ==
              "float 0x0000000000000001; float 0x0000000000000000; float 0x7ff0000000000000; "
              "float 0xfff0000000000000; float 0x0000000000000000");
        CHECK(literal("inf, -inf, nan, -nan, nan(0x8000000000001), -nan(1), nan(0xfffffffffffff)") ==
              "float 0x7ff0000000000000; float 0xfff0000000000000; float 0x7ff8000000000000; "
              "float 0xfff8000000000000; float 0x7ff8000000000001; float 0xfff0000000000001; "
              "float 0x7fffffffffffffff");
        CHECK(literal("0x1.8p3, -0x1p-1074, 0x.8p0, 0x1p-2000, 0x0p0, 0x1.fffffffffffff8p0") ==
              "float 0x4028000000000000; float 0x8000000000000001; float 0x3fe0000000000000; "
              "float 0x0000000000000000; float 0x0000000000000000; float 0x4000000000000000");
    }

    TEST_CASE("complex numbers") {
        CHECK(literal("2j") == "complex 0x0000000000000000 0x4000000000000000");
        CHECK(literal("-2j") == "complex 0x8000000000000000 0xc000000000000000");
        CHECK(literal("1+2j") == "complex 0x3ff0000000000000 0x4000000000000000");
        CHECK(literal("-1 - 2.5e0J") == "complex 0xbff0000000000000 0xc004000000000000");
        CHECK(literal("-0.0-0.0j") == "complex 0x8000000000000000 0x8000000000000000");
        CHECK(literal("-0+0j") == "complex 0x0000000000000000 0x0000000000000000");
        CHECK(literal("complex(-0.0, nan)") == "complex 0x8000000000000000 0x7ff8000000000000");
        CHECK(literal("complex(1, -inf)") == "complex 0x3ff0000000000000 0xfff0000000000000");
        CHECK(literal("0x10000000000000001+1j") == "complex 0x43f0000000000000 0x3ff0000000000000");
    }

    TEST_CASE("strings") {
        CHECK(literal(R"("text", 'it"s', """a"b""", r"\n", u"x", "")") ==
              R"(str 'text'; str 'it"s'; str 'a"b'; str '\x5cn'; str 'x'; str '')");
        CHECK(literal(R"("\n\t\\\'\"\a\b\f\r\v\0\x41\101\u20ac\U0001f600\ud800")") ==
              R"(str '\x0a\x09\x5c\x27"\x07\x08\x0c\x0d\x0b\x00AA\xe2\x82\xac\xf0\x9f\x98\x80\xed\xa0\x80')");
        CHECK(literal(R"("\q\777\08")") == R"(str '\x5cq\xc7\xbf\x008')");
        CHECK(literal("\"a\\\nb\"") == "str 'ab'");
        CHECK(literal("\"\"\"a\r\nb\\\r\nc\"\"\"") == R"(str 'a\x0abc')");
        CHECK(literal("r'a\\'b'") == R"(str 'a\x5c\x27b')");
        CHECK(literal(R"("a" 'b' """c""", ("d"
            # between
            "e"))") == "str 'abc'; str 'de'");
    }

    TEST_CASE("bytes") {
        CHECK(literal(R"(b"a\xff\400\u20ac", br"\x", Rb'\q', B"")") ==
              R"(bytes 'a\xff\x00\x5cu20ac'; bytes '\x5cx'; bytes '\x5cq'; bytes '')");
        CHECK(literal(R"(b"a" b"b")") == "bytes 'ab'");
    }

    TEST_CASE("strings of Python 2") {
        CHECK(literal(R"("a\u20ac\xff", u"a\u20ac\xff", b"x", r"\n", ur"\n\u20ac\\u20ac")", "2.7") ==
              R"(bytes 'a\x5cu20ac\xff'; str 'a\xe2\x82\xac\xc3\xbf'; bytes 'x'; bytes '\x5cn'; )"
              R"(str '\x5cn\xe2\x82\xac\x5c\x5cu20ac')");
        CHECK(literal("\"\xc3\xa9\"", "2.7") == R"(bytes '\xc3\xa9')");
        CHECK(literal(R"("a" u"b")", "2.7") == "str 'ab'");
    }

    TEST_CASE("strings without escapes are views into the source, and native ones are marked") {
        const std::string text = ".module\n.consts \"plain\", b\"bytes\", u\"uni\"\n.end\n";
        const auto parsed = tests::parse_text(text);
        const auto& values = parsed.unit.blocks[0].pins.consts.value.values;
        const auto& source = *parsed.sources->file_at(1);
        CHECK(parsed.unit.values.text(values[0]).data() == source.text.data() + text.find("plain"));
        CHECK(parsed.unit.values[values[0]].flags == objects::Value::native);
        CHECK(parsed.unit.values[values[1]].flags == 0);
        CHECK(parsed.unit.values[values[2]].flags == 0);
    }

    TEST_CASE("displays") {
        CHECK(literal(R"((), (1,), (1, "a"), (1), ((2,),), [1], [], {1}, {}, {"k": 1, 2: (3,),})") ==
              "(); (int 1); (int 1, str 'a'); int 1; ((int 2)); [int 1]; []; set{int 1}; dict{}; "
              "dict{str 'k', int 1, int 2, (int 3)}");
        CHECK(literal("frozenset(), frozenset({2, 1}), frozenset([1]), set(), set({1}), list([1]), list()") ==
              "frozenset{}; frozenset{int 2, int 1}; frozenset{int 1}; set{}; set{int 1}; [int 1]; []");
        CHECK(literal("slice(1, 2, None), frozendict({'k': 1}), frozendict()", "3.15") ==
              "slice(int 1, int 2, None); frozendict{str 'k', int 1}; frozendict{}");
        CHECK(literal("None, True, False, ..., Ellipsis, StopIteration") ==
              "None; True; False; Ellipsis; Ellipsis; StopIteration");
        CHECK(literal("code(f), (code(Outer.<locals>.m$2),), code( <lambda> )") ==
              "code 'f'; (code 'Outer.<locals>.m$2'); code '<lambda>'");
        CHECK(literal("name(f), (qualname(Outer.m$2),), name( ), qualname()") ==
              "name 'f'; (qualname 'Outer.m$2'); name ''; qualname ''");
        CHECK(literal("(1, # one\n\n   [2,\n3],\n)") == "(int 1, [int 2, int 3])");
    }

    TEST_CASE("every value has its place") {
        const auto parsed = tests::parse_text(".module\n.consts (1.5, \"a\"), 10\n.end\n");
        const auto& unit = parsed.unit;
        const auto& list = unit.blocks[0].pins.consts.value;
        CHECK(unit.value_spans.size() == unit.values.size());
        CHECK(parsed.sources->text(list.spans[0]) == "(1.5, \"a\")");
        CHECK(parsed.sources->text(unit.span_of(list.values[0])) == "(1.5, \"a\")");
        CHECK(parsed.sources->text(unit.span_of(unit.values.children(list.values[0])[0])) == "1.5");
        CHECK(parsed.sources->text(unit.span_of(unit.values.children(list.values[0])[1])) == "\"a\"");
        CHECK(parsed.sources->text(unit.span_of(list.values[1])) == "10");
    }

    TEST_CASE("wrong numbers") {
        const auto wrong = [](std::string_view text, std::string_view target = "") {
            return tests::errors_of(fmt::format(".module\nX {}\n.end\n", text), target);
        };
        CHECK(wrong("12x") == "2:3: bad number '12x'; Text is written in quotes.\n");
        CHECK(wrong("0777") ==
              "2:3: a decimal int has no leading zeros in Python 3; Write 777 (decimal) or 0o777 (octal).\n");
        CHECK(wrong("0089") == "2:3: a decimal int has no leading zeros in Python 3; Write 89.\n");
        CHECK(wrong("10L") == "2:5: an int has no suffix L in Python 3; Leave it out.\n");
        CHECK(wrong("08", "2.7") == "2:4: '8' is not an octal digit\n");
        CHECK(wrong("1_0", "2.7") ==
              "2:4: numbers have no underscores in this target; Leave the underscore out.\n");
        CHECK(wrong("1__0") == "2:4: two underscores in a number; Write one between two digits.\n");
        CHECK(wrong("1_") == "2:4: a number ends in an underscore; Leave it out.\n");
        CHECK(wrong("0x") == "2:3: a number ends after its prefix 0x\n");
        CHECK(wrong("0b12") == "2:6: '2' is not a binary digit\n");
        CHECK(wrong("0o8") == "2:5: '8' is not an octal digit\n");
        CHECK(wrong("0xg") == "2:5: 'g' is not a hexadecimal digit\n");
        CHECK(wrong("0x1.8") == "2:3: bad number '0x1.8'; A hex float needs an exponent, as in 0x1.8p0.\n");
        CHECK(wrong("1e") == "2:3: a float ends after its 'e': '1e'; Give the exponent's digits.\n");
        CHECK(wrong("0x1p9999") == "2:3: the hex float is too large for a float\n");
        CHECK(wrong("0xp1") == "2:3: a hex float without digits; Write it as in 0x1.8p3.\n");
        CHECK(wrong("1j+2j") == "2:3: both parts of a complex number are imaginary; Write it as in 1+2j.\n");
        CHECK(wrong("0x1" + std::string(300, '0') + "+1j") == "2:3: the int is too large for a float\n");
        for (const std::string_view bits : {"0", "-1", "0x10000000000000"}) {
            CHECK(wrong(fmt::format("nan({})", bits)) ==
                  "2:7: the bits of a nan are a number from 1 to 0xfffffffffffff; Plain nan is "
                  "nan(0x8000000000000).\n");
        }
        CHECK(wrong(std::string(100'000, '9')).empty());
        CHECK(wrong(std::string(100'001, '9')) ==
              "2:3: a decimal number of 100001 digits; the limit is 100000; Write it "
              "in hexadecimal: 0x..., which has no limit.\n");
        CHECK(wrong("0x" + std::string(200'000, 'f')).empty());
    }

    TEST_CASE("wrong strings") {
        const auto wrong = [](std::string_view text, std::string_view target = "") {
            return tests::errors_of(fmt::format(".module\nX {}\n.end\n", text), target);
        };
        CHECK(wrong(R"("abc\x4z")") == "2:7: \\x needs 2 hexadecimal digits\n");
        CHECK(wrong(R"("\u12\U0000")") ==
              "2:4: \\u needs 4 hexadecimal digits\n2:8: \\U needs 8 hexadecimal digits\n");
        CHECK(wrong(R"("é\U00110000")") == "2:5: there is no character above U+10FFFF\n");
        CHECK(wrong(R"("\N{DASH}")") ==
              "2:4: \\N{...} needs a database of character names; Write \\uXXXX or \\UXXXXXXXX.\n");
        CHECK(wrong(R"(b"\xg")") == "2:5: \\x needs 2 hexadecimal digits\n");
        CHECK(wrong("b\"x\xc3\xa9\"") ==
              "2:6: bytes are written with ASCII characters only; Write other bytes as \\xNN, "
              "or use a string without b.\n");
        CHECK(wrong("\"abc") ==
              "2:3: the string is not closed; A string over several lines has three quotes.\n");
        CHECK(wrong("r'''abc\n\n") == "2:3: the string is not closed; It takes the rest of the file.\n");
        CHECK(wrong("f\"x\"") ==
              "2:3: 'f' is not a prefix of a string literal; An f-string is an expression: a literal "
              "has plain text.\n");
        CHECK(wrong("ur\"x\"") ==
              "2:3: 'ur' is not a prefix of a string literal; Write r or u: Python 3 has no ur strings.\n");
        CHECK(wrong("rb\"x\"", "2.7") == "2:3: 'rb' is not a prefix of a string literal; Write br.\n");
        CHECK(wrong("xyz\"x\"") ==
              "2:3: 'xyz' is not a prefix of a string literal; The prefixes are r, u, b and br.\n");
        CHECK(wrong("\"a\" b\"c\"") ==
              "2:7: bytes and str cannot be joined; Give both or neither the prefix b.\n");
        CHECK(wrong("u\"a\" \"\\xff\"", "2.7") ==
              "2:8: a str with bytes above 127 cannot be joined to a unicode; Write it with u.\n");
    }

    TEST_CASE("wrong displays") {
        const auto wrong = [](std::string_view text, std::string_view target = "") {
            return tests::errors_of(fmt::format(".module\nX {}\n.end\n", text), target);
        };
        CHECK(wrong("(1, foo, 2x)") == "2:7: 'foo' is not a literal; Text is written in quotes.\n"
                                       "2:12: bad number '2x'; Text is written in quotes.\n");
        CHECK(wrong("(1, Nome)") == "2:7: 'Nome' is not a literal; Did you mean None?\n");
        CHECK(wrong("(frozenst({1}),)") ==
              "2:4: 'frozenst(...)' is not a literal; Did you mean frozenset?\n");
        CHECK(wrong("(1 2, 3)") == "2:6: expected ',' or ')', found '2'\n");
        CHECK(wrong("(,)") == "2:4: expected a value, found ','\n");
        CHECK(wrong("(1, ?, 3)") == "2:7: expected a value, found '?'\n");
        CHECK(wrong("{1: 2, 3}") == "2:11: a key without a value; Write KEY: VALUE.\n");
        CHECK(wrong("{1: 2, 3, 4: 5}") == "2:11: a key without a value; Write KEY: VALUE.\n");
        CHECK(wrong("{1, 2: 3}") == "2:8: a set has no ':'; In a dict every member is KEY: VALUE.\n");
        CHECK(wrong("{1: }") == "2:7: a value is missing before '}'\n");
        CHECK(wrong("(1: 2)") == "2:5: ':' belongs between a key and its value, in { }\n");
        CHECK(wrong("([1, 2)") == "2:9: ')' where ']' should close '['\n  2:4: opened here\n");
        CHECK(wrong("complex(1, 'x')") ==
              "2:3: this literal is written complex(REAL, IMAGINARY), both floats\n");
        CHECK(wrong("slice(1, 2)") == "2:3: this literal is written slice(START, STOP, STEP)\n");
        CHECK(wrong("set(1)") == "2:3: this literal is written {1, 2} or set({1, 2})\n");
        CHECK(wrong("frozenset(1, 2)") == "2:3: this literal is written frozenset({1, 2})\n");
        CHECK(wrong("list({1})") == "2:3: this literal is written list([1, 2])\n");
        CHECK(wrong("frozendict({1})") == "2:3: this literal is written frozendict({\"k\": 1})\n");
        CHECK(wrong("slice(1, 2, 3)", "3.13") == "2:3: slice constants need 3.14 or newer\n");
        CHECK(wrong("frozendict()", "3.14") == "2:3: frozendict constants need 3.15 or newer\n");
        CHECK(wrong("code()") == "2:8: expected a block's symbol in code(...), found ')'\n");
        CHECK(wrong("name(1, 2)").starts_with("2:"));
        CHECK(wrong("qualname(f") == "2:13: expected ')', found the end of the line\n");
        CHECK(wrong("(1, 2\nPOP_TOP") ==
              "2:3: '(' is never closed\n  3:1: the next statement seems to begin here\n");
    }

    TEST_CASE("nesting as deep as marshal allows, and no deeper") {
        const auto nested = [](std::size_t depth, char open, char close) {
            return ".module\nX " + std::string(depth, open) + std::string(depth, close) + "\n.end\n";
        };
        CHECK(tests::errors_of(nested(2000, '(', ')')).empty());
        CHECK(tests::errors_of(nested(2001, '(', ')')) ==
              "2:2003: a literal nested deeper than marshal allows (2000 levels)\n");
        CHECK(tests::errors_of(nested(2001, '{', '}')) ==
              "2:2003: a literal nested deeper than marshal allows (2000 levels)\n");
    }
}
