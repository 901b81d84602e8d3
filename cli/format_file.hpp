#pragma once

#include "cli/batch.hpp"
#include "cli/console.hpp"

#include <string>

namespace pyasm::cli {

/// Reads a source and lays it out. The output is there where it differs from the source, and for "-"; with
/// `check` never, but a word on the console's `err` and a status of its own. What is wrong goes there, too.
[[nodiscard]] Converted format_file(const std::string& path, bool check, const Console& console);

} // namespace pyasm::cli
