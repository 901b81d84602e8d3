#pragma once

#include "grammar/text_output.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Text inside literals, names and comments.
namespace pyasm::grammar {

/// Whether a listing shows this character as it is. Not so: controls, invisible and bidirectional ones,
/// blanks other than the space, surrogates, private use and what no version of Unicode has assigned in whole
/// planes.
[[nodiscard]] bool is_printable(std::uint32_t code_point);

/// What the bytes of a literal stand for.
enum class Charset : std::uint8_t {
    Unicode,   ///< UTF-8, lone surrogates as three bytes
    Ascii,     ///< bytes: those above 0x7f are escaped
    Utf8Bytes, ///< the bytes of a 2.7 `str` that is UTF-8 throughout
    Hex,       ///< every byte is escaped
};

/// The quote that needs the fewest escapes: " unless only ' is free.
[[nodiscard]] char choose_quote(std::string_view text);

/// Writes all of `text` as it stands between quotes.
void put_escaped(TextOutput& out, std::string_view text, char quote, Charset charset);

/// Writes a first part of `text` between quotes that are there already: up to behind a line feed, or as far
/// as it goes in front of `last_column`, behind a blank if there is one. At least one character. Returns its
/// size.
[[nodiscard]] std::size_t put_escaped_part(TextOutput& out, std::string_view text, char quote,
                                           Charset charset, std::size_t last_column, bool break_at_lines);

/// Whether the grammar reads `text` as a name where a name may stand, and nothing in it is invisible.
[[nodiscard]] bool is_bare_name(std::string_view text);

/// Writes any bytes so that they stay in the comment that they stand in.
void put_comment(TextOutput& out, std::string_view text);

} // namespace pyasm::grammar
