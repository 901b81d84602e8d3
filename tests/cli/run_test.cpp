#include "isa/target.hpp"
#include "support/process.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using pyasm::tests::Outcome;
using pyasm::tests::run_pyasm;
using pyasm::tests::TemporaryFolder;

/// A shell script that answers the question for the magic number as an interpreter would, and does `body`
/// when it is to run a program.
std::string stand_in(const TemporaryFolder& folder, std::uint16_t magic, const std::string& body) {
    const std::string path = folder.file("python");
    std::ofstream(path) << "#!/bin/sh\nif [ \"$1\" = -S ]; then printf 'pyasm " << magic
                        << " 9.9.9'; exit; fi\n"
                        << body << '\n';
    fs::permissions(path, fs::perms::owner_all);
    return path;
}

std::string write_source(const TemporaryFolder& folder, const std::string& target) {
    const std::string path = folder.file("hello.pyasm");
    std::ofstream(path) << ".target " << target << "\n.module\n    LOAD_CONST None\n    RETURN_VALUE\n.end\n";
    return path;
}

const pyasm::isa::Target& newest() { return pyasm::isa::newest_target(); }

} // namespace

TEST_CASE("run hands over arguments, input, output and status") {
    const TemporaryFolder folder;
    const std::string source = write_source(folder, std::string(newest().name));
    const std::string python =
        stand_in(folder, newest().magic,
                 "for word in \"${1##*/}\" \"$2\" \"$3\" \"$PYTHONPATH\"; do echo \"<$word>\"; done\n"
                 "test -f \"$1\" && echo there\ncat\necho oops >&2\nexit 7");
    const Outcome outcome = run_pyasm({"run", "--python", python, source, "-a", "b c"}, "typed\n");
    CHECK(outcome.out.substr(0, outcome.out.find("there"))
              .find("<hello.pyc>\n<-a>\n<b c>\n<" + folder.path()) == 0);
    CHECK(outcome.out.find("there\ntyped\n") != std::string::npos);
    CHECK(outcome.err == "oops\n");
    CHECK(outcome.status == 7);
}

TEST_CASE("run leaves nothing behind") {
    const TemporaryFolder folder;
    const std::string source = write_source(folder, std::string(newest().name));
    const std::string python = stand_in(folder, newest().magic, "echo \"$1\"; mkdir \"${1%/*}/more\"");
    const Outcome outcome = run_pyasm({"run", "--python", python, source});
    CHECK(outcome.status == 0);
    const fs::path program = outcome.out.substr(0, outcome.out.find('\n'));
    CHECK(program.filename() == "hello.pyc");
    CHECK(!fs::exists(program.parent_path()));
    CHECK(!fs::exists(folder.file("hello.pyc")));
}

TEST_CASE("run names the signal that ends an interpreter") {
    const TemporaryFolder folder;
    const std::string source = write_source(folder, std::string(newest().name));
    Outcome outcome =
        run_pyasm({"run", "--python", stand_in(folder, newest().magic, "kill -SEGV $$"), source});
    CHECK(outcome.status == 128 + 11);
    CHECK(outcome.err.find("the interpreter died by SIGSEGV: CPython does not check bytecode") !=
          std::string::npos);
    outcome = run_pyasm({"run", "--python", stand_in(folder, newest().magic, "kill -TERM $$"), source});
    CHECK(outcome.status == 128 + 15);
    CHECK(outcome.err == "pyasm: error: the interpreter died by SIGTERM\n");
}

TEST_CASE("run refuses an interpreter of another version, and what is none") {
    const TemporaryFolder folder;
    const std::string source = write_source(folder, std::string(newest().name));
    const std::string other = stand_in(folder, 3394, "echo must not run");
    Outcome outcome = run_pyasm({"run", "--python", other, source});
    CHECK(outcome.status == 2);
    CHECK(outcome.out == "");
    CHECK(outcome.err.find("(version 9.9.9, magic number 3394) cannot run a program for CPython") !=
          std::string::npos);

    outcome = run_pyasm({"run", "--python", "/bin/true", source});
    CHECK(outcome.status == 2);
    CHECK(outcome.err.find("does not answer as a Python interpreter does") != std::string::npos);
    outcome = run_pyasm({"run", "--python", "no-such-python", source});
    CHECK(outcome.status == 2);
    CHECK(outcome.err == "pyasm: error: no program 'no-such-python' on PATH (asked for with --python)\n");
}

