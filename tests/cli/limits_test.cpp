#include "tests/support/command.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

/// Mistakes that take a large source, so that a golden file would not be read by anyone.
namespace {

using pyasm::tests::Outcome;
using pyasm::tests::run_pyasm;

Outcome assemble(const std::string& body) {
    return run_pyasm({"asm", "-", "-o", "-"}, ".target 3.13\n" + body);
}

std::string repeat(std::string_view text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
}

/// A tuple in a tuple in a tuple.
std::string tuples(int levels, std::string_view inner) {
    return repeat("(", levels) + std::string(inner) + repeat(",)", levels);
}

/// The first line of a message, without its excerpt.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

} // namespace

TEST_SUITE("limits") {
    TEST_CASE("literals nested deeper than marshal allows") {
        const Outcome fits = assemble(".module\n RETURN_CONST " + tuples(1990, "1") + "\n.end\n");
        CHECK(fits.status == 0);
        CHECK(fits.err.empty());
        for (const int levels : {2001, 20'000, 500'000}) {
            CAPTURE(levels);
            const Outcome outcome = assemble(".module\n RETURN_CONST " + tuples(levels, "1") + "\n.end\n");
            CHECK(outcome.status == 1);
            CHECK(outcome.out.empty());
            CHECK(first_line(outcome.err) ==
                  "<stdin>:3:2015: error: a literal nested deeper than marshal allows (2000 levels)");
            CHECK(outcome.err.size() < 400);
        }
    }

    TEST_CASE("code constants nested deeper than marshal allows") {
        const auto chain = [](int levels) {
            return assemble(".module\n RETURN_CONST code(f)\n.end\n.function f()\n RETURN_CONST " +
                            tuples(levels, "code(g)") + "\n.end\n.function g()\n RETURN_CONST " +
                            tuples(1000, "1") + "\n.end\n");
        };
        CHECK(chain(900).status == 0);
        const Outcome outcome = chain(1000);
        CHECK(outcome.status == 1);
        CHECK(outcome.out.empty());
        CHECK(first_line(outcome.err) == "<stdin>:6:1015: error: constants are nested deeper here than the "
                                         "2000 levels that marshal reads; "
                                         "a code object takes two levels, a tuple one");
    }

    TEST_CASE("blocks nested too deep") {
        std::string text;
        for (int i = 0; i < 101; ++i) text += fmt::format(".code b{}\n", i);
        const Outcome outcome = assemble(text + repeat(".end\n", 101));
        CHECK(outcome.status == 1);
        CHECK(first_line(outcome.err) == "<stdin>:102:1: error: blocks nested deeper than 100 levels");
    }

    TEST_CASE("more mistakes than are shown") {
        const Outcome outcome = assemble(".module\n" + repeat("    POP_TPO\n", 1003) + ".end\n");
        CHECK(outcome.status == 1);
        CHECK(first_line(outcome.err) ==
              "<stdin>:3:5: error: unknown instruction 'POP_TPO'; did you mean POP_TOP?");
        CHECK(outcome.err.find("<stdin>:1002:5: error:") != std::string::npos);
        CHECK(outcome.err.find("<stdin>:1003:5: error:") == std::string::npos);
        CHECK(outcome.err.ends_with("... and 3 more errors\n1003 errors\n"));
    }

    TEST_CASE("a line of a million characters") {
        const std::string text(1'000'000, 'x');
        const Outcome outcome =
            assemble(".module\n RETURN_CONST (\"" + text + "\", \"\\x4\", \"" + text + "\")\n.end\n");
        CHECK(outcome.status == 1);
        CHECK(first_line(outcome.err) == "<stdin>:3:1000021: error: \\x needs 2 hexadecimal digits");
        CHECK(outcome.err.size() < 400);
    }

    TEST_CASE("an int with too many digits, and a stack too high") {
        const Outcome digits = assemble(".module\n RETURN_CONST " + repeat("9", 100'001) + "\n.end\n");
        CHECK(digits.status == 1);
        CHECK(digits.err.size() < 600);
        CHECK(digits.err.starts_with("<stdin>:3:15: error: "));
        const Outcome stack = assemble(".module\n RESUME 0\n LOAD_CONST 1\n UNPACK_SEQUENCE 2147483647\n"
                                       " UNPACK_SEQUENCE 2147483647\n RETURN_CONST None\n.end\n");
        CHECK(stack.status == 1);
        CHECK(stack.err.starts_with("<stdin>:2:1: error: the stack would grow to 4294967293 values"));
    }
}
