// text(x) and is_name(x): what a macro can ask about the text of an argument.
#include "tests/assembler/assembled.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pyasm;
using tests::Assembled;

namespace {

/// The constant that `\(EXPRESSION)` writes in a macro whose parameter `x` is `argument`; or the messages.
std::string value(const std::string& expression, const std::string& argument) {
    const Assembled assembled(".target 3.8\n.macro show x\nLOAD_CONST \\(" + expression +
                              ")\n.endmacro\n.module\nshow " + argument + "\nNOP\n.end\n");
    if (!assembled.ok()) return assembled.messages();
    return assembled.show(assembled.top().consts);
}

} // namespace

TEST_SUITE("grammar") {
    TEST_CASE("text() is an argument's text as it is written") {
        for (const char* text : {"+", "-", "**", "//", "<<", ">=", "a", "a.b", "f$2", "1", "0x10", "(1, 2)",
                                 "not in", "helpers:<module>", "a + b"})
            CHECK(value("text(\\x)", text) == "('" + std::string(text) + "')");
        CHECK(value("text(\\x)", "\"a)\"") == "('\"a)\"')");
        CHECK(value("text(\\x)", "x # a comment") == "('x')");
        CHECK(value("text(  \\x ) + \"!\"", "y") == "('y!')");
        CHECK(value("len(text(\\x))", "[1, 2]") == "(6)");
        CHECK(value("text()", "y") == "('')");
        CHECK(value("text(\\x) == \"+\"", "+") == "(1)");
        CHECK(value("\".\" in text(\\x)", "os.path") == "(1)");
    }

    TEST_CASE("is_name() tells names from literals") {
        for (const char* name : {"a", "_", "name2", "\xc3\xa9t\xc3\xa9", "NoneType"})
            CHECK(value("is_name(\\x)", name) == "(1)");
        for (const char* literal :
             {"1", "-1", "\"a\"", "b\"a\"", "(1, 2)", "None", "True", "False", "Ellipsis", "...",
              "StopIteration", "inf", "code(f)", "frozenset()", "{1}", "+"})
            CHECK(value("is_name(\\x)", literal) == "(0)");
    }

    TEST_CASE("an argument is not evaluated, and a marker in it is refused") {
        CHECK(value("0 and text(undefined thing)", "y") == "(0)");
        CHECK(value("text(\\z)", "y").find("no parameter 'z' here") != std::string::npos);
        CHECK(value("text(\\x", "y").find("never closed") != std::string::npos);
    }
}
