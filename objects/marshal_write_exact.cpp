// Writes marshal as the hints say.

#include "objects/code_fields.hpp"
#include "objects/marshal.hpp"
#include "objects/marshal_codes.hpp"
#include "objects/marshal_writer.hpp"

#include <algorithm>

namespace pyasm::objects {

namespace {

class ExactWriter : MarshalWriter {
  public:
    ExactWriter(const ValuePool& pool, const EncodingHints& hints, const isa::Target& target,
                support::ByteWriter& out)
        : MarshalWriter(pool, target, out), hints_(hints), layout_(target.code),
          references_(target.marshal.references), interned_table_(target.marshal.interned_table),
          indices_(pool.size(), unmet) {}

    support::Result<void> run(ValueId top) { return result(object(top)); }

  private:
    static constexpr std::uint32_t unmet = 0xFFFF'FFFF;

    bool object(ValueId id) {
        if (static_cast<std::size_t>(id) >= indices_.size()) return fail("an object is missing");
        if (depth_ == max_marshal_depth) return too_deep();
        if (const std::uint32_t index = indices_[static_cast<std::size_t>(id)]; index != unmet)
            return reference(index), true;
        ++depth_;
        const bool done = value(id, pool_[id]);
        --depth_;
        return done;
    }

    void reference(std::uint32_t index) {
        std::uint8_t type = interned_table_ ? type_code::interned_reference : type_code::reference;
        if (next_flagged_ < hints_.flagged_references.size() &&
            hints_.flagged_references[next_flagged_] == reference_count_) {
            type |= type_code::flag_ref;
            ++next_flagged_;
        }
        ++reference_count_;
        out_.u8(type);
        out_.u32(index);
    }

    bool value(ValueId id, const Value& value) {
        if (const std::uint8_t type = singleton_type(value.kind)) {
            out_.u8(references_ && value.type_byte ? value.type_byte : type);
            return true;
        }
        if (!is_marshallable(value, target_)) return refuse(value);
        std::uint8_t type = value.type_byte & 0x7F;
        if (type == 0 || !suits_type(value, type, target_)) return unhinted(id, value);
        start(id, type, (value.type_byte & type_code::flag_ref) != 0);
        return body(id, value, type);
    }

    /// A value that was not read from a file, or for another target.
    bool unhinted(ValueId id, const Value& value) {
        // Such values are not referred to, so that a small graph may stand for a huge tree.
        if (is_too_large()) return too_large();
        const Value normal = normalised(value, target_);
        const std::uint8_t type = smallest_type(normal, target_, (value.flags & Value::interned) != 0);
        start(id, type, (value.type_byte & type_code::flag_ref) != 0);
        return body(id, normal, type);
    }

    /// Writes the type byte and gives the object its index if others may refer to it.
    void start(ValueId id, std::uint8_t type, bool flag) {
        flag = flag && references_;
        if (flag || (interned_table_ && type == type_code::interned))
            indices_[static_cast<std::size_t>(id)] = next_index_++;
        out_.u8(flag ? type | type_code::flag_ref : type);
    }

    bool body(ValueId id, const Value& value, std::uint8_t type) {
        if (value.kind == ValueKind::Code) return code(pool_.code(id));
        if (type == type_code::decimal_float || type == type_code::decimal_complex) return decimal(id);
        write_payload(value, type, out_);
        if (!is_container(value.kind)) return true;
        if (value.kind == ValueKind::Dict || value.kind == ValueKind::FrozenDict) return dict(id, value);
        for (ValueId child : pool_.children(id))
            if (!object(child)) return false;
        return true;
    }

    bool dict(ValueId id, const Value& value) {
        const std::uint8_t end = references_ && (value.marks & Value::flagged_end)
                                     ? type_code::null | type_code::flag_ref
                                     : type_code::null;
        const auto children = pool_.children(id);
        if (!(value.marks & Value::drops_keys)) {
            for (ValueId child : children)
                if (!object(child)) return false;
            out_.u8(end);
            return true;
        }
        auto next = std::ranges::lower_bound(hints_.dropped_keys, id, {}, &EncodingHints::DroppedKey::dict);
        const auto dropped_here = [&] { return next != hints_.dropped_keys.end() && next->dict == id; };
        for (std::size_t pair = 0; pair <= children.size() / 2; ++pair) {
            for (; dropped_here() && next->pairs == pair; ++next) {
                if (!object(next->key)) return false;
                // A NULL for the value, which in 3.x is the end.
                out_.u8(references_ ? end : type_code::null);
                if (references_) return true;
            }
            if (pair < children.size() / 2 &&
                (!object(children[2 * pair]) || !object(children[2 * pair + 1])))
                return false;
        }
        out_.u8(end);
        return true;
    }

    bool decimal(ValueId id) {
        const auto& texts = hints_.decimal_texts;
        const auto at = std::ranges::lower_bound(texts, id, {}, &EncodingHints::DecimalText::number);
        if (at == texts.end() || at->number != id) return fail("the text of a number in decimal is missing");
        out_.bytes(std::string_view(at->text, at->size));
        return true;
    }

    bool code(const CodeObject& code) {
        const auto number = [this](std::int32_t field) {
            out_.i32(field);
            return true;
        };
        const auto field = [this](ValueId id, FieldKind, std::string_view name) {
            if (id == no_value) return missing_field(name);
            return object(id);
        };
        return visit_code_fields(layout_, code, number, field);
    }

    const EncodingHints& hints_;
    const isa::CodeLayout layout_;
    const bool references_;
    const bool interned_table_;
    std::vector<std::uint32_t> indices_; // by value: its index in the reader's table once it is written
    std::uint32_t next_index_ = 0;
    std::uint32_t reference_count_ = 0;
    std::size_t next_flagged_ = 0;
};

} // namespace

support::Result<void> write_marshal_exact(const ValuePool& pool, ValueId top, const EncodingHints& hints,
                                          const isa::Target& target, support::ByteWriter& out) {
    return ExactWriter(pool, hints, target, out).run(top);
}

} // namespace pyasm::objects
