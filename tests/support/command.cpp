#include "tests/support/command.hpp"

#include "cli/run.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace pyasm::tests {

Outcome run_pyasm(const std::vector<std::string>& args, const std::string& input) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    const int status = cli::run(args, in, out, err);
    return {status, out.str(), err.str()};
}

void write_text(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

} // namespace pyasm::tests
