// Literals against what Python itself makes of the same text.
#include "tests/grammar/parsed.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace pyasm;

namespace {

/// Reads literals, one a line, and prints each value as tests::show does.
constexpr std::string_view script = R"(
import struct, sys, ast
old = sys.version_info[0] == 2
def bits(x): return '0x%016x' % struct.unpack('<Q', struct.pack('<d', x))[0]
def text(b):
    out = ''
    for c in bytearray(b):
        out += chr(c) if 0x20 <= c < 0x7f and c not in (0x27, 0x5c) else '\\x%02x' % c
    return "'" + out + "'"
def digits(n):
    out = ''
    n = abs(n)
    while n:
        out += ' %d' % (n & 0x7fff)
        n >>= 15
    return out
def utf8(s): return s.encode('utf-8') if old else s.encode('utf-8', 'surrogatepass')
def show(x):
    if x is None or x is True or x is False or x is Ellipsis: return repr(x)
    t = type(x)
    if old and t is long: return 'long ' + ('-' if x < 0 else '+') + digits(x)
    if t is int:
        if -2**63 <= x < 2**63: return 'int %d' % x
        return 'long ' + ('-' if x < 0 else '+') + digits(x)
    if t is float: return 'float ' + bits(x)
    if t is complex: return 'complex %s %s' % (bits(x.real), bits(x.imag))
    if t is bytes: return 'bytes ' + text(x)
    if t is type(u''): return 'str ' + text(utf8(x))
    if t is tuple: return '(' + ', '.join(map(show, x)) + ')'
    if t is list: return '[' + ', '.join(map(show, x)) + ']'
    if t is dict: return 'dict{' + ', '.join(show(k) + ', ' + show(v) for k, v in x.items()) + '}'
    if t is set: return 'set{' + ', '.join(map(show, x)) + '}'
    if t is frozenset: return 'frozenset{' + ', '.join(map(show, x)) + '}'
    raise TypeError(t)
source = sys.stdin.read() if old else sys.stdin.buffer.read().decode('utf-8')
for line in source.split('\n'):
    if not line: continue
    code = ('# -*- coding: utf-8 -*-\n' + line)
    try: value = eval(compile(code, 'x', 'eval'))
    except (SyntaxError, ValueError, UnicodeDecodeError): print('error'); continue
    print(show(value))
)";

std::vector<std::string> numbers() {
    std::vector<std::string> result = {
        "0",
        "00",
        "-0",
        "1",
        "-1",
        "0x1f",
        "0XfF",
        "0o17",
        "0O7",
        "0b101",
        "0B1",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "-0x8000000000000000",
        "0x8000000000000000",
        "18446744073709551616",
        "32767",
        "32768",
        "1073741824",
        "-1073741824",
        "1.5",
        ".5",
        "5.",
        "1e9",
        "1E-9",
        "1.e5",
        "0.1",
        "1e400",
        "-1e400",
        "5e-324",
        "2e-324",
        "3e-324",
        "1e-400",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
        "9007199254740993.0",
        "0.500000000000000166533453693773481063544750213623046875",
        "1e23",
        "8.5e-323",
        "123456789012345678901234567890.123456789",
        "-0.0",
        "0.0",
        "0e5",
        "00.5",
        "09.5",
        "0001e2",
        "2j",
        "-2j",
        "2.5J",
        "1e3j",
        "09j",
        "1+2j",
        "1-2j",
        "-1-2j",
        "1.5+0j",
        "-1.5-2.25e1j",
        "0.0+2j",
        "1__0",
        "1_",
        "0x",
        "0xg",
        "0b2",
        "0o8",
        "1e",
        "1.5e+",
        "12x",
        "017",
        "0777",
        "08",
        "10L",
        "0x1FL",
        "0L",
        "-10l",
        "1_000",
        "0x_ff",
        "1_0.0_1e1_0",
        "0o1_7",
        "0b1_0",
        "1_0j",
    };
    std::string digits;
    for (int i = 1; i <= 60; ++i) {
        digits += static_cast<char>('1' + i * 7 % 9);
        result.push_back(digits);
        result.push_back("-0x" + digits);
        result.push_back("0." + digits);
        result.push_back(digits + "e-30");
        result.push_back(digits.substr(0, 17) + fmt::format("e{}", i * 11 - 330));
    }
    result.push_back(std::string(3000, '7'));
    result.push_back("-0x" + std::string(3000, 'a'));
    result.push_back("0o" + std::string(1001, '5'));
    result.push_back("0b" + std::string(501, '1'));
    return result;
}

