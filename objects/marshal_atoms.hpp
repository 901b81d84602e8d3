#pragma once

#include "isa/target.hpp"
#include "objects/value.hpp"
#include "support/bytes.hpp"

#include <optional>
#include <string>

namespace pyasm::objects {

/// The type byte, without FLAG_REF, that marshal's writer of this target gives a value that is no singleton:
/// the smallest form. `interned` concerns strings. Source: Python/marshal.c, w_object and w_complex_object.
[[nodiscard]] std::uint8_t smallest_type(const Value& value, const isa::Target& target, bool interned);

/// Whether a value can be written with this type byte (no FLAG_REF) for a target.
[[nodiscard]] bool suits_type(const Value& value, std::uint8_t type, const isa::Target& target);

/// Writes what follows the type byte of an atom; of a container, its count (nothing for a dict and a slice).
void write_payload(const Value& value, std::uint8_t type, support::ByteWriter& out);

/// The type byte of a singleton, or 0.
[[nodiscard]] std::uint8_t singleton_type(ValueKind kind);

/// Why a value's kind or size cannot be marshalled for a target, if so.
[[nodiscard]] std::optional<std::string> refusal(const Value& value, const isa::Target& target);

/// A Long with a small value, as 3.x has it: an Int. Other values stay as they are.
[[nodiscard]] Value normalised(const Value& value, const isa::Target& target);

/// The 64-bit int with these base-2^15 digits, least significant first; nothing if it does not fit.
[[nodiscard]] std::optional<std::int64_t> int64_of(std::span<const std::uint16_t> digits, bool negative);

} // namespace pyasm::objects
