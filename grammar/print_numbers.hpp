#pragma once

#include "grammar/text_output.hpp"
#include "objects/value.hpp"

#include <cstdint>

/// Numbers as literals.
namespace pyasm::grammar {

void put_integer(TextOutput& out, std::int64_t number);

/// Decimal up to about a thousand digits; hexadecimal beyond, which takes linear time. Without suffix.
void put_long(TextOutput& out, const objects::Value& number);

/// The shortest decimal that is this double, as Python's repr spells it; `inf`, `-nan`, `nan(0x1)`.
void put_float(TextOutput& out, double number);

/// 2j, -0.0+1j, complex(nan, 1.0). `signed_literal`: whether a sign belongs to the literal, as in 2.7, so
/// that the real part of -2j is 0.0.
void put_complex(TextOutput& out, double real, double imaginary, bool signed_literal);

} // namespace pyasm::grammar
