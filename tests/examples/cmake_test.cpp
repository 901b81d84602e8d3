// examples/cmake-project: configured against an installed pyasm, built, run, and built again after changes.

#include "support/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace pyasm::tests;
namespace fs = std::filesystem;
namespace support = pyasm::support;

constexpr std::string_view version = "3.13";

struct Project {
    Project() {
        fs::copy(source_path("examples/cmake-project"), folder.file("project"), fs::copy_options::recursive);
        const RunResult installed =
            run_command({PYASM_CMAKE, "--install", PYASM_BUILD_FOLDER, "--prefix", folder.file("prefix")});
        REQUIRE_MESSAGE(installed.status == 0, installed.out, installed.err);
        const RunResult configured = run_command(
            {PYASM_CMAKE, "-S", folder.file("project"), "-B", folder.file("build"),
             "-DCMAKE_PREFIX_PATH=" + folder.file("prefix"), "-DPYTHON_VERSION=" + std::string(version)});
        REQUIRE_MESSAGE(configured.status == 0, configured.out, configured.err);
    }
    /// What the build printed.
    std::string build() {
        const RunResult built = run_command({PYASM_CMAKE, "--build", folder.file("build")});
        REQUIRE_MESSAGE(built.status == 0, built.out, built.err);
        return built.out;
    }
    /// Changes a text, and makes the file newer than anything that was built: some file systems count in
    /// whole ticks.
    void change(const std::string& name, const std::string& from, const std::string& to) {
        const std::string path = folder.file("project/" + name);
        const auto read = support::read_file(path);
        REQUIRE(read.ok());
        std::string text = read.value();
        REQUIRE(text.find(from) != std::string::npos);
        text.replace(text.find(from), from.size(), to);
        write_text(path, text);
        fs::last_write_time(path, fs::file_time_type::clock::now() + std::chrono::seconds(++changes_));
    }

    TemporaryFolder folder;

  private:
    int changes_ = 1;
};

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_SUITE("examples") {
    TEST_CASE("a CMake project finds the installed pyasm, and builds again just what has changed") {
        const Interpreter* python = interpreter(version);
        if (!python) return; // the run's summary says which interpreters are missing
        Project project;
        const auto greeting = [&] {
            return run_python(*python, {project.folder.file("build/greeting.pyc"), "you"}).out;
        };
        const std::string first = project.build();
        CHECK(says(first, "Assembling main.pyasm"));
        CHECK(says(first, "Assembling greet.pyasm"));
        CHECK(says(first, "Linking greeting"));
        CHECK_EQ(greeting(), "Hello, you!!!\n");

        const std::string nothing = project.build();
        CHECK(!says(nothing, "Assembling"));
        CHECK(!says(nothing, "Linking"));

        project.change("greet.pyasm", ", %s", " to %s");
        const std::string unit = project.build();
        CHECK(says(unit, "Assembling greet.pyasm"));
        CHECK(!says(unit, "Assembling main.pyasm"));
        CHECK(says(unit, "Linking greeting"));
        CHECK_EQ(greeting(), "Hello to you!!!\n");

        project.change("words.inc", "Hello", "Welcome");
        const std::string included = project.build();
        CHECK(says(included, "Assembling greet.pyasm"));
        CHECK(says(included, "Assembling main.pyasm"));
        CHECK_EQ(greeting(), "Welcome to you!!!\n");

        fs::rename(project.folder.file("project/words.inc"), project.folder.file("project/texts.inc"));
        for (const char* source : {"main.pyasm", "greet.pyasm"})
            project.change(source, "words.inc", "texts.inc");
        CHECK(says(project.build(), "Linking greeting"));
        project.change("CMakeLists.txt", "\"MARKS=3\"", "\"MARKS=2\" \"UNUSED=\\\"one; two\\\"\"");
        CHECK(says(project.build(), "Linking greeting"));
        CHECK_EQ(greeting(), "Welcome to you!!\n");
    }

    TEST_CASE("pyasm_add_module refuses an output that would replace a source") {
        Project project;
        const auto configure_with = [&](const std::string& from, const std::string& to) {
            project.change("CMakeLists.txt", from, to);
            const RunResult configured = run_command(
                {PYASM_CMAKE, "-S", project.folder.file("project"), "-B", project.folder.file("build")});
            CHECK(configured.status != 0);
            return configured.err;
        };
        std::string output = "OUTPUT \"${CMAKE_CURRENT_SOURCE_DIR}/main.pyasm\"";
        CHECK(says(configure_with("TARGET $", output + " TARGET $"), "is one of its"));
        CHECK(says(configure_with(output, "OUTPUT other.pyasm"), "named like a source"));
        CHECK(says(configure_with("greet.pyasm\n    OUTPUT other.pyasm",
                                  "old.pyc\n    OUTPUT \"${CMAKE_CURRENT_SOURCE_DIR}/x/../old.pyc\""),
                   "is one of its"));
    }
}
