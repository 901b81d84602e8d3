// A string literal is the same constant wherever it is written: in a line, as a macro's argument or default,
// among the rest of its arguments, in a list of .repeat, and in the text after expansion.
#include "tests/assembler/assembled.hpp"
#include "tests/grammar/parsed.hpp"
#include "tests/grammar/same_unit.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>

using namespace pyasm;
using tests::Assembled;

namespace {

/// What stands between the quotes; those with a line end only between three.
constexpr std::string_view bodies[] = {
    "a",
    "",
    R"(\n)",
    R"(\)",
    R"(\\)",
    R"(a\"b)",
    R"(a\'b)",
    R"(a\\\"b)",
    R"(\q)",
    R"(\name)",
    R"(\(x))",
    "# no",
    "a, b)(",
    R"(\x41\101\0)",
    R"(\u0041)",
    R"(\\u0041)",
    R"(\\\u0041)",
    "\xc3\xa9",
    "\t",
    "\\\nx",
    "\\\r\nx",
    "\\\\\nx",
    "\\\\\\\ny",
    "a\nb",
    "a\r\nb",
    "\n",
    "\n\n",
    "\r\n\\\r\n",
    "\\\r\n\\\n",
    "\\x41\n",
    "\\u0041\n",
    "\\\\u0041\n",
    "\\\\\\u0041\n",
    "\\U00000041\n",
    "\\101\n",
    "\\name\n",
    "\\(x)\n",
    "# no\n",
    "\"q\"\n'",
    "a, b)(\n",
    "\t\n",
    "\xc3\xa9\n",
    "\\\xc3\xa9\n",
    "\\q\n",
    "\\0\n",
    "a\\\\\"b\n",
    "a\\\"b\n",
    "\\N{DASH}\n",
    "\\x4\n",
    "\\u12\n",
};
constexpr std::string_view prefixes[] = {"",  "r",  "b",  "u", "br", "rb", "ur",
                                         "R", "bR", "Rb", "U", "uR", "f",  "x"};
constexpr std::string_view quotes[] = {"\"\"\"", "'''", "\"", "'"};

/// Ways to write a constant on a line: what stands at file level, and the line.
struct Way {
    const char* head;
    const char* line;
};
constexpr Way ways[] = {
    {".macro m v\nLOAD_CONST \\v\n.endmacro\n", "m {}"},
    {".macro m v\nLOAD_CONST \\v\n.endmacro\n", "m v={}"},
    {".macro m v={}\nLOAD_CONST \\v\n.endmacro\n", "m"},
    {".macro m *v\nLOAD_CONST \\v\n.endmacro\n", "m {}"},
    {".macro m *v\n.repeat w in \\v\nLOAD_CONST \\w\n.endrepeat\n.endmacro\n", "m {}"},
    {".macro n v\nLOAD_CONST \\v\n.endmacro\n.macro m v\nn \\v\n.endmacro\n", "m {}"},
    {"", ".repeat v in {}\nLOAD_CONST \\v\n.endrepeat"},
};

std::string source(std::string_view version, std::string_view head, std::string_view line,
                   std::string_view literal) {
    return fmt::format(".target {}\n.filename \"x\"\n{}.module\n.line 1\n{}\nNOP\n.end\n", version,
                       fmt::format(fmt::runtime(head), literal), fmt::format(fmt::runtime(line), literal));
}

/// The text after expansion, as `asm --expand` prints it.
std::string expanded(std::string_view text) {
    const tests::Parsed parsed = tests::parse_text(text);
    return tests::print_text(parsed.unit);
}

/// Checks all ways of a literal; says whether it is one.
bool check(std::string_view version, const std::string& literal) {
    const Assembled direct(source(version, "", "LOAD_CONST {}", literal));
    for (const Way& way : ways) {
        const std::string text = source(version, way.head, way.line, literal);
        const Assembled other(text);
        INFO(text);
        CHECK_MESSAGE(other.ok() == direct.ok(), direct.messages(), other.messages());
        if (!direct.ok() || !other.ok()) continue;
        const std::string constants = direct.show(direct.top().consts);
        CHECK(other.show(other.top().consts) == constants);
        const Assembled again(expanded(text));
        REQUIRE_MESSAGE(again.ok(), again.messages());
        CHECK(again.show(again.top().consts) == constants);
    }
    return direct.ok();
}

} // namespace

TEST_SUITE("grammar") {
    TEST_CASE("a string is the same constant in a line, in an argument and in a list") {
        for (const std::string_view version : {"2.7", "3.13"}) {
            int good = 0, refused = 0;
            for (const std::string_view prefix : prefixes)
                for (const std::string_view quote : quotes)
                    for (const std::string_view body : bodies)
                        ++(check(version, fmt::format("{}{}{}{}", prefix, quote, body, quote)) ? good
                                                                                               : refused);
            CHECK(good > 800);
            CHECK(refused > 300);
        }
    }

    TEST_CASE("strings of two kinds that stand together stay so in an argument") {
        for (const std::string_view version : {"2.7", "3.13"})
            for (const char* literal :
                 {"r'''\\\n''' '\\n'", "'\\n' r'''\\\n'''", "(r'''a\n\\''', b'\\n')", "{'a\n': r'\\n'}",
                  "[r'''\n''', u'''\n\\\n''', br'''\n\\''']", "'a' r'''\\'\n''' 'b'"})
                check(version, literal);
    }
}
