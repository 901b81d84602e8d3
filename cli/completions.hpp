#pragma once

#include <string>

namespace pyasm::cli {

/// A completion script for each shell, made of the option table and the instruction table.
[[nodiscard]] std::string bash_completion();
[[nodiscard]] std::string zsh_completion();
[[nodiscard]] std::string fish_completion();

} // namespace pyasm::cli
