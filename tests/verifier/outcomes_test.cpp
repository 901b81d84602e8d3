// The crash matrix against the interpreters: what is refused does what is said, and the twins run.

#include "tests/support/interpreters.hpp"
#include "tests/verifier/matrix.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace pyasm::tests;

std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result;
}

struct Run {
    const MatrixProgram* program;
    std::string outcome, twin; ///< what run.py says
};

/// All programs of one interpreter.
std::vector<Run> run_all(const Interpreter& python) {
    TemporaryFolder folder;
    std::vector<Run> runs;
    std::string list;
    const auto add = [&](const std::string& name, const std::string& content, const std::string& arguments) {
        std::ofstream(folder.file(name), std::ios::binary) << content;
        list += fmt::format("{}[\"{}\", \"{}\"]", list.empty() ? "" : ",\n", folder.file(name),
                            escaped(arguments));
    };
    for (const MatrixProgram& program : matrix()) {
        if (program.version != python.version) continue;
        add(fmt::format("{}.pyc", runs.size()), assemble_case(program), program.arguments);
        add(fmt::format("{}-twin.pyc", runs.size()), assemble_twin(program), program.arguments);
        runs.push_back({&program, "", ""});
    }
    std::ofstream(folder.file("list.json")) << "[" << list << "]\n";
    const RunResult ran =
        run_python(python, {source_path("tests/verifier/matrix/run.py"), folder.file("list.json")});
    REQUIRE_MESSAGE(ran.status == 0, python.version, ": ", ran.err);
    std::istringstream lines(ran.out);
    for (Run& run : runs) {
        REQUIRE(std::getline(lines, run.outcome));
        REQUIRE(std::getline(lines, run.twin));
    }
    return runs;
}

bool died(const std::string& outcome) { return outcome.starts_with("signal "); }

/// What each version must do. Whether a fault kills is luck, so that only one of a case's versions must die.
void check_outcome(const Run& run) {
    const bool raised = run.outcome.starts_with("error: ");
    switch (run.program->outcome) {
    case Outcome::Error: CHECK_MESSAGE((raised || died(run.outcome)), run.outcome); break;
    case Outcome::NotLoaded: CHECK_MESSAGE(run.outcome.starts_with("not loaded: "), run.outcome); break;
    case Outcome::Hang: CHECK_MESSAGE(run.outcome == "hang", run.outcome); break;
    case Outcome::Wrong:
    case Outcome::Crash: break;
    }
    // A twin may raise: it is well formed, not useful.
    CHECK_MESSAGE((run.twin == "returned" || run.twin.starts_with("error: ")), run.twin);
    CHECK_MESSAGE(run.twin != "error: SystemError", run.twin);
}

} // namespace

TEST_SUITE_BEGIN("verifier");

TEST_CASE("interpreters do with the crash matrix what is said of them") {
    std::map<std::string, std::string> deaths; // by case: versions and how they ended
    std::map<std::string, bool> has_died;
    for (const Interpreter& python : interpreters()) {
        for (const Run& run : run_all(python)) {
            const MatrixProgram& program = *run.program;
            CAPTURE(program.name);
            CAPTURE(program.place);
            CAPTURE(program.version);
            check_outcome(run);
            if (program.outcome != Outcome::Crash) continue;
            deaths[program.place + " " + program.name] +=
                fmt::format(" {}: {};", program.version, run.outcome);
            has_died[program.place + " " + program.name] |= died(run.outcome);
        }
    }
    if (interpreters().size() < 11) return; // another one may be the one that dies
    for (const auto& [name, one] : has_died) CHECK_MESSAGE(one, name, ":", deaths[name]);
    if (const char* path = std::getenv("PYASM_MATRIX_OUTCOMES")) {
        std::ofstream out(path);
        for (const auto& [name, outcomes] : deaths) out << name << ":" << outcomes << "\n";
    }
}

TEST_SUITE_END();
