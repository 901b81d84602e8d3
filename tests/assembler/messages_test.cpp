#include "tests/assembler/assembled.hpp"

#include <doctest/doctest.h>

namespace pyasm::tests {
namespace {

std::string messages(std::string_view target, std::string_view body) {
    return Assembled(".target " + std::string(target) + "\n.module\n" + std::string(body) + ".end\n")
        .messages();
}

} // namespace

TEST_CASE("unknown instructions come with the likely one") {
    CHECK(messages("3.13", "LOAD_COSNT 1\n") ==
          "3:1: error: unknown instruction 'LOAD_COSNT' [Did you mean LOAD_CONST?]\n");
    CHECK(messages("3.13", "NOP\n.bytes b\"abc\"\nNOP\n")
              .find("co_code ends within a code unit: it has 7 bytes") != std::string::npos);
    CHECK(messages("3.13", "QWERTYUIOP\n") ==
          "3:1: error: unknown instruction 'QWERTYUIOP' [`pyasm ops` lists the instructions.]\n");
    CHECK(messages("3.13", "PRINT_ITEM\n")
              .starts_with("3:1: error: PRINT_ITEM is not in 3.13; it is in 2.7 [Use "));
    CHECK(messages("3.13", "JUMP_ABSOLUTE x\nx:\n")
              .starts_with("3:1: error: JUMP_ABSOLUTE is not in 3.13; it is in 2.7 - 3.10 [Use "));
    CHECK(messages("2.7", "PRECALL 1\n").starts_with("3:1: error: PRECALL is not in 2.7; it is in 3.11"));
    CHECK(messages("3.9", "LIST_TO_TUPEL\n") ==
          "3:1: error: unknown instruction 'LIST_TO_TUPEL' [Did you mean LIST_TO_TUPLE?]\n");
    CHECK(messages("3.11", "PRINT_EXP\n").find("Did you mean PRINT_EXPR?") != std::string::npos);
}

TEST_CASE("opcodes that live in the interpreter only are named and refused") {
    CHECK(messages("3.13", "LOAD_GLOBAL_MODULE\n")
              .starts_with(
                  "3:1: error: LOAD_GLOBAL_MODULE is a form of an instruction that the interpreter makes for "
                  "itself while it runs, and cannot stand in a file [Write LOAD_GLOBAL, or `.op "));
    CHECK(messages("3.13", "INSTRUMENTED_CALL\n").find("for monitoring tools") != std::string::npos);
    CHECK(messages("3.13", "CACHE\n") ==
          "3:1: error: CACHE is for the interpreter itself, and cannot stand in a file "
          "[`.op 0` writes the byte as it is.]\n");
    CHECK(messages("2.7", "STOP_CODE\n").find("cannot stand in a file") != std::string::npos);
}

TEST_CASE("missing, surplus and wrong operands are told") {
    CHECK(messages("3.13", "LOAD_CONST\n") ==
          "3:1: error: LOAD_CONST needs an operand: a constant, such as 1, \"text\" or None\n");
    CHECK(messages("3.13", "NOP 7\n") ==
          "3:5: error: NOP takes no operand [Leave it out; `[n]` sets the argument byte all the same.]\n");
    CHECK(messages("2.7", "NOP 7\n") == "3:5: error: NOP takes no operand [Leave it out.]\n");
    CHECK(messages("2.7", "NOP [7]\n") == "3:5: error: NOP has no place for an argument in 2.7\n");
    CHECK(messages("3.13", "LOAD_CONST foo\n") ==
          "3:12: error: LOAD_CONST takes a constant, such as 1, \"text\" or None "
          "[Write \"foo\" for the string, code(foo) for a block.]\n");
    CHECK(messages("3.13", "LOAD_NAME 3\n") ==
          "3:11: error: LOAD_NAME takes a name, such as print [Write [3] for the raw argument.]\n");
    CHECK(messages("3.13", "LOAD_FAST (1, 2)\n") ==
          "3:11: error: LOAD_FAST takes the name of a local, such as x\n");
    CHECK(messages("3.13", "CALL print\n") == "3:6: error: CALL takes a count, such as 2\n");
    CHECK(messages("3.13", "CALL -1\n") ==
          "3:6: error: CALL takes a count, such as 2, and -1 is no argument "
          "[An argument has 32 bits: it is a number from 0 to 4294967295.]\n");
    CHECK(messages("3.13", "LOAD_FAST_LOAD_FAST a\n") ==
          "3:21: error: LOAD_FAST_LOAD_FAST takes the names of two locals, such as x, y\n");
    CHECK(messages("3.13", "LOAD_NAME print + NULL\n") ==
          "3:11: error: '+ NULL' means nothing to LOAD_NAME in 3.13 [It takes the name alone.]\n");
    CHECK(messages("3.13", "LOAD_GLOBAL print + NUL\n") ==
          "3:13: error: '+ NUL' means nothing to LOAD_GLOBAL in 3.13 [It takes a name, such "
          "as print or print + NULL.]\n");
    CHECK(messages("3.13", "BINARY_OP ++\n")
              .starts_with("3:11: error: BINARY_OP takes an operator, such as + or +="));
    CHECK(messages("3.13", "CALL_INTRINSIC_1 INTRINSIC_PRINTT\n") ==
          "3:18: error: CALL_INTRINSIC_1 takes an intrinsic, such as INTRINSIC_PRINT [Did you mean "
          "INTRINSIC_PRINT?]\n");
    CHECK(
        messages("3.13", "BINARY_OP 99\n") ==
        "3:11: error: BINARY_OP takes an operator, such as + or += [Write [99] if that is what you want.]\n");
    CHECK(messages("3.13", "RAISE_VARARGS 3\n") ==
          "3:15: error: RAISE_VARARGS takes 0, 1 or 2 [Write [3] if that is what you want.]\n");
    CHECK(messages("3.13", ".unchecked\nRAISE_VARARGS 3\nBINARY_OP 99\n") == "");
    CHECK(messages("3.13", "BINARY_OP [99]\nRAISE_VARARGS [3]\nBINARY_OP 0\n") == "");
}

TEST_CASE("labels that are not there are told") {
    CHECK(messages("3.13", "lop:\nJUMP_BACKWARD loop\n") ==
          "4:15: error: no label 'loop' in this block [Did you mean lop?]\n");
    const Assembled other(
        ".target 3.13\n.module\nJUMP_FORWARD inside\n.end\n.function f()\ninside:\nNOP\n.end\n");
    CHECK(other.messages() ==
          "3:14: error: no label 'inside' in this block [.function f has a label of this name; a "
          "jump cannot leave its code object.]\n");
    CHECK(messages("3.13", "a:\nNOP\na:\nNOP\n") ==
          "5:1: error: label 'a' is defined twice in this block (3:1: first defined here)\n");
    CHECK(messages("3.13", "JUMP_FORWARD 5\n") ==
          "3:14: error: JUMP_FORWARD takes a label [Write [5] for the raw argument.]\n");
    CHECK(messages("3.13", "JUMP_FORWARD a+9\na:\nNOP\n") ==
          "3:14: error: 'a' and 18 bytes more lies outside the code, which has 4 bytes\n");
}

TEST_CASE("raw indices must name an entry, unless the block is unchecked") {
    const std::string help = "`.unchecked` in the block takes ";
    CHECK(messages("3.13", ".consts 1, 2\nLOAD_CONST [1]\nLOAD_CONST [3]\n") ==
          "5:12: error: [3] is out of range: the block has 2 constants [A list is list([3]); " + help +
              "the index as it is.]\n");
    CHECK(messages("3.13", "LOAD_GLOBAL [2]\nLOAD_NAME x\n") ==
          "3:13: error: [2] is out of range: it means name 1, and the block has one name [" + help +
              "it as it is.]\n");
    CHECK(messages("3.13", "LOAD_FAST [0]\n") ==
          "3:11: error: [0] is out of range: the block has no variable [" + help + "it as it is.]\n");
    CHECK(messages("3.13", "LOAD_FAST_LOAD_FAST [17]\nLOAD_FAST x\n")
              .find("means variable 1, and the block has one") != std::string::npos);
    CHECK(messages("3.9", "LOAD_DEREF [2]\nLOAD_DEREF x\nLOAD_DEREF y\n")
              .find("has 2 cells and free variables") != std::string::npos);
    CHECK(messages("3.13", ".unchecked\nLOAD_CONST [3]\nLOAD_FAST [300]\n") == "");
    CHECK(messages("3.13", "LOAD_CONST [4294967296]\n").find("4294967296") != std::string::npos);
}

TEST_CASE("one run reports all mistakes, in the order of the text") {
    CHECK(messages("3.13", "LOAD_COSNT 1\nNOP 1\nJUMP_FORWARD x\nLOAD_CONST foo\n.line none\nPOP_TOP\n") ==
          "3:1: error: unknown instruction 'LOAD_COSNT' [Did you mean LOAD_CONST?]\n"
          "4:5: error: NOP takes no operand [Leave it out; `[n]` sets the argument byte all the same.]\n"
          "5:14: error: no label 'x' in this block\n"
          "6:12: error: LOAD_CONST takes a constant, such as 1, \"text\" or None [Write \"foo\" for the "
          "string, code(foo) "
          "for a block.]\n");
}

TEST_CASE("directives that the target has no field for are told") {
    CHECK(messages("3.9", ".line none\nNOP\n") ==
          "3:1: error: the line table of 3.9 cannot say that there is no line "
          "[Leave it out: the code then belongs to the line before it.]\n");
    CHECK(messages("3.10", ".try h\nNOP\n.endtry\nh:\nNOP\n")
              .find("3:1: error: 3.10 has no exception tables") == 0);
    CHECK(messages("3.10", ".qualname \"x\"\nNOP\n").find("code objects of 3.10 have no co_qualname") !=
          std::string::npos);
    CHECK(messages("3.11", ".nlocals 1\nNOP\n").find("no stored co_nlocals") != std::string::npos);
    CHECK(messages("3.13", ".flags OPTIMISED\nNOP\n") ==
          "3:8: error: 'OPTIMISED' is not a flag of a code object of 3.13 [Did you mean OPTIMIZED?]\n");
    CHECK(messages("3.13", "LOAD_CONST (1, slice(1, 2, None))\n").find("slice") != std::string::npos);
    CHECK(messages("3.13", ".doc \"x\"\nNOP\n").find("only the code of a function holds its docstring") !=
          std::string::npos);
}

TEST_CASE("symbols: unknown ones, circles, and files without one top block") {
    CHECK(Assembled(
              ".module\nLOAD_CONST code(adder)\nLOAD_CONST code(added)\n.end\n.function added()\nNOP\n.end\n")
              .messages() == "2:12: error: no block 'adder' is visible here [Did you mean code(added)?]\n");
    CHECK(Assembled(".module\nLOAD_CONST code(inner)\nLOAD_CONST code(outer)\n.end\n.function outer()\n"
                    "LOAD_CONST code(inner)\n.function inner()\nNOP\n.end\n.end\n")
              .messages()
              .starts_with("2:12: error: no block 'inner' is visible here [It stands in another block: "));
    CHECK(Assembled(
              ".module\nLOAD_CONST code(outer.inner)\nLOAD_CONST code(outer)\n.end\n.function outer()\nNOP\n"
              ".function inner()\nNOP\n.end\n.end\n")
              .messages() == "");
    CHECK(Assembled(".module\nLOAD_CONST code(f)\n.end\n.function f()\nLOAD_CONST (1, code(g))\n.end\n"
                    ".function g()\nLOAD_CONST code(f)\n.end\n")
              .messages() ==
          "8:12: error: constants go round in a circle: .function f -> .function g -> .function f "
          "[A code object cannot contain itself: marshal has no form for it.]\n");
    CHECK(Assembled(".function f()\nNOP\n.end\n.function g()\nNOP\n.end\n").messages() ==
          "4:11: error: a file without .module must have exactly one block at file level [Add a .module that "
          "refers to "
          "them by code(NAME), or nest one in the other.] (1:11: the first one)\n");
    CHECK(Assembled(".function f()\nNOP\n.end\n").messages() == "");
    CHECK(Assembled(".module\nNOP\n.end\n.function f()\nNOP\n.end\n").messages() ==
          "4:11: warning: nothing refers to .function f: it is left out of the file [Refer to it by "
          "code(f).]\n");
    CHECK(Assembled("# nothing\n").messages().find("error: nothing to assemble: the file has no block") == 3);
}

TEST_CASE("constants nested deeper than marshal reads are told") {
    const auto chain = [](int functions) {
        std::string text = ".target 3.13\n.module\nLOAD_CONST code(f0)\n.end\n";
        for (int i = 0; i < functions; ++i) {
            const std::string next = i + 1 < functions ? "code(f" + std::to_string(i + 1) + ")" : "1";
            text += ".function f" + std::to_string(i) + "()\nLOAD_CONST " + next + "\n.end\n";
        }
        return Assembled(text);
    };
    // The module and each function take a code object and its tuple of constants; the last has an atom in it.
    CHECK(chain(998).ok());
    CHECK(chain(998).bytes().size() > 998);
    CHECK(chain(999).messages().find("nested deeper here than the 2000 levels that marshal reads") !=
          std::string::npos);
}

} // namespace pyasm::tests
