// The golden runner itself: a test that cannot fail would be worth nothing.
#include "tests/support/golden.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pyasm::tests;

TEST_CASE("a golden file is printed as it was read") {
    const std::string text = "# about\n\n"
                             "--- file a.pyasm\n.module\n\n.end\n"
                             "--- file b.pyasm (escaped)\na\\x00\\xff\\\\b\\\n"
                             "--- run pyasm asm a.pyasm\n"
                             "--- stderr\nsome: text\n"
                             "--- exit 1\n"
                             "--- files a.pyc -b.pyasm\n";
    GoldenFile file;
    std::string error;
    REQUIRE(parse_golden(text, file, error));
    REQUIRE(file.sections.size() == 6);
    CHECK(file.sections[0].body == ".module\n\n.end\n");
    CHECK(file.sections[1].argument == "b.pyasm");
    CHECK(file.sections[1].body == std::string("a\0\xff\\b", 5));
    CHECK(file.sections[4].argument == "1");
    CHECK(print_golden(file) == text);
}

TEST_CASE("any content survives a golden file") {
    for (const std::string& body :
         {std::string(), std::string("\n"), std::string("no newline"), std::string("--- x\n"),
          std::string("a\n--- x\n"), std::string("\\ \\x41\n"), std::string("\x1b[1m\n"),
          std::string("\0\xff\r\n", 4), std::string("日本\n"), std::string("a\\")}) {
        GoldenFile file;
        file.sections.push_back({"stdout", {}, body});
        GoldenFile read;
        std::string error;
        REQUIRE(parse_golden(print_golden(file), read, error));
        CHECK(read.sections.at(0).body == body);
    }
}

TEST_CASE("a malformed golden file is refused") {
    GoldenFile file;
    std::string error;
    CHECK_FALSE(parse_golden("--- nothing\n", file, error));
    CHECK(error == "line 1: 'nothing' is no kind of section");
    CHECK_FALSE(parse_golden("--- stdout (escaped)\n\\q\n", file, error));
}

TEST_CASE("what a command really does is what is recorded") {
    GoldenFile file;
    file.sections = {{"file", "here.txt", "as it was\n"},
                     {"run", "pyasm --no-such-option", {}},
                     {"stdout", {}, "a lie\n"},
                     {"content", "here.txt", "another lie\n"}};
    const GoldenFile real = perform_golden(file);
    REQUIRE(real.sections.size() == 5);
    CHECK(real.sections[2].kind == "stderr");
    CHECK(real.sections[2].body.find("no-such-option") != std::string::npos);
    CHECK(real.sections[3].kind == "exit");
    CHECK(real.sections[3].argument == "2");
    CHECK(real.sections[4].body == "as it was\n");
}
