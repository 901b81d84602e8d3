#include "support/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using pyasm::tests::Outcome;
using pyasm::tests::run_pyasm;
using pyasm::tests::TemporaryFolder;
using pyasm::tests::write_text;

std::string source(int number) {
    return fmt::format(".target 3.13\n.module\n RESUME 0\n RETURN_CONST {}\n.end\n", number);
}

std::map<std::string, std::string> content(const std::string& folder) {
    std::map<std::string, std::string> files;
    if (!fs::exists(folder)) return files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        files[fs::relative(entry.path(), folder)] = pyasm::support::read_file(entry.path()).value();
    }
    return files;
}

/// The output of `err` with the folder's name taken out.
std::string without(std::string text, const std::string& folder) {
    for (std::size_t at; (at = text.find(folder + "/")) != std::string::npos;)
        text.erase(at, folder.size() + 1);
    return text;
}

} // namespace

TEST_CASE("a tree comes out the same whatever the number of threads") {
    const TemporaryFolder folder;
    for (int i = 0; i < 120; ++i) {
        // Every seventh is wrong, in a way of its own.
        write_text(folder.file(fmt::format("in/{}/{}.pyasm", i % 5, i)),
                   i % 7 == 0 ? fmt::format(".module\n WRONG_{}\n.end\n", i) : source(i));
    }
    std::map<std::string, std::string> files;
    std::string messages;
    for (const char* threads : {"1", "2", "8"}) {
        CAPTURE(threads);
        const std::string out = folder.file(std::string("out") + threads);
        const Outcome outcome = run_pyasm({"asm", "-r", folder.file("in"), "-o", out, "--jobs", threads});
        CHECK(outcome.status == 1);
        CHECK(outcome.out.empty());
        CHECK(outcome.err.ends_with("pyasm: 18 of 120 files failed\n"));
        if (messages.empty()) {
            messages = outcome.err;
            files = content(out);
            CHECK(files.size() == 102);
            CHECK(files.contains("3/8.pyc"));
        }
        CHECK(outcome.err == messages);
        CHECK(content(out) == files);
    }
}

TEST_CASE("links, pipes and what is gone do not stop a tree") {
    const TemporaryFolder folder;
    write_text(folder.file("in/a/good.pyasm"), source(1));
    write_text(folder.file("in/other.txt"), "not of this kind");
    fs::create_directory_symlink("..", folder.file("in/a/loop"));
    fs::create_symlink("self.pyasm", folder.file("in/self.pyasm"));
    fs::create_symlink("nowhere", folder.file("in/gone.pyasm"));
    fs::create_symlink("a/good.pyasm", folder.file("in/link.pyasm"));
    fs::create_directory(folder.file("in/folder.pyasm"));
    REQUIRE(mkfifo(folder.file("in/pipe.pyasm").c_str(), 0600) == 0);
    const Outcome outcome = run_pyasm({"asm", "-r", folder.file("in"), "-o", folder.file("out")});
    CHECK(outcome.status == 2);
    CHECK(without(outcome.err, folder.path()) == "in/gone.pyasm: error: no such file\n"
                                                 "in/pipe.pyasm: error: is no regular file\n"
                                                 "in/self.pyasm: error: Too many levels of symbolic links\n"
                                                 "pyasm: 3 of 5 files failed\n");
    const auto files = content(folder.file("out"));
    CHECK(files.size() == 2);
    CHECK(files.contains("a/good.pyc"));
    CHECK(files.contains("link.pyc"));
}

TEST_CASE("the folder of the outputs may be in that of the inputs, and is left out") {
    const TemporaryFolder folder;
    write_text(folder.file("one.pyasm"), source(1));
    write_text(folder.file("out/old.pyasm"), source(2));
    CHECK(run_pyasm({"asm", "-r", folder.path(), "-o", folder.file("out")}).status == 0);
    CHECK(fs::exists(folder.file("out/one.pyc")));
    CHECK_FALSE(fs::exists(folder.file("out/out")));
    // Without -o, each output is beside its source.
    CHECK(run_pyasm({"asm", "-r", folder.path()}).status == 0);
    CHECK(fs::exists(folder.file("one.pyc")));
    CHECK(fs::exists(folder.file("out/old.pyc")));
}

