// Reads marshal. Source of the rules: Python/marshal.c, r_object, 2.7 and 3.6 - 3.15.

#include "objects/code_fields.hpp"
#include "objects/decimal.hpp"
#include "objects/marshal.hpp"
#include "objects/marshal_atoms.hpp"
#include "objects/marshal_codes.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace pyasm::objects {

namespace {

using support::Bytes;
using support::Error;

/// What `object` gives for marshal's NULL, which is no value.
constexpr ValueId null_object{0xFFFF'FFFE};

bool has_high_byte(Bytes bytes) {
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes.data() + at, 8);
        if (word & 0x8080'8080'8080'8080u) return true;
    }
    for (; at < bytes.size(); ++at)
        if (bytes[at] & 0x80) return true;
    return false;
}

class Reader {
  public:
    Reader(Bytes bytes, const isa::Target& target, ValuePool& pool)
        : bytes_(bytes), in_(bytes), features_(target.marshal), layout_(target.code), native_text_(text_kind(target)), pool_(pool) {}

    support::Result<Unmarshalled> run() {
        // Compiled code has a value for about every nine bytes; a bound of the input's size keeps this safe.
        pool_.reserve(in_.remaining() / 9, in_.remaining() / 12);
        const ValueId top = required("at the top");
        if (failed_) return Error{std::move(message_), error_offset_};
        std::ranges::stable_sort(hints_.dropped_keys, {}, &EncodingHints::DroppedKey::dict);
        return Unmarshalled{top, in_.offset(), std::move(hints_)};
    }

  private:
    /// The kind of a name: the native string. 2.7 is the target whose strings have a table of their own.
    static ValueKind text_kind(const isa::Target& target) {
        return target.literals == isa::LiteralDialect::Python2 ? ValueKind::Bytes : ValueKind::Str;
    }

    [[gnu::cold]] ValueId fail(std::size_t offset, std::string message) {
        if (!failed_) {
            failed_ = true;
            error_offset_ = offset;
            message_ = std::move(message);
        }
        return no_value;
    }
    [[gnu::cold]] ValueId cut_short(std::string_view what) {
        return fail(start_, fmt::format("the marshal data ends inside {}", what));
    }

    /// An object that must not be NULL.
    ValueId required(std::string_view where) {
        const std::size_t offset = in_.offset();
        const ValueId id = object();
        if (id == null_object) return fail(offset, fmt::format("NULL (type '0') stands {}", where));
        return id;
    }

    ValueId object() {
        start_ = in_.offset();
        if (in_.remaining() == 0) return fail(start_, "the marshal data ends where an object should start");
        if (depth_ == max_marshal_depth)
            return fail(start_, fmt::format("objects are nested deeper than {} levels", max_marshal_depth));
        ++depth_;
        const std::uint8_t byte = in_.u8();
        const ValueId id = dispatch(byte, byte & 0x7F);
        --depth_;
        return id;
    }

    ValueId dispatch(std::uint8_t byte, std::uint8_t type) {
        if (byte != type && !features_.references) return unknown_type(byte);
        switch (type) {
        case type_code::null: null_flagged_ = byte != type; return null_object;
        case type_code::none: return singleton(ValueKind::None, byte);
        case type_code::true_: return singleton(ValueKind::True, byte);
        case type_code::false_: return singleton(ValueKind::False, byte);
        case type_code::ellipsis: return singleton(ValueKind::Ellipsis, byte);
        case type_code::stop_iteration: return singleton(ValueKind::StopIteration, byte);
        case type_code::int32: return number32(byte);
        case type_code::int64: return number64(byte);
        case type_code::long_: return long_number(byte);
        case type_code::decimal_float: return decimal_float(byte);
        case type_code::binary_float: return binary_float(byte);
        case type_code::decimal_complex: return decimal_complex(byte);
        case type_code::binary_complex: return binary_complex(byte);
        case type_code::string: return text(ValueKind::Bytes, byte, counted("a byte string"), 0);
        case type_code::interned: return interned(byte);
        case type_code::unicode: return unicode(byte, counted("a string"), 0);
        case type_code::tuple: return sequence(ValueKind::Tuple, byte, count("a tuple"));
        case type_code::list: return sequence(ValueKind::List, byte, count("a list"));
        case type_code::dict: return dict(ValueKind::Dict, byte);
        case type_code::set: return sequence(ValueKind::Set, byte, count("a set"));
        case type_code::frozenset: return sequence(ValueKind::FrozenSet, byte, count("a frozenset"));
        case type_code::code: return code(byte);
        default: return dispatch_newer(byte, type);
        }
    }

