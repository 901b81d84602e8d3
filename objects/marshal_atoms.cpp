#include "objects/marshal_atoms.hpp"

#include "objects/marshal_codes.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <bit>
#include <fmt/format.h>

namespace pyasm::objects {

namespace {

bool fits_int32(const Value& value) {
    return value.kind == ValueKind::Int && value.integer == static_cast<std::int32_t>(value.integer);
}

/// Bytes that a string takes as ASCII, or as Latin-1 if it is marked so; more than any string has if it
/// cannot be written like that.
std::size_t latin1_length(const Value& value) {
    constexpr std::size_t never = SIZE_MAX;
    if (value.kind != ValueKind::Str) return never;
    const std::string_view text(value.text, value.size);
    if (!(value.marks & Value::latin1)) return support::is_ascii(text) ? text.size() : never;
    std::size_t length = 0;
    for (const char c : text) {
        // UTF-8 has code points below U+0100 as one byte, or two with a lead of C2 or C3.
        if (static_cast<std::uint8_t>(c) > 0xC3) return never;
        length += (c & 0xC0) != 0x80;
    }
    return length;
}

void write_latin1(const Value& value, support::ByteWriter& out) {
    for (std::uint32_t i = 0; i < value.size; ++i) {
        const std::uint8_t c = static_cast<std::uint8_t>(value.text[i]);
        if (c < 0x80)
            out.u8(c);
        else if (++i < value.size)
            out.u8(static_cast<std::uint8_t>(c << 6 | (value.text[i] & 0x3F)));
    }
}

/// An int as base-2^15 digits behind their count, whose sign is the number's.
void write_digits(std::int64_t number, support::ByteWriter& out) {
    std::uint64_t magnitude =
        number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    const std::int32_t count = static_cast<std::int32_t>((std::bit_width(magnitude) + 14) / 15);
    out.i32(number < 0 ? -count : count);
    for (; magnitude; magnitude >>= 15) out.u16(static_cast<std::uint16_t>(magnitude & 0x7FFF));
}

std::uint8_t smallest_string(const Value& value, const isa::Target& target, bool interned) {
    if (!target.marshal.short_forms || !support::is_ascii({value.text, value.size}))
        return interned ? type_code::interned : type_code::unicode;
    if (value.size <= 0xFF) return interned ? type_code::short_ascii_interned : type_code::short_ascii;
    return interned ? type_code::ascii_interned : type_code::ascii;
}

} // namespace

std::uint8_t singleton_type(ValueKind kind) {
    switch (kind) {
    case ValueKind::None: return type_code::none;
    case ValueKind::True: return type_code::true_;
    case ValueKind::False: return type_code::false_;
    case ValueKind::Ellipsis: return type_code::ellipsis;
    case ValueKind::StopIteration: return type_code::stop_iteration;
    default: return 0;
    }
}

std::uint8_t smallest_type(const Value& value, const isa::Target& target, bool interned) {
    switch (value.kind) {
    case ValueKind::Int:
        if (fits_int32(value)) return type_code::int32;
        // 2.7's int is a C long, written in eight bytes; 3.x has one kind of int.
        return target.literals == isa::LiteralDialect::Python2 ? type_code::int64 : type_code::long_;
    case ValueKind::Long: return type_code::long_;
    case ValueKind::Float: return type_code::binary_float;
    case ValueKind::Complex: return type_code::binary_complex;
    case ValueKind::Bytes:
        return interned && target.marshal.interned_table ? type_code::interned : type_code::string;
    case ValueKind::Str: return smallest_string(value, target, interned && !target.marshal.interned_table);
    case ValueKind::Tuple:
        return target.marshal.short_forms && value.size <= 0xFF ? type_code::small_tuple : type_code::tuple;
    case ValueKind::List: return type_code::list;
    case ValueKind::Dict: return type_code::dict;
    case ValueKind::Set: return type_code::set;
    case ValueKind::FrozenSet: return type_code::frozenset;
    case ValueKind::Slice: return type_code::slice;
    case ValueKind::FrozenDict: return type_code::frozendict;
    case ValueKind::Code: return type_code::code;
    default: return singleton_type(value.kind);
    }
}

bool suits_type(const Value& value, std::uint8_t type, const isa::Target& target) {
    switch (type) {
    case type_code::int32: return fits_int32(value);
    case type_code::int64: return value.kind == ValueKind::Int;
    case type_code::long_:
        return value.kind == ValueKind::Long ||
               (value.kind == ValueKind::Int && target.literals == isa::LiteralDialect::Python3);
    case type_code::string: return value.kind == ValueKind::Bytes;
    case type_code::interned:
        return value.kind == (target.marshal.interned_table ? ValueKind::Bytes : ValueKind::Str);
    case type_code::unicode: return value.kind == ValueKind::Str;
    case type_code::ascii:
    case type_code::ascii_interned: return target.marshal.short_forms && latin1_length(value) <= INT32_MAX;
    case type_code::short_ascii:
    case type_code::short_ascii_interned: return target.marshal.short_forms && latin1_length(value) <= 0xFF;
    case type_code::small_tuple:
        return value.kind == ValueKind::Tuple && target.marshal.short_forms && value.size <= 0xFF;
    case type_code::tuple: return value.kind == ValueKind::Tuple;
    case type_code::decimal_float: return value.kind == ValueKind::Float;
    case type_code::decimal_complex: return value.kind == ValueKind::Complex;
    default: return type == smallest_type(value, target, false);
    }
}

void write_payload(const Value& value, std::uint8_t type, support::ByteWriter& out) {
    switch (type) {
    case type_code::int32: out.i32(static_cast<std::int32_t>(value.integer)); break;
    case type_code::int64: out.u64(static_cast<std::uint64_t>(value.integer)); break;
    case type_code::long_:
        if (value.kind == ValueKind::Int) {
            write_digits(value.integer, out);
            break;
        }
        out.i32(value.flags & Value::negative ? -static_cast<std::int32_t>(value.size)
                                              : static_cast<std::int32_t>(value.size));
        for (std::uint32_t i = 0; i < value.size; ++i) out.u16(value.digits[i]);
        break;
    case type_code::binary_float: out.u64(std::bit_cast<std::uint64_t>(value.real)); break;
    case type_code::binary_complex:
        out.u64(std::bit_cast<std::uint64_t>(value.parts[0]));
        out.u64(std::bit_cast<std::uint64_t>(value.parts[1]));
        break;
    case type_code::short_ascii:
    case type_code::short_ascii_interned:
    case type_code::ascii:
    case type_code::ascii_interned: {
        const bool latin1 = (value.marks & Value::latin1) != 0;
        const std::uint32_t size = latin1 ? static_cast<std::uint32_t>(latin1_length(value)) : value.size;
        if (type == type_code::short_ascii || type == type_code::short_ascii_interned)
            out.u8(static_cast<std::uint8_t>(size));
        else
            out.u32(size);
        if (latin1)
            write_latin1(value, out);
        else
            out.bytes({value.text, value.size});
        break;
    }
    case type_code::string:
    case type_code::interned:
    case type_code::unicode:
        out.u32(value.size);
        out.bytes(std::string_view(value.text, value.size));
        break;
    case type_code::small_tuple: out.u8(static_cast<std::uint8_t>(value.size)); break;
    case type_code::tuple:
    case type_code::list:
    case type_code::set:
    case type_code::frozenset: out.u32(value.size); break;
    default: break;
    }
}

std::string refusal(const Value& value, const isa::Target& target) {
    const std::string_view name = target.name;
    if (value.kind == ValueKind::CodeSymbol)
        return fmt::format("code({}) stands for a code object that was never assembled",
                           std::string_view(value.text, value.size));
    if (value.kind == ValueKind::NameSymbol)
        return fmt::format("name({}) stands for the name of a block that was never assembled",
                           std::string_view(value.text, value.size));
    if (value.kind == ValueKind::ConstSymbol)
        return fmt::format("const({}) stands for a constant that was never put in its place",
                           std::string_view(value.text, value.size));
    if (value.kind == ValueKind::Slice && !target.marshal.slices)
        return fmt::format("Python {} cannot marshal a slice", name);
    if (value.kind == ValueKind::FrozenDict && !target.marshal.frozendicts)
        return fmt::format("Python {} has no frozendict", name);
    if (value.kind == ValueKind::Slice) return "a slice does not have three members";
    if (value.size >> 31 == 0) return "a dict has a key without a value";
    return fmt::format("an object of {} items is larger than marshal can say", value.size);
}

std::optional<std::int64_t> int64_of(std::span<const std::uint16_t> digits, bool negative) {
    if (digits.size() > 5 || (digits.size() == 5 && digits[4] > 8)) return std::nullopt; // 2^63 is 8 * 2^60
    std::uint64_t magnitude = 0;
    for (std::size_t i = digits.size(); i-- > 0;) magnitude = magnitude << 15 | digits[i];
    if (magnitude > (std::uint64_t{1} << 63) - (negative ? 0 : 1)) return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

Value normalised_long(const Value& value, const isa::Target& target) {
    if (target.literals == isa::LiteralDialect::Python2) return value;
    const auto number = int64_of({value.digits, value.size}, (value.flags & Value::negative) != 0);
    if (!number) return value;
    Value result;
    result.kind = ValueKind::Int;
    result.type_byte = value.type_byte;
    result.integer = *number;
    return result;
}

} // namespace pyasm::objects