TEST_CASE("where no interpreter is found, run says what to change") {
    const TemporaryFolder folder;
    const char* path = std::getenv("PATH");
    const std::string old_path = path != nullptr ? path : "";
    setenv("PATH", folder.path().c_str(), 1);
    const std::string named = write_source(folder, "3.12");
    const Outcome by_source = run_pyasm({"run", named});
    const std::string plain = folder.file("plain.pyasm");
    std::ofstream(plain) << ".module\n    LOAD_CONST None\n    RETURN_VALUE\n.end\n";
    const Outcome by_option = run_pyasm({"run", "--target", "3.12", plain});
    setenv("PATH", old_path.c_str(), 1);

    CHECK(by_source.status == 2);
    CHECK(by_source.err == "pyasm: error: no interpreter for CPython 3.12 on PATH: looked for python3.12, "
                           "python3, python2 and python with magic number 3531\n"
                           "pyasm: name one with --python EXE, or change the .target\n");
    CHECK(by_option.status == 2);
    CHECK(by_option.err.ends_with("pyasm: name one with --python EXE, or choose another version with "
                                  "--target\n"));
}

TEST_CASE("without a target, run takes that of the interpreter") {
    const TemporaryFolder folder;
    const std::string source = folder.file("plain.pyasm");
    std::ofstream(source) << ".module\n    LOAD_CONST None\n    RETURN_VALUE\n.end\n";
    for (const auto& target : pyasm::isa::all_targets()) {
        const std::string python = stand_in(folder, target.magic, "od -An -N4 -tu1 \"$1\" | tr -s ' '");
        const Outcome outcome = run_pyasm({"run", "--python", python, source});
        CHECK(outcome.err == "");
        std::ostringstream magic;
        magic << ' ' << (target.magic & 0xFF) << ' ' << (target.magic >> 8) << " 13 10\n";
        CHECK(outcome.out == magic.str());
    }
    const Outcome outcome =
        run_pyasm({"run", "--python", stand_in(folder, 3350, "echo must not run"), source});
    CHECK(outcome.status == 2);
    CHECK(outcome.err.find("is of no version that can be assembled for") != std::string::npos);
}

TEST_CASE("every interpreter at hand runs what is assembled for it") {
    for (const auto& interpreter : pyasm::tests::interpreters()) {
        if (interpreter.command.size() != 1 || !interpreter.env.empty()) continue; // --python takes no more
        const TemporaryFolder folder;
        const std::string source = write_source(folder, interpreter.version);
        const Outcome outcome = run_pyasm({"run", "--python", interpreter.command.front(), source});
        INFO(interpreter.version << ": " << outcome.err);
        CHECK(outcome.status == 0);
    }
}

TEST_CASE("a process gets its input, and what it prints and returns is told") {
    pyasm::support::ProcessRequest request;
    request.argv = {"/bin/sh", "-c", "cat; echo \"$PYASM_TEST\" >&2; exit 3"};
    request.environment = {{"PYASM_TEST", "set"}};
    request.input_from = pyasm::support::ProcessRequest::Input::Text;
    request.output_to = pyasm::support::ProcessRequest::Output::Capture;
    request.input = std::string(1 << 20, 'x'); // more than a pipe holds
    const auto result = pyasm::support::run_process(request);
    REQUIRE(result.ok());
    CHECK(result.value().out == request.input);
    CHECK(result.value().err == "set\n");
    CHECK(result.value().status == 3);
}

TEST_CASE("a process that does not end, or does not stop printing, is killed") {
    pyasm::support::ProcessRequest request;
    request.output_to = pyasm::support::ProcessRequest::Output::Capture;
    request.input_from = pyasm::support::ProcessRequest::Input::Text;
    request.argv = {"/bin/sh", "-c", "exec sleep 60"};
    request.timeout = std::chrono::milliseconds(100);
    auto result = pyasm::support::run_process(request);
    REQUIRE(result.ok());
    CHECK(result.value().timed_out);
    CHECK(result.value().signal != 0);
    request.argv = {"/bin/sh", "-c", "exec yes"};
    request.timeout = std::chrono::seconds(60);
    request.capture_limit = 100000;
    result = pyasm::support::run_process(request);
    REQUIRE(result.ok());
    CHECK(result.value().overflowed);
    request.argv = {"/no/such/program"};
    CHECK(!pyasm::support::run_process(request).ok());
}
