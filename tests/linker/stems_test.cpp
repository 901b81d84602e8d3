// What tells files apart in symbols.
#include "linker/stems.hpp"

#include <doctest/doctest.h>

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
    CHECK(linker::stem_of("<start>") == "_start_");
    CHECK(linker::stem_of("gr\xc3\xb6.pyc") == "gr\xc3\xb6");
    CHECK(linker::stem_of("") == "_");
}

TEST_CASE("a symbol and the file it is of") {
    CHECK(linker::split_symbol("a.b:C.m").stem == "a.b");
    CHECK(linker::split_symbol("a.b:C.m").name == "C.m");
    CHECK(linker::split_symbol("C.m").stem.empty());
    CHECK(linker::split_symbol("C.m").name == "C.m");
    CHECK(linker::split_symbol("a:b:c").name == "b:c");
}

TEST_CASE("what can stand for a file in a symbol") {
    const linker::FileName file("../lib/my-tools/__pycache__/hello.cpython-313.pyc");
    for (const char* prefix : {"hello", "my_tools.hello", "lib.my_tools.hello", "hello.cpython_313.pyc",
                               "my_tools.hello.cpython_313.pyc"})
        CHECK_MESSAGE(file.matches(prefix), prefix);
    for (const char* prefix :
         {"", "tools.hello", "ello", ".hello", "lib.hello", "x.lib.my_tools.hello", "my_tools", "hello.pyc"})
        CHECK_MESSAGE(!file.matches(prefix), prefix);
    CHECK(file.prefixes(8) == std::vector<std::string>{"hello", "hello.cpython_313.pyc", "my_tools.hello",
                                                       "my_tools.hello.cpython_313.pyc", "lib.my_tools.hello",
                                                       "lib.my_tools.hello.cpython_313.pyc"});
    CHECK(file.prefixes(1).size() == 1);
    CHECK(linker::FileName("hello").prefixes(8) == std::vector<std::string>{"hello"});
    // A dot of a folder's name is none between folders.
    CHECK(linker::FileName("v1.2/mod.pyc").matches("v1_2.mod"));
    CHECK(!linker::FileName("v1.2/mod.pyc").matches("2.mod"));
    CHECK(linker::FileName("/mod.pyc").matches("mod"));
    CHECK(linker::FileName("").matches("_"));
}
