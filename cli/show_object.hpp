#pragma once

#include "cli/console.hpp"

#include <string>
#include <string_view>

namespace pyasm::cli {

/// What `pyasm show` prints of an object file: what it is for, what it is made of, the symbols that it has
/// and wants. The exit status; an error is on the console where the file is damaged.
[[nodiscard]] int show_object(const std::string& path, std::string_view content, const Console& console);

} // namespace pyasm::cli