    /// Types that not every target has.
    ValueId dispatch_newer(std::uint8_t byte, std::uint8_t type) {
        if (type == type_code::reference && features_.references) return reference(byte);
        if (type == type_code::interned_reference && features_.interned_table) return reference(byte);
        if (features_.short_forms) {
            switch (type) {
            case type_code::ascii: return latin1(byte, counted("a string"), 0);
            case type_code::ascii_interned: return latin1(byte, counted("a string"), Value::interned);
            case type_code::short_ascii: return latin1(byte, short_counted(), 0);
            case type_code::short_ascii_interned: return latin1(byte, short_counted(), Value::interned);
            case type_code::small_tuple: return small_tuple(byte);
            default: break;
            }
        }
        if (type == type_code::slice && features_.slices) return sequence(ValueKind::Slice, byte, 3);
        if (type == type_code::frozendict && features_.frozendicts) return dict(ValueKind::FrozenDict, byte);
        return unknown_type(byte);
    }

    [[gnu::cold]] ValueId unknown_type(std::uint8_t byte) {
        return fail(start_, fmt::format("byte 0x{:02x} is no type of marshal in this version", byte));
    }

    // References.

    void enter(std::uint8_t byte, ValueId id) {
        if (byte & type_code::flag_ref) references_.push_back(id);
    }
    std::size_t reserve(std::uint8_t byte) {
        enter(byte, no_value);
        return references_.size() - 1;
    }
    void settle(std::uint8_t byte, std::size_t slot, ValueId id) {
        if (byte & type_code::flag_ref) references_[slot] = id;
    }

    ValueId reference(std::uint8_t byte) {
        const std::int32_t index = in_.i32();
        if (in_.failed()) return cut_short("a reference");
        if (index < 0 || static_cast<std::size_t>(index) >= references_.size())
            return fail(start_, fmt::format("reference to object {} where {} are known", index, references_.size()));
        const ValueId id = references_[static_cast<std::size_t>(index)];
        if (id == no_value) return fail(start_, fmt::format("object {} refers to itself from inside", index));
        if (byte & type_code::flag_ref) hints_.flagged_references.push_back(reference_count_);
        ++reference_count_;
        return id;
    }

    // Atoms.

    ValueId add(Value value, std::uint8_t byte) {
        value.type_byte = byte;
        const ValueId id = pool_.add(value);
        enter(byte, id);
        return id;
    }

    ValueId singleton(ValueKind kind, std::uint8_t byte) {
        if (!(byte & type_code::flag_ref)) return ValuePool::singleton(kind);
        // The flag means nothing here and takes no index; it is kept so that the file can be written back.
        Value value;
        value.kind = kind;
        value.type_byte = byte;
        return pool_.add(value);
    }

    ValueId number32(std::uint8_t byte) {
        Value value;
        value.kind = ValueKind::Int;
        value.integer = in_.i32();
        return in_.failed() ? cut_short("an int") : add(value, byte);
    }

    ValueId number64(std::uint8_t byte) {
        Value value;
        value.kind = ValueKind::Int;
        value.integer = static_cast<std::int64_t>(in_.u64());
        return in_.failed() ? cut_short("a 64-bit int") : add(value, byte);
    }

