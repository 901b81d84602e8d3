#include "tests/assembler/assembled.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pyasm;
using tests::Assembled;

namespace {

/// A file-level `.code f` (named "file f") and `a` with `f` ("inner f") and the flat `b.f` ("flat"), from
/// whose third block `code(NAME)` is taken. The co_name of what that is, or the messages.
std::string referred(const std::string& name) {
    const Assembled assembled(".target 3.13\n"
                              ".code top\nLOAD_CONST code(a.user)\nNOP\n.end\n"
                              ".code f\n.name \"file f\"\nNOP\n.end\n"
                              ".code c.d\n.name \"file c.d\"\nNOP\n.end\n"
                              ".code c\nNOP\n.code d\n.name \"d in c\"\nNOP\n.end\n.end\n"
                              ".code a\nNOP\n"
                              ".code f\n.name \"inner f\"\nNOP\n.end\n"
                              ".code b.f\n.name \"flat\"\nNOP\n.end\n"
                              ".code user\n.name \"user\"\nLOAD_CONST code(" +
                              name +
                              ")\nNOP\n.end\n"
                              ".end\n"
                              ".module\nLOAD_CONST code(top)\nNOP\n.end\n");
    if (!assembled.ok()) return assembled.messages();
    return assembled.show(assembled.code("user").consts);
}

} // namespace

TEST_SUITE("assembler") {
    TEST_CASE("a name in code(...) is the innermost block that it can mean") {
        CHECK(referred("f") == "(<code inner f>)");
        CHECK(referred("a.f") == "(<code inner f>)");
        CHECK(referred("b.f") == "(<code flat>)");
        CHECK(referred("a.b.f") == "(<code flat>)");
        CHECK(referred("c.d") == "(<code file c.d>)");
        CHECK(referred("top").find("circle") != std::string::npos);
    }

    TEST_CASE("the scope that has a dotted name's head decides") {
        const std::string text = ".target 3.13\n.module\nLOAD_CONST code(f)\nNOP\n.end\n"
                                 ".code a.f\nNOP\n.end\n"
                                 ".code f\nLOAD_CONST code(a.f)\nNOP\n";
        CHECK(Assembled(text + ".end\n").ok());
        CHECK(Assembled(text + ".code a\nNOP\n.code f\nNOP\n.end\n.end\n.end\n").ok());
        CHECK(Assembled(text + ".code a\nNOP\n.end\n.end\n")
                  .messages()
                  .find("no block 'a.f' is visible here") != std::string::npos);
    }

    TEST_CASE("a name that stops at a dot, or has nothing in front of one, is no block") {
        for (const char* name : {"f.", ".f", "a..f", "a.f.", "..", "c.d.e"})
            CHECK(referred(name).find("is visible here") != std::string::npos);
    }
}
