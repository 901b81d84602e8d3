#include "support/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using pyasm::tests::Outcome;
using pyasm::tests::run_pyasm;
using pyasm::tests::TemporaryFolder;
using pyasm::tests::write_text;

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
    write_text(source, crashing());
    write_text(pyc, "as it was");
    const Outcome refused = run_pyasm({"asm", source});
    CHECK(refused.status == 1);
    CHECK(refused.err.starts_with(source + ":3:1: error: "));
    CHECK(count(refused.err, " [stack-underflow]\n") == 1);
    CHECK(pyasm::support::read_file(pyc).value() == "as it was");
    CHECK(run_pyasm({"run", source}).status == 1);

    const Outcome forced = run_pyasm({"asm", "--no-verify", source});
    CHECK(forced.status == 0);
    CHECK(forced.err.empty());
    const std::string bytes = pyasm::support::read_file(pyc).value();

    write_text(source, crashing(".unchecked\n"));
    CHECK(run_pyasm({"asm", source}).err.empty());
    const Outcome found = run_pyasm({"verify", pyc});
    CHECK(found.status == 1);
    CHECK(found.err.starts_with(pyc + ": error: f at 0 (line 4): "));
    CHECK(run_pyasm({"verify", source}).status == 0);
}

TEST_CASE(".unchecked changes no byte, and a listing has it where it is needed") {
    const TemporaryFolder folder;
    write_text(folder.file("f.pyasm"), crashing());
    REQUIRE(run_pyasm({"asm", "--no-verify", folder.file("f.pyasm"), "-o", folder.file("f.pyc")}).status ==
            0);
    for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--exact"}, {"--stack"}}) {
        std::vector<std::string> words = {"dis", folder.file("f.pyc"), "-o", folder.file("listing.pyasm")};
        words.insert(words.begin() + 1, options.begin(), options.end());
        REQUIRE(run_pyasm(words).status == 0);
        const std::string listing = pyasm::support::read_file(folder.file("listing.pyasm")).value();
        CHECK(count(listing, ".unchecked\n") == 1);
        CHECK(listing.find(".function f()") < listing.find(".unchecked"));
        const Outcome back = run_pyasm({"asm", folder.file("listing.pyasm"), "-o", folder.file("back.pyc")});
        CHECK(back.err.empty());
        CHECK(pyasm::support::read_file(folder.file("back.pyc")).value() ==
              pyasm::support::read_file(folder.file("f.pyc")).value());
    }
}

TEST_CASE("a folder is verified in the same way and order by any number of threads") {
    const TemporaryFolder folder;
    for (int i = 0; i < 40; ++i) {
        const std::string stem = folder.file(fmt::format("tree/{}/{:02}", i % 3, i));
        write_text(stem + ".pyasm", crashing(i % 4 ? ".unchecked\n" : ""));
        REQUIRE(run_pyasm({"asm", "--no-verify", stem + ".pyasm"}).status == 0);
    }
    write_text(folder.file("tree/1/other.txt"), "not looked at");
    write_text(folder.file("tree/2/text.pyc"), "no bytes");
    for (const char* kind : {"--json", "--explain", "--color=never"}) {
        CAPTURE(kind);
        const Outcome one = run_pyasm({"verify", kind, "-j1", folder.file("tree")});
        const Outcome many = run_pyasm({"verify", kind, "-j7", folder.file("tree")});
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
    const std::string pyc = run_pyasm({"asm", "-", "-o", "-"}, good).out;
    const auto silent = [](const Outcome& outcome) {
        return outcome.status == 0 && outcome.out.empty() && outcome.err.empty();
    };
    CHECK(silent(run_pyasm({"verify", "-"}, good)));
    CHECK(silent(run_pyasm({"verify", "-"}, pyc)));
    write_text(folder.file("plain"), good);
    write_text(folder.file("binary"), pyc);
    CHECK(silent(run_pyasm({"verify", folder.file("plain"), folder.file("binary")})));
    CHECK(silent(run_pyasm({"verify", "--marshal", "--target", "3.8", "-"}, pyc.substr(16))));
    write_text(folder.file("source.pyc"), good);
    CHECK(run_pyasm({"verify", folder.file("source.pyc")}).err.ends_with("is text, not a .pyc\n"));
    write_text(folder.file("bytes.pyasm"), pyc);
    CHECK(run_pyasm({"verify", folder.file("bytes.pyasm")}).status == 1);

    CHECK(run_pyasm({"verify", folder.file("none.pyc")}).status == 2);
    CHECK(run_pyasm({"verify"}).status == 2);
    CHECK(run_pyasm({"verify", ""}).status == 2);
    CHECK(run_pyasm({"verify", "-", "-"}, good).status == 2);
    CHECK(run_pyasm({"verify", "--marshal", "-"}, pyc).status == 2);
    CHECK(run_pyasm({"verify", "--json", "--explain", "-"}, pyc).status == 2);
    fs::create_directories(folder.file("empty"));
    CHECK(run_pyasm({"verify", folder.file("empty")}).err.starts_with("pyasm: error: there is no .pyc"));
    CHECK(run_pyasm({"verify", folder.file("empty")}).status == 2);
}

TEST_CASE("findings in an included file are shown there") {
    const TemporaryFolder folder;
    write_text(folder.file("body.inc"), "  NOP\n  POP_TOP\n");
    write_text(folder.file("f.pyasm"),
               ".target 3.8\n.module\n.include \"body.inc\"\nLOAD_CONST None\nRETURN_VALUE\n.end\n");
    const Outcome outcome = run_pyasm({"asm", folder.file("f.pyasm")});
    CHECK(outcome.status == 1);
    CHECK(count(outcome.err, folder.file("body.inc") + ":2:3: error: ") == 1);
    CHECK(outcome.err.ends_with(folder.file("f.pyasm") + ":3:1: note: included from here\n"));
}
