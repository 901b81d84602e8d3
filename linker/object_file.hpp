#pragma once

#include "isa/target.hpp"
#include "program/object_module.hpp"
#include "support/bytes.hpp"
#include "support/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Object files (`.pyasmo`): docs/object-format.md. A header in comments, and the unit's text with everything
/// expanded.
namespace pyasm::linker {

struct ObjectSymbol {
    std::string_view name;
    bool is_code = false;
    std::uint64_t at = 0; ///< where in the file the name stands
};

/// What an object file says ahead of its text. Texts are views into the file.
struct ObjectHeader {
    const isa::Target* target = nullptr;
    std::string source;      ///< path of the source that it was made from, as it was given
    bool has_module = false; ///< it can give a program its module body
    std::vector<ObjectSymbol> globals, externs;
    // Where in the file there stands what the text can contradict; the ends are those of the lists.
    std::uint64_t target_at = 0, module_at = 0, globals_end = 0, externs_end = 0;
    std::uint64_t text_begin = 0; ///< where in the file the text begins
    std::uint64_t text_size = 0;  ///< of the rest of the file
    std::uint64_t text_hash = 0;
};

/// Whether a file begins as an object file of any version does.
[[nodiscard]] bool is_object_file(std::string_view content);
/// The header alone; `content` may be just the beginning of the file, as long as the header is in it. Every
/// field is checked; an error has the byte offset. Linear.
[[nodiscard]] support::Result<ObjectHeader> read_object_header(std::string_view content);
/// The same of a whole file, whose text must be the one that was written. The text is a unit of its own:
/// `content` parses as it stands, since the header is made of comments.
[[nodiscard]] support::Result<ObjectHeader> read_object(std::string_view content);

/// Writes an object file: `text` is the listing of a unit that states its places (grammar/state_places.hpp),
/// `module` what was assembled from it, and `source` the path of the file that it was read from.
void write_object(const program::ObjectModule& module, std::string_view source, std::string_view text,
                  support::ByteWriter& out);

/// Why a header does not fit what was assembled from its text, with the offset of the byte in the header that
/// is wrong; nothing where it does.
[[nodiscard]] std::optional<support::Error> contradiction(const ObjectHeader& header,
                                                          const program::ObjectModule& module);

} // namespace pyasm::linker
