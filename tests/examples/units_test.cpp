// examples/program: 32 units, built by its Makefile for every target, and again after one of them has
// changed.

#include "support/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace pyasm::tests;
namespace fs = std::filesystem;
namespace support = pyasm::support;

/// An interpreter as a word of make's command line.
std::string shell_words(const Interpreter& python) {
    std::string words = "env";
    for (const std::string& setting : python.env) words += " '" + setting + "'";
    for (const std::string& word : python.command) words += " '" + word + "'";
    return words;
}

RunResult make(const TemporaryFolder& folder, const Interpreter& python) {
    return run_command({"make", "-C", folder.file("program"), "run", "PYASM=" PYASM_PROGRAM,
                        "PYTHON=" + shell_words(python), "TARGET=" + python.version});
}

/// When each file under a folder was last written.
std::map<std::string, fs::file_time_type> times(const std::string& folder) {
    std::map<std::string, fs::file_time_type> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) all[fs::relative(entry.path(), folder)] = entry.last_write_time();
    return all;
}

std::string text_of(const std::string& path) {
    const auto text = support::read_file(path);
    REQUIRE_MESSAGE(text.ok(), path);
    return text.value();
}

/// What a run printed, behind the commands that make shows.
std::string report_of(const RunResult& result) {
    const auto begin = result.out.find("title ");
    const auto end = result.out.rfind("make: Leaving");
    return begin == std::string::npos
               ? result.out
               : result.out.substr(begin, end == std::string::npos ? end : end - begin);
}

} // namespace

TEST_SUITE("examples") {
    TEST_CASE("a program of 32 units is linked for every target, and only what changed is assembled again") {
        const std::string expected = text_of(source_path("examples/program/program.out"));
        for (const Interpreter& python : interpreters()) {
            CAPTURE(python.version);
            const TemporaryFolder folder;
            fs::copy(source_path("examples/program"), folder.file("program"), fs::copy_options::recursive);
            const RunResult first = make(folder, python);
            REQUIRE_MESSAGE(first.status == 0, first.out, first.err);
            CHECK_EQ(report_of(first), expected);

            const std::string build = folder.file("program/build/" + python.version);
            const auto before = times(build);
            CHECK(before.count("units/collatz.pyasmo") == 1);
            const std::string unit = folder.file("program/units/collatz.pyasm");
            std::string source = text_of(unit);
            const std::string start = "    push    0\n    store   steps";
            const auto at = source.find(start);
            REQUIRE(at != std::string::npos);
            source.replace(at, start.size(), "    push    1000\n    store   steps");
            write_text(unit, source);
            // Some file systems count in whole ticks of a clock.
            fs::last_write_time(unit, fs::file_time_type::clock::now() + std::chrono::seconds(2));

            const RunResult second = make(folder, python);
            REQUIRE_MESSAGE(second.status == 0, second.out, second.err);
            std::string changed = expected;
            changed.replace(changed.find("collatz      111"), 16, "collatz      1111");
            CHECK_EQ(report_of(second), changed);
            std::vector<std::string> made;
            for (const auto& [path, time] : times(build))
                if (!before.count(path) || before.at(path) != time) made.push_back(path);
            CHECK_EQ(fmt::format("{}", fmt::join(made, " ")),
                     "program.pyc units/collatz.d units/collatz.pyasmo");
        }
    }

    TEST_CASE("a program holds nothing of a library but what it refers to") {
        const Interpreter* python = interpreter("3.13");
        if (!python) return; // the run's summary says which interpreters are missing
        const TemporaryFolder folder;
        fs::copy(source_path("examples/program"), folder.file("program"), fs::copy_options::recursive);
        const RunResult built = make(folder, *python);
        REQUIRE_MESSAGE(built.status == 0, built.out, built.err);
        const std::string program = text_of(folder.file("program/build/3.13/program.pyc"));
        CHECK(text_of(folder.file("program/build/3.13/library/sequences/never_used.pyasmo"))
                  .find("in no program") != std::string::npos);
        CHECK(program.find("in no program") == std::string::npos);
        CHECK(program.find("extremes") !=
              std::string::npos); // which only another member of the library refers to
    }
}
