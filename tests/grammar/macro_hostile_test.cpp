#include "tests/grammar/parsed.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>

using namespace pyasm;

namespace {

std::string repeat(std::string_view text, std::size_t count) {
    std::string result;
    result.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i) result += text;
    return result;
}

std::string numbered(std::string_view text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += fmt::format(fmt::runtime(text), i);
    return result;
}

} // namespace

TEST_SUITE("grammar") {
    TEST_CASE("texts of the macro level made to be slow, deep or huge end soon") {
        constexpr std::size_t many = 100'000;
        std::string exponential = ".macro m0\n.set a = 1\n.endmacro\n";
        for (int i = 1; i < 20; ++i)
            exponential +=
                fmt::format(".macro m{}\n{}.endmacro\n", i, repeat(fmt::format("m{}\n", i - 1), 10));
        const std::string texts[] = {
            repeat(".if 1\n", many) + repeat(".endif\n", many),
            repeat(".if 0\n", many) + repeat(".endif\n", many),
            repeat(".if 1\n", many),
            repeat(".if 0\n", many),
            ".if 0\n" + repeat(".if 1\n", many) + repeat(".endmacro\n", many),
            ".if 0\n" + repeat(".elif 0\n", many) + ".endif\n",
            ".if 0\n" + repeat(".else\n", many) + ".endif\n",
            repeat(".macro a\n", many),
            repeat(".macro a\n", many) + repeat(".endmacro\n", many),
            repeat(".repeat 1\n", many),
            repeat(".repeat 1\n", many) + repeat(".endrepeat\n", many),
            repeat(".repeat 2\n", 30) + ".set a = 1\n" + repeat(".endrepeat\n", 30),
            ".repeat 1000000\n.set a = 1\n.endrepeat\n",
            ".repeat 100000\n.macro a x\n.endmacro\n.endrepeat\n",
            ".macro a\na\na\n.endmacro\na\n",
            exponential + "m19\n",
            ".macro a x\na \\x \\x\n.endmacro\na 1\n",
            ".macro a x=\n" + repeat("\\x", many) + "\n.endmacro\n" + repeat("a\n", 10'000),
            ".macro a " + numbered("p{}, ", many) + "q\n.endmacro\n",
            ".macro a\n.local " + numbered("p{}, ", many) + "q\n.endmacro\n",
            ".macro a\n" + numbered(".local p{}\n", many) + "\n.endmacro\na\n",
            ".macro a " + numbered("p{}=1, ", 200) + "q=1\n.endmacro\na " + repeat("q=1, ", many) + "q=1\n",
            ".repeat x in " + repeat("1, ", many) + "1\n.set a = \\x\n.endrepeat\n",
            ".set s = \"a\" * 1000000\n" + repeat(".if s * 1 == \"x\"\n.endif\n", 10'000),
            // A large string is not copied without bound.
            ".set s = \"a\" * 1000000\n.set i = 0\n.repeat 100000\n.set x\\(i) = s\n.set i = i + "
            "1\n.endrepeat\n",
            ".set s = \"a\" * 1000000\n.repeat 900000\n.if s == s\n.endif\n.endrepeat\n",
            ".macro a x\n" + repeat(".macro b x\n", many) + repeat("\\x\n.endmacro\n", many) +
                ".endmacro\na 1\n",
            ".if " + repeat("(", many) + "1" + repeat(")", many) + "\n.endif\n",
            ".if " + repeat("-", many) + "1\n.endif\n.if " + repeat("not ", many) + "1\n.endif\n",
            ".if " + repeat("1 + ", many) + "1\n.endif\n",
            ".if " + repeat("len(", many) + "\n.endif\n",
            ".module\n" + repeat("X (\\x\n", 30'000) + ".end\n",
            ".module\n" + repeat("X \\(\n", 30'000) + ".end\n",
            ".module\n" + repeat("X \\x\n", 30'000) + ".end\n",
            ".module\n" + repeat("X (\n", 30'000) + "\\\n.end\n",
            ".module\n" + repeat("a\\(1):", 10'000) + "\n.end\n",
            ".module\n" + repeat("\\", many) + "\n.end\n",
            ".module\n" + repeat("X \\\\(\\(\\{\n", 10'000) + ".end\n",
        };
        for (const std::string& text : texts) {
            CAPTURE(text.substr(0, 60));
            const auto begin = std::chrono::steady_clock::now();
            const auto parsed = tests::parse_text(text, "3.13");
            const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
            CHECK(parsed.unit.target != nullptr);
            // A second or two at most; what is quadratic takes minutes.
            CHECK(time.count() < 20);
        }
    }

    TEST_CASE("limits are told once, and end the work") {
        const auto only_error = [](const std::string& text) {
            const auto parsed = tests::parse_text(text, "3.13");
            CHECK(parsed.diagnostics.error_count() == 1);
            return parsed.diagnostics.all().empty() ? std::string() : parsed.diagnostics.all()[0].message;
        };
        CHECK(only_error(".macro a\na\na\n.endmacro\n.module\na\n.end\n") ==
              "macros and repetitions expand one another more than 200 levels deep");
        CHECK(
            only_error(
                ".macro a\n.set x = 1\n.endmacro\n.repeat 1000\n.repeat 1000\na\n.endrepeat\n.endrepeat\n") ==
            "more than 1000000 expansions of macros");
        CHECK(only_error(".macro a x\na \\x \\x\n.endmacro\na 1\n") ==
              "the expansions have more than 32 MiB together");
    }

    TEST_CASE("every prefix of a program with macros, and every change of a byte, is read to its end") {
        const std::string program =
            ".set n = 2 * (3 - 1) << 1\n.macro m x, y=\"a\\n\", *r\n.local l\n\\l: X (\\x, \\y)\n"
            ".repeat i in \\r\n.if \\i > 1 and not defined(q)\nY \\i\\(n)\n.elif kind(a) == "
            "'local'\n.exitmacro\n"
            ".else\n.endif\n.endrepeat\n.endmacro\n.function f(a)\nm 1, r\\{\"x\"}, 2, 3\nk: m x=(1,\n "
            "\\(n)), y=2\n"
            ".repeat 2\n.set n = n + 1\n.endrepeat\n.end\n.warning str(n)\n";
        for (std::size_t size = 0; size <= program.size(); ++size) {
            const auto parsed = tests::parse_text(program.substr(0, size), "3.13");
            (void)parsed.errors();
        }
        for (std::size_t at = 0; at < program.size(); ++at) {
            for (const char other : {'\n', '(', ')', '\\', '"', '.', ',', '#', '1', 'x', ' ', '{', '='}) {
                std::string changed = program;
                changed[at] = other;
                const auto parsed = tests::parse_text(changed, "3.13");
                (void)parsed.errors();
            }
        }
    }
}
