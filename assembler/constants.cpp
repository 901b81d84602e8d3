#include "assembler/constants.hpp"

#include "assembler/symbols.hpp"
#include "objects/marshal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace pyasm::assembler {

using objects::no_value;
using objects::Value;
using objects::ValueId;
using objects::ValueKind;
using support::Span;

namespace {

std::uint32_t number(ValueId id) { return static_cast<std::uint32_t>(id); }

std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
    hash = (hash ^ word) * 0x9E37'79B9'7F4A'7C15;
    return hash ^ hash >> 29;
}

bool is_text(ValueKind kind) {
    return kind == ValueKind::Bytes || kind == ValueKind::Str || kind == ValueKind::CodeSymbol;
}

std::uint64_t hash_integer(std::int64_t value) {
    return mix(mix(0, static_cast<std::uint64_t>(ValueKind::Int)), static_cast<std::uint64_t>(value)) *
           0x9E37'79B9'7F4A'7C15;
}

} // namespace

ValueId Constants::integer(std::int64_t value) {
    const std::uint32_t known = table_.find(hash_integer(value), [&](std::uint32_t i) {
        return pool_[ValueId{i}].kind == ValueKind::Int && pool_[ValueId{i}].integer == value;
    });
    if (known != IndexTable::none) return ValueId{known};
    const ValueId id = pool_.add_int(value);
    make_room();
    enter(id);
    return id;
}

ValueId Constants::prepare(ValueId id, std::int32_t block, Span place) {
    make_room();
    const ValueId resolved = resolve(id, block, place, 1);
    if (resolved == no_value) return no_value;
    return prepare_parts(resolved, block, place, 1) ? resolved : no_value;
}

void Constants::make_room() {
    if (key_.size() >= pool_.size()) return;
    const std::size_t size = pool_.size() + pool_.size() / 4;
    key_.resize(size, no_value);
    depth_.resize(size, 0);
}

ValueId Constants::resolve(ValueId id, std::int32_t block, Span place, int level) {
    if (pool_[id].kind != ValueKind::CodeSymbol) return id;
    return symbols_.refer(pool_.text(id), block, place_of(id, place), level);
}

/// Prepares a value from its parts upward. Each value is prepared once, however often it is shared.
bool Constants::prepare_parts(ValueId id, std::int32_t block, Span place, int level) {
    if (key_[number(id)] != no_value) return true;
    if (!target_holds(id, place)) return false;
    if (!objects::is_container(pool_[id].kind)) {
        enter(id);
        return true;
    }
    if (depth_[number(id)] < 0 || level > objects::max_marshal_depth) {
        diagnostics_.error(
            place_of(id, place),
            depth_[number(id)] < 0
                ? std::string("the constant contains itself")
                : fmt::format("the constant is nested deeper than the {} levels that marshal reads",
                              objects::max_marshal_depth));
        return false;
    }
    depth_[number(id)] = -1;
    int deepest = 0;
    for (std::uint32_t i = 0; i < pool_[id].size; ++i) {
        const ValueId part = resolve(pool_.children(id)[i], block, place, level + 1);
        if (part == no_value) return false;
        pool_.children(id)[i] = part;
        if (!prepare_parts(part, block, place, level + 1)) return false;
        deepest = std::max<int>(deepest, depth_[number(part)]);
    }
    enter(id);
    depth_[number(id)] = static_cast<std::int16_t>(deepest + 1);
    return true;
}

bool Constants::target_holds(ValueId id, Span place) {
    const isa::Target& target = *unit_.target;
    const ValueKind kind = pool_[id].kind;
    const char* what = nullptr;
    if (kind == ValueKind::Slice && !target.marshal.slices) what = "slice";
    if (kind == ValueKind::FrozenDict && !target.marshal.frozendicts) what = "frozendict";
    if (!what) return true;
    diagnostics_.error(place_of(id, place), fmt::format("a constant of {} cannot be a {}", target.name, what),
                       "Build it by instructions, or take a newer target.");
    return false;
}

void Constants::enter(ValueId id) {
    depth_[number(id)] = 1;
    const std::uint64_t hashed = hash(id);
    const std::uint32_t first = table_.find(hashed, [&](std::uint32_t i) { return same(ValueId{i}, id); });
    if (first != IndexTable::none) {
        key_[number(id)] = ValueId{first};
        return;
    }
    key_[number(id)] = id;
    table_.add(hashed, number(id));
}

std::uint64_t Constants::hash(ValueId id) const {
    const Value& value = pool_[id];
    if (value.kind == ValueKind::Int) return hash_integer(value.integer);
    std::uint64_t result = mix(value.size, static_cast<std::uint64_t>(value.kind));
    if (is_text(value.kind)) {
        result = mix(result, hash_bytes(pool_.text(id)));
    } else if (objects::is_container(value.kind)) {
        for (const ValueId part : pool_.children(id)) result = mix(result, number(key(part)));
    } else if (value.kind == ValueKind::Long) {
        result = mix(result, value.flags & Value::negative);
        for (const std::uint16_t digit : pool_.digits(id)) result = mix(result, digit);
    } else if (value.kind == ValueKind::Float) {
        result = mix(result, std::bit_cast<std::uint64_t>(value.real));
    } else if (value.kind == ValueKind::Complex) {
        result = mix(mix(result, std::bit_cast<std::uint64_t>(value.parts[0])),
                     std::bit_cast<std::uint64_t>(value.parts[1]));
    } else if (value.kind == ValueKind::Code) {
        result = mix(result, value.index);
    }
    return result * 0x9E37'79B9'7F4A'7C15;
}

bool Constants::same(ValueId a, ValueId b) const {
    const Value& x = pool_[a];
    const Value& y = pool_[b];
    if (x.kind != y.kind) return false;
    if (is_text(x.kind)) return same_text(pool_.text(a), pool_.text(b));
    if (objects::is_container(x.kind))
        return std::ranges::equal(pool_.children(a), pool_.children(b),
                                  [this](ValueId p, ValueId q) { return key(p) == key(q); });
    switch (x.kind) {
    case ValueKind::Int: return x.integer == y.integer;
    case ValueKind::Long:
        return (x.flags & Value::negative) == (y.flags & Value::negative) &&
               std::ranges::equal(pool_.digits(a), pool_.digits(b));
    case ValueKind::Float:
        return std::bit_cast<std::uint64_t>(x.real) == std::bit_cast<std::uint64_t>(y.real);
    case ValueKind::Complex: return std::memcmp(x.parts, y.parts, 2 * sizeof(double)) == 0;
    case ValueKind::Code: return x.index == y.index;
    default: return true; // singletons
    }
}

Span Constants::place_of(ValueId id, Span fallback) const {
    const Span own = unit_.span_of(id);
    return own.known() ? own : fallback;
}

} // namespace pyasm::assembler
