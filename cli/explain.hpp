#pragma once

#include "objects/pyc.hpp"
#include "support/bytes.hpp"

#include <string_view>

namespace pyasm::cli {

/// Each code object of a file with what the verifier believes in front of each instruction:
///
///     hello.pyc: #1 greet
///            locals: name: object
///         0  RESUME 0                        []
///         2  LOAD_GLOBAL 1 (print + NULL)    []
///        12  LOAD_FAST 0 (name)              [object, NULL]
///
/// A blank line stands between them, and in front of the first one unless `is_first`. Locals, and open blocks
/// up to 3.10, are shown where they are others than in the line above.
void write_explanation(std::string_view path, const objects::PycFile& file, bool is_first,
                       support::ByteWriter& out);

} // namespace pyasm::cli
