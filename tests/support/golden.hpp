#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Golden tests: a file under tests/golden holds input files, command lines, and what each must print, return
/// and write. tests/golden/README.md describes the format.
namespace pyasm::tests {

/// A heading with what follows it: `--- KIND ARGUMENT (escaped)`.
struct GoldenSection {
    std::string kind;
    std::string argument;
    std::string body; ///< decoded
};

/// A golden file taken apart. Joining the parts again gives the same text.
struct GoldenFile {
    std::string comment; ///< what stands before the first heading
    std::vector<GoldenSection> sections;
};

/// Fails with words that name the line.
bool parse_golden(std::string_view text, GoldenFile& file, std::string& error);
std::string print_golden(const GoldenFile& file);

/// Runs every command of the file in a fresh folder and gives the file with what really came out.
GoldenFile perform_golden(const GoldenFile& file);

/// Makes a test case of each file under tests/golden. With `update`, a test rewrites its file and passes.
void register_golden_tests(bool update);

/// Called by the runner when a test case starts: all golden tests share one function.
void current_golden_test(const char* name);

} // namespace pyasm::tests
