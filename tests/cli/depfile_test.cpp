// What -MD writes of odd file names, as make reads it.

#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace {

namespace fs = std::filesystem;
using namespace pyasm::tests;

void touch(const std::string& path, int seconds) {
    fs::last_write_time(path, fs::file_time_type::clock::now() + std::chrono::seconds(seconds));
}

/// A folder with a source that includes a file, a program for it and a makefile that has its depfile.
class Project {
  public:
    Project(const std::string& included, const std::string& output)
        : included_(folder_.file(included)), output_(folder_.file(output)) {
        write_text(included_, ".set answer = 42\n");
        write_text(
            source_,
            fmt::format(".target 3.13\n.include \"{}\"\n.module\n RESUME 0\n RETURN_CONST None\n.end\n",
                        included));
    }

    Outcome build(const std::string& command) const {
        return run_pyasm(
            {command, source_, "-o", output_, "-MD", "-MF", folder_.file("deps"), "--no-verify"});
    }

    /// 0: the output is up to date; 1: it is to be made; 2: make stops.
    int question() const {
        write_text(folder_.file("Makefile"), "include deps\n%.pyc:\n\t@echo making\n");
        const RunResult result =
            run_command({"make", "-C", folder_.path(), "--no-builtin-rules", "--question", output_});
        INFO(result.err);
        CHECK_EQ(result.err.find("***"), std::string::npos);
        return result.status;
    }

    [[nodiscard]] const std::string& included() const { return included_; }
    [[nodiscard]] const std::string& output() const { return output_; }
    [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }

  private:
    TemporaryFolder folder_;
    std::string source_ = folder_.file("main.pyasm");
    std::string included_;
    std::string output_;
};

} // namespace

TEST_SUITE("depfiles") {
    TEST_CASE("make knows what an output depends on, whatever the names have in them") {
        for (const std::string name : {"a:b", "a%b", "a*b", "a?b", "a[bc]d", "a#b", "a$b", "a b", "a\\:b",
                                       "a\\%b", "a\\#b", "a:: b"}) {
            for (const std::string command : {"asm", "link"}) {
                CAPTURE(name);
                CAPTURE(command);
                const bool backslash = name.find('\\') != std::string::npos; // an escape in .include
                const Project project(backslash ? "a.inc" : name + ".inc", name + ".pyc");
                // What a pattern would match beside it.
                for (const char* other : {"aXb", "abd", "ab", "a\\Xb"}) {
                    write_text(project.file(std::string(other) + ".inc"), "");
                    write_text(project.file(std::string(other) + ".pyc"), "");
                    touch(project.file(std::string(other) + ".inc"), 20);
                }
                const Outcome built = project.build(command);
                REQUIRE_MESSAGE(built.status == 0, built.err);
                touch(project.output(), 10);
                CHECK_EQ(project.question(), 0);
                touch(project.included(), 15);
                CHECK_EQ(project.question(), 1);
                if (name.find('%') != std::string::npos) continue; // such a file has no empty rule
                fs::remove(project.included());
                CHECK_EQ(project.question(), 1);
            }
        }
    }

    TEST_CASE("a line break in a name is refused before anything is written") {
        for (const std::string command : {"asm", "link"}) {
            CAPTURE(command);
            const Project project("a.inc", "out\nput.pyc");
            const Outcome built = project.build(command);
            CHECK_EQ(built.status, 2);
            CHECK(built.err.find("-MD cannot name a file with a line break in its name: ") !=
                  std::string::npos);
            CHECK(!fs::exists(project.output()));
            CHECK(!fs::exists(project.file("deps")));

            const TemporaryFolder folder;
            fs::create_directory(folder.file("li\nne"));
            write_text(folder.file("li\nne/part.inc"), "");
            write_text(folder.file("main.pyasm"),
                       ".target 3.13\n.include \"part.inc\"\n.module\n RESUME 0\n RETURN_CONST None\n.end\n");
            const std::string output = folder.file("main.pyc");
            const Outcome found = run_pyasm(
                {command, folder.file("main.pyasm"), "-I", folder.file("li\nne"), "-MD", "-o", output});
            CHECK_EQ(found.status, 2);
            CHECK(found.err.find("-MD cannot name a file with a line break in its name: ") !=
                  std::string::npos);
            CHECK(!fs::exists(output));
            CHECK(!fs::exists(folder.file("main.d")));
        }
    }
}
