#include "tests/assembler/assembled.hpp"

#include <doctest/doctest.h>

namespace pyasm::tests {
namespace {

std::string lower_tables(const Assembled& result, std::string_view name) {
    const auto& code = result.code(name);
    return result.show(code.varnames) + result.show(code.cellvars) + result.show(code.freevars);
}
std::string plus_tables(const Assembled& result, std::string_view name) {
    const auto& code = result.code(name);
    return result.show(code.localsplusnames) + " " + result.hex(code.localspluskinds);
}

} // namespace

TEST_CASE("locals are the parameters by slot, then names in order of first use") {
    const std::string text =
        "\n.function f(a, *args, k, **kw)\nSTORE_FAST z\nLOAD_FAST k\nSTORE_FAST y\nLOAD_FAST z\n"
        "LOAD_FAST kw\n.end\n";
    const Assembled old(".target 3.9" + text);
    CHECK(lower_tables(old, "f") == "('a', 'k', 'args', 'kw', 'z', 'y')()()");
    CHECK(old.top().argcount == 1);
    CHECK(old.top().kwonlyargcount == 1);
    CHECK(old.top().nlocals == 6);
    CHECK(old.hex(old.top().code) == "7d04"
                                     "7c01"
                                     "7d05"
                                     "7c04"
                                     "7c03");
    const Assembled plus(".target 3.13" + text);
    CHECK(plus_tables(plus, "f") == "('a', 'k', 'args', 'kw', 'z', 'y') 202020202020");
    const Assembled kinds(
        ".target 3.14\n.function f(p, /, a, *args, k, **kw)\nMAKE_CELL a\nSTORE_FAST z\n.end\n");
    CHECK(plus_tables(kinds, "f") == "('p', 'a', 'k', 'args', 'kw', 'z') 2266242a2c20");
    CHECK(kinds.top().posonlyargcount == 1);
}

TEST_CASE("up to 3.10 a name for cells is free if a function round it has it, else a cell") {
    const Assembled result(
        ".target 3.8\n.function outer(a)\nLOAD_CLOSURE b\nLOAD_CLOSURE a\nLOAD_CONST code(middle)\n"
        ".function middle()\nLOAD_CLOSURE a\nLOAD_CONST code(inner)\n"
        ".function inner(x)\nLOAD_DEREF a\nLOAD_DEREF own\nLOAD_CLOSURE x\nLOAD_DEREF b\n.end\n.end\n"
        ".end\n");
    CHECK(lower_tables(result, "outer") == "('a')('a', 'b')()");
    CHECK(lower_tables(result, "middle") == "()()('a')");
    CHECK(lower_tables(result, "inner") == "('x')('own', 'x')('a', 'b')");
    // Cells first, then free variables, both sorted.
    CHECK(result.hex(result.code("inner").code) == "8802"
                                                   "8800"
                                                   "8701"
                                                   "8803");
    const Assembled klass(".target 3.8\n.class C\nLOAD_NAME a\nSTORE_NAME a\nLOAD_CONST code(m)\n"
                          ".function m()\nLOAD_DEREF a\n.end\n.end\n");
    CHECK(lower_tables(klass, "m") == "()('a')()");
}

TEST_CASE("what is free in a function around it is free inside up to 3.10") {
    const Assembled result(
        ".target 3.8\n.function outer()\n.freevars a\nLOAD_CLOSURE a\nLOAD_CONST code(inner)\n"
        ".function inner(b)\nLOAD_DEREF a\nLOAD_CLOSURE b\n.end\n.end\n");
    CHECK(lower_tables(result, "outer") == "()()('a')");
    CHECK(lower_tables(result, "inner") == "('b')('b')('a')");
}

TEST_CASE("from 3.11 MAKE_CELL names the cells, and the rest is free") {
    const Assembled result(
        ".target 3.12\n.function f(b, a)\nCOPY_FREE_VARS 2\nMAKE_CELL a\nMAKE_CELL z\nMAKE_CELL c\n"
        "LOAD_FAST x\nLOAD_DEREF y\nLOAD_DEREF q\nLOAD_FAST z\nLOAD_CLOSURE a\nLOAD_FAST y\n.end\n");
    CHECK(plus_tables(result, "f") == "('b', 'a', 'x', 'c', 'z', 'q', 'y') 206020404080"
                                      "80");
    CHECK(result.hex(result.top().code) == "9502"
                                           "8701"
                                           "8704"
                                           "8703"
                                           "7c02"
                                           "8906"
                                           "8905"
                                           "7c04"
                                           "8801"
                                           "7c06");
}

TEST_CASE("stated tables are taken as they are") {
    const Assembled cells(
        ".target 3.9\n.function f(a)\n.cellvars z, a\n.freevars c, b\nLOAD_DEREF a\nLOAD_DEREF b\n.end\n");
    CHECK(lower_tables(cells, "f") == "('a')('z', 'a')('c', 'b')");
    CHECK(cells.hex(cells.top().code) == "8801"
                                         "8803");
    const Assembled plus(
        ".target 3.13\n.function f(a)\n.cellvars z, a\n.freevars c, b\nMAKE_CELL a\nLOAD_DEREF b\n.end\n");
    CHECK(plus_tables(plus, "f") == "('a', 'z', 'c', 'b') 60408080");
    const Assembled locals(".target 3.9\n.code f\n.unchecked\n.locals b, a, b\n.argcount 2\n.nlocals "
                           "7\nLOAD_FAST b\nLOAD_FAST a\n.end\n");
    CHECK(lower_tables(locals, "f") == "('b', 'a', 'b')()()");
    CHECK(locals.top().nlocals == 7);
    CHECK(locals.top().argcount == 2);
    CHECK(locals.hex(locals.top().code) == "7c00"
                                           "7c01");
    const Assembled outright(
        ".target 3.13\n.class C\n.localsplusnames (\"x\", \"x\", \"y\")\n"
        ".localspluskinds b\"\\x80\\x30\\x40\"\nLOAD_FAST x\nLOAD_DEREF x\nLOAD_FAST y\n.end\n");
    CHECK(plus_tables(outright, "C") == "('x', 'x', 'y') 803040");
    CHECK(outright.hex(outright.top().code) == "5501"
                                               "5400"
                                               "5502");
    const Assembled argument(
        ".target 3.14\n.code f\n.argcount 1\n.flags VARARGS\n.locals a, rest, x\n.end\n");
    CHECK(plus_tables(argument, "f") == "('a', 'rest', 'x') 262a20");
}

TEST_CASE("names that a stated table lacks are told") {
    const Assembled local(
        ".target 3.13\n.function f(alpha)\n.locals alpha\nLOAD_FAST alhpa\nSTORE_FAST zzz\n.end\n");
    CHECK(local.messages() == "4:11: error: local 'alhpa' is not in .locals [Did you mean alpha?]\n"
                              "5:12: error: local 'zzz' is not in .locals [Add it to .locals.]\n");
    const Assembled cell(
        ".target 3.13\n.function f(a)\n.cellvars b\n.freevars c\nMAKE_CELL a\nLOAD_DEREF d\n.end\n");
    CHECK(cell.messages() == "5:11: error: cell 'a' is not in .cellvars [Add it to .cellvars.]\n"
                             "6:12: error: free variable 'd' is not in .freevars [Add it to .freevars.]\n");
}

TEST_CASE("pairs of locals reach the first sixteen") {
    std::string text = ".target 3.13\n.function f(";
    for (int i = 0; i < 17; ++i) text += (i ? ", p" : "p") + std::to_string(i);
    const Assembled good(text + ")\nLOAD_FAST_LOAD_FAST p1, p15\nSTORE_FAST_LOAD_FAST p15, p0\n.end\n");
    CHECK(good.hex(good.top().code).substr(2, 2) == "1f");
    CHECK(good.hex(good.top().code).substr(6, 2) == "f0");
    const Assembled bad(text + ")\nLOAD_FAST_LOAD_FAST p1, p16\n.end\n");
    CHECK(bad.messages() ==
          "3:21: error: LOAD_FAST_LOAD_FAST reaches the first 16 locals only, and 'p16' is number 16 "
          "[Write two instructions, one for each.]\n");
}

} // namespace pyasm::tests
