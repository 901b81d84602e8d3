#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pyasm::assembler {

/// A whole text as an integer: decimal, 0x, 0o or 0b, with an optional sign and `_` between digits; nothing
/// where it is something else or needs more than 63 bits.
[[nodiscard]] inline std::optional<std::int64_t> parse_integer(std::string_view text) {
    const bool negative = !text.empty() && text.front() == '-';
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    int base = 10;
    if (text.size() > 2 && text[0] == '0') {
        const char letter = static_cast<char>(text[1] | 0x20);
        base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
        if (base != 10) text.remove_prefix(2);
    }
    std::string digits;
    for (const char c : text)
        if (c != '_') digits.push_back(c);
    if (digits.empty() || digits.size() > 64 || digits.front() == '-') return std::nullopt;
    std::int64_t value = 0;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (end.ec != std::errc() || end.ptr != digits.data() + digits.size()) return std::nullopt;
    return negative ? -value : value;
}

} // namespace pyasm::assembler
