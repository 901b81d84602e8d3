#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Programs that use the runtime stubs.
namespace pyasm::tests {

/// tests/runtime-stubs/programs/*.pyasm, sorted.
[[nodiscard]] std::vector<std::filesystem::path> stub_programs();

/// The whole content of a file; fails the test, and is empty, where it cannot be read.
[[nodiscard]] std::string content_of(const std::filesystem::path& path);

/// Whether a command came through without a word; fails the test otherwise.
bool passes(const std::vector<std::string>& args);

} // namespace pyasm::tests
