#include "grammar/literals.hpp"

#include "grammar/characters.hpp"

#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

namespace pyasm::grammar {

namespace {

[[nodiscard]] bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// 0..15, or 16 for anything else.
[[nodiscard]] unsigned digit_value(char c) {
    if (is_digit(c)) return static_cast<unsigned>(c - '0');
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a' + 10) : 16;
}

[[nodiscard]] std::optional<LiteralError> check_underscores(std::string_view text, const Dialect& dialect) {
    const auto place = text.find('_');
    if (dialect.underscores || place == std::string_view::npos) return std::nullopt;
    return LiteralError{place, 1, "numbers have no underscores in this target", "Leave the underscore out."};
}

/// `text` without underscores; no copy where it has none.
[[nodiscard]] std::string_view without_underscores(std::string_view text, std::string& buffer) {
    if (text.find('_') == std::string_view::npos) return text;
    buffer.assign(text);
    std::erase(buffer, '_');
    return buffer;
}

/// Digits of a base that is a power of two: linear.
void read_binary_digits(std::string_view digits, unsigned bits, std::vector<std::uint64_t>& limbs) {
    limbs.reserve(digits.size() * bits / 64 + 1);
    std::uint64_t limb = 0;
    unsigned filled = 0;
    for (auto next = digits.rbegin(); next != digits.rend(); ++next) {
        if (*next == '_') continue;
        const std::uint64_t value = digit_value(*next);
        limb |= value << filled;
        filled += bits;
        if (filled >= 64) {
            limbs.push_back(limb);
            filled -= 64;
            limb = filled ? value >> (bits - filled) : 0;
        }
    }
    limbs.push_back(limb);
    while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
}

/// Decimal digits without underscores, at most `max_decimal_digits`: quadratic, nineteen digits a step.
void read_decimal_digits(std::string_view digits, std::vector<std::uint64_t>& limbs) {
    __extension__ using Wide = unsigned __int128;
    while (!digits.empty()) {
        const std::size_t count = std::min<std::size_t>(digits.size(), 19);
        std::uint64_t carry = 0;
        std::uint64_t factor = 1;
        for (std::size_t i = 0; i < count; ++i) {
            carry = carry * 10 + static_cast<std::uint64_t>(digits[i] - '0');
            factor *= 10;
        }
        for (std::uint64_t& limb : limbs) {
            const Wide product = static_cast<Wide>(limb) * factor + carry;
            limb = static_cast<std::uint64_t>(product);
            carry = static_cast<std::uint64_t>(product >> 64);
        }
        if (carry) limbs.push_back(carry);
        digits.remove_prefix(count);
    }
}

[[nodiscard]] std::optional<LiteralError> decode_based(std::string_view text, std::size_t first,
                                                       unsigned bits, std::string_view kind, Integer& out) {
    const std::string_view digits = text.substr(first);
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (digits[i] != '_' && digit_value(digits[i]) >= 1u << bits) {
            return LiteralError{first + i, 1, fmt::format("'{}' is not {} digit", digits[i], kind), {}};
        }
    }
    read_binary_digits(digits, bits, out.limbs);
    return std::nullopt;
}

[[nodiscard]] std::optional<LiteralError> decode_decimal(std::string_view text, Integer& out) {
    std::string buffer;
    std::string_view digits = without_underscores(text, buffer);
    const auto nonzero = std::min(digits.find_first_not_of('0'), digits.size());
    digits.remove_prefix(nonzero);
    if (digits.size() > max_decimal_digits) {
        return LiteralError{
            0, text.size(),
            fmt::format("a decimal number of {} digits; the limit is {}", digits.size(), max_decimal_digits),
            "Write it in hexadecimal: 0x..., which has no limit."};
    }
    read_decimal_digits(digits, out.limbs);
    return std::nullopt;
}

/// Whether a float literal that from_chars found out of range is too large (else it is too small): the
/// decimal exponent of its first digit that is not 0.
[[nodiscard]] bool is_huge(std::string_view text, unsigned exponent_per_digit, char exponent_mark) {
    const auto mark = text.find_first_of(exponent_mark == 'e' ? "eE" : "pP");
    std::int64_t exponent = 0;
    if (mark != std::string_view::npos) {
        std::string_view digits = text.substr(mark + 1);
        const bool negative = digits.starts_with('-');
        if (negative || digits.starts_with('+')) digits.remove_prefix(1);
        for (const char c : digits) {
            if (exponent < 1'000'000'000'000) exponent = exponent * 10 + (c - '0');
        }
        if (negative) exponent = -exponent;
    }
    const std::string_view mantissa = text.substr(0, mark);
    const auto first = mantissa.find_first_not_of("0.");
    if (first == std::string_view::npos) return false;
    const auto point = std::min(mantissa.find('.'), mantissa.size());
    const auto places = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
    return places * exponent_per_digit + exponent > 0;
}

[[nodiscard]] std::string without_zero_digits(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (is_digit(c)) digits += c;
    }
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return digits;
}

} // namespace

