#include "tests/grammar/parsed.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace pyasm;
using tests::operand;

TEST_SUITE("grammar") {
    TEST_CASE("operands that are numbers") {
        CHECK(operand("") == "none");
        CHECK(operand("  # nothing") == "none");
        CHECK(operand("3") == "integer 3");
        CHECK(operand("-3 # c") == "integer -3");
        CHECK(operand("0x1f") == "integer 31");
        CHECK(operand("1_000") == "integer 1000");
        CHECK(operand("9223372036854775807") == "integer 9223372036854775807");
        CHECK(operand("-9223372036854775808") == "integer -9223372036854775808");
        CHECK(operand("9223372036854775808") == "value long + 0 0 0 0 8");
        CHECK(operand("10L", "2.7") == "value long + 10");
        CHECK(operand("017", "2.7") == "integer 15");
        CHECK(operand("[3]") == "raw 3");
        CHECK(operand("[ 0xffffffff ]") == "raw 4294967295");
        CHECK(operand("1.5") == "value float 0x3ff8000000000000");
        CHECK(operand("1+2j") == "value complex 0x3ff0000000000000 0x4000000000000000");
        CHECK(operand("-inf") == "value float 0xfff0000000000000");
        CHECK(operand("-nan") == "value float 0xfff8000000000000");
        CHECK(operand("nan(0x8000000000001)") == "value float 0x7ff8000000000001");
    }

    TEST_CASE("operands that are names") {
        CHECK(operand("print") == "name print");
        CHECK(operand("print#c") == "name print");
        CHECK(operand("None") == "name None");
        CHECK(operand("inf") == "name inf");
        CHECK(operand(".0") == "name .0");
        CHECK(operand(".generic_base") == "name .generic_base");
        CHECK(operand("os.path") == "name os.path");
        CHECK(operand("gr\xc3\xbc\xc3\x9f") == "name gr\xc3\xbc\xc3\x9f");
        CHECK(operand("print + NULL") == "name print + NULL");
        CHECK(operand("append+NULL|self  # c") == "name append + NULL|self");
        CHECK(operand("a + NULL|self + x") == "name a + NULL|self + x");
        CHECK(operand("loop+1") == "name loop + 1");
        CHECK(operand("\"odd name\" + NULL") == "name \"odd name\" + NULL");
        CHECK(operand("a, b") == "pair a, b");
        CHECK(operand("a ,\"b c\"") == "pair a, \"b c\"");
        CHECK(operand("\"a\", b") == "pair \"a\", b");
        CHECK(operand("in") == "name in");
    }

    TEST_CASE("operands that are other literals") {
        CHECK(operand("\"text\"") == "string text: str 'text'");
        CHECK(operand("b\"text\"") == "string text: bytes 'text'");
        CHECK(operand("\"a\" \"b\" # c") == "string ab: str 'ab'");
        CHECK(operand("\"text\"", "2.7") == "string text: bytes 'text'");
        CHECK(operand("(1, None)") == "value (int 1, None)");
        CHECK(operand("{1}") == "value set{int 1}");
        CHECK(operand("list([1])") == "value [int 1]");
        CHECK(operand("frozenset({1})") == "value frozenset{int 1}");
        CHECK(operand("code(f)") == "value code 'f'");
        CHECK(operand("...") == "value Ellipsis");
        CHECK(operand("(1,\n 2)") == "value (int 1, int 2)");
    }

    TEST_CASE("operands in words") {
        for (const std::string_view text :
             {"+", "-", "*", "**", "//=", "<", "<=", "!=", "[]", "-=", "@", "not in", "is not", "bool(<)",
              "defaults|closure", "exception match", "&=", ">>="}) {
            CHECK(operand(text) == fmt::format("words {}", text));
        }
        CHECK(operand("not \t  in  # c") == "words not in");
    }

    TEST_CASE("a fraction without its first digit is a constant where one is wanted") {
        const auto parsed = tests::parse_text(".module\nLOAD_CONST .5\nLOAD_NAME .5\n.end\n", "3.13");
        const auto& body = parsed.unit.blocks[0].body;
        CHECK(parsed.errors().empty());
        CHECK(body[0].operand.form == program::OperandForm::Value);
        CHECK(tests::show(parsed.unit.values, body[0].operand.value) == "float 0x3fe0000000000000");
        CHECK(body[1].operand.form == program::OperandForm::Name);
    }

    TEST_CASE("mnemonics are any words") {
        const auto parsed =
            tests::parse_text(".module\nSLICE+1\nSTORE_SLICE+0 # c\nLoad x\nNo_Such\n.end\n", "2.7");
        CHECK(parsed.errors().empty());
        const auto& body = parsed.unit.blocks[0].body;
        REQUIRE(body.size() == 4);
        CHECK(body[0].text == "SLICE+1");
        CHECK(body[1].text == "STORE_SLICE+0");
        CHECK(body[2].text == "Load");
        CHECK(body[3].text == "No_Such");
        CHECK(parsed.sources->text(body[1].span) == "STORE_SLICE+0");
    }

    TEST_CASE("an operand's place is its text") {
        const auto parsed = tests::parse_text(
            ".module\n a: LOAD_GLOBAL  print + NULL  # c\n X \"a\" \"b\" \n Y a , b \n.end\n");
        const auto& body = parsed.unit.blocks[0].body;
        REQUIRE(body.size() == 4);
        CHECK(body[0].kind == program::StatementKind::Label);
        CHECK(parsed.sources->text(body[0].span) == "a");
        CHECK(parsed.sources->text(body[1].span) == "LOAD_GLOBAL");
        CHECK(parsed.sources->text(body[1].operand.span) == "print + NULL");
        CHECK(parsed.sources->text(body[2].operand.span) == "\"a\" \"b\"");
        CHECK(parsed.sources->text(body[3].operand.span) == "a , b");
    }

    TEST_CASE("wrong operands") {
        const auto wrong = [](std::string_view text) { return operand(text); };
        CHECK(wrong("1, 2") == "2:4: unexpected ',' after the operand\n");
        CHECK(tests::errors_of(".module\nLOAD_CONST 1, 2\n.end") ==
              "2:13: unexpected ',' after the operand; A tuple is written in brackets: (1, 2).\n");
        CHECK(tests::errors_of(".module\nCALL 1, 2\n.end") == "2:7: unexpected ',' after the operand\n");
        CHECK(wrong("1 2") == "2:5: unexpected '2' after the operand\n");
        CHECK(wrong("[1, 2]") ==
              "2:3: expected a raw argument such as [3], found '['; A list is written list([1, 2]).\n");
        CHECK(wrong("[-1]") == "2:4: -1 is out of range: an argument is 0 to 4294967295\n");
        CHECK(wrong("[0x100000000]") == "2:4: 0x100000000 is out of range: an argument is 0 to 4294967295\n");
        CHECK(wrong("[99999999999999999999]") == "2:4: 99999999999999999999 is out of range here\n");
        CHECK(wrong("a,") == "2:5: expected a second name, found the end of the line\n");
        CHECK(wrong("a +") == "2:6: expected a flag or a number after '+', found the end of the line\n");
        CHECK(wrong("$") == "2:3: expected an operand, found '$'; Names are written as they are.\n");
        CHECK(
            wrong(": X") ==
            "2:3: expected an operand, found ':'; A label is a name and a colon, without blanks between.\n");
        CHECK(wrong("a, b, c") == "2:7: unexpected ',' after the operand\n");
        CHECK(tests::errors_of(".module\nNOP;\n.end") ==
              "2:4: expected a blank after the instruction, found ';'\n");
        CHECK(tests::errors_of(".module\n  )\n.end") ==
              "2:3: expected an instruction, a label or a directive, found ')'\n");
        CHECK(tests::errors_of(".module\na: 5\n.end") ==
              "2:4: expected an instruction, a label or a directive, found '5'\n");
    }
}
