// name(...) and qualname(...), the names of blocks as constants.
#include "tests/assembler/assembled.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pyasm;
using tests::Assembled;

namespace {

/// The literals' values in `user`, which stands in the class Outer and has a function `inner$2`; or the
/// messages.
std::string names(const std::string& target, const std::string& literals) {
    const Assembled assembled(".target " + target +
                              "\n.module\n.consts code(Outer), code(flat.path), code(odd)\nNOP\n.end\n"
                              ".class Outer\n.consts code(user), code(beside)\nNOP\n"
                              ".function user()\n.consts (" +
                              literals +
                              ",), code(inner$2)\nNOP\n.function inner$2()\nNOP\n.end\n.end\n"
                              ".function beside()\nNOP\n.end\n.end\n"
                              ".function flat.path()\nNOP\n.end\n"
                              ".function odd()\n.name \"stated\"\nNOP\n.end\n");
    if (!assembled.ok()) return assembled.messages();
    const auto& pool = assembled.file().pool;
    return assembled.show(pool.children(assembled.code("user").consts)[0]);
}

} // namespace

TEST_SUITE("assembler") {
    TEST_CASE("the names of blocks are the same constants for every target") {
        for (const char* target : {"2.7", "3.6", "3.10", "3.11", "3.15"}) {
            CAPTURE(target);
            const auto shown = [&](const char* name) {
                return (std::string(target) == "2.7" ? "b'" : "'") + std::string(name) + "'";
            };
            CHECK(names(target, "name(), qualname()") ==
                  "(" + shown("user") + ", " + shown("Outer.user") + ")");
            CHECK(names(target, "name(inner$2), qualname(inner$2)") ==
                  "(" + shown("inner") + ", " + shown("Outer.user.<locals>.inner") + ")");
            CHECK(names(target, "name(beside), qualname(beside)") ==
                  "(" + shown("beside") + ", " + shown("Outer.beside") + ")");
            CHECK(names(target, "name(Outer.beside), qualname(Outer)") ==
                  "(" + shown("beside") + ", " + shown("Outer") + ")");
            CHECK(names(target, "name(flat.path), qualname(flat.path)") ==
                  "(" + shown("path") + ", " + shown("flat.path") + ")");
            CHECK(names(target, "name(odd), qualname(odd)") ==
                  "(" + shown("stated") + ", " + shown("stated") + ")");
        }
    }

    TEST_CASE("the name is the same constant as the string") {
        const Assembled assembled(
            ".target 3.8\n.module\nLOAD_CONST code(f)\nLOAD_CONST qualname(f)\n"
            "LOAD_CONST \"f\"\nLOAD_CONST name(f)\nLOAD_CONST (name(f), \"f\")\nNOP\n.end\n"
            ".function f()\nNOP\n.end\n");
        REQUIRE(assembled.ok());
        CHECK(assembled.show(assembled.top().consts) == "(<code f>, 'f', ('f', 'f'))");
    }

    TEST_CASE("a stated qualified name is that") {
        const Assembled assembled(
            ".target 3.11\n.module\nLOAD_CONST qualname(f)\nLOAD_CONST code(f)\nNOP\n.end\n"
            ".function f()\n.qualname \"Q.x\"\nNOP\n.end\n");
        REQUIRE(assembled.ok());
        CHECK(assembled.show(assembled.top().consts) == "('Q.x', <code f>)");
    }

    TEST_CASE("a name alone does not bring a block into the file") {
        const Assembled assembled(
            ".target 3.8\n.module\nLOAD_CONST name(f)\nNOP\n.end\n.function f()\nNOP\n.end\n");
        REQUIRE(assembled.ok());
        CHECK(assembled.messages().find("nothing refers to .function f") != std::string::npos);
    }

    TEST_CASE("the names of another file's block are those that its symbol has") {
        const Assembled assembled(
            ".target 3.8\n.extern helpers:Outer.f$2, plain\n.module\n"
            "LOAD_CONST (name(helpers:Outer.f$2), qualname(helpers:Outer.f$2), name(plain), "
            "qualname(plain))\nNOP\n.end\n");
        REQUIRE(assembled.ok());
        CHECK(assembled.show(assembled.top().consts) == "(('f', 'Outer.f', 'plain', 'plain'))");
    }

    TEST_CASE("names of no block") {
        CHECK(names("3.8", "name(outer)").find("no block 'outer' is visible here [Did you mean") !=
              std::string::npos);
        const Assembled assembled(".target 3.8\n.value (1, qualname())\n");
        CHECK(assembled.messages() ==
              "2:12: error: qualname() is the name of the block that it stands in, and there is none here\n");
    }
}
