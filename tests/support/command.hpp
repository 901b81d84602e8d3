#pragma once

#include <string>
#include <vector>

namespace pyasm::tests {

/// What a command printed and returned.
struct Outcome {
    int status = 0;
    std::string out, err;
};

/// Runs a command line (without the program's name) in this process, with `input` as its standard input.
[[nodiscard]] Outcome run_pyasm(const std::vector<std::string>& args, const std::string& input = {});

/// Writes a file, and makes its folder where that is missing.
void write_text(const std::string& path, const std::string& text);

} // namespace pyasm::tests
