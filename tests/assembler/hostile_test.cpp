#include "tests/assembler/assembled.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <string>

using namespace pyasm;
using tests::Assembled;

namespace {

std::string repeat(std::string_view text, std::size_t count) {
    std::string result;
    result.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i) result += text;
    return result;
}

/// `count` texts, `{}` in each of them its number.
std::string numbered(std::string_view text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += fmt::format(fmt::runtime(text), i);
    return result;
}

std::string module(const std::string& body) {
    return ".target 3.13\n.module\n RESUME 0\n" + body + " RETURN_CONST None\n.end\n";
}

std::string nested(std::string_view open, std::size_t levels, const std::string& inside) {
    return ".target 3.13\n" + repeat(open, levels) + inside + repeat(".end\n", levels);
}

} // namespace

TEST_SUITE("assembler") {
    TEST_CASE("texts made to be slow are assembled in linear time") {
        const std::string chain = repeat("a.", 15) + "a";
        const std::string texts[] = {
            module(repeat(".try h\n NOP\n", 50'000) + repeat(".endtry\n NOP\n", 50'000) + "h:\n"),
            module(repeat(".try h\n", 50'000) + " NOP\n" + repeat(".endtry\n", 50'000) + "h:\n"),
            module("a: NOP\nb:\n" + repeat(".except a, b -> b\n", 50'000)),
            module(numbered("l{}: NOP\n", 50'000) + numbered(".except l{}, l49999 -> l0\n", 50'000)),
            module(numbered("l{0}: JUMP_FORWARD l{0}+300\n", 50'000) + repeat(" NOP\n", 300)),
            module(numbered(" LOAD_CONST {}\n POP_TOP\n", 50'000)),
            module(numbered(" LOAD_CONST ({0}, ({0}, 'x'))\n POP_TOP\n", 50'000)),
            module(numbered(" LOAD_NAME n{}\n POP_TOP\n", 50'000)),
            module(repeat(" EXTENDED_ARG\n", 50'000) + " NOP\n"),
            nested(".code a\n", 98, repeat(" LOAD_CONST code(" + repeat("a.", 200'000) + "z)\n", 10)),
            nested(".code a\n.code " + chain + "\n.end\n", 98,
                   repeat(" LOAD_CONST code(" + chain + ".z)\n", 300)),
        };
        const auto begin = std::chrono::steady_clock::now();
        for (const std::string& text : texts) {
            const Assembled assembled(text);
            CHECK((assembled.ok() || !assembled.messages().empty()));
        }
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
        // A fraction of a second; quadratic behaviour in any of them would take minutes.
        CHECK(time.count() < 30);
    }

    TEST_CASE("a small text cannot ask for line tables without bound") {
        const std::string far = ".line 2147483647\n LOAD_CONST None\n.line 1\n RETURN_VALUE\n";
        for (const std::string target : {"2.7", "3.9", "3.10", "3.13"}) {
            CAPTURE(target);
            const auto text = [&](std::size_t blocks) {
                return ".target " + target + "\n" + numbered(".code c{}\n" + far + ".end\n", blocks) +
                       ".module\n LOAD_CONST None\n RETURN_VALUE\n.end\n";
            };
            CHECK(Assembled(text(1)).ok());
            const Assembled many(text(1000));
            CHECK(many.ok() == (target == "3.13"));
            if (!many.ok())
                CHECK(many.messages().find("the lines are so far apart that the line tables would take more "
                                           "than 64 MiB") != std::string::npos);
        }
    }

    TEST_CASE("a small text cannot ask for qualified names without bound") {
        const std::string path = ".code " + repeat("n", 10'000) + "\n";
        const Assembled many(nested(path, 99, numbered(".code b{}\n.end\n", 20'000)));
        CHECK(many.messages().find("the qualified names of the blocks have more than 64 MiB together") !=
              std::string::npos);
        CHECK(many.messages().find("error:") == many.messages().rfind("error:"));
        const Assembled stated(nested(path, 99, numbered(".code b{}\n.qualname \"x\"\n.end\n", 20'000)));
        CHECK(stated.messages().find("error:") == std::string::npos);
    }
}
