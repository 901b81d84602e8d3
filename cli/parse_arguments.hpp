#pragma once

#include "cli/options.hpp"
#include "support/result.hpp"

#include <functional>
#include <span>
#include <string>

namespace pyasm::cli {

/// Understands a command line (without the program's name) by the option table. A first word that is no
/// command but looks like a file (`is_file`, or by its spelling) means `asm`. Fails with a message for the
/// user.
[[nodiscard]] support::Result<Arguments>
parse_arguments(std::span<const std::string> args, const std::function<bool(const std::string&)>& is_file);

} // namespace pyasm::cli
