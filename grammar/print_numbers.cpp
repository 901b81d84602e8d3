#include "grammar/print_numbers.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <vector>

namespace pyasm::grammar {

namespace {

/// A long of more digits (of 15 bits) is written in hexadecimal: the way to decimal is quadratic.
constexpr std::uint32_t most_decimal_digits = 220;

void put_hexadecimal(TextOutput& out, const objects::Value& number) {
    out.put("0x");
    const std::size_t bits = std::size_t{number.size} * 15;
    const std::size_t count = (bits + 3) / 4;
    char* const to = out.room(count + 5);
    char* begin = to + count;
    std::uint32_t held = 0;
    unsigned filled = 0;
    const auto take = [&] {
        *--begin = "0123456789abcdef"[held & 15];
        held >>= 4;
        filled = filled < 4 ? 0 : filled - 4;
    };
    for (std::uint32_t i = 0; i < number.size; ++i) {
        held |= std::uint32_t{number.digits[i]} << filled;
        filled += 15;
        while (filled >= 4) take();
    }
    if (filled) take();
    while (begin != to + count && *begin == '0') ++begin;
    const auto size = static_cast<std::size_t>(to + count - begin);
    std::memmove(to, begin, size);
    out.advance_to(to + size);
}

void put_decimal(TextOutput& out, const objects::Value& number) {
    std::uint32_t limbs[most_decimal_digits]; // base 2^15, most significant last, as in the value
    std::copy_n(number.digits, number.size, limbs);
    std::uint32_t size = number.size;
    constexpr std::uint64_t chunk = 1'000'000'000'000; // 12 digits: 40 bits beside the 15 of a limb
    std::uint64_t chunks[most_decimal_digits * 15 / 39 + 1];
    std::size_t count = 0;
    while (size) {
        std::uint64_t rest = 0;
        for (std::uint32_t i = size; i-- > 0;) {
            rest = rest << 15 | limbs[i];
            limbs[i] = static_cast<std::uint32_t>(rest / chunk);
            rest %= chunk;
        }
        while (size && limbs[size - 1] == 0) --size;
        chunks[count++] = rest;
    }
    if (count == 0) chunks[count++] = 0;
    char* to = out.room(count * 12 + 20);
    to = std::to_chars(to, to + 20, chunks[count - 1]).ptr;
    for (std::size_t i = count - 1; i-- > 0;) {
        for (char* digit = to + 12; digit-- != to; chunks[i] /= 10)
            *digit = static_cast<char>('0' + chunks[i] % 10);
        to += 12;
    }
    out.advance_to(to);
}

/// The digits of a finite double, without sign. `whole`: "1" and not "1.0" where it is a whole number, as in
/// a complex.
void put_finite(TextOutput& out, double number, bool whole) {
    char* const to = out.room(64);
    // Python's repr (float_repr_style "short") takes the scientific form below 1e-4 and from 1e16 on.
    const double size = std::fabs(number);
    const bool scientific = size != 0 && (size < 1e-4 || size >= 1e16);
    const auto format = scientific ? std::chars_format::scientific : std::chars_format::fixed;
    char* end = std::to_chars(to, to + 64, size, format).ptr;
    if (!scientific && !whole && std::find(to, end, '.') == end) *end++ = '.', *end++ = '0';
    out.advance_to(end);
}

} // namespace

void put_long(TextOutput& out, const objects::Value& number) {
    if (number.flags & objects::Value::negative) out.put('-');
    number.size > most_decimal_digits ? put_hexadecimal(out, number) : put_decimal(out, number);
}

void put_float(TextOutput& out, double number) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    if (bits >> 63) out.put('-');
    const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
    if ((bits >> 52 & 0x7ff) != 0x7ff) return put_finite(out, number, false);
    if (fraction == 0) return out.put("inf");
    out.put("nan");
    if (fraction == std::uint64_t{1} << 51) return;
    char* to = out.room(32);
    *to++ = '(', *to++ = '0', *to++ = 'x';
    to = std::to_chars(to, to + 20, fraction, 16).ptr;
    *to++ = ')';
    out.advance_to(to);
}

void put_complex(TextOutput& out, double real, double imaginary, bool signed_literal) {
    if (!std::isfinite(real) || !std::isfinite(imaginary)) {
        out.put("complex(");
        put_float(out, real);
        out.put(", ");
        put_float(out, imaginary);
        return out.put(')');
    }
    const bool minus = std::signbit(imaginary);
    if (real == 0) {
        // 2j has a real part of 0.0, and -2j one of -0.0 where it is the negative of 2j.
        const bool implied = std::signbit(real) == (minus && !signed_literal);
        if (!implied) out.put(std::signbit(real) ? "-0.0" : "0");
        if (minus || !implied) out.put(minus ? '-' : '+');
    } else {
        if (real < 0) out.put('-');
        put_finite(out, real, true);
        out.put(minus ? '-' : '+');
    }
    put_finite(out, imaginary, true);
    out.put('j');
}

} // namespace pyasm::grammar
