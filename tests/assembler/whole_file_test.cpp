#include "tests/assembler/assembled.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

// What stands at file level, and values that are shared or contain themselves.

namespace pyasm::tests {
namespace {

Assembled module(std::string_view body, std::string_view target = "3.13") {
    return Assembled(fmt::format(".target {}\n.module\n{}.end\n", target, body));
}

std::string kinds(const std::string& text, std::string_view name = "<module>") {
    const Assembled result(text);
    if (!result.ok()) return result.messages();
    return result.hex(result.code(name).localspluskinds);
}

} // namespace

TEST_CASE("the top object may be any value, and code in it is written") {
    const Assembled result(".target 3.13\n.value (1, code(f), [code(f.inner)])\n.function f()\nRESUME 0\n"
                           ".function inner()\nRESUME 0\n.end\n.end\n");
    CHECK(result.messages().empty());
    CHECK(result.show(result.file().top) == "(1, <code f>, [<code inner>])");
    const Assembled code(".target 3.13\n.code f\nRESUME 0\n.end\n.value code(f)\n.code g\n.end\n");
    CHECK(code.show(code.file().top) == "<code f>");
    CHECK(code.messages() ==
          "6:7: warning: nothing refers to .code g: it is left out of the file [Refer to it by "
          "code(g).]\n");
    const Assembled alone(".target 2.7\n.value 5\n.header none\n");
    CHECK(alone.bytes() == std::string("i\5\0\0\0", 5));
    const Assembled both(".target 3.13\n.value 1\n.module\n.end\n");
    CHECK(both.messages() ==
          "2:1: error: the file's top object is stated, and it has a .module, which would be that [Leave one "
          "of "
          "them out, or make the module a .code that the value leads to.] (3:1: the module)\n");
    const Assembled unknown(".target 3.13\n.value code(f)\n");
    CHECK(unknown.messages() ==
          "2:8: error: no block 'f' is visible here [If it stands in another file, say .extern f.]\n");
}

TEST_CASE("a value's nesting counts together with the code in it") {
    std::string open, close;
    for (int i = 0; i < 1997; ++i) open += '(', close += ",)";
    const Assembled fits(".target 3.13\n.value " + open + "code(f)" + close + "\n.code f\n.end\n");
    CHECK(fits.messages().empty());
    CHECK(!fits.bytes().empty());
    const Assembled deep(".target 3.13\n.value (" + open + "code(f)" + close + ",)\n.code f\n.end\n");
    CHECK(deep.messages().find("constants are nested deeper here than the 2000 levels that marshal reads") !=
          std::string::npos);
}

TEST_CASE("bytes behind the object, and no header") {
    const Assembled with(".target 3.13\n.trailing b\"\\x00tail\"\n.value None\n");
    CHECK(with.bytes().substr(16) == std::string("N\0tail", 6));
    const Assembled without(".target 3.13\n.header none\n.value None\n");
    CHECK(without.bytes() == "N");
    const Assembled flags(".target 3.13\n.hash checked b\"12345678\" flags=0x107\n.value None\n");
    CHECK(flags.bytes().substr(4) == std::string("\x07\x01\0\0"
                                                 "12345678N",
                                                 13));
}

TEST_CASE("a file name holds for the file, or for a block and those in it") {
    const Assembled result(
        ".target 3.13\n.filename \"a.py\"\n.module\nLOAD_CONST code(f)\nLOAD_CONST code(g)\n"
        ".function f()\n.filename \"b.py\"\nLOAD_CONST code(h)\n.function h()\n.end\n.end\n"
        ".function g()\n.end\n.end\n");
    CHECK(result.messages().empty());
    CHECK(result.show(result.code("<module>").filename) == "'a.py'");
    CHECK(result.show(result.code("f").filename) == "'b.py'");
    CHECK(result.show(result.code("h").filename) == "'b.py'");
    CHECK(result.show(result.code("g").filename) == "'a.py'");
}

TEST_CASE("hidden locals get their bit") {
    CHECK(kinds(".target 3.12\n.module\n.hidden x, y\nLOAD_FAST z\nLOAD_FAST x\nMAKE_CELL y\nSTORE_FAST "
                "y\n.end\n") == "203050");
    CHECK(kinds(".target 3.13\n.module\n.locals x\n.hidden x\n.end\n") == "30");
    CHECK(kinds(".target 3.11\n.module\n.locals x\n.hidden x\n.end\n") ==
          "4:1: error: code objects of 3.11 have no hidden locals\n");
    CHECK(kinds(".target 3.13\n.module\n.hidden x\n.end\n") ==
          "3:9: error: 'x' is no variable of the block [A hidden local is used in the block, or stands in "
          ".locals.]\n");
    CHECK(
        kinds(".target 3.13\n.module\n.locals x\n.hidden x, x\n.end\n") ==
        "4:12: error: 'x' stands twice in .hidden [`.unchecked` in the block takes it as it is.] (4:9: first "
        "defined here)\n");
    CHECK(
        kinds(
            ".target 3.13\n.module\n.hidden x\n.localsplusnames (\"x\",)\n.localspluskinds b\"0\"\n.end\n") ==
        "3:1: error: .localspluskinds says which locals are hidden [Leave .hidden out.]\n");
}

TEST_CASE("any counts can be stated in an unchecked block") {
    const Assembled result(".target 3.8\n.module\n.unchecked\n.argcount -1\n.posonlyargcount -2147483648\n"
                           ".kwonlyargcount 2147483647\n.nlocals -4\n.stacksize -5\n.end\n");
    CHECK(result.messages().empty());
    CHECK(result.top().argcount == -1);
    CHECK(result.top().posonlyargcount == -2147483647 - 1);
    CHECK(result.top().kwonlyargcount == 2147483647);
    CHECK(result.top().nlocals == -4);
    CHECK(result.top().stacksize == -5);
    CHECK(module(".argcount -1\n").messages() ==
          "3:1: error: co_argcount is negative: -1 [`.unchecked` in the block takes it as it is.]\n");
    CHECK(module(".stacksize -1\n").messages() ==
          "3:1: error: co_stacksize is negative: -1 [`.unchecked` in the block takes it as it is.]\n");
}

TEST_CASE("mutable constants are one where they are one object") {
    const Assembled result =
        module("LOAD_CONST list([1])\nLOAD_CONST list([1])\nLOAD_CONST &1 [1]\nLOAD_CONST *1\n"
               "LOAD_CONST (*1,)\nLOAD_CONST (*1,)\nLOAD_CONST ([1],)\n");
    CHECK(result.messages().empty());
    CHECK(result.show(result.top().consts) == "([1], [1], [1], ([1]), ([1]))");
    CHECK(result.hex(result.top().code) == "5300530153025302530353035304");
    const auto consts = result.file().pool.children(result.top().consts);
    CHECK(result.file().pool.children(consts[3])[0] == consts[2]);
    CHECK(result.file().pool.children(consts[4])[0] != consts[2]);
    CHECK(!result.bytes().empty());
}

TEST_CASE("constants contain themselves") {
    const Assembled result =
        module("LOAD_CONST &1 [*1]\nLOAD_CONST *1\nLOAD_CONST &2 (*2, 1)\nLOAD_CONST *2\n"
               "LOAD_CONST &3 ([*3],)\nLOAD_CONST *3\nLOAD_CONST &4 {1: (*4,)}\n"
               "LOAD_CONST &5 ((*5,),)\nLOAD_CONST *5\n");
    CHECK(result.messages().empty());
    CHECK(result.hex(result.top().code) == "530053005301530153025302530353045304");
    CHECK(!result.bytes().empty());
    const auto& pool = result.file().pool;
    const auto consts = pool.children(result.top().consts);
    CHECK(pool.children(consts[1])[0] == consts[1]);
    CHECK(pool.children(pool.children(consts[4])[0])[0] == consts[4]);
}

TEST_CASE("a code object that contains itself through a list is refused where no reader takes it") {
    const Assembled circle = module("LOAD_CONST &1 [code(f)]\n.function f()\nLOAD_CONST code(f)\n.end\n");
    CHECK(circle.messages().find("constants go round in a circle") != std::string::npos);
}

TEST_CASE("sharing makes neither depth nor work") {
    std::string chain = "LOAD_CONST &1 [1]\n";
    for (int i = 2; i < 5000; ++i) chain += fmt::format("LOAD_CONST &{} [*{}, *{}]\n", i, i - 1, i - 1);
    const Assembled shared = module(chain);
    CHECK(shared.messages().empty());
    CHECK(!shared.bytes().empty());
    std::string tuples = "LOAD_CONST &1 (1,)\n";
    for (int i = 2; i < 5000; ++i) tuples += fmt::format("LOAD_CONST &{} (*{}, *{})\n", i, i - 1, i - 1);
    const Assembled immutable = module(tuples);
    CHECK(immutable.messages().empty());
    CHECK(!immutable.bytes().empty());
    // Without references all of it is written again, and so counts.
    const Assembled old = module(tuples, "2.7");
    CHECK(old.messages().find("nested deeper") != std::string::npos);
}

} // namespace pyasm::tests
