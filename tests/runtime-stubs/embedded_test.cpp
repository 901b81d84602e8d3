// What is embedded is what stands in runtime-stubs/, and each stub says what it is for.
#include "runtime-stubs/stubs.hpp"
#include "support/files.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace fs = std::filesystem;
using namespace pyasm;

TEST_CASE("every stub is embedded byte for byte") {
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(tests::source_path("runtime-stubs"))) {
        if (entry.path().extension() != ".pyasm") continue;
        ++files;
        const std::string name = entry.path().stem();
        CAPTURE(name);
        const runtime_stubs::Stub* stub = runtime_stubs::find(name);
        REQUIRE(stub);
        const auto text = support::read_file(entry.path());
        REQUIRE(text.ok());
        CHECK(stub->text == *text);
    }
    CHECK(files > 0);
    CHECK(runtime_stubs::all().size() == files);
    CHECK(std::ranges::is_sorted(runtime_stubs::all(), {}, &runtime_stubs::Stub::name));
    CHECK_FALSE(runtime_stubs::find("no such stub"));
    CHECK_FALSE(runtime_stubs::find(""));
}

TEST_CASE("every stub has documentation: a summary with its name, an empty line, and more") {
    for (const runtime_stubs::Stub& stub : runtime_stubs::all()) {
        CAPTURE(stub.name);
        const std::string text = runtime_stubs::documentation(stub);
        const std::string_view summary = runtime_stubs::summary(stub);
        CHECK(summary.starts_with(std::string(stub.name) + ": "));
        CHECK(text.starts_with(std::string(summary) + "\n\n"));
        CHECK(text.size() > summary.size() + 20);
        CHECK(text.ends_with('\n'));
        CHECK(text.find('\t') == std::string::npos);
    }
}

TEST_CASE("documentation is the comment at the beginning") {
    using runtime_stubs::Stub;
    CHECK(runtime_stubs::documentation(Stub{"a", "# a: one\n#\n#  two\n.module\n# three\n"}) ==
          "a: one\n\n two\n");
    CHECK(runtime_stubs::summary(Stub{"a", "#a"}) == "a");
    CHECK(runtime_stubs::documentation(Stub{"a", "#a"}) == "a\n");
    CHECK(runtime_stubs::documentation(Stub{"a", ".module\n# a\n"}).empty());
    CHECK(runtime_stubs::summary(Stub{"a", ""}).empty());
}
