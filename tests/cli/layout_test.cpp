#include "cli/help.hpp"
#include "cli/layout.hpp"
#include "cli/ops_reference.hpp"
#include "isa/target.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using pyasm::cli::matches_pattern;
using Rows = std::vector<std::vector<std::string>>;

/// Code points of the longest line.
std::size_t widest_line(const std::string& text) {
    std::size_t widest = 0;
    std::size_t line = 0;
    for (const char c : text) {
        if (c == '\n') {
            line = 0;
        } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
            widest = std::max(widest, ++line);
        }
    }
    return widest;
}

} // namespace

TEST_CASE("text is broken at blanks and keeps words that are too long") {
    CHECK(pyasm::cli::wrap("aa bb cc", 0, 5) == "aa bb\ncc\n");
    CHECK(pyasm::cli::wrap("aa bb cc", 2, 7) == "  aa bb\n  cc\n");
    CHECK(pyasm::cli::wrap("a-long-word b", 0, 5) == "a-long-word\nb\n");
    CHECK(pyasm::cli::wrap("  a   b ", 0, 80) == "a b\n");
    CHECK(pyasm::cli::wrap("", 4, 80).empty());
}

TEST_CASE("a definition keeps its column, and leaves its line to a long term") {
    CHECK(pyasm::cli::definition("-x", "does it", 2, 8, 80) == "  -x    does it\n");
    CHECK(pyasm::cli::definition("--long", "does it", 2, 8, 80) == "  --long\n        does it\n");
    CHECK(pyasm::cli::definition("-x", "does it well", 2, 8, 16) == "  -x    does it\n        well\n");
    CHECK(pyasm::cli::definition("-x", "", 2, 8, 16) == "  -x\n");
}

TEST_CASE("a table is aligned, without blanks at line ends, and cut only where a width is given") {
    const Rows rows{{"A", "B", "C"}, {"long", "", "x"}, {"m", "middle", ""}};
    CHECK(pyasm::cli::table(rows, 0, {}) == "A     B       C\nlong          x\nm     middle\n");
    const std::size_t flexible[] = {1};
    const Rows wide{{"a", std::string(60, 'b'), "c"}, {"a", "b", "c"}};
    CHECK(pyasm::cli::table(wide, 0, flexible) ==
          "a  " + std::string(60, 'b') + "  c\na  b" + std::string(45, ' ') + "c\n");
    const std::string cut = pyasm::cli::table(wide, 20, flexible);
    CHECK(cut == "a  bbbbbbbbbbbbb\u2026  c\na  b               c\n");
}

TEST_CASE("patterns know * and ?, and no case") {
    CHECK(matches_pattern("LOAD_CONST", "load_const"));
    CHECK(matches_pattern("LOAD_CONST", "LOAD_*"));
    CHECK(matches_pattern("LOAD_CONST", "*"));
    CHECK(matches_pattern("LOAD_CONST", "*_?onst"));
    CHECK(matches_pattern("LOAD_CONST", "L*D*T**"));
    CHECK(!matches_pattern("LOAD_CONST", "LOAD"));
    CHECK(!matches_pattern("LOAD_CONST", "LOAD_CONST?"));
    CHECK(!matches_pattern("LOAD_CONST", ""));
    CHECK(matches_pattern("", "**"));
    // Would take for ever in a matcher that goes back to each star.
    CHECK(!matches_pattern(std::string(500, 'a'), "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"));
}

TEST_CASE("target ranges do not lead from one series to the next") {
    CHECK(pyasm::cli::all_target_ranges() == "2.7, 3.6-3.15");
    bool some[pyasm::isa::target_count] = {};
    CHECK(pyasm::cli::target_ranges(some).empty());
    some[0] = some[1] = some[2] = some[5] = true;
    CHECK(pyasm::cli::target_ranges(some) == "2.7, 3.6, 3.7, 3.10");
}

TEST_CASE("help and reference fit the terminal") {
    for (const std::size_t width : {std::size_t{60}, std::size_t{80}, std::size_t{200}}) {
        const std::size_t most = std::min<std::size_t>(width, 100);
        CHECK(widest_line(pyasm::cli::help_text(pyasm::cli::program(), width)) <= most);
        for (const auto& spec : pyasm::cli::all_commands()) {
            CHECK(widest_line(pyasm::cli::help_text(spec, width)) <= most);
        }
        std::vector<const pyasm::isa::OpInfo*> rows;
        for (const auto& op : pyasm::isa::all_opcodes()) rows.push_back(&op);
        CHECK(widest_line(pyasm::cli::list_instructions(rows, nullptr, width)) <= width);
    }
}

TEST_CASE("every instruction of every target has an entry with its number") {
    for (const auto& target : pyasm::isa::all_targets()) {
        for (const std::string_view name : target.mnemonics()) {
            const pyasm::isa::OpInfo* op = target.find(name);
            REQUIRE(op != nullptr);
            const pyasm::isa::OpInfo* rows[] = {op};
            const std::string entry = pyasm::cli::describe_instruction(rows, 0);
            INFO(entry);
            CHECK(entry.find("opcode ") != std::string::npos);
            CHECK(entry.find(std::to_string(target.number(*op)) + " in ") != std::string::npos);
            CHECK(entry.find("meaning ") != std::string::npos);
            CHECK(entry.find(" -- ") + entry.find("-- ") + entry.find(" --\n") != 3 * std::string::npos);
        }
    }
}
