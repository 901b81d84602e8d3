#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pyasm::support {

/// Whether all bytes are below 0x80.
[[nodiscard]] inline bool is_ascii(std::string_view text) {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t eight;
        std::memcpy(&eight, text.data() + at, 8);
        if (eight & 0x8080'8080'8080'8080u) return false;
    }
    std::uint8_t rest = 0;
    for (; at < text.size(); ++at) rest |= static_cast<std::uint8_t>(text[at]);
    return rest < 0x80;
}

/// Offset of the first byte that is not part of valid UTF-8 (RFC 3629: no surrogates, no overlong forms), or
/// nothing when all of it is valid.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text);
/// The same with three-byte surrogates (ED A0..BF xx) allowed, as CPython's "surrogatepass" has it.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8_surrogatepass(std::string_view text);

/// Appends a code point (0..0x10FFFF, surrogates included) as UTF-8.
void append_utf8(std::string& out, std::uint32_t code_point);

/// A path as Python has it in a str: bytes that are not UTF-8 become lone surrogates, as by os.fsdecode.
[[nodiscard]] std::string decoded_path(std::string_view path);

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
