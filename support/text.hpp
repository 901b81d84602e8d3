#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pyasm::support {

/// Offset of the first byte that is not part of valid UTF-8 (RFC 3629: no surrogates, no overlong forms), or
/// nothing when all of it is valid.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text);
/// The same with three-byte surrogates (ED A0..BF xx) allowed, as CPython's "surrogatepass" has it.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8_surrogatepass(std::string_view text);

/// Appends a code point (0..0x10FFFF, surrogates included) as UTF-8.
void append_utf8(std::string& out, std::uint32_t code_point);

/// Number of single-character edits (insert, delete, replace, swap of neighbours) between two words, or
/// `limit + 1` when there are more than `limit`.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// The candidate nearest to `word` (case-insensitively first), if one is near enough to be a likely
/// misspelling (at most a third of its length in edits); empty otherwise. Earlier candidates win ties.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// `text` made safe to show: control and bidirectional characters and invalid bytes escaped.
[[nodiscard]] std::string visible(std::string_view text);

/// The same for a part of a message, cut at about `limit` bytes with an ellipsis.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 60);

} // namespace pyasm::support
