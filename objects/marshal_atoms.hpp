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

/// Whether a value's kind and size can be marshalled for a target.
[[nodiscard]] inline bool is_marshallable(const Value& value, const isa::Target& target) {
    switch (value.kind) {
    case ValueKind::Slice: return target.marshal.slices && value.size == 3;
    case ValueKind::FrozenDict:
        return target.marshal.frozendicts && value.size % 2 == 0 && value.size >> 31 == 0;
    case ValueKind::Dict: return value.size % 2 == 0 && value.size >> 31 == 0;
    case ValueKind::CodeSymbol:
    case ValueKind::NameSymbol:
    case ValueKind::ConstSymbol: return false;
    default: return value.size >> 31 == 0;
    }
}
/// Why it cannot.
[[nodiscard]] std::string refusal(const Value& value, const isa::Target& target);

/// A Long with a small value, as 3.x has it: an Int. Other values stay as they are.
[[nodiscard]] Value normalised_long(const Value& value, const isa::Target& target);
[[nodiscard]] inline Value normalised(const Value& value, const isa::Target& target) {
    return value.kind == ValueKind::Long ? normalised_long(value, target) : value;
}

/// The 64-bit int with these base-2^15 digits, least significant first; nothing if it does not fit.
[[nodiscard]] std::optional<std::int64_t> int64_of(std::span<const std::uint16_t> digits, bool negative);

} // namespace pyasm::objects
