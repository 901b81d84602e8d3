// Writes marshal canonically.

#include "objects/classes.hpp"
#include "objects/code_fields.hpp"
#include "objects/marshal.hpp"
#include "objects/marshal_codes.hpp"
#include "objects/marshal_writer.hpp"

namespace pyasm::objects {

namespace {

class CanonicalWriter : MarshalWriter {
  public:
    CanonicalWriter(const ValuePool& pool, ValueId top, const isa::Target& target, support::ByteWriter& out)
        : MarshalWriter(pool, target, out), layout_(target.code), classes_(pool, top, target),
          meetings_(classes_.size(), 0), indices_(classes_.size(), unmet) {}

    support::Result<void> run(ValueId top) {
        if (!classes_.complete()) return support::Error{"an object is missing"};
        if (target_.marshal.references) meetings_ = count_meetings(pool_, top, target_, classes_);
        return result(object(top));
    }

  private:
    static constexpr std::uint32_t unmet = 0xFFFF'FFFF;
    static constexpr std::uint8_t open_meeting = 3; // in `meetings_`: being written

    bool object(ValueId id) {
        if (depth_ == max_marshal_depth) return too_deep();
        const Value value = normalised(pool_[id], target_);
        if (const std::uint8_t type = singleton_type(value.kind)) {
            out_.u8(type);
            return true;
        }
        const std::uint32_t number = classes_[id];
        if (const std::uint32_t index = indices_[number]; index != unmet) {
            if (meetings_[number] == open_meeting)
                return fail("an object contains itself in a way that no reader takes");
            out_.u8(target_.marshal.references ? type_code::reference : type_code::interned_reference);
            out_.u32(index);
            return true;
        }
        // A reader enters these in its table only when they are complete.
        const bool late = value.kind == ValueKind::FrozenSet || value.kind == ValueKind::Slice ||
                          value.kind == ValueKind::FrozenDict || value.kind == ValueKind::Code;
        ++depth_;
        const bool done = first_meeting(id, value, number, late);
        --depth_;
        if (late) meetings_[number] = 2;
        return done;
    }

    bool first_meeting(ValueId id, const Value& value, std::uint32_t number, bool late) {
        if (!is_marshallable(value, target_)) return refuse(value);
        if (is_too_large()) return too_large();
        const std::uint8_t type = smallest_type(value, target_, is_interned(value, number));
        const bool flag = target_.marshal.references && meetings_[number] > 1;
        if (flag || (target_.marshal.interned_table && type == type_code::interned))
            indices_[number] = next_index_++;
        out_.u8(flag ? type | type_code::flag_ref : type);
        if (late) meetings_[number] = open_meeting;
        if (value.kind == ValueKind::Code) return code(pool_.code(id));
        write_payload(value, type, out_);
        if (!is_container(value.kind)) return true;
        for (ValueId child : pool_.children(id))
            if (!object(child)) return false;
        if (value.kind == ValueKind::Dict || value.kind == ValueKind::FrozenDict) out_.u8(type_code::null);
        return true;
    }

    bool is_interned(const Value& value, std::uint32_t number) const {
        if (value.kind != ValueKind::Str && value.kind != ValueKind::Bytes) return false;
        return classes_.is_name(number) || has_name_characters({value.text, value.size});
    }

    bool code(const CodeObject& code) {
        const auto number = [this](std::int32_t field) {
            out_.i32(field);
            return true;
        };
        return visit_code_fields(layout_, code, number, [this](ValueId field, FieldKind, std::string_view) {
            return object(field);
        });
    }

    const isa::CodeLayout layout_;
    const ValueClasses classes_;
    std::vector<std::uint8_t> meetings_; // by class
    std::vector<std::uint32_t> indices_; // by class: its index in the reader's table once it is written
    std::uint32_t next_index_ = 0;
};

} // namespace

std::size_t most_bytes(const ValuePool& pool) {
    constexpr std::size_t head = 5;                     // type and size, or a reference
    constexpr std::size_t code = 1 + 7 * 4 + 13 * head; // its counts and fields
    std::size_t bytes = pool.code_count() * code;
    for (std::uint32_t i = 0; i < pool.size(); ++i) {
        const Value& value = pool[ValueId{i}];
        bytes += head + (is_container(value.kind) ? value.size * head : value.size * std::size_t{2});
    }
    return bytes;
}

support::Result<void> write_marshal(const ValuePool& pool, ValueId top, const isa::Target& target,
                                    support::ByteWriter& out) {
    return CanonicalWriter(pool, top, target, out).run(top);
}

} // namespace pyasm::objects
