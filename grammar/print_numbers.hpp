#pragma once

#include "grammar/text_output.hpp"
#include "objects/value.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>

/// Numbers as literals.
namespace pyasm::grammar {

/// Room that an integer takes at most.
inline constexpr std::size_t integer_room = 24;
/// Writes an integer, and returns where it ends.
[[nodiscard]] inline char* write_integer(char* to, std::int64_t number) {
    if (number < 0 || number >= 10'000) return std::to_chars(to, to + integer_room, number).ptr;
    const auto small = static_cast<std::uint32_t>(number); // columns, lines and counts
    if (small >= 1000) *to++ = static_cast<char>('0' + small / 1000);
    if (small >= 100) *to++ = static_cast<char>('0' + small / 100 % 10);
    if (small >= 10) *to++ = static_cast<char>('0' + small / 10 % 10);
    *to++ = static_cast<char>('0' + small % 10);
    return to;
}
inline void put_integer(TextOutput& out, std::int64_t number) {
    out.advance_to(write_integer(out.room(integer_room), number));
}

/// Decimal up to about a thousand digits; hexadecimal beyond, which takes linear time. Without suffix.
void put_long(TextOutput& out, const objects::Value& number);

/// The shortest decimal that is this double, as Python's repr spells it; `inf`, `-nan`, `nan(0x1)`.
void put_float(TextOutput& out, double number);

/// 2j, -0.0+1j, complex(nan, 1.0). `signed_literal`: whether a sign belongs to the literal, as in 2.7, so
/// that the real part of -2j is 0.0.
void put_complex(TextOutput& out, double real, double imaginary, bool signed_literal);

} // namespace pyasm::grammar
