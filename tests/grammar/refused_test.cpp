#include "tests/grammar/parsed.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pyasm;

namespace {

/// The errors of lines in a function.
std::string wrong(const std::string& lines, const char* target = "3.13") {
    return tests::errors_of(".function f()\n" + lines + "\n.end\n", target);
}

} // namespace

TEST_SUITE("grammar") {
    TEST_CASE("a name is a str of the target, wherever it stands") {
        const std::string bytes = "a name is a str, not bytes; Leave out the b.\n";
        CHECK(wrong("LOAD_GLOBAL b\"x\" + NULL") == "2:13: " + bytes);
        CHECK(wrong("LOAD_FAST_LOAD_FAST b\"x\", y") == "2:21: " + bytes);
        CHECK(wrong("LOAD_FAST_LOAD_FAST x, b\"y\"") == "2:24: " + bytes);
        CHECK(wrong("LOAD_FAST_LOAD_FAST \"x\", \"y\"") == "");
        CHECK(wrong(".locals b\"x\"\nNOP") == "2:9: " + bytes);
        CHECK(wrong(".filename b\"x\"\nNOP") == "2:11: " + bytes);
        CHECK(tests::errors_of(".function f(b\"x\")\n.end\n", "3.13") == "1:13: " + bytes);
        CHECK(tests::errors_of(".function f(*, b\"x\"=1)\n.end\n", "3.13") == "1:16: " + bytes);

        const std::string unicode = "a name is a str, not unicode; Leave out the u.\n";
        CHECK(wrong(".name u\"x\"\nNOP", "2.7") == "2:7: " + unicode);
        CHECK(wrong(".names \"x\", b\"y\", u\"z\"\nNOP", "2.7") == "2:19: " + unicode);
        CHECK(tests::errors_of(".function f(u\"x\")\n.end\n", "2.7") == "1:13: " + unicode);
        CHECK(wrong(".name u\"x\"\nNOP") == "");
    }

    TEST_CASE("members of sets and keys have a hash all through") {
        const std::string member =
            "a member that has no hash; Take a tuple or a frozenset instead of the list, set or "
            "dict.\n";
        CHECK(wrong("LOAD_CONST {slice(1, 2, (3, 4))}", "3.14") == "");
        CHECK(wrong("LOAD_CONST {slice(1, [2], 3)}", "3.14") == "2:13: " + member);
        CHECK(wrong("LOAD_CONST {(slice(1, 2, {3: 4}),)}", "3.14") == "2:13: " + member);
        CHECK(wrong("LOAD_CONST {frozendict({1: 2})}", "3.15") == "");
        CHECK(wrong("LOAD_CONST {frozendict({1: [2]})}", "3.15") == "2:13: " + member);
        CHECK(wrong("LOAD_CONST frozendict({1: [2]})", "3.15") == "");
        CHECK(wrong("LOAD_CONST frozendict({frozendict({1: [2]}): 3})", "3.15")
                  .starts_with("2:24: a key that has no hash"));
    }

    TEST_CASE("what is said once is not said twice") {
        CHECK(wrong(".try h, lasti, lasti\n.endtry\nh:") == "2:16: 'lasti' is given twice\n");
        CHECK(wrong(".except h, h -> h, lasti, depth=1, lasti\nh:") == "2:36: 'lasti' is given twice\n");
    }

    TEST_CASE("a header has a time or a hash") {
        const auto head = [](const std::string& line) {
            return tests::errors_of(line + "\n.module\nNOP\n.end\n", "3.13");
        };
        for (const char* flags : {"1", "3", "0xffffffff"})
            CHECK(head(".source mtime=5 flags=" + std::string(flags)) ==
                  "1:23: a header with this flag holds a hash, and no time; Write .hash checked or .hash "
                  "unchecked.\n");
        CHECK(head(".source mtime=5 flags=4") == "");
        CHECK(head(".hash checked \"\"") == "1:15: a file's name or the eight bytes are wanted here\n");
        CHECK(head(".hash checked b\"\"") == "1:15: a hash has 8 bytes, and this has 0\n");
    }
}
