// The macros of the runtime stubs: programs/*.pyasm print what their .out says, on every target.
#include "isa/target.hpp"
#include "runtime-stubs/stubs.hpp"
#include "tests/runtime-stubs/stub_programs.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>

using namespace pyasm;
using tests::content_of;
using tests::passes;

namespace {

namespace fs = std::filesystem;

std::string name_of(const isa::Target& target) { return std::string(target.name); }

/// The macros that a stub defines, without those for itself.
std::set<std::string> macros_of(const runtime_stubs::Stub& stub) {
    std::set<std::string> macros;
    std::istringstream lines{std::string(stub.text)};
    for (std::string line, word, name; std::getline(lines, line);) {
        std::istringstream words(line);
        if (words >> word >> name && word == ".macro" && name[0] != '_') macros.insert(name);
    }
    return macros;
}

bool mentions(const std::string& text, const std::string& word) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const auto part = [&](std::size_t i) {
            return i < text.size() && (text[i] == '_' || std::isalnum(static_cast<unsigned char>(text[i])));
        };
        if ((at == 0 || !part(at - 1)) && !part(at + word.size())) return true;
    }
    return false;
}

} // namespace

TEST_CASE("runtime stubs: a program of macros does the same on every target") {
    const tests::TemporaryFolder folder;
    const std::string pyc = folder.file("program.pyc");
    const auto programs = tests::stub_programs();
    REQUIRE(programs.size() > 5);
    for (const fs::path& program : programs) {
        for (const isa::Target& target : isa::all_targets()) {
            INFO(program.stem().string(), " on ", name_of(target));
            fs::remove(pyc);
            if (!passes({"asm", "--target", name_of(target), program.string(), "-o", pyc})) continue;
            const tests::Interpreter* python = tests::interpreter(target.name);
            if (!python) continue; // the run's summary says so
            const tests::RunResult result = tests::run_python(*python, {pyc});
            CHECK_EQ(result.out, content_of(fs::path(program).replace_extension(".out")));
            CHECK_EQ(result.err, "");
            CHECK_EQ(result.status, 0);
        }
    }
}

TEST_CASE("runtime stubs: the expansion is the same program") {
    const tests::TemporaryFolder folder;
    for (const fs::path& program : tests::stub_programs()) {
        for (const isa::Target& target : isa::all_targets()) {
            INFO(program.stem().string(), " on ", name_of(target));
            const std::string expanded = folder.file("expanded.pyasm");
            if (!passes({"asm", "--target", name_of(target), program.string(), "-o", folder.file("a.pyc")}))
                continue;
            if (!passes({"asm", "--expand", "--target", name_of(target), program.string(), "-o", expanded}))
                continue;
            if (!passes({"asm", "--target", name_of(target), expanded, "-o", folder.file("b.pyc")})) continue;
            CHECK(content_of(folder.file("a.pyc")) == content_of(folder.file("b.pyc")));
        }
    }
}

TEST_CASE("runtime stubs: what includes them and uses nothing holds nothing of them") {
    const tests::TemporaryFolder folder;
    const std::string text = "\n.filename \"same\"\n.module\n.line 1\nLOAD_CONST None\nRETURN_VALUE\n.end\n";
    tests::write_text(folder.file("with.pyasm"), ".include <portable>" + text);
    tests::write_text(folder.file("without.pyasm"), text);
    for (const isa::Target& target : isa::all_targets()) {
        INFO(name_of(target));
        for (const char* name : {"with", "without"})
            REQUIRE(passes({"asm", "--target", name_of(target), folder.file(std::string(name) + ".pyasm"),
                            "-o", folder.file(std::string(name) + ".pyc")}));
        CHECK(content_of(folder.file("with.pyc")) == content_of(folder.file("without.pyc")));
    }
}

TEST_CASE("runtime stubs: every macro is documented, has an example, and is run on every target") {
    std::string programs;
    for (const fs::path& program : tests::stub_programs()) programs += content_of(program);
    const std::string page = content_of(tests::source_path("docs/runtime-stubs.md"));
    for (const runtime_stubs::Stub& stub : runtime_stubs::all()) {
        CAPTURE(stub.name);
        CHECK(page.find("\n## " + std::string(stub.name) + "\n") != std::string::npos);
        const std::string documentation = runtime_stubs::documentation(stub);
        for (const std::string& macro : macros_of(stub)) {
            CAPTURE(macro);
            CHECK(mentions(documentation, macro));
            const bool for_linking =
                stub.name == "program" || stub.name == "run_module"; // see start_test.cpp
            const bool raises = macro == "load_checked" || macro == "async_generator_prologue";
            if (!for_linking && !raises) CHECK(mentions(programs, macro));
        }
    }
}
