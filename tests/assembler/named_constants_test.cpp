// `.constant`, `.global` and `.extern` in a file by itself, and in a unit of a program of several.
#include "assembler/assemble.hpp"
#include "grammar/parse.hpp"
#include "tests/assembler/assembled.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace pyasm;
using tests::Assembled;

namespace {

/// The constants of a module that loads `literal`, where `directives` stand at file level; or the messages.
std::string constants(const std::string& directives, const std::string& literal) {
    const Assembled assembled(".target 3.13\n" + directives + "\n.module\nLOAD_CONST " + literal +
                              "\nNOP\n.end\n");
    return assembled.ok() ? assembled.show(assembled.top().consts) : assembled.messages();
}

bool says(const std::string& text, std::string_view part) {
    if (text.find(part) != std::string::npos) return true;
    MESSAGE(text);
    return false;
}

/// A unit of a program of several files, as text: "global NAME code|const", "extern ...", "top" and errors.
struct Object {
    explicit Object(const std::string& text) {
        const auto file = sources.add("unit.pyasm", text);
        auto unit = grammar::parse(*file.value(), sources, {}, diagnostics);
        module = assembler::assemble_object(std::move(unit), sources, {}, diagnostics);
    }
    [[nodiscard]] std::string symbols() const {
        if (!module) return "refused";
        std::string result = module->pyc.top == objects::no_value ? "" : "top;";
        for (const auto& one : module->globals)
            result += fmt::format("global {} {};", one.is_code ? "code" : "const", one.name);
        for (const auto& one : module->externs)
            result += fmt::format("extern {} {} by {};", one.wants_code ? "code" : "const", one.name,
                                  one.wanted_by);
        return result;
    }
    [[nodiscard]] std::string messages() const {
        std::string result;
        for (const auto& one : diagnostics.all()) result += one.message + " [" + one.help + "]\n";
        return result;
    }
    support::Sources sources;
    support::Diagnostics diagnostics;
    std::optional<program::ObjectModule> module;
};

} // namespace

