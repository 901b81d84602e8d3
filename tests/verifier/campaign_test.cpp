// A short campaign (tools/campaign) with a fixed seed: what the verifier accepts of changed functions does
// not kill the interpreter, and what it refuses does, now and then.

#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>

namespace {

using namespace pyasm::tests;

const std::string runner = source_path("tools/campaign/runner.py");

/// The interpreter's command for a shell.
std::string command_of(const Interpreter& python) {
    std::string command = "env PYTHONHASHSEED=0 PYTHONMALLOC=debug";
    for (const std::string& setting : python.env) command += " '" + setting + "'";
    for (const std::string& word : python.command) command += " '" + word + "'";
    return command + " -W ignore '" + runner + "'";
}

RunResult in_shell(const std::string& command) { return run_command({"sh", "-c", command}); }

std::string functions_of(const Interpreter& python, const TemporaryFolder& folder) {
    const std::string path = folder.file("functions.pyc");
    const RunResult made = in_shell(command_of(python) + " --functions '" + path + "'");
    REQUIRE_MESSAGE(made.status == 0, python.version, ": ", made.err);
    return path;
}

/// What stands between two texts in the runner's answer.
std::string between(const std::string& answer, const std::string& begin, const std::string& end) {
    const std::size_t at = answer.find(begin);
    if (at == std::string::npos) return begin + " is missing in " + answer;
    return answer.substr(at + begin.size(), answer.find(end, at + begin.size()) - at - begin.size());
}

} // namespace

TEST_SUITE("verifier") {

    TEST_CASE("changed functions that are accepted do not kill the interpreter") {
        for (const Interpreter& python : interpreters()) {
            CAPTURE(python.version);
            const TemporaryFolder folder;
            const RunResult run = in_shell(
                "cd '" + folder.path() + "' && '" PYASM_MUTATE "' '" + functions_of(python, folder) +
                "' --seed 20 --refused-every 30 | " + command_of(python) + " --run '{\"accepted\": 400}'");
            REQUIRE_MESSAGE(run.status == 0, run.err);
            CHECK(run.out.find("\"accepted\": 400,") != std::string::npos);
            CHECK(between(run.out, "\"deaths\": [", "]") == "");
            // The runner sees a death where there is one.
            CHECK(between(run.out, "\"refused\": {", "}").find("signal") != std::string::npos);
        }
    }

    TEST_CASE("the campaign's functions have every instruction that compilers emit") {
        // Only an interactive session, a module's star import or annotations, what the peephole optimizer has
        // left over, or an operator that no type of the corpus has.
        const std::set<std::string> may_miss{"EXTENDED_ARG",
                                             "NOP",
                                             "DELETE_NAME",
                                             "DELETE_SLICE+0",
                                             "BINARY_TRUE_DIVIDE",
                                             "PRINT_EXPR",
                                             "IMPORT_STAR",
                                             "INPLACE_TRUE_DIVIDE",
                                             "BINARY_MATRIX_MULTIPLY",
                                             "SETUP_ANNOTATIONS",
                                             "INPLACE_MATRIX_MULTIPLY",
                                             "LOAD_FROM_DICT_OR_GLOBALS",
                                             "POP_JUMP_BACKWARD_IF_NONE",
                                             "POP_JUMP_BACKWARD_IF_NOT_NONE"};
        for (const Interpreter& python : interpreters()) {
            CAPTURE(python.version);
            const TemporaryFolder folder;
            const RunResult listed =
                in_shell("'" PYASM_MUTATE "' --opcodes '" + functions_of(python, folder) + "'");
            REQUIRE_MESSAGE(listed.status == 0, listed.err);
            std::istringstream lines(listed.out);
            std::size_t used = 0;
            for (std::string line; std::getline(lines, line);) {
                used += !line.starts_with("- ");
                if (line.starts_with("- ")) CHECK_MESSAGE(may_miss.contains(line.substr(2)), line);
            }
            CHECK(used > 80);
        }
    }
}
