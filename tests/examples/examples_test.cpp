// Every example is assembled and run by the interpreter of its target. NAME.out beside NAME.pyasm holds
// what it prints on stdout; NAME.err, where there is one, says that it fails with exit status 1, and holds
// the traceback.

#include "isa/target.hpp"
#include "support/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace pyasm::tests;
namespace fs = std::filesystem;
namespace isa = pyasm::isa;
namespace support = pyasm::support;

/// Works in the checkout for as long as it lives: tracebacks show the paths that somebody there would see.
class InCheckout {
  public:
    InCheckout() : before_(fs::current_path()) { fs::current_path(source_path("")); }
    InCheckout(const InCheckout&) = delete;
    InCheckout& operator=(const InCheckout&) = delete;
    ~InCheckout() {
        std::error_code ignored;
        fs::current_path(before_, ignored);
    }

  private:
    fs::path before_;
};

/// Whether it is a file of a program of several, which has a test of its own.
bool is_of_project(const fs::path& path) {
    const std::string name = path.generic_string();
    return name.starts_with("examples/linked/") || name.starts_with("examples/program/") ||
           name.starts_with("examples/cmake-project/");
}

std::vector<fs::path> example_paths() {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator("examples")) {
        if (entry.path().extension() == ".pyasm" && !is_of_project(entry.path()))
            paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// One source for all targets, which names none.
bool is_portable(const fs::path& path) { return path.parent_path().filename() == "portable"; }

/// Assembles without a word; false if not, and the test has failed. `target`: empty where the source names
/// it.
bool assembles(const std::string& source, const std::string& pyc, const std::string& target = {}) {
    std::vector<std::string> words{"asm", source, "-o", pyc};
    if (!target.empty()) words.insert(words.end(), {"--target", target});
    const auto outcome = run_pyasm(words);
    CHECK_EQ(outcome.status, 0);
    CHECK_EQ(outcome.out, "");
    CHECK_EQ(outcome.err, "");
    return fs::exists(pyc);
}

/// The target that a `.pyc` was made for; null if there is none.
const isa::Target* target_of(const std::string& pyc) {
    const auto content = support::read_file(pyc);
    if (!content || content->size() < 2) return nullptr;
    const auto low = static_cast<unsigned char>((*content)[0]);
    const auto high = static_cast<unsigned char>((*content)[1]);
    return isa::target_of_magic(static_cast<std::uint16_t>(low | high << 8));
}

std::string text_of(const fs::path& path) {
    const auto text = support::read_file(path.string());
    return text ? *text : std::string();
}

/// What --expand prints assembles to the same bytes.
void expand_example(const fs::path& path, const std::string& pyc, const std::string& asked,
                    const TemporaryFolder& folder) {
    const std::string expanded = folder.file("expanded.pyasm");
    const std::string again = folder.file("again.pyc");
    std::vector<std::string> words{"asm", "--expand", path.string(), "-o", expanded};
    if (!asked.empty()) words.insert(words.end(), {"--target", asked});
    REQUIRE_EQ(run_pyasm(words).status, 0);
    const std::string text = text_of(expanded);
    for (const std::string_view word : {".macro", ".if", ".repeat", ".include", "\\("})
        CHECK_EQ(text.find(word), std::string::npos);
    if (assembles(expanded, again)) CHECK(text_of(again) == text_of(pyc));
}

void run_example(const fs::path& path, const TemporaryFolder& folder, const std::string& asked = {}) {
    const std::string pyc = folder.file("example.pyc");
    fs::remove(pyc);
    const fs::path out = fs::path(path).replace_extension(".out");
    const fs::path err = fs::path(path).replace_extension(".err");
    CHECK_MESSAGE(fs::exists(out), "no expected output: " << out.string());
    if (!assembles(path.string(), pyc, asked)) return;
    expand_example(path, pyc, asked, folder);

    const isa::Target* target = target_of(pyc);
    REQUIRE(target);
    const std::string version = "-" + std::string(target->name);
    if (!asked.empty())
        CHECK_EQ(target->name, asked);
    else
        CHECK_MESSAGE(path.stem().string().ends_with(version), "its name states another version");
    const Interpreter* python = interpreter(target->name);
    if (!python) return; // the run's summary says which interpreters are missing
    const RunResult result = run_python(*python, {pyc});
    CHECK_EQ(result.out, text_of(out));
    CHECK_EQ(result.err, text_of(err));
    CHECK_EQ(result.status, fs::exists(err) ? 1 : 0);
}

TEST_CASE("examples: each does what it says") {
    const InCheckout in_checkout;
    const TemporaryFolder folder;
    const std::vector<fs::path> paths = example_paths();
    REQUIRE(paths.size() > 0);
    for (const fs::path& path : paths) {
        INFO(path.string());
        if (!is_portable(path)) {
            run_example(path, folder);
            continue;
        }
        for (const isa::Target& target : isa::all_targets()) {
            INFO(target.name);
            run_example(path, folder, std::string(target.name));
        }
    }
}

TEST_CASE("examples: the index names each, and every target says hello") {
    const InCheckout in_checkout;
    const std::string index = text_of("examples/README.md");
    for (const fs::path& path : example_paths()) {
        const std::string link = "](" + path.lexically_relative("examples").generic_string() + ")";
        CHECK_MESSAGE(index.find(link) != std::string::npos, "not in the index: " << path.string());
        const std::string usage = std::string("\n# Run it: pyasm run ") +
                                  (is_portable(path) ? "--target 2.7 " : "") + path.generic_string() + "\n";
        CHECK_MESSAGE(text_of(path).find(usage) != std::string::npos, "no line to run it: " << path.string());
    }
    for (const isa::Target& target : isa::all_targets()) {
        const std::string hello = "examples/hello/hello-" + std::string(target.name) + ".pyasm";
        CHECK_MESSAGE(fs::exists(hello), "missing: " << hello);
    }
}

} // namespace