std::vector<std::string> strings() {
    std::vector<std::string> result = {
        R"("")",
        R"('a')",
        R"("it's")",
        R"('"')",
        R"("""a"b""")",
        R"('''a''b''')",
        R"("a" 'b' """c""")",
        R"("\0\00\000\0000\08")",
        R"("\1\18\377\400\777")",
        R"("\x41\xff\x00")",
        R"("\x4")",
        R"("\xg1")",
        R"("\u20ac")",
        R"("\u20a")",
        R"("\U0001f600")",
        R"("\U00110000")",
        R"("\ud800")",
        R"("\ud83d \ude00")",
        R"("\q\ \8\-")",
        R"("\a\b\f\n\r\t\v\\\'\"")",
        R"(r"\n\x4")",
        R"(r'a\'b')",
        R"(R"\\")",
        R"(b"a\xff\400\q\u20ac\N{x}")",
        R"(b'\x4')",
        R"(br"\x\n")",
        R"(bR"\x\n")",
        R"(rb"\x\n")",
        R"(B"\101")",
        R"(u"\u20ac\xff")",
        R"(U"x")",
        R"(ur"\u20ac\n\\u20ac")",
        R"(uR"\U0001f600")",
        R"(ur"\u20a")",
        R"("é€😀")",
        R"(u"é€😀")",
        R"(b"é")",
        R"(r"é\n")",
        R"("a" b"b")",
        R"(u"a" "b")",
        R"("a" u"\xe9")",
        R"("é" u"b")",
        R"(fb"x")",
        R"(xx"x")",
        R"("\)",
        R"("abc)",
        R"("a"r"\n"'b')",
        R"(b"a" b'b')",
        R"(b"a" r"b")",
    };
    return result;
}

std::vector<std::string> displays() {
    return {"()",
            "(1,)",
            "(1)",
            "((1,),)",
            "[1, 2]",
            "[]",
            "{}",
            "{1: 2}",
            "{1: (2, 3),}",
            "{1}",
            "(1, 'a', b'b')",
            "(None, True, False)",
            "frozenset()",
            "set()",
            "list()",
            "list([1])",
            "frozenset({1})",
            "set([1])",
            "(1 2)",
            "{1: 2, 3}",
            "{1, 2: 3}",
            "(,)",
            "[,]",
            "{,}",
            "(1,,)",
            "{1:}",
            "(1",
            "[1)",
            "complex(1, -2.5)",
            "(-1, (-2.0, -3j))"};
}

} // namespace

TEST_SUITE("grammar") {
    TEST_CASE("literals have the values that Python gives them") {
        for (const std::string_view version : {"2.7", "3.6", "3.15"}) {
            const tests::Interpreter* python = tests::interpreter(version);
            if (!python) continue;
            std::vector<std::string> texts = numbers();
            for (const auto& more : {strings(), displays()})
                texts.insert(texts.end(), more.begin(), more.end());
            std::string input;
            for (const std::string& text : texts) input += text + "\n";
            const auto run = tests::run_python(*python, {"-W", "ignore", "-c", std::string(script)}, input);
            REQUIRE_MESSAGE(run.status == 0, run.err);
            std::size_t at = 0;
            for (const std::string& text : texts) {
                const std::size_t end = run.out.find('\n', at);
                REQUIRE(end != std::string::npos);
                const std::string theirs = run.out.substr(at, end - at);
                at = end + 1;
                const auto parsed =
                    tests::parse_text(fmt::format(".module\n.consts {}\n.end\n", text), version);
                const auto& consts = parsed.unit.blocks.at(0).pins.consts;
                const std::string ours = parsed.diagnostics.has_errors()
                                             ? "error"
                                             : tests::show(parsed.unit.values, consts.value.values.at(0));
                CHECK_MESSAGE(ours == theirs,
                              fmt::format("{}: {}: {}", version, text.substr(0, 200), parsed.errors()));
            }
        }
    }
}
