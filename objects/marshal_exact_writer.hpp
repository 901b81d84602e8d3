#pragma once

#include "objects/code_fields.hpp"
#include "objects/marshal.hpp"
#include "objects/marshal_codes.hpp"
#include "objects/marshal_writer.hpp"

#include <algorithm>
#include <vector>

namespace pyasm::objects {

/// Follows what an `ExactWriter` writes and learns nothing from it.
struct NoObserver {
    /// The next object is a reference to what has this index; `type` is its type byte with FLAG_REF.
    void reference(ValueId, std::uint8_t, std::uint32_t) {}
    /// The next object has this type byte with FLAG_REF. `index`: its own in the reader's table, or none.
    void object(ValueId, std::uint8_t, std::uint32_t) {}
    /// What follows the type byte of a number in decimal.
    void decimal(std::string_view) {}
    /// Members follow, and are over.
    void enter(ValueId) {}
    void leave() {}
    /// The NULL that ends a dict.
    void end(ValueId, bool) {}
    /// A key that readers drop, from here to `dropped`, which gets its bytes and how many indices it took.
    void drop() {}
    void dropped(support::Bytes, std::uint32_t) {}
};

/// Writes marshal as the hints say.
template <class Observer> class ExactWriter : MarshalWriter {
  public:
    static constexpr std::uint32_t none = 0xFFFF'FFFF; ///< no index

    ExactWriter(const ValuePool& pool, const EncodingHints& hints, const isa::Target& target,
                support::ByteWriter& out, Observer& observer)
        : MarshalWriter(pool, target, out), hints_(hints), layout_(target.code), observer_(observer),
          references_(target.marshal.references), interned_table_(target.marshal.interned_table),
          indices_(pool.size(), none) {}

    support::Result<void> run(ValueId top) { return result(object(top)); }

  private:
    bool object(ValueId id) {
        if (static_cast<std::size_t>(id) >= indices_.size()) return fail("an object is missing");
        if (depth_ == max_marshal_depth) return too_deep();
        if (const std::uint32_t index = indices_[static_cast<std::size_t>(id)]; index != none)
            return reference(id, index), true;
        ++depth_;
        const bool done = value(id, pool_[id]);
        --depth_;
        return done;
    }

    void reference(ValueId id, std::uint32_t index) {
        std::uint8_t type = interned_table_ ? type_code::interned_reference : type_code::reference;
        if (next_flagged_ < hints_.flagged_references.size() &&
            hints_.flagged_references[next_flagged_] == reference_count_) {
            type |= type_code::flag_ref;
            ++next_flagged_;
        }
        ++reference_count_;
        observer_.reference(id, type, index);
        out_.u8(type);
        out_.u32(index);
    }

    bool value(ValueId id, const Value& value) {
        if (std::uint8_t type = singleton_type(value.kind)) {
            if (references_ && value.type_byte) type = value.type_byte;
            observer_.object(id, type, none);
            out_.u8(type);
            return true;
        }
        if (!is_marshallable(value, target_)) return refuse(value);
        const std::uint8_t type = value.type_byte & 0x7F;
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
        std::uint32_t& index = indices_[static_cast<std::size_t>(id)];
        if (flag || (interned_table_ && type == type_code::interned)) index = next_index_++;
        if (flag) type |= type_code::flag_ref;
        observer_.object(id, type, index);
        out_.u8(type);
    }

    bool body(ValueId id, const Value& value, std::uint8_t type) {
        if (value.kind == ValueKind::Code) return code(id);
        if (type == type_code::decimal_float || type == type_code::decimal_complex) return decimal(id);
        write_payload(value, type, out_);
        if (!is_container(value.kind)) return true;
        observer_.enter(id);
        if (value.kind == ValueKind::Dict || value.kind == ValueKind::FrozenDict) {
            if (!dict(id, value)) return false;
        } else {
            for (ValueId child : pool_.children(id))
                if (!object(child)) return false;
        }
        observer_.leave();
        return true;
    }

    bool dict(ValueId id, const Value& value) {
        const auto children = pool_.children(id);
        if (value.marks & Value::drops_keys) return dict_with_dropped_keys(id, value);
        for (ValueId child : children)
            if (!object(child)) return false;
        end(id, value);
        return true;
    }

    [[gnu::noinline]] bool dict_with_dropped_keys(ValueId id, const Value& value) {
        const auto children = pool_.children(id);
        auto next = std::ranges::lower_bound(hints_.dropped_keys, id, {}, &EncodingHints::DroppedKey::dict);
        const auto dropped_here = [&] { return next != hints_.dropped_keys.end() && next->dict == id; };
        for (std::size_t pair = 0; pair <= children.size() / 2; ++pair) {
            for (; dropped_here() && next->pairs == pair; ++next) {
                if (!dropped_key(next->key)) return false;
                // A NULL for the value, which in 3.x is the end.
                if (references_) return end(id, value), true;
                out_.u8(type_code::null);
            }
            if (pair < children.size() / 2 &&
                (!object(children[2 * pair]) || !object(children[2 * pair + 1])))
                return false;
        }
        end(id, value);
        return true;
    }

    bool dropped_key(ValueId key) {
        const std::size_t begin = out_.size();
        const std::uint32_t index = next_index_;
        observer_.drop();
        if (!object(key)) return false;
        observer_.dropped(out_.view().subspan(begin), next_index_ - index);
        return true;
    }

    void end(ValueId id, const Value& value) {
        const bool flag = references_ && (value.marks & Value::flagged_end);
        observer_.end(id, flag);
        out_.u8(flag ? type_code::null | type_code::flag_ref : type_code::null);
    }

    bool decimal(ValueId id) {
        const auto& texts = hints_.decimal_texts;
        const auto at = std::ranges::lower_bound(texts, id, {}, &EncodingHints::DecimalText::number);
        if (at == texts.end() || at->number != id) return fail("the text of a number in decimal is missing");
        const std::string_view text(at->text, at->size);
        observer_.decimal(text);
        out_.bytes(text);
        return true;
    }

    bool code(ValueId id) {
        observer_.enter(id);
        const auto number = [this](std::int32_t field) {
            out_.i32(field);
            return true;
        };
        const auto field = [this](ValueId member, FieldKind, std::string_view name) {
            if (member == no_value) return missing_field(name);
            return object(member);
        };
        if (!visit_code_fields(layout_, pool_.code(id), number, field)) return false;
        observer_.leave();
        return true;
    }

    const EncodingHints& hints_;
    const isa::CodeLayout layout_;
    Observer& observer_;
    const bool references_;
    const bool interned_table_;
    std::vector<std::uint32_t> indices_; // by value: its index in the reader's table once it is written
    std::uint32_t next_index_ = 0;
    std::uint32_t reference_count_ = 0;
    std::size_t next_flagged_ = 0;
};

} // namespace pyasm::objects
