// What tells files apart in symbols.
#include "linker/stems.hpp"

#include <doctest/doctest.h>

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
