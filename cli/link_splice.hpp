#pragma once

#include "cli/console.hpp"
#include "cli/input.hpp"
#include "cli/options.hpp"
#include "linker/program.hpp"

#include <optional>
#include <string>
#include <vector>

/// `pyasm link --splice ORIGINAL.pyc --replace QUALNAME=SYMBOL`.
namespace pyasm::cli {

struct SpliceRequest {
    struct Replacement {
        std::string name;   ///< of the code object in the original
        std::string symbol; ///< what takes its place
    };
    std::string path; ///< the original
    std::vector<Replacement> replacements;
};

/// What --splice and --replace ask for. False, and an error on the console, where they make no sense.
[[nodiscard]] bool take_splice_options(const Arguments& arguments, const Console& console,
                                       std::optional<SpliceRequest>& request);

/// Puts the symbols of `program`, which has no top object, in their places in the original, which has been
/// read and lives as long as the result. The result's inputs are those of `program` and, last, the original;
/// it is the main one. Nothing, and messages on the console, where something does not fit; how many is added
/// to `errors`.
[[nodiscard]] std::optional<linker::LinkedProgram>
splice_program(const SpliceRequest& request, PycInput& original, linker::LinkedProgram program,
               const Console& console, std::size_t& errors);

} // namespace pyasm::cli