TEST_CASE("an output does not follow a link out of its tree") {
    const TemporaryFolder folder;
    write_text(folder.file("in/one.pyasm"), source(1));
    write_text(folder.file("precious"), "precious");
    fs::create_symlink("../precious", folder.file("in/one.pyc"));
    const Outcome outcome = run_pyasm({"asm", "-r", folder.file("in")});
    CHECK(outcome.status == 2);
    CHECK(without(outcome.err, folder.path()) ==
          "pyasm: error: in/one.pyc: is a symbolic link, which is not followed in a tree\n"
          "pyasm: 1 of 1 file failed\n");
    CHECK(pyasm::support::read_file(folder.file("precious")).value() == "precious");
}

TEST_CASE("a deep tree is walked, and files with many errors show a few") {
    const TemporaryFolder folder;
    std::string path = folder.file("in");
    for (int i = 0; i < 300; ++i) path += "/d";
    write_text(path + "/deep.pyasm", source(1));
    std::string wrong = ".module\n";
    for (int i = 0; i < 100; ++i) wrong += " WRONG\n";
    write_text(folder.file("in/wrong.pyasm"), wrong + ".end\n");
    const Outcome outcome = run_pyasm({"asm", "-r", folder.file("in"), "-o", folder.file("out")});
    CHECK(outcome.status == 1);
    CHECK(outcome.err.find("... and 95 more errors\npyasm: 1 of 2 files failed\n") != std::string::npos);
    CHECK(content(folder.file("out")).size() == 1);
}

TEST_CASE("of very many failures, the first are shown and the others counted") {
    const TemporaryFolder folder;
    for (int i = 0; i < 1003; ++i) write_text(folder.file(fmt::format("in/{:04}.pyasm", i)), "x");
    const Outcome outcome = run_pyasm({"asm", "-r", folder.file("in"), "-o", folder.file("out")});
    CHECK(outcome.status == 1);
    CHECK(outcome.err.find("in/0999.pyasm:1:1: error:") != std::string::npos);
    CHECK(outcome.err.find("in/1000.pyasm") == std::string::npos);
    CHECK(outcome.err.ends_with("... and 3 more files that failed\npyasm: 1003 of 1003 files failed\n"));
}

#ifndef __SANITIZE_ADDRESS__ // which needs more address space than any limit
TEST_CASE("a file that takes more memory than there is fails alone") {
    const TemporaryFolder folder;
    write_text(folder.file("in/good.pyasm"), source(1));
    REQUIRE(run_pyasm({"asm", "-r", folder.file("in")}).status == 0);
    fs::copy_file(folder.file("in/good.pyc"), folder.file("in/big.pyc"));
    fs::resize_file(folder.file("in/big.pyc"), std::uintmax_t{400} << 20);
    const auto limited = [](const std::string& command) {
        return pyasm::tests::run_command(
            {"sh", "-c", "ulimit -v 200000; exec '" PYASM_PROGRAM "' " + command});
    };
    const auto tree = limited(fmt::format("dis -r '{}' -o '{}' -j1", folder.file("in"), folder.file("out")));
    CHECK(tree.status == 2);
    CHECK(without(tree.err, folder.path()) == "in/big.pyc: error: takes more memory than there is\n"
                                              "pyasm: 1 of 2 files failed\n");
    CHECK(fs::exists(folder.file("out/good.pyasm")));
    const auto shown = limited(fmt::format("show '{}'", folder.file("in/big.pyc")));
    CHECK(shown.status == 2);
    CHECK(shown.err == "pyasm: error: this takes more memory than there is\n");
}
#endif
