#include "tests/runtime-stubs/stub_programs.hpp"

#include "support/files.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace pyasm::tests {

namespace fs = std::filesystem;

std::vector<fs::path> stub_programs() {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(source_path("tests/runtime-stubs/programs")))
        if (entry.path().extension() == ".pyasm") paths.push_back(entry.path());
    std::ranges::sort(paths);
    return paths;
}

std::string content_of(const fs::path& path) {
    const auto content = support::read_file(path.string());
    CHECK_MESSAGE(content.ok(), "cannot be read: " << path.string());
    return content.ok() ? std::string(*content) : std::string();
}

bool passes(const std::vector<std::string>& args) {
    const Outcome result = run_pyasm(args);
    CHECK_EQ(result.status, 0);
    CHECK_EQ(result.out, "");
    CHECK_EQ(result.err, "");
    return result.status == 0;
}

} // namespace pyasm::tests
