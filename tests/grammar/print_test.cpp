// The printer as the parser's inverse.
#include "tests/grammar/parsed.hpp"
#include "tests/grammar/same_unit.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace pyasm;

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE("every example and test source comes back the same") {
    const std::filesystem::path root = PYASM_SOURCE_FOLDER;
    int files = 0;
    for (const char* folder : {"examples", "tests"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
            if (entry.path().extension() != ".pyasm") continue;
            CAPTURE(entry.path().string());
            CHECK(tests::round_trip(read(entry.path())) == "");
            ++files;
        }
    }
    CHECK(files > 50);
}