TEST_SUITE("assembler") {
    TEST_CASE("a named constant stands for its value") {
        CHECK(constants(".constant LIMIT 100", "const(LIMIT)") == "(100)");
        CHECK(constants(".constant A (1, const(B))\n.constant B \"b\"", "(const(A), const(A))") ==
              "(((1, 'b'), (1, 'b')))");
        CHECK(constants(".constant A const(B)\n.constant B const(C)\n.constant C 7", "const(A)") == "(7)");
        CHECK(constants(".constant F code(f)\n.code f\nNOP\n.end", "(const(F), code(f))") ==
              "((<code f>, <code f>))");
        CHECK(constants(".constant L list([1])", "const(L)") == "([1])");
    }

    TEST_CASE("a constant that is the same as another takes no place of its own") {
        const Assembled assembled(
            ".target 3.13\n.constant A 5\n.module\nLOAD_CONST 5\nLOAD_CONST const(A)\nNOP\n.end\n");
        REQUIRE(assembled.ok());
        CHECK(assembled.show(assembled.top().consts) == "(5)");
    }

    TEST_CASE("a named list is one object wherever it is loaded") {
        const Assembled assembled(
            ".target 3.13\n.constant L list([1])\n.module\nLOAD_CONST const(L)\nLOAD_CONST const(L)\n"
            "LOAD_CONST list([1])\nNOP\n.end\n");
        REQUIRE(assembled.ok());
        CHECK(assembled.show(assembled.top().consts) == "([1], [1])");
    }

    TEST_CASE("constants in a circle are refused, of any length and through code") {
        CHECK(says(constants(".constant A (const(A),)", "const(A)"), "circle: .constant A -> .constant A"));
        CHECK(says(constants(".constant A const(A)", "1"), "circle: .constant A -> .constant A"));
        CHECK(says(constants(".constant A (const(B),)\n.constant B const(A)", "const(B)"), "circle"));
        CHECK(says(constants(".constant A code(f)\n.code f\nLOAD_CONST const(A)\nNOP\n.end", "1"),
                   "circle: .code f -> .constant A -> .code f"));
        std::string chain;
        for (int i = 0; i < 20'000; ++i)
            chain += fmt::format(".constant c{} const(c{})\n", i, (i + 1) % 20'000);
        CHECK(says(constants(chain, "const(c0)"), "circle"));
    }

    TEST_CASE("chains of constants without end in sight take no stack") {
        std::string chain, deep;
        for (int i = 0; i < 20'000; ++i) chain += fmt::format(".constant c{} const(c{})\n", i, i + 1);
        CHECK(constants(chain + ".constant c20000 3", "const(c0)") == "(3)");
        for (int i = 0; i < 20'000; ++i) deep += fmt::format(".constant c{} (const(c{}),)\n", i, i + 1);
        CHECK(says(constants(deep + ".constant c20000 3", "const(c0)"), "levels that marshal reads"));
    }

    TEST_CASE("what has no hash is not let in by a name") {
        CHECK(says(constants(".constant L list([1])", "frozenset({const(L)})"), "a member that has no hash"));
        CHECK(says(constants(".constant L list([1])\n.constant T (const(L),)", "{const(T): 1}"),
                   "a key that has no hash"));
        CHECK(constants(".constant T (1,)", "{const(T): list([2])}") == "({(1), [2]})");
    }

    TEST_CASE("unknown names, and names of the other kind") {
        CHECK(says(constants(".constant LIMIT 1", "const(LIMTI)"), "id you mean const(LIMIT)"));
        CHECK(says(constants(".constant A 1", "code(A)"), "'A' is a constant, and no block"));
        CHECK(says(constants(".code f\nNOP\n.end", "const(f)"), "'f' is a block, and no constant"));
        CHECK(says(constants("", "const(x)"), "no .constant 'x' in this file"));
        CHECK(says(constants(".constant f 1\n.code f\nNOP\n.end", "1"), "defined twice"));
        CHECK(says(constants(".global f", "1"), "no block or constant 'f' at file level"));
        CHECK(says(constants(".extern f", "code(f)"), "stands in another file"));
    }

    TEST_CASE("a unit's symbols") {
        const Object object(
            ".extern f, lib:C.m, T, unused\n.extern f\n.global g, LIMIT\n.global g\n"
            ".constant LIMIT (1, const(T))\n"
            ".code g\nLOAD_CONST code(f)\nLOAD_CONST code(lib:C.m)\nLOAD_CONST code(f)\nNOP\n.end\n");
        CHECK(object.messages() == "");
        CHECK(object.symbols() ==
              "global code g;global const LIMIT;extern const T by .constant LIMIT;extern code f by "
              ".code g;extern code lib:C.m by .code g;");
        CHECK(Object(".module\nNOP\n.end\n").symbols() == "top;");
        CHECK(Object(".constant A 1\n.global A\n").symbols() == "global const A;");
        CHECK(Object(".constant A 1\n.global A\n").messages() == "");
        CHECK(says(Object("# nothing\n").messages(), "nothing to assemble"));
        CHECK(says(Assembled(".constant A 1\n").messages(), "there is no block in it"));
        CHECK(says(Object(".code f\nNOP\n.end\n").messages(), "nothing refers to .code f"));
        CHECK(says(Object(".marshal \"x\"\n.code f\nNOP\n.end\n").messages(),
                   "'.marshal' says how one whole file"));
    }

    TEST_CASE("a unit's own definition goes before .extern") {
        const Object object(
            ".extern f, T\n.global f, T\n.constant T 1\n.code f\nLOAD_CONST const(T)\nNOP\n.end\n"
            ".module\nLOAD_CONST code(f)\nNOP\n.end\n");
        CHECK(object.symbols() == "top;global code f;global const T;");
    }
}
