#pragma once

#include "cli/assemble_file.hpp"

namespace pyasm::cli {

/// Reads, assembles and verifies one source as a unit of a program of several files; `pyc` of the outcome is
/// the object file. What is wrong goes to the console's `err`.
[[nodiscard]] AssembleOutcome compile_object(AssembleRequest request, const Console& console);

} // namespace pyasm::cli
