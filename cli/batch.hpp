#pragma once

#include "cli/console.hpp"
#include "cli/depfile.hpp"
#include "cli/outputs.hpp"
#include "support/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pyasm::cli {

/// What became of one input.
struct Converted {
    int status = 0;
    std::size_t errors = 0;                    ///< that were reported
    std::optional<support::ByteWriter> output; ///< what is to be written, whatever the status
    std::uint64_t bytes_read = 0;              ///< of the input
    bool would_change = false;                 ///< --check was asked for; `status` is not done
    std::optional<Depfile> depfile{};          ///< to be written behind the output
    std::vector<std::string> files_read{};     ///< on the way, beside the input: they must stay as they are
    bool lacks_source = false;                 ///< --source was asked for and no source was found
};

/// Turns one input into its output. Called on several threads at a time, each time with a console of its own,
/// whose `err` is collected.
using Convert = std::function<Converted(const Job& job, const Console& console)>;

/// Errors that are shown of one file of a tree; the others are counted.
inline constexpr std::size_t tree_error_limit = 5;

/// The number of -j, else that of processors; nothing, and an error on the console, if it is none.
[[nodiscard]] std::optional<std::size_t> wanted_threads(const Arguments& arguments, const Console& console);

/// Does all jobs of a plan, so many at a time, and writes each output when it is done. Messages, and what
/// goes to standard output, come out in the order of the jobs: those of single files at once, those of a tree
/// at the end, while a progress bar is shown on a terminal. Gives the exit status, the highest of all.
[[nodiscard]] int run_batch(const Plan& plan, std::size_t threads, const Convert& convert,
                            const Console& console);

} // namespace pyasm::cli
