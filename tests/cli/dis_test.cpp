#include "support/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using pyasm::tests::Outcome;
using pyasm::tests::run_pyasm;
using pyasm::tests::TemporaryFolder;

std::map<std::string, std::string> content(const std::string& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        files[fs::relative(entry.path(), folder)] = pyasm::support::read_file(entry.path()).value();
    }
    return files;
}

const std::string magic_313("\xf3\x0d\x0d\x0a\0\0\0\0\0\0\0\0\0\0\0\0", 16);

/// A refusal: one line that names the place, and no output.
void check_refused(const std::string& pyc) {
    const Outcome outcome = run_pyasm({"dis", "-"}, pyc);
    CHECK(outcome.status == 1);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.starts_with("<stdin>: error: at byte "));
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    CHECK(outcome.err.size() < 300);
}

} // namespace

TEST_CASE("a .pyc that ends too early is refused, wherever it ends") {
    const Outcome whole =
        run_pyasm({"asm", pyasm::tests::source_path("examples/hello/hello-3.13.pyasm"), "-o", "-"});
    REQUIRE(whole.status == 0);
    REQUIRE(whole.out.size() > 100);
    for (std::size_t size = 0; size < whole.out.size(); ++size) {
        CAPTURE(size);
        check_refused(whole.out.substr(0, size));
    }
    CHECK(run_pyasm({"dis", "-"}, whole.out).status == 0);
}

TEST_CASE("counts, nesting and references that cannot be are refused") {
    using namespace std::string_literals;
    for (const std::string& object :
         {"(\xff\xff\xff\x7f"s, "(\xff\xff\xff\xff"s, "s\xff\xff\xff\x7f"s, "l\xff\xff\xff\x7f"s,
          "r\x05\0\0\0"s, "\xff"s, std::string(1'000'000, ')'), "c"s, "u\x02\0\0\0\xff\xff"s}) {
        CAPTURE(object.substr(0, 10));
        check_refused(magic_313 + object);
    }
    std::string tuples;
    for (int i = 0; i < 1'000'000; ++i) tuples += ")\x01"; // one in the other
    check_refused(magic_313 + tuples + "N");
}

TEST_CASE("the examples of all versions come back from their listings as a tree") {
    const TemporaryFolder folder;
    const std::string examples = folder.file("examples");
    fs::copy(pyasm::tests::source_path("examples"), examples, fs::copy_options::recursive);
    for (const char* project : {"linked", "program", "cmake-project"}) // whose files do not stand alone
        CHECK(fs::remove_all(fs::path(examples) / project) != 0);
    REQUIRE(run_pyasm({"asm", "-r", examples, "-o", folder.file("pyc")}).status == 0);
    for (const char* threads : {"1", "3"}) {
        const std::string listings = folder.file(fmt::format("listings-{}", threads));
        const Outcome outcome =
            run_pyasm({"dis", "--exact", "-r", folder.file("pyc"), "-o", listings, "-j", threads});
        CHECK(outcome.status == 0);
        CHECK(outcome.err.empty());
    }
    CHECK(content(folder.file("listings-1")) == content(folder.file("listings-3")));
    REQUIRE(run_pyasm({"asm", "-r", folder.file("listings-3"), "-o", folder.file("back")}).status == 0);
    const auto first = content(folder.file("pyc"));
    CHECK(first.size() > 90);
    CHECK(content(folder.file("back")) == first);
}

TEST_CASE("no comment that an option adds changes what is assembled") {
    const TemporaryFolder folder;
    const std::string source = pyasm::tests::source_path("examples/hello/hello-3.13.pyasm");
    const std::string pyc = folder.file("hello.pyc");
    REQUIRE(run_pyasm({"asm", source, "-o", pyc}).status == 0);
    for (const std::vector<std::string>& options : {std::vector<std::string>{},
                                                    {"--offsets"},
                                                    {"--stack"},
                                                    {"--source"},
                                                    {"--offsets", "--stack", "--source", "--exact"}}) {
        std::vector<std::string> words = {"dis", pyc};
        words.insert(words.end(), options.begin(), options.end());
        const Outcome listing = run_pyasm(words);
        CHECK(listing.status == 0);
        const Outcome back = run_pyasm({"asm", "-"}, listing.out);
        CHECK(back.err == "");
        CHECK(back.out == pyasm::support::read_file(pyc).value());
    }
}
