#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace pyasm::cli {

/// Does what a command line asks for; `args` is without the program's name. The result is the exit status: 0
/// done, 1 an input is at fault, 2 the command line or the system is at fault; of `run`, that of the program.
///
/// Streams that are std::cin, std::cout and std::cerr are also given to a program that is run. With others,
/// the program's input is what `in` still holds, and its output is copied to `out` and `err` when it has
/// ended.
int run(std::span<const std::string> args, std::istream& in, std::ostream& out, std::ostream& err);

} // namespace pyasm::cli
