// What --expand prints assembles to the same bytes: for every source of the golden tests that assembles. (The
// examples have their own test of it.)

#include "support/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace {

using namespace pyasm::tests;
namespace fs = std::filesystem;
namespace support = pyasm::support;

std::string text_of(const std::string& path) {
    const auto text = support::read_file(path);
    return text ? *text : std::string();
}

/// Whether the source assembles; what is expanded of it must then, too.
bool expands(const std::string& source, const TemporaryFolder& folder) {
    const std::string pyc = folder.file("direct.pyc");
    const std::string expanded = folder.file("expanded.pyasm");
    const std::string again = folder.file("again.pyc");
    const std::vector<std::string> common{"--no-verify", "-D", "limit=2", "-I", folder.file("lib")};
    const auto run = [&](std::vector<std::string> words) {
        words.insert(words.end(), common.begin(), common.end());
        return run_pyasm(words);
    };
    if (run({"asm", source, "-o", pyc}).status != 0) return false;
    REQUIRE_EQ(run({"asm", "--expand", source, "-o", expanded}).status, 0);
    const auto outcome = run({"asm", expanded, "-o", again});
    REQUIRE_EQ(outcome.status, 0); // it may warn, as the source does
    CHECK(text_of(again) == text_of(pyc));
    return true;
}

} // namespace

TEST_CASE("expanded sources assemble to the same bytes") {
    int count = 0;
    for (const auto& entry : fs::directory_iterator(source_path("tests/golden"))) {
        if (entry.path().extension() != ".txt") continue;
        GoldenFile golden;
        std::string error;
        if (!parse_golden(text_of(entry.path().string()), golden, error)) continue;
        INFO(entry.path().string());
        const TemporaryFolder folder;
        std::vector<std::string> sources;
        for (const GoldenSection& section : golden.sections) {
            if (section.kind != "file" || section.argument.starts_with('/')) continue;
            write_text(folder.file(section.argument), section.body);
            if (section.argument.ends_with(".pyasm")) sources.push_back(folder.file(section.argument));
        }
        for (const std::string& source : sources) {
            INFO(source);
            count += expands(source, folder);
        }
    }
    CHECK(count > 30);
}
