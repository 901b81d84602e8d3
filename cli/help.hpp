#pragma once

#include "cli/options.hpp"

#include <string>

namespace pyasm::cli {

/// The help of a command, or of the whole program for `program()`, in lines of at most `width` columns (at
/// least 40; 0 = 80).
[[nodiscard]] std::string help_text(const CommandSpec& spec, std::size_t width);

/// "pyasm 0.1.0" and the versions it knows.
[[nodiscard]] std::string version_text();
/// "0.1.0"
[[nodiscard]] std::string_view version_number();

/// "-o, --output PATH"; without short name "--target VERSION".
[[nodiscard]] std::string option_term(const OptionSpec& spec);

/// The names of targets as a person would list them: "2.7, 3.6-3.15". `columns`: one bool a target, oldest
/// first.
[[nodiscard]] std::string target_ranges(std::span<const bool> columns);
/// The ranges of all targets.
[[nodiscard]] std::string all_target_ranges();

} // namespace pyasm::cli
