#include "tests/grammar/parsed.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <random>

using namespace pyasm;

namespace {

std::string repeat(std::string_view text, std::size_t count) {
    std::string result;
    result.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i) result += text;
    return result;
}

/// The text for each number from 1 to `count`, shifted.
std::string numbered(std::string_view text, std::uint64_t count, unsigned shift) {
    std::string result;
    for (std::uint64_t i = 1; i <= count; ++i) result += fmt::format(fmt::runtime(text), i << shift);
    return result;
}

} // namespace

TEST_SUITE("grammar") {
    TEST_CASE("texts made to be slow or deep are read in linear time") {
        const std::string texts[] = {
            ".module\nX " + repeat("(", 1'000'000),
            ".module\nX " + repeat("list(", 200'000),
            ".module\nX " + repeat("{1:[", 250'000),
            ".module\nX (" + repeat("a b ", 100'000) + ")\n.end\n",
            ".module\nX (" + repeat("1:", 200'000) + ")\n.end\n",
            ".module\nX (" + repeat("(),", 200'000) + ")\n.end\n",
            ".module\n" + repeat("X 2x )\n", 30'000) + ".end\n",
            ".module\n" + repeat(".lnie 3\n", 30'000) + ".end\n",
            ".module\n" + repeat("X (\n", 30'000) + ".end\n",
            ".module\n" + repeat("X '''\\\n", 30'000) + ".end\n",
            ".module\n" + repeat("X \"\\\n", 30'000) + ".end\n",
            ".module\n" + repeat("X 1\n.endtry\n", 30'000) + ".end\n",
            ".module\n" + repeat("a:\n", 30'000) + ".end\n",
            repeat("a:", 300'000),
            repeat(".module\n", 30'000),
            repeat(".function f(", 30'000),
            repeat(".function f(a\n", 30'000),
            ".function f(" + repeat("a,", 100'000) + ")\n.end\n",
            ".function f(" + repeat("a=1,", 100'000) + ")\n.end\n",
            ".module\nX " + repeat("\"a\" ", 200'000) + "\n.end\n",
            ".module\nX \"" + repeat("\\x", 200'000) + "\"\n.end\n",
            ".module\nX " + repeat("not ", 200'000) + "\n.end\n",
            ".module\nX " + repeat("_", 1'000'000) + "\n.end\n",
            ".module\n.flags " + repeat("A | ", 200'000) + "\n.end\n",
            ".module\n.consts " + repeat("1, ", 200'000) + "\n.end\n",
            // Numbers that a table would have in one place, were it for their last bits.
            ".value [" + numbered("&{} [], ", 20'000, 40) + "]\n",
            repeat("\a", 200'000),
            repeat("\r", 200'000),
        };
        const auto begin = std::chrono::steady_clock::now();
        for (const std::string& text : texts) {
            const auto parsed = tests::parse_text(text, "3.13");
            CHECK(parsed.unit.target != nullptr);
        }
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
        // A fraction of a second; quadratic behaviour in any of them would take minutes.
        CHECK(time.count() < 30);
    }

    TEST_CASE("every prefix of a program, and every change of a byte, is read to its end") {
        const std::string program =
            ".target 3.14\n.source mtime=1 size=2\n.function f(a, /, b=(1, {2: 3}), *c, d, **e)\n"
            " .stacksize 3\n .flags OPTIMIZED|NEWLOCALS\n .consts 1, \"\\x41\\u20ac\", b'x'\n"
            " .names a, 'b c'\n .line 1:2-3:4\n.try h, lasti, depth=2\nl: LOAD_CONST slice(1, -2.5e3, 1+2j)\n"
            " LOAD_GLOBAL print + NULL|self\n LOAD_FAST_LOAD_FAST a, b\n.endtry\nh: BINARY_OP +=\n"
            " X \"\"\"a\n b\"\"\" r'c' # d\n.op 1 2\n.bytes 1, 2\n.cache 3\n .except l, h+1 -> h, "
            "lasti\n.end\n";
        CHECK(tests::errors_of(program).empty());
        for (std::size_t size = 0; size <= program.size(); ++size) {
            (void)tests::parse_text(std::string_view(program).substr(0, size));
        }
        std::mt19937 random(1);
        constexpr std::string_view bytes = "()[]{}'\"\\\n\r\t ,:=+-*/#.0aLxjeE_|>\xc3\xa9\x7f";
        int failures = 0;
        for (int i = 0; i < 4000; ++i) {
            std::string changed = program;
            for (int n = 0; n < 1 + i % 4; ++n) {
                const std::size_t at = random() % changed.size();
                if (random() % 3 == 0)
                    changed.erase(at, 1 + random() % 5);
                else if (random() % 2)
                    changed[at] = bytes[random() % bytes.size()];
                else
                    changed.insert(at, 1, bytes[random() % bytes.size()]);
            }
            const auto parsed = tests::parse_text(changed);
            failures += parsed.diagnostics.has_errors();
            CHECK(parsed.unit.value_spans.size() == parsed.unit.values.size());
        }
        CHECK(failures > 2000);
    }
}
