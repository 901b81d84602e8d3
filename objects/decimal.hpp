#pragma once

#include <optional>
#include <string_view>

namespace pyasm::objects {

/// Reads a number as CPython's PyOS_string_to_double does (Python/pystrtod.c): decimal digits with an
/// optional sign, point and exponent, or "inf", "infinity", "nan" in any case; too large gives an infinity.
/// Text after a NUL is not looked at, as C does not see it. Nothing if it is no number.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text);

} // namespace pyasm::objects
