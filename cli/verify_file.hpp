#pragma once

#include "cli/batch.hpp"
#include "cli/console.hpp"
#include "grammar/parse.hpp"
#include "isa/target.hpp"

#include <cstddef>
#include <string>

namespace pyasm::cli {

/// One input and how what is found in it is told.
struct VerifyRequest {
    std::string path;                            ///< "-" is the console's input
    const isa::Target* target = nullptr;         ///< of a source that names none
    const isa::Target* marshal_target = nullptr; ///< the file is what marshal.dump wrote in this version
    bool json = false;                           ///< in place of messages
    bool explain = false;
    std::vector<std::string> include_folders;     ///< of -I, for a source
    std::vector<grammar::Definition> definitions; ///< of -D
    bool is_first = true;                         ///< of the inputs
    std::size_t error_limit = 1000;               ///< errors that are shown; the others are counted
};

/// What there was in an input.
struct VerifyCounts {
    std::size_t code_objects = 0;
    std::size_t warnings = 0;
};

/// Verifies a `.pyc` or a source, whichever it is. Findings go to the console's `err`, JSON and explanations
/// into the output.
[[nodiscard]] Converted verify_file(const VerifyRequest& request, const Console& console,
                                    VerifyCounts& counts);

} // namespace pyasm::cli
