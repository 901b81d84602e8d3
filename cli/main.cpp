#include "cli/run.hpp"

#include <iostream>
#include <vector>

int main(int argc, char** argv) {
    const std::vector<std::string> args(argv + (argc > 0 ? 1 : 0), argv + argc);
    return pyasm::cli::run(args, std::cin, std::cout, std::cerr);
}
