// `pyasm show` over a part of each interpreter's own standard library: all bytes are there, also of damaged
// files, and the JSON says what the interpreter itself reads.

#include "tests/inspector/shown.hpp"
#include "tests/objects/hex.hpp"
#include "tests/support/interpreters.hpp"

#include "objects/pyc.hpp"
#include "support/files.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <random>

using namespace pyasm;
using namespace pyasm::tests;

namespace {

/// Some files of the interpreter's library, compiled by itself.
std::vector<std::string> library_files(const Interpreter& python, const std::string& folder) {
    const RunResult result = run_python(
        python, {"-W", "ignore", source_path("tests/objects/compile_corpus.py"), folder, "31", "7"});
    CAPTURE(python.version);
    CAPTURE(result.err);
    REQUIRE(result.status == 0);
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    REQUIRE(files.size() >= 5);
    return files;
}

bool all_bytes_are_shown(support::Bytes pyc) {
    return std::ranges::equal(bytes_in_rows(show(pyc, Shown::Bytes)), pyc);
}

/// Changes bytes at random. Returns how many of the results could still be read; all bytes of those are
/// shown.
int show_damaged(const std::string& content, std::mt19937& random) {
    int readable = 0;
    for (int i = 0; i < 12; ++i) {
        std::string damaged = content;
        const std::size_t header = 16;
        for (std::size_t j = 0; j < 1 + content.size() / 4096; ++j)
            damaged[header + random() % (damaged.size() - header)] = static_cast<char>(random());
        const support::Bytes bytes = support::as_bytes(damaged);
        if (!objects::read_pyc(bytes)) continue;
        ++readable;
        REQUIRE(all_bytes_are_shown(bytes));
        CHECK(!show(bytes, Shown::Summary).empty());
        CHECK(!show(bytes, Shown::Json).empty());
    }
    return readable;
}

} // namespace

TEST_CASE("every byte of library files is shown, of damaged ones, too") {
    std::mt19937 random(1);
    for (const Interpreter& python : interpreters()) {
        const TemporaryFolder folder;
        CAPTURE(python.version);
        int readable = 0;
        for (const std::string& path : library_files(python, folder.path())) {
            CAPTURE(path);
            const auto content = support::read_file(path);
            REQUIRE(content);
            CHECK(all_bytes_are_shown(support::as_bytes(*content)));
            if (content->size() < 40'000) readable += show_damaged(*content, random);
        }
        CHECK(readable > 5);
    }
}

TEST_CASE("the JSON says what the interpreter reads") {
    for (const Interpreter& python : interpreters()) {
        const TemporaryFolder folder;
        CAPTURE(python.version);
        std::string lines;
        for (const std::string& path : library_files(python, folder.path())) {
            const auto content = support::read_file(path);
            REQUIRE(content);
            lines += path + "\n" + show(support::as_bytes(*content), Shown::Json);
        }
        const RunResult result =
            run_python(python, {"-W", "ignore", source_path("tests/inspector/compare_json.py")}, lines);
        CHECK(result.out == "");
        CHECK(result.err == "");
        CHECK(result.status == 0);
    }
}

TEST_CASE("values of all kinds come through JSON without loss") {
    for (const Interpreter& python : interpreters()) {
        const TemporaryFolder folder;
        CAPTURE(python.version);
        const std::string path = folder.file("values.pyc");
        REQUIRE(run_python(python, {source_path("tests/inspector/compare_json.py"), path}).status == 0);
        const auto content = support::read_file(path);
        REQUIRE(content);
        CHECK(all_bytes_are_shown(support::as_bytes(*content)));
        const std::string lines = path + "\n" + show(support::as_bytes(*content), Shown::Json);
        const RunResult result = run_python(python, {source_path("tests/inspector/compare_json.py")}, lines);
        CHECK(result.out == "");
        CHECK(result.err == "");
        CHECK(result.status == 0);
    }
}
