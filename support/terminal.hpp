#pragma once

#include <cstddef>
#include <optional>

namespace pyasm::support {

/// Whether a file descriptor of this process is a terminal.
[[nodiscard]] bool is_terminal(int descriptor);

/// Columns of the terminal behind a file descriptor; nothing where there is none or it does not say.
[[nodiscard]] std::optional<std::size_t> terminal_width(int descriptor);

} // namespace pyasm::support
