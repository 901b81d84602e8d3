#pragma once

#include "support/diagnostics.hpp"
#include "support/source.hpp"

#include <string>

namespace pyasm::support {

/// A diagnostic as text, ending in a newline:
///
///     hello.pyasm:3:5: error: unknown instruction 'LOAD_COSNT'; did you mean LOAD_CONST?
///         3 |     LOAD_COSNT    "x"
///           |     ^~~~~~~~~~
///     hello.pyasm:1:1: note: ...
///
/// Long lines are cut around the place; control and bidirectional characters are shown as escapes, tabs as
/// one blank, so that no input can move the caret or steer a terminal. A span of several lines is marked up
/// to the end of its first. Places in included files and in expansions of macros are followed by the trail
/// that leads to them; of a long one, the middle is left out.
[[nodiscard]] std::string render(const Diagnostic& diagnostic, const Sources& sources, bool color);

/// All of them in order, and a last line that says how many were left out, if any.
[[nodiscard]] std::string render(const Diagnostics& diagnostics, const Sources& sources, bool color);

} // namespace pyasm::support
