// The map that `pyasm link` writes, where names are odd.

#include "support/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace pyasm::tests;

TEST_CASE("the map in JSON has paths as they are") {
    const TemporaryFolder folder;
    const std::string bidi = "a\u202e\tb.pyasm", invalid = "c\xff.pyc";
    write_text(folder.file(bidi), ".target 3.13\n.module\n RESUME 0\n RETURN_CONST None\n.end\n");
    const Outcome linked =
        run_pyasm({"link", folder.file(bidi), "-o", folder.file(invalid), "--map", folder.file("map.json")});
    REQUIRE_MESSAGE(linked.status == 0, linked.err);
    const std::string map = pyasm::support::read_file(folder.file("map.json")).value();
    CAPTURE(map);
    CHECK(map.find("/a\\u202E\\tb.pyasm\"") != std::string::npos);
    std::string hex;
    for (const char c : folder.file(invalid)) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    CHECK(map.find(R"("file":{"bytes":")" + hex + "\"}") != std::string::npos);
}
