#pragma once

#include "objects/pyc.hpp"
#include "support/bytes.hpp"
#include "support/result.hpp"

#include <string>
#include <string_view>

/// What a writer of marshal chose by the state of its process, as a text that is kept beside the values:
/// which objects carry FLAG_REF, which are references to an earlier object, which strings are interned, which
/// forms are not the smallest. It is a sequence of marks, one for each object in the order of the file, with
/// counts for repeated ones; `docs/objects.md` has the alphabet. A text of printable ASCII characters without
/// quotes and backslashes.
namespace pyasm::objects {

/// The layout of a file that was read; empty where the canonical writer gives the same bytes.
[[nodiscard]] std::string record_layout(const PycFile& file);

/// Writes `file.top` with this layout, without header. Fails where the layout does not fit the values (they
/// were changed, or the layout was): what is written is read back and held against the values, so that a
/// listing never turns into a file that says something else.
[[nodiscard]] support::Result<void> write_with_layout(const PycFile& file, std::string_view layout,
                                                      support::ByteWriter& out);

} // namespace pyasm::objects
