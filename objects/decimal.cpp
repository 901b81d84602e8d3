#include "objects/decimal.hpp"

#include <charconv>
#include <cstdint>
#include <limits>

namespace pyasm::objects {

namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
    if (text.size() != lower.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((text[i] | 0x20) != lower[i]) return false;
    return true;
}

/// What is known of a number from its spelling alone.
struct Shape {
    bool valid = false;
    bool zero = true;
    std::int64_t magnitude = 0; ///< power of ten of the first digit that is not 0
};

/// Checks digits [. digits] [e [sign] digits] with at least one digit before the exponent.
Shape shape_of(std::string_view text) {
    Shape shape;
    std::size_t at = 0;
    std::int64_t integer_digits = 0, first_digit = 0, digits = 0;
    bool point = false;
    for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !point)); ++at) {
        if (text[at] == '.') {
            point = true;
            continue;
        }
        if (shape.zero && text[at] != '0') {
            shape.zero = false;
            first_digit = digits;
        }
        ++digits;
        if (!point) integer_digits = digits;
    }
    if (digits == 0) return shape;
    std::int64_t exponent = 0;
    if (at < text.size() && (text[at] | 0x20) == 'e') {
        ++at;
        const bool negative = at < text.size() && text[at] == '-';
        if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
        if (at == text.size()) return shape;
        for (; at < text.size() && is_digit(text[at]); ++at)
            if (exponent < 1'000'000) exponent = exponent * 10 + (text[at] - '0');
        if (negative) exponent = -exponent;
    }
    shape.valid = at == text.size();
    shape.magnitude = integer_digits - first_digit - 1 + exponent;
    return shape;
}

} // namespace

std::optional<double> parse_decimal(std::string_view text) {
    text = text.substr(0, text.find('\0'));
    bool negative = false;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        negative = text[0] == '-';
        text.remove_prefix(1);
    }
    double value = 0;
    if (equal_ignoring_case(text, "inf") || equal_ignoring_case(text, "infinity")) {
        value = std::numeric_limits<double>::infinity();
    } else if (equal_ignoring_case(text, "nan")) {
        value = std::numeric_limits<double>::quiet_NaN();
    } else {
        const Shape shape = shape_of(text);
        if (!shape.valid) return std::nullopt;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        // from_chars leaves the value alone when it is out of range, above or below.
        if (error == std::errc::result_out_of_range)
            value = shape.magnitude > 0 && !shape.zero ? std::numeric_limits<double>::infinity() : 0.0;
        else if (error != std::errc{} || end != text.data() + text.size())
            return std::nullopt;
    }
    return negative ? -value : value;
}

} // namespace pyasm::objects