    ValueId long_number(std::uint8_t byte) {
        const std::int64_t signed_count = in_.i32();
        const std::uint64_t count = static_cast<std::uint64_t>(signed_count < 0 ? -signed_count : signed_count);
        const Bytes bytes = in_.take(count * 2);
        if (in_.failed()) return cut_short("a long int");
        const std::span<std::uint16_t> digits = pool_.arena().array<std::uint16_t>(count);
        if (count) std::memcpy(digits.data(), bytes.data(), bytes.size());
        for (std::uint16_t digit : digits)
            if (digit >= 0x8000) return fail(start_, "a long int has a digit above 15 bits");
        if (count && digits.back() == 0) return fail(start_, "a long int is not normalised: its top digit is 0");
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

    ValueId binary_float(std::uint8_t byte) {
        Value value;
        value.kind = ValueKind::Float;
        value.real = std::bit_cast<double>(in_.u64());
        return in_.failed() ? cut_short("a float") : add(value, byte);
    }

    ValueId binary_complex(std::uint8_t byte) {
        const std::uint64_t real = in_.u64();
        const std::uint64_t imaginary = in_.u64();
        if (in_.failed()) return cut_short("a complex number");
        return complex(byte, std::bit_cast<double>(real), std::bit_cast<double>(imaginary));
    }

    ValueId complex(std::uint8_t byte, double real, double imaginary) {
        const std::span<double> parts = pool_.arena().array<double>(2);
        parts[0] = real;
        parts[1] = imaginary;
        Value value;
        value.kind = ValueKind::Complex;
        value.parts = parts.data();
        return add(value, byte);
    }

    /// A number as text behind its length in one byte.
    std::optional<double> decimal(std::string_view what) {
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

    ValueId decimal_float(std::uint8_t byte) {
        const std::size_t begin = in_.offset();
        const std::optional<double> number = decimal("a float in decimal");
        if (!number) return no_value;
        Value value;
        value.kind = ValueKind::Float;
        value.real = *number;
        return keep_decimal(add(value, byte), begin);
    }

    ValueId decimal_complex(std::uint8_t byte) {
        const std::size_t begin = in_.offset();
        const std::optional<double> real = decimal("a complex number in decimal");
        if (!real) return no_value;
        const std::optional<double> imaginary = decimal("a complex number in decimal");
        if (!imaginary) return no_value;
        return keep_decimal(complex(byte, *real, *imaginary), begin);
    }

    /// Remembers the bytes from `begin` to here, lengths included, as the spelling of a number.
    ValueId keep_decimal(ValueId id, std::size_t begin) {
        hints_.decimal_texts.emplace_back(id, support::as_text(bytes_.subspan(begin, in_.offset() - begin)));
        return id;
    }

    // Strings.

    Bytes counted(std::string_view what) {
        const std::int32_t size = in_.i32();
        if (!in_.failed() && size < 0) {
            fail(start_, fmt::format("{} has the negative size {}", what, size));
            return {};
        }
        const Bytes bytes = in_.take(static_cast<std::uint32_t>(size));
        if (in_.failed()) cut_short(what);
        return bytes;
    }

    Bytes short_counted() {
        const Bytes bytes = in_.take(in_.u8());
        if (in_.failed()) cut_short("a string");
        return bytes;
    }

    ValueId text(ValueKind kind, std::uint8_t byte, Bytes bytes, std::uint8_t flags) {
        if (failed_) return no_value;
        Value value;
        value.kind = kind;
        value.flags = flags;
        value.size = static_cast<std::uint32_t>(bytes.size());
        value.text = reinterpret_cast<const char*>(bytes.data());
        return add(value, byte);
    }

    ValueId unicode(std::uint8_t byte, Bytes bytes, std::uint8_t flags) {
        if (!failed_ && has_high_byte(bytes))
            if (const auto bad = support::find_invalid_utf8_surrogatepass(support::as_text(bytes)))
                return fail(in_.offset() - bytes.size() + *bad, "a string is not valid UTF-8");
        return text(ValueKind::Str, byte, bytes, flags);
    }

    ValueId interned(std::uint8_t byte) {
        const Bytes bytes = counted("an interned string");
        if (!features_.interned_table) return unicode(byte, bytes, Value::interned);
        const ValueId id = text(ValueKind::Bytes, byte, bytes, Value::interned);
        references_.push_back(id);
        return id;
    }

    /// What is called ASCII; bytes above 0x7f are not refused but taken as Latin-1.
    ValueId latin1(std::uint8_t byte, Bytes bytes, std::uint8_t flags) {
        if (failed_ || !has_high_byte(bytes)) return text(ValueKind::Str, byte, bytes, flags);
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

    // Containers.

    /// A count of objects, each of which needs a byte at least.
    std::int64_t count(std::string_view what) {
        const std::int32_t count = in_.i32();
        if (in_.failed()) return cut_short(what), -1;
        if (count < 0) return fail(start_, fmt::format("{} has the negative size {}", what, count)), -1;
        return count;
    }

    ValueId small_tuple(std::uint8_t byte) {
        const std::uint8_t count = in_.u8();
        return in_.failed() ? cut_short("a tuple") : sequence(ValueKind::Tuple, byte, count);
    }

    /// Whether the members of a value of this kind are hashed while it is read.
    static constexpr bool hashes_members(ValueKind kind) {
        return kind == ValueKind::Set || kind == ValueKind::FrozenSet;
    }
    /// Whether references from inside a value of this kind to itself are possible.
    static constexpr bool entered_first(ValueKind kind) {
        return kind == ValueKind::Tuple || kind == ValueKind::List || kind == ValueKind::Dict ||
               kind == ValueKind::Set;
    }

    ValueId sequence(ValueKind kind, std::uint8_t byte, std::int64_t count) {
        if (failed_) return no_value;
        const std::size_t size = static_cast<std::size_t>(count);
        // `owed_` counts the members that open containers still wait for, so that nested claims cannot add up to
        // more memory than the input has bytes.
        if (size > in_.remaining() || owed_ > in_.remaining() - size)
            return fail(start_, fmt::format("{} objects are announced where {} bytes remain", count, in_.remaining()));
        const ValueId id = pool_.add_container(kind, static_cast<std::uint32_t>(size));
        pool_[id].type_byte = byte;
        pool_[id].marks = Value::unhashable; // as long as it is open
        const bool early = entered_first(kind);
        const std::size_t slot = reserve(byte);
        if (early) settle(byte, slot, id);
        owed_ += size;
        std::uint8_t marks = 0;
        for (std::size_t i = 0; i < size; ++i) {
            --owed_;
            const std::size_t offset = in_.offset();
            const ValueId member = required("in a container");
            if (failed_) return no_value;
            const std::uint8_t member_marks = pool_[member].marks;
            if (hashes_members(kind) && (member_marks & Value::unhashable))
                return fail(offset, "an unhashable object is a member of a set");
            marks |= member_marks;
            pool_.children(id)[i] = member;
        }
        if (kind != ValueKind::List && kind != ValueKind::Set) pool_[id].marks = marks & Value::unhashable;
        if (!early) settle(byte, slot, id);
        return id;
    }

    ValueId dict(ValueKind kind, std::uint8_t byte) {
        const ValueId id = pool_.add_container(kind, std::uint32_t{0});
        pool_[id].type_byte = byte;
        pool_[id].marks = Value::unhashable;
        const bool early = entered_first(kind);
        const std::size_t slot = reserve(byte);
        if (early) settle(byte, slot, id);
        const std::size_t first = scratch_.size();
        std::uint8_t marks = 0, drops_keys = 0;
        for (;;) {
            const std::size_t offset = in_.offset();
            const ValueId key = object();
            if (key == null_object) break;
            if (failed_) return no_value;
            const ValueId value = object();
            if (failed_) return no_value;
            if (value == null_object) {
                const std::size_t pairs = (scratch_.size() - first) / 2;
                hints_.dropped_keys.push_back({id, static_cast<std::uint32_t>(pairs), key});
                drops_keys = Value::drops_keys;
                // This ends the dict in 3.x; 2.7, which has no references either, goes on.
                if (features_.references) break;
                continue;
            }
            if (pool_[key].marks & Value::unhashable) return fail(offset, "an unhashable object is a key of a dict");
            scratch_.push_back(key);
            marks |= pool_[value].marks;
            scratch_.push_back(value);
        }
        const std::uint8_t end = null_flagged_ ? Value::flagged_end : std::uint8_t{0};
        pool_.set_children(id, std::span(scratch_).subspan(first));
        scratch_.resize(first);
        const bool hashable = kind == ValueKind::FrozenDict && !(marks & Value::unhashable);
        pool_[id].marks = static_cast<std::uint8_t>((hashable ? 0 : Value::unhashable) | end | drops_keys);
        if (!early) settle(byte, slot, id);
        return id;
    }

    // Code.

    ValueId code(std::uint8_t byte) {
        const std::size_t start = start_;
        const std::size_t slot = reserve(byte);
        CodeObject code;
        const auto number = [this](std::int32_t& field) {
            field = in_.i32();
            if (in_.failed()) cut_short("a code object");
            return !failed_;
        };
        const auto object = [this](ValueId& field, FieldKind kind, std::string_view name) {
            field = required("in a code object");
            return !failed_ && check_field(field, kind, name);
        };
        if (!visit_code_fields(layout_, code, number, object)) return no_value;
        if (layout_.localsplus && pool_[code.localsplusnames].size != pool_[code.localspluskinds].size)
            return fail(start, fmt::format("a code object has {} localsplusnames and {} localspluskinds",
                                           pool_[code.localsplusnames].size, pool_[code.localspluskinds].size));
        const ValueId id = pool_.add_code(code);
        pool_[id].type_byte = byte;
        pool_[id].marks = pool_[code.consts].marks & Value::unhashable; // its hash takes in the constants
        settle(byte, slot, id);
        return id;
    }

    /// The code constructor's checks of types (PyCode_New; _PyCode_Validate from 3.11), which all versions make at
    /// load: the rest of this program relies on them.
    bool check_field(ValueId id, FieldKind field, std::string_view name) {
        const ValueKind kind = pool_[id].kind;
        switch (field) {
        case FieldKind::Bytes: return kind == ValueKind::Bytes || wrong_field(name, "a byte string");
        case FieldKind::Text: return kind == native_text_ || wrong_field(name, "a string");
        case FieldKind::Constants: return kind == ValueKind::Tuple || wrong_field(name, "a tuple");
        case FieldKind::Names: break;
        }
        if (kind != ValueKind::Tuple) return wrong_field(name, "a tuple");
        for (ValueId member : pool_.children(id))
            if (member == no_value || pool_[member].kind != native_text_)
                return wrong_field(name, "a tuple of strings");
        return true;
    }

    [[gnu::cold]] bool wrong_field(std::string_view name, std::string_view expected) {
        fail(start_, fmt::format("field {} of a code object is not {}", name, expected));
        return false;
    }

    const Bytes bytes_;
    support::ByteReader in_;
    const isa::MarshalFeatures features_;
    const isa::CodeLayout layout_;
    const ValueKind native_text_;
    ValuePool& pool_;
    std::vector<ValueId> references_; // FLAG_REF's table, or 2.7's of interned strings
    std::vector<ValueId> scratch_;    // members of the dicts that are open
    EncodingHints hints_;
    std::uint32_t reference_count_ = 0;
    int depth_ = 0;
    std::size_t owed_ = 0;
    std::size_t start_ = 0;     // offset of the object read last
    bool null_flagged_ = false; // of the NULL read last
    bool failed_ = false;
    std::size_t error_offset_ = 0;
    std::string message_;
};

} // namespace

support::Result<Unmarshalled> read_marshal(Bytes bytes, const isa::Target& target, ValuePool& pool) {
    if (bytes.size() > 0xFFFF'FF00u || pool.size() > 0xFFFF'FF00u - bytes.size())
        return Error{"the marshal data is larger than 4 GiB"};
    return Reader(bytes, target, pool).run();
}

} // namespace pyasm::objects
