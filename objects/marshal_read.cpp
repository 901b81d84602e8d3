// The reader of marshal: dispatch, references, containers and code objects.

#include "objects/code_object.hpp"
#include "objects/marshal_codes.hpp"
#include "objects/marshal_reader.hpp"

#include <algorithm>

namespace pyasm::objects {

using support::Bytes;

MarshalReader::MarshalReader(Bytes bytes, const isa::Target& target, ValuePool& pool)
    : bytes_(bytes), in_(bytes), features_(target.marshal), layout_(target.code),
      native_text_(target.literals == isa::LiteralDialect::Python2 ? ValueKind::Bytes : ValueKind::Str),
      pool_(pool) {
    flagged_singletons_.fill(no_value);
}

support::Result<Unmarshalled> MarshalReader::run() {
    // Compiled code has a value for about every nine bytes; a bound of the input's size keeps this safe.
    pool_.reserve(in_.remaining() / 9, in_.remaining() / 12);
    const ValueId top = required("at the top");
    if (failed_) return support::Error{std::move(message_), error_offset_};
    std::ranges::stable_sort(hints_.dropped_keys, {}, &EncodingHints::DroppedKey::dict);
    return Unmarshalled{top, in_.offset(), std::move(hints_)};
}

ValueId MarshalReader::required(const char* where) {
    const std::size_t offset = in_.offset();
    const ValueId id = object();
    return id == null_object ? null_stands(offset, where) : id;
}

ValueId MarshalReader::object() {
    start_ = in_.offset();
    if (in_.remaining() == 0) return fail_here("the marshal data ends where an object should start");
    if (depth_ == max_marshal_depth) return too_deep();
    ++depth_;
    const std::uint8_t byte = in_.u8();
    const ValueId id = dispatch(byte, byte & 0x7F);
    --depth_;
    return id;
}

ValueId MarshalReader::dispatch(std::uint8_t byte, std::uint8_t type) {
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
    case type_code::string: return byte_string(byte);
    case type_code::interned: return interned(byte);
    case type_code::unicode: return unicode(byte, 0);
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
ValueId MarshalReader::dispatch_newer(std::uint8_t byte, std::uint8_t type) {
    if (type == type_code::reference && features_.references) return reference(byte);
    if (type == type_code::interned_reference && features_.interned_table) return reference(byte);
    if (features_.short_forms) {
        switch (type) {
        case type_code::ascii: return ascii(byte, 0);
        case type_code::ascii_interned: return ascii(byte, Value::interned);
        case type_code::short_ascii: return short_ascii(byte, 0);
        case type_code::short_ascii_interned: return short_ascii(byte, Value::interned);
        case type_code::small_tuple: return small_tuple(byte);
        default: break;
        }
    }
    if (type == type_code::slice && features_.slices) return sequence(ValueKind::Slice, byte, 3);
    if (type == type_code::frozendict && features_.frozendicts) return dict(ValueKind::FrozenDict, byte);
    return unknown_type(byte);
}

std::size_t MarshalReader::reserve(std::uint8_t byte) {
    enter(byte, no_value);
    return references_.size() - 1;
}

void MarshalReader::settle(std::uint8_t byte, std::size_t slot, ValueId id) {
    if (byte & type_code::flag_ref) references_[slot] = id;
}

ValueId MarshalReader::reference(std::uint8_t byte) {
    const std::int32_t index = in_.i32();
    if (in_.failed()) return cut_short("a reference");
    if (index < 0 || static_cast<std::size_t>(index) >= references_.size()) return unknown_reference(index);
    const ValueId id = references_[static_cast<std::size_t>(index)];
    if (id == no_value) return open_reference(index);
    if (pool_[id].marks & Value::open) pool_[id].marks |= Value::recursive;
    if (byte & type_code::flag_ref) hints_.flagged_references.push_back(reference_count_);
    ++reference_count_;
    return id;
}

/// A count of objects, each of which needs a byte at least.
std::int64_t MarshalReader::count(const char* what) {
    const std::int32_t count = in_.i32();
    if (in_.failed()) return cut_short(what), -1;
    if (count < 0) return negative_size(what, count), -1;
    return count;
}

ValueId MarshalReader::small_tuple(std::uint8_t byte) {
    const std::uint8_t count = in_.u8();
    return in_.failed() ? cut_short("a tuple") : sequence(ValueKind::Tuple, byte, count);
}

namespace {

/// Whether the members of a value of this kind are hashed while it is read.
constexpr bool hashes_members(ValueKind kind) {
    return kind == ValueKind::Set || kind == ValueKind::FrozenSet;
}

/// Whether references from inside a value of this kind to itself are possible.
constexpr bool entered_first(ValueKind kind) {
    return kind == ValueKind::Tuple || kind == ValueKind::List || kind == ValueKind::Dict ||
           kind == ValueKind::Set;
}

} // namespace

ValueId MarshalReader::sequence(ValueKind kind, std::uint8_t byte, std::int64_t count) {
    if (failed_) return no_value;
    const std::size_t size = static_cast<std::size_t>(count);
    // With what open containers still wait for, so that nested claims cannot add up to more memory than the
    // input has bytes.
    if (size > in_.remaining() || owed_ > in_.remaining() - size) return too_many(size);
    const ValueId id = pool_.add_container(kind, static_cast<std::uint32_t>(size));
    pool_[id].type_byte = byte;
    pool_[id].marks = Value::unhashable | Value::open;
    const bool early = entered_first(kind);
    const std::size_t slot = reserve(byte);
    if (early) settle(byte, slot, id);
    owed_ += size;
    std::uint8_t marks = 0;
    for (std::size_t i = 0; i < size; ++i) {
        --owed_;
        const std::size_t offset = in_.offset();
        const ValueId member = required(kind == ValueKind::Slice ? "in a slice" : "in a container");
        if (failed_) return no_value;
        const std::uint8_t member_marks = pool_[member].marks;
        if (hashes_members(kind) && (member_marks & Value::unhashable))
            return unhashable(offset, "member of a set");
        marks |= member_marks;
        pool_.children(id)[i] = member;
    }
    if (kind == ValueKind::List || kind == ValueKind::Set) marks = Value::unhashable;
    close(id, marks & Value::unhashable);
    if (!early) settle(byte, slot, id);
    return id;
}

ValueId MarshalReader::dict(ValueKind kind, std::uint8_t byte) {
    const ValueId id = pool_.add_container(kind, std::uint32_t{0});
    pool_[id].type_byte = byte;
    pool_[id].marks = Value::unhashable | Value::open;
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
        if (pool_[key].marks & Value::unhashable) return unhashable(offset, "key of a dict");
        scratch_.push_back(key);
        marks |= pool_[value].marks;
        scratch_.push_back(value);
    }
    const std::uint8_t end = null_flagged_ ? Value::flagged_end : std::uint8_t{0};
    pool_.set_children(id, std::span(scratch_).subspan(first));
    scratch_.resize(first);
    const bool hashable = kind == ValueKind::FrozenDict && !(marks & Value::unhashable);
    close(id, (hashable ? 0 : Value::unhashable) | end | drops_keys);
    if (!early) settle(byte, slot, id);
    return id;
}

ValueId MarshalReader::code(std::uint8_t byte) {
    const std::size_t start = start_;
    const std::size_t slot = reserve(byte);
    CodeObject code;
    const auto number = [this](std::int32_t& field) {
        field = in_.i32();
        if (in_.failed()) cut_short("a code object");
        return !failed_;
    };
    const auto object = [this](ValueId& field, FieldKind kind, const char* name) {
        field = required("in a code object");
        return !failed_ && check_field(field, kind, name);
    };
    if (!visit_code_fields(layout_, code, number, object)) return no_value;
    if (layout_.localsplus && pool_[code.localsplusnames].size != pool_[code.localspluskinds].size)
        return kinds_mismatch(start, code);
    const ValueId id = pool_.add_code(code);
    pool_[id].type_byte = byte;
    pool_[id].marks = pool_[code.consts].marks & Value::unhashable; // its hash takes in the constants
    settle(byte, slot, id);
    return id;
}

/// The code constructor's checks of types (PyCode_New; _PyCode_Validate from 3.11), which all versions make
/// at load: the rest of this program relies on them.
bool MarshalReader::check_field(ValueId id, FieldKind field, const char* name) {
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

support::Result<Unmarshalled> read_marshal(Bytes bytes, const isa::Target& target, ValuePool& pool) {
    if (bytes.size() > 0xFFFF'FF00u || pool.size() > 0xFFFF'FF00u - bytes.size())
        return support::Error{"the marshal data is larger than 4 GiB"};
    return MarshalReader(bytes, target, pool).run();
}

} // namespace pyasm::objects
