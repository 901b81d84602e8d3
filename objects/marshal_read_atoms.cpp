// The atoms of marshal: numbers and strings.

#include "objects/decimal.hpp"
#include "objects/marshal_atoms.hpp"
#include "objects/marshal_codes.hpp"
#include "objects/marshal_reader.hpp"
#include "support/text.hpp"

#include <bit>
#include <cstring>
#include <fmt/format.h>

namespace pyasm::objects {

using support::Bytes;

ValueId MarshalReader::singleton(ValueKind kind, std::uint8_t byte) {
    if (!(byte & type_code::flag_ref)) return ValuePool::singleton(kind);
    // The flag means nothing here and takes no index; it is kept so that the file can be written back.
    ValueId& id = flagged_singletons_[static_cast<std::size_t>(kind)];
    if (id == no_value) {
        Value value;
        value.kind = kind;
        value.type_byte = byte;
        id = pool_.add(value);
    }
    return id;
}

ValueId MarshalReader::number32(std::uint8_t byte) {
    Value value;
    value.kind = ValueKind::Int;
    value.integer = in_.i32();
    return in_.failed() ? cut_short("an int") : add(value, byte);
}

ValueId MarshalReader::number64(std::uint8_t byte) {
    Value value;
    value.kind = ValueKind::Int;
    value.integer = static_cast<std::int64_t>(in_.u64());
    return in_.failed() ? cut_short("a 64-bit int") : add(value, byte);
}

ValueId MarshalReader::long_number(std::uint8_t byte) {
    const std::int64_t signed_count = in_.i32();
    const std::uint64_t count = static_cast<std::uint64_t>(signed_count < 0 ? -signed_count : signed_count);
    const Bytes bytes = in_.take(count * 2);
    if (in_.failed()) return cut_short("a long int");
    const std::span<std::uint16_t> digits = pool_.arena().array<std::uint16_t>(count);
    if (count) std::memcpy(digits.data(), bytes.data(), bytes.size());
    for (std::uint16_t digit : digits)
        if (digit >= 0x8000) return fail_here("a long int has a digit above 15 bits");
    if (count && digits.back() == 0) return fail_here("a long int is not normalised: its top digit is 0");
    Value value;
    if (native_text_ == ValueKind::Str) // 3.x has one kind of int
        if (const auto number = int64_of(digits, signed_count < 0)) {
            value.kind = ValueKind::Int;
            value.integer = *number;
            return add(value, byte);
        }
    value.kind = ValueKind::Long;
    value.flags = signed_count < 0 ? Value::negative : std::uint8_t{0};
    value.size = static_cast<std::uint32_t>(count);
    value.digits = digits.data();
    return add(value, byte);
}

ValueId MarshalReader::binary_float(std::uint8_t byte) {
    Value value;
    value.kind = ValueKind::Float;
    value.real = std::bit_cast<double>(in_.u64());
    return in_.failed() ? cut_short("a float") : add(value, byte);
}

ValueId MarshalReader::binary_complex(std::uint8_t byte) {
    const std::uint64_t real = in_.u64();
    const std::uint64_t imaginary = in_.u64();
    if (in_.failed()) return cut_short("a complex number");
    return complex(byte, std::bit_cast<double>(real), std::bit_cast<double>(imaginary));
}

ValueId MarshalReader::complex(std::uint8_t byte, double real, double imaginary) {
    const std::span<double> parts = pool_.arena().array<double>(2);
    parts[0] = real;
    parts[1] = imaginary;
    Value value;
    value.kind = ValueKind::Complex;
    value.parts = parts.data();
    return add(value, byte);
}

/// A number as text behind its length in one byte.
std::optional<double> MarshalReader::decimal(const char* what) {
    const Bytes bytes = in_.take(in_.u8());
    if (in_.failed()) {
        cut_short(what);
        return std::nullopt;
    }
    const std::optional<double> number = parse_decimal(support::as_text(bytes));
    if (!number)
        fail(start_, fmt::format("\"{}\" is no number", support::printable(support::as_text(bytes))));
    return number;
}

ValueId MarshalReader::decimal_float(std::uint8_t byte) {
    const std::size_t begin = in_.offset();
    const std::optional<double> number = decimal("a float in decimal");
    if (!number) return no_value;
    Value value;
    value.kind = ValueKind::Float;
    value.real = *number;
    return keep_decimal(add(value, byte), begin);
}

ValueId MarshalReader::decimal_complex(std::uint8_t byte) {
    const std::size_t begin = in_.offset();
    const std::optional<double> real = decimal("a complex number in decimal");
    if (!real) return no_value;
    const std::optional<double> imaginary = decimal("a complex number in decimal");
    if (!imaginary) return no_value;
    return keep_decimal(complex(byte, *real, *imaginary), begin);
}

/// Remembers the bytes from `begin` to here, lengths included, as the spelling of a number.
ValueId MarshalReader::keep_decimal(ValueId id, std::size_t begin) {
    const std::string_view text = support::as_text(bytes_.subspan(begin, in_.offset() - begin));
    hints_.decimal_texts.push_back({id, static_cast<std::uint32_t>(text.size()), text.data()});
    return id;
}

Bytes MarshalReader::counted(const char* what) {
    const std::int32_t size = in_.i32();
    if (!in_.failed() && size < 0) {
        negative_size(what, size);
        return {};
    }
    const Bytes bytes = in_.take(static_cast<std::uint32_t>(size));
    if (in_.failed()) cut_short(what);
    return bytes;
}

Bytes MarshalReader::short_counted() {
    const Bytes bytes = in_.take(in_.u8());
    if (in_.failed()) cut_short("a string");
    return bytes;
}

ValueId MarshalReader::text(ValueKind kind, std::uint8_t byte, Bytes bytes, std::uint8_t flags) {
    if (failed_) return no_value;
    Value value;
    value.kind = kind;
    value.flags = flags;
    value.size = static_cast<std::uint32_t>(bytes.size());
    value.text = reinterpret_cast<const char*>(bytes.data());
    return add(value, byte);
}

ValueId MarshalReader::byte_string(std::uint8_t byte) {
    return text(ValueKind::Bytes, byte, counted("a byte string"), 0);
}

ValueId MarshalReader::unicode(std::uint8_t byte, std::uint8_t flags) {
    const Bytes bytes = counted("a string");
    if (const auto bad = support::find_invalid_utf8_surrogatepass(support::as_text(bytes)))
        return fail(in_.offset() - bytes.size() + *bad, "a string is not valid UTF-8");
    return text(ValueKind::Str, byte, bytes, flags);
}

ValueId MarshalReader::interned(std::uint8_t byte) {
    if (!features_.interned_table) return unicode(byte, Value::interned);
    const ValueId id = text(ValueKind::Bytes, byte, counted("an interned string"), Value::interned);
    references_.push_back(id);
    return id;
}

ValueId MarshalReader::ascii(std::uint8_t byte, std::uint8_t flags) {
    return latin1(byte, counted("a string"), flags);
}

ValueId MarshalReader::short_ascii(std::uint8_t byte, std::uint8_t flags) {
    return latin1(byte, short_counted(), flags);
}

/// What is called ASCII; bytes above 0x7f are not refused but taken as Latin-1.
ValueId MarshalReader::latin1(std::uint8_t byte, Bytes bytes, std::uint8_t flags) {
    if (failed_ || support::is_ascii(support::as_text(bytes)))
        return text(ValueKind::Str, byte, bytes, flags);
    std::size_t size = bytes.size();
    for (std::uint8_t c : bytes) size += c >> 7;
    char* const utf8 = pool_.arena().allocate(size);
    char* at = utf8;
    for (std::uint8_t c : bytes) {
        if (c < 0x80) {
            *at++ = static_cast<char>(c);
        } else {
            *at++ = static_cast<char>(0xC0 | c >> 6);
            *at++ = static_cast<char>(0x80 | (c & 0x3F));
        }
    }
    const ValueId id = text(ValueKind::Str, byte, support::as_bytes({utf8, size}), flags);
    pool_[id].marks |= Value::latin1;
    return id;
}

} // namespace pyasm::objects
