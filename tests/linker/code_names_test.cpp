// The symbols of a compiled module's code objects, on every interpreter there is.
#include "linker/code_names.hpp"
#include "objects/pyc.hpp"
#include "support/files.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace pyasm;

TEST_CASE("stems of files") {
    CHECK(linker::stem_of("hello.pyc") == "hello");
    CHECK(linker::stem_of("a/b.c/hello.pyasmo") == "hello");
    CHECK(linker::stem_of("__pycache__/hello.cpython-313.opt-1.pyc") == "hello");
    CHECK(linker::stem_of("__pycache__/hello.cpython-38.pyc") == "hello");
    CHECK(linker::stem_of("odd name-1.pyo") == "odd_name_1");
    CHECK(linker::stem_of(".pyc") == ".pyc");
    CHECK(linker::stem_of("my.mod.pyasm") == "my.mod");
    CHECK(linker::stem_of("") == "_");
}

TEST_CASE("what a symbol cannot hold") {
    CHECK(linker::as_symbol("f<locals>.g_1") == "f<locals>.g_1");
    CHECK(linker::as_symbol("a b:c$2") == "a_b_c_2");
    CHECK(linker::as_symbol("gr\xc3\xb6\xc3\x9f" "e\xe2\x80\xae") == "gr\xc3\xb6\xc3\x9f" "e_");
    CHECK(linker::as_symbol("\xed\xa0\x80") == "_");
    CHECK(linker::as_symbol(std::string(5000, 'x')).size() == linker::longest_code_name);
}

TEST_CASE("the same names on every version: qualified, and numbered where they are the same") {
    const std::string source = "def f():\n"
                               "    def g(): return lambda: 1\n"
                               "    class L(object):\n"
                               "        def m(self): pass\n"
                               "    return g\n"
                               "def f(): pass\n"
                               "class Outer(object):\n"
                               "    def method(self): pass\n"
                               "    class Inner(object):\n"
                               "        def method(self): return lambda: 2\n"
                               "x = lambda: 0\n"
                               "y = lambda: 3\n";
    const std::vector<std::string> expected = {"<module>",
                                               "f",
                                               "f.<locals>.g",
                                               "f.<locals>.g.<locals>.<lambda>",
                                               "f.<locals>.L",
                                               "f.<locals>.L.m",
                                               "f$2",
                                               "Outer",
                                               "Outer.method",
                                               "Outer.Inner",
                                               "Outer.Inner.method",
                                               "Outer.Inner.method.<locals>.<lambda>",
                                               "<lambda>",
                                               "<lambda>$2"};
    for (const tests::Interpreter& python : tests::interpreters()) {
        CAPTURE(python.version);
        const tests::TemporaryFolder folder;
        REQUIRE(support::write_file(folder.file("m.py"), support::as_bytes(source)).ok());
        const auto made = tests::run_python(
            python, {"-c", fmt::format("import py_compile; py_compile.compile('{0}/m.py', '{0}/m.pyc')", folder.path())});
        REQUIRE(made.status == 0);
        const auto content = support::read_file(folder.file("m.pyc"));
        REQUIRE(content.ok());
        const auto file = objects::read_pyc(support::as_bytes(*content));
        REQUIRE(file.ok());
        support::Arena arena;
        std::vector<std::string> names;
        for (const linker::NamedCode& one : linker::name_code_objects(*file, arena)) {
            names.emplace_back(one.name);
            CHECK(file->pool[one.code].kind == objects::ValueKind::Code);
        }
        CHECK(names == expected);
    }
}
