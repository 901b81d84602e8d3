// Holds the source against the rules of docs/architecture.md that a compiler does not check.
#include "support/files.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace pyasm;

namespace {

const std::map<std::string, int, std::less<>>& floors() {
    static const std::map<std::string, int, std::less<>> result = {
        {"support", 0},  {"isa", 1},       {"objects", 2},       {"program", 3},
        {"grammar", 4},  {"assembler", 5}, {"disassembler", 5},  {"inspector", 5},
        {"verifier", 5}, {"linker", 5},    {"runtime-stubs", 6}, {"cli", 7},
    };
    return result;
}

struct SourceLine {
    std::string place; ///< "cli/run.cpp:12"
    std::string folder, file;
    std::string text; ///< without comments
};

/// Cuts `//` comments, and what is in `/* */` on one line; string literals keep theirs.
std::string without_comment(const std::string& line) {
    bool in_string = false;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        if (in_string && line[i] == '\\') {
            ++i;
        } else if (line[i] == '"') {
            in_string = !in_string;
        } else if (!in_string && line[i] == '/' && line[i + 1] == '/') {
            return line.substr(0, i);
        }
    }
    return line;
}

/// Every line of the floors' C++ files.
std::vector<SourceLine> source_lines() {
    std::vector<SourceLine> lines;
    for (const auto& [folder, floor] : floors()) {
        const std::string root = tests::source_path(folder);
        if (!fs::exists(root)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            const std::string extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp" && extension != ".def") continue;
            const auto text = support::read_file(entry.path());
            REQUIRE(text.ok());
            const std::string file = folder + "/" + fs::relative(entry.path(), root).string();
            int number = 0;
            std::size_t start = 0;
            while (start < text->size()) {
                const std::size_t end = std::min(text->find('\n', start), text->size());
                lines.push_back({fmt::format("{}:{}", file, ++number), folder, file,
                                 without_comment(text->substr(start, end - start))});
                start = end + 1;
            }
        }
    }
    return lines;
}

bool compares_versions(const std::string& line) {
    static const std::regex patterns[] = {
        std::regex(R"re("[23]\.\d+")re"),                               // "3.11"
        std::regex(R"(target\w*(\(\))?(\.|->)column\s*(==|!=|<|>))"),   // target.column < n
        std::regex(R"((==|!=|<|>|<=|>=)\s*\w*target(\.|->)column\b)"),  // n < target.column
        std::regex(R"(\bmagic\w*\s*(==|!=|<=|>=|<|>)\s*\d)"),           // magic < 3495
        std::regex(R"(\d\s*(==|!=|<=|>=|<|>)\s*(\w+(\.|->))?magic\b)"), // 3495 <= target.magic
        std::regex(R"(target\w*(\(\))?(\.|->)name\s*(==|!=|<|>|\.starts_with|\.substr))"), // target.name == x
        std::regex(R"(&\s*\w*target\w*\s*(<|>))"),                                         // &target < other
    };
    return std::any_of(std::begin(patterns), std::end(patterns),
                       [&](const std::regex& pattern) { return std::regex_search(line, pattern); });
}

} // namespace

TEST_CASE("no include runs up a floor or to a sibling") {
    const std::regex include(R"re(^\s*#\s*include\s*"([^"/]+)/)re");
    for (const SourceLine& line : source_lines()) {
        std::smatch found;
        if (!std::regex_search(line.text, found, include)) continue;
        const std::string other = found[1];
        if (other == line.folder) continue;
        INFO(line.place, ": ", line.text);
        const auto floor = floors().find(other);
        CHECK(floor != floors().end());
        if (floor != floors().end()) CHECK(floor->second < floors().at(line.folder));
    }
}

TEST_CASE("versions are compared in isa only") {
    CHECK(compares_versions(R"(if (name == "3.11") return 1;)"));
    CHECK(compares_versions("return target.column >= 5;"));
    CHECK(compares_versions("if (5 < target->column) return;"));
    CHECK(compares_versions("if (file.magic < 3495) return;"));
    CHECK(compares_versions("if (target.name == wanted) return;"));
    CHECK_FALSE(compares_versions(R"(help = "a version such as 3.13";)"));
    CHECK_FALSE(compares_versions("if (target.jump_unit == 2) return;"));
    CHECK_FALSE(compares_versions("if (interpreter.magic == target.magic) return;"));
    CHECK_FALSE(compares_versions("target.magic >> 8"));
    CHECK_FALSE(compares_versions("op.numbers[target.column] != no_opcode"));
    for (const SourceLine& line : source_lines()) {
        if (line.folder == "isa") continue;
        INFO(line.place, ": ", line.text);
        CHECK_FALSE(compares_versions(line.text));
    }
}

TEST_CASE("libraries neither print nor exit") {
    const std::regex calls(R"(\b(printf|fprintf|puts|fputs|putchar|exit|_exit|abort)\()");
    const std::regex streams(R"(std::(cout|cerr|clog|cin)\b)");
    for (const SourceLine& line : source_lines()) {
        if (line.file == "cli/main.cpp") continue;
        INFO(line.place, ": ", line.text);
        CHECK_FALSE(std::regex_search(line.text, calls));
        if (line.folder != "cli") CHECK_FALSE(std::regex_search(line.text, streams));
    }
}

TEST_CASE("threads live in support") {
    const std::regex headers(
        R"(#\s*include\s*<(thread|mutex|shared_mutex|atomic|future|condition_variable|semaphore|barrier|latch|pthread\.h)>)");
    for (const SourceLine& line : source_lines()) {
        if (line.folder == "support") continue;
        INFO(line.place, ": ", line.text);
        CHECK_FALSE(std::regex_search(line.text, headers));
        CHECK_FALSE(line.text.find("thread_local") != std::string::npos);
    }
}

TEST_CASE("every hash table has a seed") {
    // A table names its hash, or its keys are pointers, which no input chooses.
    const std::regex tables(R"(tsl::robin_(map|set)<)"), seeded(R"(Hash\b|\*,)");
    for (const SourceLine& line : source_lines()) {
        INFO(line.place, ": ", line.text);
        CHECK_FALSE(line.text.find("std::unordered_") != std::string::npos);
        if (std::regex_search(line.text, tables)) CHECK(std::regex_search(line.text, seeded));
    }
}

TEST_CASE("heavy headers stay where they belong") {
    std::vector<std::string> with_pegtl;
    for (const SourceLine& line : source_lines()) {
        if (line.text.find("#include <tao/") != std::string::npos) with_pegtl.push_back(line.place);
        INFO(line.place, ": ", line.text);
        const bool header = line.file.ends_with(".hpp");
        CHECK_FALSE((header && line.text.find("#include <fmt/") != std::string::npos));
        if (line.text.find("#include <rapidjson/") != std::string::npos)
            CHECK(line.place.starts_with("inspector/json_writer.cpp:"));
    }
    for (const std::string& place : with_pegtl) CHECK_MESSAGE(place.starts_with("grammar/"), place);
}
