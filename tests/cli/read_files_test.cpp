#include "support/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace {

namespace fs = std::filesystem;
using pyasm::tests::Outcome;
using pyasm::tests::run_pyasm;
using pyasm::tests::TemporaryFolder;
using pyasm::tests::write_text;

constexpr const char* part = ".set answer = 42\n";

void write_sources(const TemporaryFolder& folder) {
    write_text(folder.file("part.inc"), part);
    write_text(folder.file("main.pyasm"),
               ".target 3.13\n.include \"part.inc\"\n.module\n RESUME 0\n RETURN_CONST \\(answer)\n.end\n");
}

std::string read(const std::string& path) { return pyasm::support::read_file(path).value(); }

} // namespace

TEST_CASE("an included file is safe behind a symbolic link that an output names") {
    const TemporaryFolder folder;
    write_sources(folder);
    const std::string link = folder.file("link.pyc");
    fs::create_symlink("part.inc", link);
    for (const char* command : {"asm", "link"}) {
        CAPTURE(command);
        const Outcome outcome = run_pyasm({command, folder.file("main.pyasm"), "-o", link});
        CHECK(outcome.status == 2);
        CHECK(outcome.err.find(std::string(command) == "asm" ? "would be overwritten by its own output"
                                                             : "is also an input") != std::string::npos);
        CHECK(read(folder.file("part.inc")) == part);
        CHECK(fs::is_symlink(link));
    }
    const Outcome map =
        run_pyasm({"link", folder.file("main.pyasm"), "-o", folder.file("app.pyc"), "--map", link});
    CHECK(map.status == 2);
    CHECK(!fs::exists(folder.file("app.pyc")));
    CHECK(read(folder.file("part.inc")) == part);
}

TEST_CASE("an output that is a hard link to an included file leaves that one's content") {
    const TemporaryFolder folder;
    write_sources(folder);
    for (const char* command : {"asm", "link"}) {
        CAPTURE(command);
        const std::string link = folder.file(std::string(command) + ".pyc");
        fs::create_hard_link(folder.file("part.inc"), link);
        CHECK(run_pyasm({command, folder.file("main.pyasm"), "-o", link}).status == 0);
        CHECK(read(folder.file("part.inc")) == part);
        CHECK(read(link) != part);
    }
}

TEST_CASE("a listing does not replace the source that it shows") {
    const TemporaryFolder folder;
    const std::string source = folder.file("hello.pyasm"),
                      text = ".target 3.13\n.module\n RESUME 0\n RETURN_CONST 1\n.end\n";
    write_text(source, text);
    REQUIRE(run_pyasm({"asm", source}).status == 0);
    const Outcome outcome = run_pyasm({"dis", "--source", folder.file("hello.pyc"), "-o", source});
    CHECK(outcome.status == 2);
    CHECK(outcome.err.find("would be overwritten by its own output") != std::string::npos);
    CHECK(read(source) == text);
}
