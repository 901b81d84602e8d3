#pragma once

#include "cli/console.hpp"
#include "cli/input.hpp"
#include "isa/target.hpp"
#include "support/bytes.hpp"

#include <functional>
#include <optional>
#include <string>

namespace pyasm::cli {

/// One source and what it is to be assembled for.
struct AssembleRequest {
    std::string path;                    ///< "-" is the console's input
    const isa::Target* target = nullptr; ///< that of the command line; null if it names none
    /// Asked only where neither the command line nor the source names a target. Empty: the newest. A null
    /// result has been reported and ends the work with `status_system_at_fault`.
    std::function<const isa::Target*()> fallback;
    std::size_t error_limit = 1000; ///< errors that are shown; the others are counted
};

/// A `.pyc` in memory, or what went wrong.
struct AssembleOutcome {
    int status = status_done;
    std::size_t errors = 0;                 ///< that were reported
    std::optional<support::ByteWriter> pyc; ///< there just if `status` is `status_done`
    const isa::Target* target = nullptr;
    bool source_names_target = false; ///< by .target
    std::uint64_t bytes_read = 0;     ///< of the source
};

/// Reads and assembles one source; what is wrong goes to the console's `err`.
[[nodiscard]] AssembleOutcome assemble_file(const AssembleRequest& request, const Console& console);

} // namespace pyasm::cli
