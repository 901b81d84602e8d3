#include "cli/run.hpp"
#include "support/files.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using pyasm::tests::TemporaryFolder;

struct Outcome {
    int status = 0;
    std::string out, err;
};

Outcome pyasm_run(const std::vector<std::string>& args, const std::string& input = {}) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    const int status = pyasm::cli::run(args, in, out, err);
    return {status, out.str(), err.str()};
}

void write(const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

/// A source whose function takes from an empty stack.
std::string crashing(const std::string& pins = {}) {
    return ".target 3.8\n.function f()\n" + pins +
           "POP_TOP\nLOAD_CONST None\nRETURN_VALUE\n.end\n"
           ".module\nLOAD_CONST code(f)\nRETURN_VALUE\n.end\n";
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

} // namespace

TEST_CASE("nothing is written that does not verify, unless it is asked for") {
    const TemporaryFolder folder;
    const std::string source = folder.file("f.pyasm");
    const std::string pyc = folder.file("f.pyc");
    write(source, crashing());
    write(pyc, "as it was");
    const Outcome refused = pyasm_run({"asm", source});
    CHECK(refused.status == 1);
    CHECK(refused.err.starts_with(source + ":3:1: error: "));
    CHECK(count(refused.err, " [stack-underflow]\n") == 1);
    CHECK(pyasm::support::read_file(pyc).value() == "as it was");
    CHECK(pyasm_run({"run", source}).status == 1);

    const Outcome forced = pyasm_run({"asm", "--no-verify", source});
    CHECK(forced.status == 0);
    CHECK(forced.err.empty());
    const std::string bytes = pyasm::support::read_file(pyc).value();

    write(source, crashing(".unchecked\n"));
    CHECK(pyasm_run({"asm", source}).err.empty());
    const Outcome found = pyasm_run({"verify", pyc});
    CHECK(found.status == 1);
    CHECK(found.err.starts_with(pyc + ": error: f at 0 (line 4): "));
    CHECK(pyasm_run({"verify", source}).status == 0);
}

TEST_CASE(".unchecked changes no byte, and a listing has it where it is needed") {
    const TemporaryFolder folder;
    write(folder.file("f.pyasm"), crashing());
    REQUIRE(pyasm_run({"asm", "--no-verify", folder.file("f.pyasm"), "-o", folder.file("f.pyc")}).status ==
            0);
    for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--exact"}, {"--stack"}}) {
        std::vector<std::string> words = {"dis", folder.file("f.pyc"), "-o", folder.file("listing.pyasm")};
        words.insert(words.begin() + 1, options.begin(), options.end());
        REQUIRE(pyasm_run(words).status == 0);
        const std::string listing = pyasm::support::read_file(folder.file("listing.pyasm")).value();
        CHECK(count(listing, ".unchecked\n") == 1);
        CHECK(listing.find(".function f()") < listing.find(".unchecked"));
        const Outcome back = pyasm_run({"asm", folder.file("listing.pyasm"), "-o", folder.file("back.pyc")});
        CHECK(back.err.empty());
        CHECK(pyasm::support::read_file(folder.file("back.pyc")).value() ==
              pyasm::support::read_file(folder.file("f.pyc")).value());
    }
}

TEST_CASE("a folder is verified in the same way and order by any number of threads") {
    const TemporaryFolder folder;
    for (int i = 0; i < 40; ++i) {
        const std::string stem = folder.file(fmt::format("tree/{}/{:02}", i % 3, i));
        write(stem + ".pyasm", crashing(i % 4 ? ".unchecked\n" : ""));
        REQUIRE(pyasm_run({"asm", "--no-verify", stem + ".pyasm"}).status == 0);
    }
    write(folder.file("tree/1/other.txt"), "not looked at");
    write(folder.file("tree/2/text.pyc"), "no bytes");
    for (const char* kind : {"--json", "--explain", "--color=never"}) {
        CAPTURE(kind);
        const Outcome one = pyasm_run({"verify", kind, "-j1", folder.file("tree")});
        const Outcome many = pyasm_run({"verify", kind, "-j7", folder.file("tree")});
        CHECK(one.status == 1);
        CHECK(one.out == many.out);
        CHECK(one.err == many.err);
        CHECK(one.err.ends_with("pyasm: 51 of 81 files failed\n")); // 40 .pyc, 10 sources, and text.pyc
        if (std::string_view(kind) == "--json") {
            CHECK(count(one.out, "\n") == 80);
            CHECK(count(one.out, "\"rule\":\"stack-underflow\"") == 50);
            CHECK(count(one.err, "\n") == 2); // text.pyc, and the last line
        }
    }
}

TEST_CASE("what is verified shows by its name, else by what is in it") {
    const TemporaryFolder folder;
    const std::string good = ".target 3.8\n.module\nLOAD_CONST None\nRETURN_VALUE\n.end\n";
    const std::string pyc = pyasm_run({"asm", "-", "-o", "-"}, good).out;
    const auto silent = [](const Outcome& outcome) {
        return outcome.status == 0 && outcome.out.empty() && outcome.err.empty();
    };
    CHECK(silent(pyasm_run({"verify", "-"}, good)));
    CHECK(silent(pyasm_run({"verify", "-"}, pyc)));
    write(folder.file("plain"), good);
    write(folder.file("binary"), pyc);
    CHECK(silent(pyasm_run({"verify", folder.file("plain"), folder.file("binary")})));
    CHECK(silent(pyasm_run({"verify", "--marshal", "--target", "3.8", "-"}, pyc.substr(16))));
    write(folder.file("source.pyc"), good);
    CHECK(pyasm_run({"verify", folder.file("source.pyc")}).err.ends_with("is text, not a .pyc\n"));
    write(folder.file("bytes.pyasm"), pyc);
    CHECK(pyasm_run({"verify", folder.file("bytes.pyasm")}).status == 1);

    CHECK(pyasm_run({"verify", folder.file("none.pyc")}).status == 2);
    CHECK(pyasm_run({"verify"}).status == 2);
    CHECK(pyasm_run({"verify", ""}).status == 2);
    CHECK(pyasm_run({"verify", "-", "-"}, good).status == 2);
    CHECK(pyasm_run({"verify", "--marshal", "-"}, pyc).status == 2);
    CHECK(pyasm_run({"verify", "--json", "--explain", "-"}, pyc).status == 2);
    fs::create_directories(folder.file("empty"));
    CHECK(pyasm_run({"verify", folder.file("empty")}).err.starts_with("pyasm: error: there is no .pyc"));
    CHECK(pyasm_run({"verify", folder.file("empty")}).status == 2);
}

TEST_CASE("findings in an included file are shown there") {
    const TemporaryFolder folder;
    write(folder.file("body.inc"), "  NOP\n  POP_TOP\n");
    write(folder.file("f.pyasm"),
          ".target 3.8\n.module\n.include \"body.inc\"\nLOAD_CONST None\nRETURN_VALUE\n.end\n");
    const Outcome outcome = pyasm_run({"asm", folder.file("f.pyasm")});
    CHECK(outcome.status == 1);
    CHECK(count(outcome.err, folder.file("body.inc") + ":2:3: error: ") == 1);
    CHECK(outcome.err.ends_with(folder.file("f.pyasm") + ":3:1: note: included from here\n"));
}
