#pragma once

#include "inspector/output.hpp"
#include "objects/pyc.hpp"
#include "support/bytes.hpp"

#include <cstddef>
#include <string_view>

/// What `pyasm show` prints of a file. Nothing here can fail: what is out of range or makes no sense in a
/// code object is shown as what it is. Time is linear in the file and its nesting.
namespace pyasm::inspector {

/// A file that was read, with the bytes it was read from.
struct Subject {
    const objects::PycFile& file;
    support::Bytes bytes;
    std::string_view name; ///< what the user calls it; any bytes
};

/// The header, the tree of code objects, and each of them with its fields and tables. No line is wider than
/// `width` where something can be left out for that (0: constants are cut at some 100 characters).
void show_summary(const Subject& subject, std::size_t width, Output& out);

/// Every byte of the file in order: offset, hexadecimal, and what it says.
void show_bytes(const Subject& subject, Output& out);

/// One JSON object on one line, as docs/show-json.md says. ASCII only.
void show_json(const Subject& subject, Output& out);

} // namespace pyasm::inspector
