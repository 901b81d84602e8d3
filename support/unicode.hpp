#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pyasm::support {

/// What stands at a place of a UTF-8 text.
struct CodePoint {
    std::uint32_t value = 0;
    std::uint8_t size = 1; ///< bytes; 1 for an invalid byte, 3 for a surrogate
    bool valid = true;
    bool surrogate =
        false; ///< a three-byte surrogate: not valid UTF-8, but what CPython's "surrogatepass" takes
};

/// Decodes the code point at `at < text.size()`. An invalid sequence yields its first byte alone.
[[nodiscard]] CodePoint decode_utf8(std::string_view text, std::size_t at);

/// Columns that a terminal uses for a code point: 0 for combining marks, 2 for wide East Asian ones and
/// emoji, else 1.
[[nodiscard]] int display_width(std::uint32_t code_point);

/// True for what must not reach a terminal as it is: controls, line separators, bidirectional and other
/// invisible format characters.
[[nodiscard]] bool needs_escape(std::uint32_t code_point);

/// Appends `bytes`, which hold `point`, as they are or as an escape (`\x1b`, `\u202e`, `\xff` for an invalid
/// byte). Returns the columns used.
int append_visible(std::string& out, std::string_view bytes, const CodePoint& point);

} // namespace pyasm::support
