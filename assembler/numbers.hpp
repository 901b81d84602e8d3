#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pyasm::assembler {

/// A whole text as a number without sign: decimal without leading zeros, 0x, 0o or 0b; nothing where it is
/// something else or needs more than 63 bits.
[[nodiscard]] inline std::optional<std::int64_t> parse_number(std::string_view text) {
    int base = 10;
    if (text.size() > 1 && text[0] == '0') {
        const char letter = static_cast<char>(text[1] | 0x20);
        base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
        if (base == 0) return std::nullopt;
        text.remove_prefix(2);
    }
    if (text.starts_with('-')) return std::nullopt; // from_chars would take it
    std::int64_t value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

} // namespace pyasm::assembler
