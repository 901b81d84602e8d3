#include "cli/source_finder.hpp"

#include "isa/target.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <filesystem>
#include <string>

namespace {

namespace fs = std::filesystem;
using pyasm::cli::SourceFinder;
using pyasm::objects::PycHeader;
using pyasm::tests::TemporaryFolder;
using pyasm::tests::write_text;

const pyasm::isa::Target& python(std::string_view version) { return *pyasm::isa::find_target(version); }

PycHeader header_for(const std::string& text) {
    PycHeader header;
    header.source_size = static_cast<std::uint32_t>(text.size());
    return header;
}

} // namespace

TEST_CASE("a source is found where its name says, and beside the .pyc") {
    const TemporaryFolder folder;
    write_text(folder.file("lib/pkg/mod.py"), "text");
    const auto from = [&](const std::string& pyc, const std::string& filename) {
        SourceFinder finder(folder.file(pyc), header_for("text"), python("3.13"));
        const auto text = finder.find(filename);
        CHECK(finder.found_any() == text.has_value());
        CHECK(finder.notes().empty() == text.has_value());
        return text.value_or("");
    };
    CHECK(from("elsewhere/x.pyc", folder.file("lib/pkg/mod.py")) == "text"); // as it is
    CHECK(from("lib/pkg/mod.pyc", "mod.py") == "text");
    CHECK(from("lib/pkg/mod.pyc", "/build/host/pkg/mod.py") == "text"); // compiled on another machine
    CHECK(from("lib/pkg/__pycache__/mod.cpython-313.pyc", "/build/host/mod.py") == "text");
    CHECK(from("lib/x.pyc", "pkg/mod.py") == "text");
    CHECK(from("lib/__pycache__/x.pyc", "pkg/mod.py") == "text");
    CHECK(from("lib/pkg/mod.pyc", "other.py").empty());
    CHECK(from("lib/mod.pyc", "mod.py").empty());
}

TEST_CASE("what is no source is not read") {
    const TemporaryFolder folder;
    fs::create_directory(folder.file("folder.py"));
    REQUIRE(mkfifo(folder.file("pipe.py").c_str(), 0600) == 0); // to open it would wait forever
    SourceFinder finder(folder.file("x.pyc"), {}, python("3.13"));
    CHECK_FALSE(finder.find("folder.py"));
    CHECK_FALSE(finder.find("pipe.py"));
    CHECK_FALSE(finder.find("<string>"));
    CHECK_FALSE(finder.find(""));
    CHECK_FALSE(finder.find(std::string_view("a\0b.py", 6)));
    REQUIRE(finder.notes().size() == 5);
    CHECK(finder.notes()[2] == "no source found for <string>");
    for (int i = 0; i < 100; ++i) CHECK_FALSE(finder.find("x" + std::to_string(i)));
    CHECK(finder.notes().size() == 5); // no more than that
    SourceFinder of_stdin("-", {}, python("3.13"));
    CHECK_FALSE(of_stdin.find("nothing.py"));
}

TEST_CASE("a source that has changed since is shown, with a word") {
    const TemporaryFolder folder;
    write_text(folder.file("mod.py"), "new text");
    SourceFinder by_size(folder.file("mod.pyc"), header_for("old"), python("3.13"));
    CHECK(by_size.find("mod.py") == "new text");
    REQUIRE(by_size.notes().size() == 1);
    CHECK(by_size.notes()[0] ==
          folder.file("mod.py") + " is not the text that was compiled: its size differs");

    PycHeader hashed;
    hashed.flags = PycHeader::hash_based;
    SourceFinder by_hash(folder.file("mod.pyc"), hashed, python("3.13"));
    CHECK(by_hash.find("mod.py") == "new text");
    REQUIRE(by_hash.notes().size() == 1);
    CHECK(by_hash.notes()[0].ends_with("its hash differs"));
    const std::string_view text = "new text";
    hashed.hash = pyasm::objects::source_hash(python("3.13"), pyasm::support::as_bytes(text));
    SourceFinder same(folder.file("mod.pyc"), hashed, python("3.13"));
    CHECK(same.find("mod.py") == "new text");
    CHECK(same.notes().empty());

    SourceFinder no_size(folder.file("mod.pyc"), header_for("old"), python("2.7")); // its header has none
    CHECK(no_size.find("mod.py") == "new text");
    CHECK(no_size.notes().empty());
}
