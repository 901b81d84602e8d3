#include "tests/assembler/assembled.hpp"

#include <doctest/doctest.h>

namespace pyasm::tests {
namespace {

/// A body in a module of 3.13.
Assembled module(std::string body) {
    return Assembled(".target 3.13\n.module\n" + std::move(body) + ".end\n");
}

} // namespace

TEST_CASE("constants stand in order of first use, and keep type and bits apart") {
    const Assembled result =
        module("LOAD_CONST 1\nLOAD_CONST True\nLOAD_CONST 1.0\nLOAD_CONST 1\nLOAD_CONST 0.0\n"
               "LOAD_CONST -0.0\nLOAD_CONST 1.0\nLOAD_CONST 0\nLOAD_CONST False\n"
               "LOAD_CONST \"1\"\nLOAD_CONST b\"1\"\nLOAD_CONST 1j\nLOAD_CONST -0.0+1j\n");
    CHECK(result.show(result.top().consts) ==
          "(1, True, <float 3ff0000000000000>, <float 0000000000000000>, <float 8000000000000000>, 0, False, "
          "'1', b'1', "
          "<complex 0000000000000000 3ff0000000000000>, <complex 8000000000000000 3ff0000000000000>)");
    CHECK(result.hex(result.top().code) == "5300530153025300530353045302530553065307530853095"
                                           "30a");
}

TEST_CASE("payloads of NaN and parts of tuples keep constants apart, too") {
    const Assembled nans =
        module("LOAD_CONST nan\nLOAD_CONST -nan\nLOAD_CONST nan(0x8000000000001)\nLOAD_CONST nan\n");
    CHECK(nans.show(nans.top().consts) ==
          "(<float 7ff8000000000000>, <float fff8000000000000>, <float 7ff8000000000001>)");
    const Assembled tuples =
        module("LOAD_CONST (1, 2)\nLOAD_CONST (1, 2.0)\nLOAD_CONST (True, 2)\nLOAD_CONST (1, 2)\n"
               "LOAD_CONST ((1, 2), (1, 2))\nLOAD_CONST frozenset({1, 2})\n"
               "LOAD_CONST frozenset({2, 1})\nLOAD_CONST ()\nLOAD_CONST ()\n");
    CHECK(tuples.show(tuples.top().consts) ==
          "((1, 2), (1, <float 4000000000000000>), (True, 2), ((1, 2), (1, 2)), {1, "
          "2}, {2, 1}, ())");
    const Assembled big = module("LOAD_CONST 9223372036854775807\nLOAD_CONST 9223372036854775808\n"
                                 "LOAD_CONST 9223372036854775808\nLOAD_CONST -9223372036854775809\n");
    CHECK(big.show(big.top().consts) == "(9223372036854775807, <long of 5 digits>, <long of 5 digits>)");
}

TEST_CASE("2.7 keeps int and long, str and unicode apart") {
    const Assembled result(
        ".target 2.7\n.module\nLOAD_CONST 10\nLOAD_CONST 10L\nLOAD_CONST 10\nLOAD_CONST \"a\"\n"
        "LOAD_CONST u\"a\"\nLOAD_CONST b\"a\"\n.end\n");
    CHECK(result.show(result.top().consts) == "(10, <long of 1 digits>, b'a', 'a')");
}

TEST_CASE("words that are constants are constants") {
    const Assembled result =
        module("LOAD_CONST None\nLOAD_CONST Ellipsis\nLOAD_CONST ...\nLOAD_CONST StopIteration\n"
               "LOAD_CONST inf\nLOAD_CONST -inf\n");
    CHECK(result.show(result.top().consts) ==
          "(None, ..., StopIteration, <float 7ff0000000000000>, <float fff0000000000000>)");
}

TEST_CASE("up to 3.13 a function's first constant is None or its docstring") {
    const auto consts = [](std::string_view target, std::string_view lines,
                           std::string_view kind = ".function f()") {
        const Assembled result(".target " + std::string(target) + "\n" + std::string(kind) + "\n" +
                               std::string(lines) + "LOAD_CONST 1\nRETURN_VALUE\n.end\n");
        return result.show(result.top().consts);
    };
    CHECK(consts("3.13", "") == "(None, 1)");
    CHECK(consts("2.7", "") == "(None, 1)");
    CHECK(consts("3.14", "") == "(1)");
    CHECK(consts("3.13", ".doc \"text\"\n") == "('text', 1)");
    CHECK(consts("3.14", ".doc \"text\"\n") == "('text', 1)");
    CHECK(consts("3.13", "", ".code f()") == "(1)");
    CHECK(consts("3.13", "", ".class f") == "(1)");
    CHECK(consts("3.13", ".consts 7, 1\n") == "(7, 1)");
    CHECK(consts("3.13", ".consts 7, 1\n.doc \"text\"\n") == "('text', 7, 1)");
}

TEST_CASE("stated heads of the tables stand first, and the same constant may stand twice") {
    const Assembled result =
        module(".consts 1, 2, 1, (3, 4)\n.names b, b, \"odd name\"\nLOAD_CONST 5\nLOAD_CONST 1\n"
               "LOAD_CONST (3, 4)\nLOAD_CONST [2]\nLOAD_NAME a\nLOAD_NAME b\n"
               "LOAD_NAME \"odd name\"\nLOAD_NAME [1]\n");
    CHECK(result.show(result.top().consts) == "(1, 2, 1, (3, 4), 5)");
    CHECK(result.show(result.top().names) == "('b', 'b', 'odd name', 'a')");
    CHECK(result.hex(result.top().code) == "5304"
                                           "5300"
                                           "5303"
                                           "5302"
                                           "5c03"
                                           "5c00"
                                           "5c02"
                                           "5c01");
}

TEST_CASE("a conversion and a format are joined as dis does, or with a bar") {
    const auto code = [](const char* operand) {
        const Assembled result(".target 3.12\n.module\nFORMAT_VALUE " + std::string(operand) + "\n.end\n");
        return result.hex(result.top().code);
    };
    CHECK(code("repr|with format") == "9b06");
    CHECK(code("repr, with format") == "9b06");
    CHECK(code("repr,with \t format # six") == "9b06");
    CHECK(code("ascii , with format") == "9b07");
    CHECK(code("with format") == "9b04");
}

TEST_CASE("names take flags") {
    const Assembled result = module("LOAD_GLOBAL print\nLOAD_GLOBAL print + NULL\nLOAD_ATTR x + NULL|self\n"
                                    "LOAD_SUPER_ATTR close + NULL|self + two_arg\n");
    CHECK(result.show(result.top().names) == "('print', 'x', 'close')");
    CHECK(result.hex(result.top().code).find("5b00") == 0);
    const Assembled lazy(
        ".target 3.15\n.module\nIMPORT_NAME os\nIMPORT_NAME os + lazy\nIMPORT_NAME sys + eager\n.end\n");
    const std::string hex = lazy.hex(lazy.top().code);
    CHECK(hex.substr(2, 2) == "00");
    CHECK(hex.substr(6, 2) == "01");
    CHECK(hex.substr(10, 2) == "06");
}

TEST_CASE("code constants are the blocks' code objects, wherever they stand") {
    const Assembled result = module("LOAD_CONST code(f)\nLOAD_CONST code(f)\nLOAD_CONST (1, code(f))\n"
                                    ".function f()\nLOAD_CONST code(g)\nRETURN_VALUE\n.end\n"
                                    ".function g()\nRETURN_CONST None\n.end\n");
    CHECK(result.show(result.top().consts) == "(<code f>, (1, <code f>))");
    CHECK(result.show(result.code("f").consts) == "(None, <code g>)");
}

TEST_CASE("every list that is written is an object of its own") {
    const Assembled result = module("LOAD_CONST code(f)\nLOAD_CONST list([1])\nLOAD_CONST list([1])\n"
                                    ".function f()\nLOAD_CONST list([1])\nRETURN_VALUE\n.end\n");
    CHECK(result.show(result.top().consts) == "(<code f>, [1], [1])");
    const auto& pool = result.file().pool;
    CHECK(pool.children(result.top().consts)[1] != pool.children(result.code("f").consts)[1]);
}

} // namespace pyasm::tests
