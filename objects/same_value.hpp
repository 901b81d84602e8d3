#pragma once

#include "objects/value.hpp"
#include "support/hash.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

/// Which values are the same constant: those of the same kind and the same bits, and so their members. 1,
/// True, 1.0, 1L, 0.0 and -0.0, and NaNs of different payloads are all different.
///
/// `class_of(ValueId)` is a number that two members share if and only if they are the same; so a value is
/// told from its members' numbers, not from all that is below them.
namespace pyasm::objects {

/// `value` is that of `id`, or one that stands for it.
template <class ClassOf>
[[nodiscard]] std::uint64_t hash_value(const ValuePool& pool, ValueId id, const Value& value,
                                       const ClassOf& class_of) {
    support::Hasher hasher;
    hasher.number(static_cast<std::uint64_t>(value.kind));
    switch (value.kind) {
    case ValueKind::Int: hasher.number(static_cast<std::uint64_t>(value.integer)); break;
    case ValueKind::Float: hasher.number(std::bit_cast<std::uint64_t>(value.real)); break;
    case ValueKind::Complex: hasher.bytes(value.parts, 2 * sizeof(double)); break;
    case ValueKind::Long:
        hasher.number(value.flags & Value::negative).bytes(value.digits, value.size * sizeof(*value.digits));
        break;
    case ValueKind::Bytes:
    case ValueKind::Str:
    case ValueKind::CodeSymbol:
    case ValueKind::ConstSymbol: hasher.bytes(value.text, value.size); break;
    case ValueKind::NameSymbol:
        hasher.number(value.flags & Value::qualified).bytes(value.text, value.size);
        break;
    case ValueKind::Code: hasher.number(value.index); break;
    default:
        if (is_container(value.kind))
            for (const ValueId member : pool.children(id)) hasher.number(class_of(member));
    }
    return hasher.value();
}

/// `a` and `b` are those of `left` and `right`, or stand for them.
template <class ClassOf>
[[nodiscard]] bool same_value(const ValuePool& pool, ValueId left, const Value& a, ValueId right,
                              const Value& b, const ClassOf& class_of) {
    if (a.kind != b.kind) return false;
    switch (a.kind) {
    case ValueKind::Int: return a.integer == b.integer;
    case ValueKind::Float:
        return std::bit_cast<std::uint64_t>(a.real) == std::bit_cast<std::uint64_t>(b.real);
    case ValueKind::Complex: return std::memcmp(a.parts, b.parts, 2 * sizeof(double)) == 0;
    case ValueKind::Long:
        return a.size == b.size && (a.flags & Value::negative) == (b.flags & Value::negative) &&
               std::equal(a.digits, a.digits + a.size, b.digits);
    case ValueKind::Bytes:
    case ValueKind::Str:
    case ValueKind::CodeSymbol:
    case ValueKind::ConstSymbol: return std::string_view(a.text, a.size) == std::string_view(b.text, b.size);
    case ValueKind::NameSymbol:
        return (a.flags & Value::qualified) == (b.flags & Value::qualified) &&
               std::string_view(a.text, a.size) == std::string_view(b.text, b.size);
    case ValueKind::Code: return a.index == b.index;
    default: break;
    }
    return !is_container(a.kind) ||
           std::ranges::equal(pool.children(left), pool.children(right),
                              [&](ValueId x, ValueId y) { return class_of(x) == class_of(y); });
}

} // namespace pyasm::objects
