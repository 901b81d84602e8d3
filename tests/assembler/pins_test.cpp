#include "tests/assembler/assembled.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pyasm;
using tests::Assembled;

namespace {

/// The messages for a block of 3.13 with these lines and a NOP.
std::string messages(const std::string& lines, const std::string& head = ".module",
                     const char* target = "3.13") {
    return Assembled(".target " + std::string(target) + "\n" + head + "\n" + lines + "NOP\n.end\n")
        .messages();
}

} // namespace

TEST_SUITE("assembler") {
    TEST_CASE("arguments have locals to stand in") {
        const std::string help = " [`.unchecked` in the block takes it as it is.]\n";
        for (const char* target : {"2.7", "3.8", "3.11", "3.15"}) {
            CAPTURE(target);
            CHECK(messages(".argcount 1\n", ".module", target) ==
                  "3:1: error: 1 arguments, and 0 locals to hold them" + help);
            CHECK(messages(".flags VARARGS|VARKEYWORDS\n", ".module", target) ==
                  "3:8: error: 2 arguments, and 0 locals to hold them" + help);
            CHECK(messages(".argcount 1\n.unchecked\n", ".module", target) == "");
            CHECK(messages(".argcount 2147483647\n.flags VARARGS\n", ".function f(a)", target) ==
                  "3:1: error: 2147483648 arguments, and 1 locals to hold them" + help);
            CHECK(messages(".argcount 2\n.locals a, b\n", ".function f(a)", target) == "");
        }
        CHECK(messages(".kwonlyargcount 1\n") == "3:1: error: 1 arguments, and 0 locals to hold them" + help);
        CHECK(messages(".nlocals 0\n", ".function f(a)", "3.8") ==
              "3:1: error: 1 arguments, and 0 locals to hold them" + help);
        CHECK(messages(".posonlyargcount 2\n", ".function f(a)") ==
              "3:1: error: 2 positional-only arguments, and 1 positional ones in all" + help);
        CHECK(messages(".argcount 1\n.localsplusnames (\"a\",)\n.localspluskinds b\"\\x20\"\n") == "");
        CHECK(messages(".argcount 1\n.localsplusnames (\"a\",)\n.localspluskinds b\"\\x80\"\n") ==
              "3:1: error: 1 arguments, and 0 locals to hold them" + help);
    }

    TEST_CASE("the table of variables has names, and a kind for each") {
        const std::string help = " [`.unchecked` in the block takes it as it is.]\n";
        const auto table = [](const std::string& names, const std::string& kinds, const char* more = "") {
            return messages(".localsplusnames " + names + "\n.localspluskinds " + kinds + "\n" + more);
        };
        CHECK(table("(\"a\", \"b\")", "b\"\\x20\\x80\"") == "");
        CHECK(table("()", "b\"\"") == "");
        CHECK(table("(\"a\",)", "b\"\"") ==
              "4:1: error: .localspluskinds has a byte for each name: 0 bytes for one name" + help);
        CHECK(table("(\"a\", \"b\")", "b\"\\x20\"") ==
              "4:1: error: .localspluskinds has a byte for each name: 1 bytes for 2 names" + help);
        CHECK(table("(\"a\", 2)", "b\"\\x20\\x20\"") == "3:24: error: a variable's name is a str" + help);
        CHECK(table("(b\"a\",)", "b\"\\x20\"") == "3:19: error: a variable's name is a str" + help);
        CHECK(table("(1, 2)", "b\"\"", ".unchecked\n") == "");
    }

    TEST_CASE("a number in .flags or behind a label is written as anywhere") {
        CHECK(messages(".flags 0x3\n") == "");
        CHECK(messages(".flags 0b11\n") == "");
        CHECK(messages(".flags 0\n") == "");
        for (const char* number : {"077", "1_0", "_1", "0x", "0x_1", "00", "4294967296"}) {
            CAPTURE(number);
            CHECK(messages(".flags " + std::string(number) + "\n") != "");
            CHECK(messages("JUMP_FORWARD x+" + std::string(number) + "\nx:\n") != "");
        }
        CHECK(messages("JUMP_FORWARD x+ +1\nx:\n") ==
              "3:14: error: a number is wanted after the plus, not '+1'\n");
        CHECK(messages("JUMP_FORWARD x+010\nx:\n") ==
              "3:14: error: a number is wanted after the plus, not '010'\n");
    }

    TEST_CASE("a flag behind a name stands once") {
        CHECK(messages("LOAD_GLOBAL print + NULL + NULL\n") == "3:13: error: '+ NULL' is given twice\n");
    }
}
