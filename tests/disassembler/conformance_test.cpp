// What `make conformance` measures of all files, of a sample: files with the oddest code of each
// interpreter's own library go through `pyasm dis -r` and `pyasm asm -r`, and the interpreter compares what
// comes back.

#include "support/files.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace pyasm;
using namespace pyasm::tests;
namespace fs = std::filesystem;

/// Runs a script of the measurement with the interpreter.
RunResult run_script(const Interpreter& python, const std::string& script,
                     std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"-W", "ignore", source_path("tools/conformance/target/" + script + ".py")});
    return run_python(python, arguments);
}

std::size_t files_in(const std::string& folder) {
    return static_cast<std::size_t>(std::ranges::count_if(
        fs::recursive_directory_iterator(folder), [](const auto& entry) { return entry.is_regular_file(); }));
}

/// Takes a tree apart and assembles it to `back`.
void through_text(const std::string& originals, const std::string& back,
                  const std::vector<std::string>& options) {
    TemporaryFolder text;
    std::vector<std::string> dis = {PYASM_PROGRAM, "dis", "-r", originals, "-o", text.file("text"), "-j1"};
    dis.insert(dis.end(), options.begin(), options.end());
    const RunResult apart = run_command(dis);
    CHECK(apart.err == "");
    CHECK(apart.status == 0);
    CHECK(files_in(text.file("text")) == files_in(originals));
    const RunResult together =
        run_command({PYASM_PROGRAM, "asm", "-r", text.file("text"), "-o", back, "-j1"});
    // Compilers leave code and handlers that nothing reaches, of which the verifier warns.
    CHECK(together.err.find(" error: ") == std::string::npos);
    CHECK(together.status == 0);
}

/// Names of the files below `folder` that are not the same, byte for byte, below `other`.
std::vector<std::string> changed_files(const std::string& folder, const std::string& other) {
    std::vector<std::string> changed;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        const std::string relative = fs::relative(entry.path(), folder);
        const auto before = support::read_file(entry.path());
        const auto after = support::read_file(other + "/" + relative);
        if (!before || !after || *before != *after) changed.push_back(relative);
    }
    return changed;
}

void check_sample(const std::string& version) {
    const Interpreter* python = interpreter(version);
    if (!python) return; // the closing report says so
    TemporaryFolder folder;
    const std::string originals = folder.file("originals"), back = folder.file("back"),
                      exact = folder.file("exact");
    const RunResult collected = run_script(
        *python, "collect", {originals, "own", "--only", source_path("tests/disassembler/sample.txt")});
    REQUIRE_MESSAGE(collected.status == 0, collected.err);
    REQUIRE_MESSAGE(files_in(originals) >= 25, collected.out);

    through_text(originals, back, {});
    const RunResult compared = run_script(*python, "compare", {originals, back});
    CHECK_MESSAGE(compared.status == 0, compared.out, compared.err);

    through_text(originals, exact, {"--exact"});
    CHECK(fmt::format("{}", fmt::join(changed_files(originals, exact), " ")) == "");
}

} // namespace

TEST_CASE("the odd files of 2.7 come back equal, and with --exact the same") { check_sample("2.7"); }
TEST_CASE("the odd files of 3.6 come back equal, and with --exact the same") { check_sample("3.6"); }
TEST_CASE("the odd files of 3.7 come back equal, and with --exact the same") { check_sample("3.7"); }
TEST_CASE("the odd files of 3.8 come back equal, and with --exact the same") { check_sample("3.8"); }
TEST_CASE("the odd files of 3.9 come back equal, and with --exact the same") { check_sample("3.9"); }
TEST_CASE("the odd files of 3.10 come back equal, and with --exact the same") { check_sample("3.10"); }
TEST_CASE("the odd files of 3.11 come back equal, and with --exact the same") { check_sample("3.11"); }
TEST_CASE("the odd files of 3.12 come back equal, and with --exact the same") { check_sample("3.12"); }
TEST_CASE("the odd files of 3.13 come back equal, and with --exact the same") { check_sample("3.13"); }
TEST_CASE("the odd files of 3.14 come back equal, and with --exact the same") { check_sample("3.14"); }
TEST_CASE("the odd files of 3.15 come back equal, and with --exact the same") { check_sample("3.15"); }

TEST_CASE("the comparison of the measurement sees a change in any field") {
    for (const Interpreter& python : interpreters()) {
        CAPTURE(python.version);
        TemporaryFolder folder;
        const std::string left = folder.file("left"), right = folder.file("right");
        const RunResult made = run_script(python, "damage", {folder.path()});
        REQUIRE_MESSAGE(made.status == 0, made.err);
        const int count = std::stoi(made.out);
        REQUIRE(count >= 20);
        const RunResult same = run_script(python, "compare", {left, left});
        CHECK_MESSAGE(same.status == 0, same.out, same.err);
        CHECK(same.out.find(fmt::format("\"equal\": {}", count)) != std::string::npos);
        const RunResult different = run_script(python, "compare", {left, right});
        CHECK(different.status == 1);
        CHECK_MESSAGE(different.out.find("\"equal\": 0}") != std::string::npos, different.out);
        CHECK(std::ranges::count(different.out, '\n') == count + 1);
    }
}
