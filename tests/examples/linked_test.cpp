// Every folder in examples/linked is a program of several files, for every target: NAME/*.pyasm, linked and
// run with the arguments in NAME.args, prints what is in NAME.out.

#include "isa/target.hpp"
#include "tests/runtime-stubs/stub_programs.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace pyasm;
namespace fs = std::filesystem;

std::vector<std::string> sources_in(const fs::path& folder) {
    std::vector<std::string> paths;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".pyasm") paths.push_back(entry.path().string());
    std::ranges::sort(paths);
    return paths;
}

void link_and_run(const fs::path& folder, const isa::Target& target, const tests::TemporaryFolder& work) {
    const std::string pyc = work.file("linked.pyc");
    fs::remove(pyc);
    std::vector<std::string> words{"link", "--target", std::string(target.name), "-o", pyc};
    for (std::string& source : sources_in(folder)) words.push_back(std::move(source));
    if (!tests::passes(words)) return;
    const tests::Interpreter* python = tests::interpreter(target.name);
    if (!python) return; // the run's summary says so
    const fs::path base = folder / folder.filename();
    std::vector<std::string> arguments{pyc};
    std::istringstream given(tests::content_of(fs::path(base) += ".args"));
    for (std::string word; given >> word;) arguments.push_back(word);
    const tests::RunResult result = tests::run_python(*python, arguments);
    CHECK_EQ(result.out, tests::content_of(fs::path(base) += ".out"));
    CHECK_EQ(result.err, "");
    CHECK_EQ(result.status, 0);
}

TEST_CASE("examples: programs of several files do what they say on every target") {
    const tests::TemporaryFolder work;
    const std::string index = tests::content_of(tests::source_path("examples/README.md"));
    std::size_t programs = 0;
    for (const auto& entry : fs::directory_iterator(tests::source_path("examples/linked"))) {
        ++programs;
        const std::string name = "linked/" + entry.path().filename().string();
        INFO(name);
        CHECK_MESSAGE(index.find("](" + name + ")") != std::string::npos, "not in the index: " << name);
        for (const isa::Target& target : isa::all_targets()) {
            INFO(std::string(target.name));
            link_and_run(entry.path(), target, work);
        }
    }
    CHECK(programs > 0);
}

} // namespace