std::optional<std::int64_t> Integer::small(bool negative) const {
    if (limbs.empty()) return 0;
    const std::uint64_t limit = std::uint64_t{1} << 63;
    if (limbs.size() > 1 || limbs[0] > limit || (limbs[0] == limit && !negative)) return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0 - limbs[0] : limbs[0]);
}

std::vector<std::uint16_t> Integer::digits() const {
    std::vector<std::uint16_t> result;
    result.reserve(limbs.size() * 64 / 15 + 1);
    std::uint64_t held = 0;
    unsigned bits = 0;
    for (const std::uint64_t limb : limbs) {
        // At most 14 bits are held over, so that the limb is taken in two halves.
        for (const std::uint64_t half : {limb & 0xFFFF'FFFF, limb >> 32}) {
            held |= half << bits;
            for (bits += 32; bits >= 15; bits -= 15, held >>= 15) {
                result.push_back(static_cast<std::uint16_t>(held & 0x7FFF));
            }
        }
    }
    if (bits) result.push_back(static_cast<std::uint16_t>(held));
    while (!result.empty() && result.back() == 0) result.pop_back();
    return result;
}

double Integer::real() const {
    if (limbs.empty()) return 0;
    const int top = 63 - std::countl_zero(limbs.back());
    const std::int64_t size = static_cast<std::int64_t>(limbs.size() - 1) * 64 + top + 1;
    if (size > 1024) return std::numeric_limits<double>::infinity();
    // The 64 highest bits; a bit below them only decides ties.
    std::uint64_t high = limbs.back() << (63 - top);
    bool sticky = false;
    if (limbs.size() > 1) {
        const std::uint64_t below = limbs[limbs.size() - 2];
        if (top != 63) high |= below >> (top + 1);
        sticky = top == 63 ? below != 0 : (below << (63 - top)) != 0;
        for (std::size_t i = 0; i + 2 < limbs.size(); ++i) sticky = sticky || limbs[i] != 0;
    }
    if (sticky) high |= 1; // 64 bits to 53: the lowest of the eleven that are rounded away
    return std::ldexp(static_cast<double>(high), static_cast<int>(size - 64));
}

std::optional<LiteralError> decode_integer(std::string_view text, const Dialect& dialect, Integer& out) {
    out.limbs.clear();
    out.long_suffix = text.ends_with('l') || text.ends_with('L');
    const std::string_view number = text.substr(0, text.size() - out.long_suffix);
    if (auto error = check_underscores(number, dialect)) return error;
    if (out.long_suffix && !dialect.python2()) {
        std::string octal; // 017L of 2.7
        if (number.size() > 1 && number.find_first_not_of("01234567") == std::string_view::npos &&
            number[0] == '0') {
            octal = without_zero_digits(number);
        }
        return LiteralError{text.size() - 1, 1, "an int has no suffix L in Python 3",
                            octal.empty() || octal == "0" ? std::string("Leave it out.")
                                                          : fmt::format("Write 0o{}.", octal.substr(0, 40))};
    }
    const char kind = number.size() > 1 && number[0] == '0' ? static_cast<char>(number[1] | 0x20) : '\0';
    if (kind == 'x') return decode_based(number, 2, 4, "a hexadecimal", out);
    if (kind == 'o') return decode_based(number, 2, 3, "an octal", out);
    if (kind == 'b') return decode_based(number, 2, 1, "a binary", out);
    if (number.size() > 1 && number[0] == '0') {
        if (dialect.python2()) return decode_based(number, 1, 3, "an octal", out);
        if (number.find_first_not_of("0_") != std::string_view::npos) {
            const std::string digits = without_zero_digits(number);
            const bool octal = digits.find_first_of("89") == std::string::npos;
            return LiteralError{
                0, number.size(), "a decimal int has no leading zeros in Python 3",
                octal ? fmt::format("Write {0} (decimal) or 0o{0} (octal).", digits.substr(0, 40))
                      : fmt::format("Write {}.", digits.substr(0, 40))};
        }
    }
    return decode_decimal(number, out);
}

std::optional<LiteralError> decode_integer_run(std::string_view text, const Dialect& dialect, Integer& out) {
    const bool decimal = text.find_first_not_of("0123456789") == std::string_view::npos;
    const std::string_view digits =
        text.substr(text.size() > 1 && text[0] == '0' &&
                            std::string_view("xXoObB").find(text[1]) != std::string_view::npos
                        ? 2
                        : 0);
    const bool hex = text.size() > 2 && (text[1] | 0x20) == 'x';
    const bool well_formed =
        !digits.empty() && digits.back() != '_' && digits.find("__") == std::string_view::npos &&
        digits.find_first_not_of(hex ? "0123456789abcdefABCDEF_lL" : "0123456789_lL") ==
            std::string_view::npos &&
        digits.substr(0, digits.size() - 1).find_first_of("lL") == std::string_view::npos &&
        (decimal || hex || text[0] != '0' || text.size() < 2 || (text[1] | 0x20) == 'o' ||
         (text[1] | 0x20) == 'b' || is(text[1], Digit) || text[1] == '_' || (text[1] | 0x20) == 'l');
    return well_formed ? decode_integer(text, dialect, out) : std::optional(diagnose_number(text, dialect));
}

std::optional<LiteralError> decode_float(std::string_view text, const Dialect& dialect, double& out) {
    if (auto error = check_underscores(text, dialect)) return error;
    std::string buffer;
    const std::string_view number = without_underscores(text, buffer);
    const auto result = std::from_chars(number.data(), number.data() + number.size(), out);
    if (result.ec == std::errc::result_out_of_range) {
        out = is_huge(number, 1, 'e') ? std::numeric_limits<double>::infinity() : 0.0;
    }
    return std::nullopt;
}

std::optional<LiteralError> decode_hex_float(std::string_view text, double& out) {
    const std::string_view number = text.substr(2);
    const auto mantissa = number.substr(0, number.find_first_of("pP"));
    if (mantissa.find_first_not_of('.') == std::string_view::npos) {
        return LiteralError{0, text.size(), "a hex float without digits", "Write it as in 0x1.8p3."};
    }
    if (mantissa.find_first_not_of("0.") == std::string_view::npos) {
        out = 0;
        return std::nullopt;
    }
    const auto result =
        std::from_chars(number.data(), number.data() + number.size(), out, std::chars_format::hex);
    if (result.ec == std::errc::result_out_of_range || std::isinf(out)) {
        if (is_huge(number, 4, 'p')) {
            return LiteralError{0, text.size(), "the hex float is too large for a float", {}};
        }
        out = 0;
    }
    return std::nullopt;
}

LiteralError diagnose_number(std::string_view text, const Dialect& dialect) {
    const auto whole = [&](std::string message, std::string help = {}) {
        return LiteralError{0, text.size(), std::move(message), std::move(help)};
    };
    if (const auto twice = text.find("__"); twice != std::string_view::npos) {
        return {twice, 2, "two underscores in a number", "Write one between two digits."};
    }
    if (text.ends_with('_')) return {text.size() - 1, 1, "a number ends in an underscore", "Leave it out."};
    const char kind = text.size() > 1 && text[0] == '0' ? static_cast<char>(text[1] | 0x20) : '\0';
    if (kind == 'x' || kind == 'o' || kind == 'b') {
        const unsigned base = kind == 'x' ? 16 : kind == 'o' ? 8 : 2;
        const std::string_view name = kind == 'x' ? "a hexadecimal" : kind == 'o' ? "an octal" : "a binary";
        if (text.size() == 2) return whole(fmt::format("a number ends after its prefix {}", text));
        for (std::size_t i = 2; i < text.size(); ++i) {
            if (text[i] == '.') {
                return whole(fmt::format("bad number '{}'", support::printable(text, 40)),
                             kind == 'x' ? "A hex float needs an exponent, as in 0x1.8p0." : "");
            }
            if (text[i] != '_' && digit_value(text[i]) >= base) {
                return {i,
                        1,
                        fmt::format("'{}' is not {} digit", support::printable(text.substr(i, 1)), name),
                        {}};
            }
        }
    }
    const std::string shown = support::printable(text, 40);
    const char last = static_cast<char>(text.back() | 0x20);
    if (last == 'e')
        return whole(fmt::format("a float ends after its 'e': '{}'", shown), "Give the exponent's digits.");
    if (last == 'l' && !dialect.python2())
        return whole(fmt::format("bad number '{}'", shown), "An int has no suffix L in Python 3.");
    return whole(fmt::format("bad number '{}'", shown), "Text is written in quotes.");
}

double make_nan(std::uint64_t bits, bool negative) {
    return std::bit_cast<double>((negative ? std::uint64_t{1} << 63 : 0) | (std::uint64_t{0x7FF} << 52) |
                                 bits);
}

} // namespace pyasm::grammar
