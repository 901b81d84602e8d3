#include "cli/generate.hpp"
#include "cli/options.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

namespace {

using pyasm::tests::run_command;

std::string written(const pyasm::tests::TemporaryFolder& folder, const char* what, const char* name) {
    const std::string path = folder.file(name);
    std::ofstream(path) << pyasm::cli::generate(what).value();
    return path;
}

bool have(const std::string& shell) { return run_command({shell, "-c", "true"}).status == 0; }

/// What bash offers for the last of the words; they are separated by blanks.
std::string bash_offers(const std::string& script, const std::string& words) {
    const auto result =
        run_command({"bash", "-c",
                     "compopt() { :; }; source \"$0\"; COMP_WORDS=(" + words +
                         "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _pyasm; echo \"${COMPREPLY[*]}\"",
                     script});
    CHECK(result.err == "");
    return result.out.substr(0, result.out.find('\n'));
}

} // namespace

TEST_CASE("every option and command stands in each generated text") {
    for (const char* what : {"man", "bash", "zsh", "fish"}) {
        std::string text = pyasm::cli::generate(what).value();
        std::erase(text, '\\'); // roff writes \- for a hyphen
        for (const auto& option : pyasm::cli::all_options()) {
            INFO(what << ' ' << option.long_name);
            const auto name = std::string(what) == "fish" ? option.long_name.substr(2) : option.long_name;
            CHECK((text.find(name) != std::string::npos) == !option.hidden);
        }
        for (const auto& command : pyasm::cli::all_commands()) {
            INFO(what << ' ' << command.name);
            CHECK(text.find(command.name) != std::string::npos);
        }
    }
    CHECK(!pyasm::cli::generate("csh"));
}

TEST_CASE("bash completes commands, options, targets and instructions") {
    if (!have("bash")) {
        MESSAGE("skipped: there is no bash");
        return;
    }
    const pyasm::tests::TemporaryFolder folder;
    const std::string script = written(folder, "bash", "pyasm.bash");
    CHECK(bash_offers(script, "pyasm ta") == "targets");
    CHECK(bash_offers(script, "pyasm ops --t") == "--target");
    CHECK(bash_offers(script, "pyasm ops --target 2") == "2.7");
    CHECK(bash_offers(script, "pyasm ops --target = 2") == "2.7");
    CHECK(bash_offers(script, "pyasm ops --target = 3.13 load_gl") == "LOAD_GLOBAL");
    CHECK(bash_offers(script, "pyasm --color ''") == "auto always never");
    CHECK(bash_offers(script, "pyasm x.pyasm --o") == "--output");
    CHECK(bash_offers(script, "pyasm help r") == "run");
    for (const char* name : {"a.py", "a.pyasm", "a.pyc", "a.pyo"}) std::ofstream(folder.file(name)) << '\n';
    CHECK(bash_offers(script, "pyasm dis " + folder.file("a")) ==
          folder.file("a.pyc") + " " + folder.file("a.pyo"));
    CHECK(bash_offers(script, "pyasm dis --exact " + folder.file("a.py")) ==
          folder.file("a.pyc") + " " + folder.file("a.pyo"));
    CHECK(bash_offers(script, "pyasm asm -r " + folder.file("a")) == folder.file("a.pyasm"));
    CHECK(bash_offers(script, "pyasm dis --s") == "--source --stack");
    CHECK(bash_offers(script, "pyasm dis -j ''").empty());
}

TEST_CASE("zsh and fish read their completions") {
    const pyasm::tests::TemporaryFolder folder;
    const std::string zsh = written(folder, "zsh", "_pyasm");
    const std::string fish = written(folder, "fish", "pyasm.fish");
    for (const auto& [shell, script] : {std::pair<std::string, std::string>{"zsh", zsh}, {"fish", fish}}) {
        if (!have(shell)) {
            MESSAGE("skipped: there is no " << shell);
            continue;
        }
        const auto result = run_command({shell, "-n", script});
        CHECK(result.status == 0);
        CHECK(result.err == "");
    }
    if (!have("fish")) return;
    const auto offers = run_command({"fish", "-c", "source " + fish + "; complete -C 'pyasm ops LOAD_GL'"});
    CHECK(offers.out == "LOAD_GLOBAL\n");
}

TEST_CASE("the man page has no errors and no warnings") {
    if (run_command({"man", "--version"}).status != 0) {
        MESSAGE("skipped: there is no man");
        return;
    }
    const pyasm::tests::TemporaryFolder folder;
    const std::string page = written(folder, "man", "pyasm.1");
    const auto result = run_command({"man", "--warnings", "-l", page}, {"MANWIDTH=80", "LC_ALL=C.UTF-8"});
    CHECK(result.status == 0);
    CHECK(result.err == "");
    CHECK(result.out.find("EXIT STATUS") != std::string::npos);
    CHECK(result.out.find("--target VERSION") != std::string::npos);
}
