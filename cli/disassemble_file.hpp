#pragma once

#include "cli/batch.hpp"
#include "cli/console.hpp"
#include "isa/target.hpp"

#include <string>

namespace pyasm::cli {

/// One `.pyc` and what its listing shows.
struct DisassembleRequest {
    std::string path;                            ///< "-" is the console's input
    const isa::Target* marshal_target = nullptr; ///< the file is what marshal.dump wrote in this version
    bool exact = false;
    bool offsets = false;
    bool stack = false;
    bool source = false;
    bool source_notes = true; ///< say of each file which source was not found
};

/// Reads a `.pyc` and prints its listing; what is wrong goes to the console's `err`.
[[nodiscard]] Converted disassemble_file(const DisassembleRequest& request, const Console& console);

} // namespace pyasm::cli
