// Writes marshal as a layout says.

#include "objects/code_fields.hpp"
#include "objects/layout_model.hpp"
#include "objects/layout_text.hpp"
#include "objects/marshal_codes.hpp"
#include "objects/marshal_layout.hpp"
#include "objects/marshal_writer.hpp"
#include "objects/same_file.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pyasm::objects {

namespace {

class LayoutWriter : MarshalWriter {
  public:
    LayoutWriter(const PycFile& file, std::string_view layout, support::ByteWriter& out)
        : MarshalWriter(file.pool, *file.target, out), model_(file.pool, file.top, *file.target),
          text_(layout), references_(target_.marshal.references),
          interned_table_(target_.marshal.interned_table), begin_(out.size()), limit_(limit(file.pool)) {}

    support::Result<void> run(ValueId top) {
        if (!model_.usable()) return support::Error{"an object is missing"};
        if (!object(top)) return result(false);
        if (!text_.done())
            return support::Error{fmt::format(
                "the layout says more from character {} on, where no object is left", text_.offset())};
        return {};
    }

  private:
    static constexpr std::uint32_t none = LayoutModel::none;

    /// What a layout may make of values: it can say that an object is written again wherever it stands, so
    /// that a few values could become a huge tree.
    static std::size_t limit(const ValuePool& pool) {
        std::size_t bytes = std::size_t{1} << 20;
        for (std::uint32_t i = 0; i < pool.size(); ++i) bytes += 16 + pool[ValueId{i}].size;
        return bytes > (std::size_t{1} << 24) ? std::size_t{1} << 30 : bytes * 64;
    }

    [[gnu::cold, gnu::noinline]] bool unclear() {
        return fail(fmt::format("character {} of the layout is not understood", text_.offset()));
    }
    [[gnu::cold, gnu::noinline]] bool misfit(std::string_view what) {
        return fail(fmt::format("up to character {}, the layout {}", text_.offset(), what));
    }

    bool object(ValueId id) {
        if (depth_ == max_marshal_depth) return too_deep();
        if (out_.size() - begin_ > limit_) return too_large();
        ++depth_;
        const bool done = choose(id);
        --depth_;
        return done;
    }

    bool choose(ValueId id) {
        const std::uint8_t guess = model_.guess(id);
        std::uint8_t what = 0;
        switch (const char mark = text_.next()) {
        case LayoutTextReader::guessed: what = guess; break;
        case LayoutTextReader::guessed_second: what = model_.second_guess(); break;
        case layout_mark::forms[0]:
        case layout_mark::forms[1]:
        case layout_mark::forms[2]:
        case layout_mark::forms[3]:
        case layout_mark::forms[4]:
            what = static_cast<std::uint8_t>(std::find(layout_mark::forms, layout_mark::forms + 4, mark) -
                                             layout_mark::forms);
            break;
        case layout_mark::reference_to:
        case layout_mark::flagged_reference: return explicit_reference(mark);
        case layout_mark::type:
        case layout_mark::flagged_type: return explicit_type(id, mark);
        default: return unclear();
        }
        return what == outcome::reference ? known_reference() : new_object(id, what);
    }

    bool known_reference() {
        if (model_.known_index() == none) return misfit("refers to an object that does not stand before");
        reference(model_.known_index(), false);
        model_.learn(outcome::reference, none);
        return true;
    }

    bool explicit_reference(char mark) {
        const auto index = text_.number();
        if (!index) return unclear();
        if (*index >= next_index_) return misfit("refers to an object that does not stand before");
        reference(*index, mark == layout_mark::flagged_reference && references_);
        model_.pass(none);
        return true;
    }

    void reference(std::uint32_t index, bool flagged) {
        const std::uint8_t type = interned_table_ ? type_code::interned_reference : type_code::reference;
        out_.u8(flagged ? type | type_code::flag_ref : type);
        out_.u32(index);
    }

    bool new_object(ValueId id, std::uint8_t what) {
        const Value value = normalised(pool_[id], target_);
        const bool flag = (what & outcome::flagged) != 0 && references_;
        if (const std::uint8_t type = singleton_type(value.kind)) {
            out_.u8(flag ? type | type_code::flag_ref : type);
            model_.learn(what, none);
            return true;
        }
        if (!is_marshallable(value, target_)) return refuse(value);
        const std::uint8_t type = smallest_type(value, target_, (what & outcome::interned) != 0);
        model_.learn(what, start(type, flag));
        return body(id, value, type);
    }

    bool explicit_type(ValueId id, char mark) {
        const auto type_character = text_.character();
        if (!type_character) return unclear();
        const std::uint8_t type = static_cast<std::uint8_t>(*type_character);
        Value value = normalised(pool_[id], target_);
        value.marks = 0;
        if (value.kind == ValueKind::Str && !support::is_ascii({value.text, value.size}))
            value.marks = Value::latin1; // if it is called ASCII
        if (singleton_type(value.kind) || !suits_type(value, type, target_))
            return misfit("gives an object a form that it cannot have");
        if (!is_marshallable(value, target_)) return refuse(value);
        const std::uint32_t index = start(type, mark == layout_mark::flagged_type && references_);
        model_.pass(index);
        if (type != type_code::decimal_float && type != type_code::decimal_complex)
            return body(id, value, type);
        const auto digits = text_.bytes();
        if (!digits) return unclear();
        out_.bytes(*digits);
        return true;
    }

    /// Writes the type byte; the object's index if others may refer to it, or none.
    std::uint32_t start(std::uint8_t type, bool flag) {
        out_.u8(flag ? type | type_code::flag_ref : type);
        return flag || (interned_table_ && type == type_code::interned) ? next_index_++ : none;
    }

    bool body(ValueId id, const Value& value, std::uint8_t type) {
        if (value.kind == ValueKind::Code) return code(id);
        write_payload(value, type, out_);
        if (!is_container(value.kind)) return true;
        model_.enter(id);
        if (value.kind == ValueKind::Dict || value.kind == ValueKind::FrozenDict) {
            if (!dict(id)) return false;
        } else {
            for (ValueId child : pool_.children(id))
                if (!object(child)) return false;
        }
        model_.leave();
        return true;
    }

    bool dict(ValueId id) {
        const auto children = pool_.children(id);
        for (std::size_t i = 0; i < children.size(); i += 2) {
            if (!dropped_keys(false)) return false;
            if (!object(children[i]) || !object(children[i + 1])) return false;
        }
        return dropped_keys(true) && end();
    }

    /// Keys that readers drop, here behind a pair of a dict or at its end.
    bool dropped_keys(bool at_end) {
        while (text_.at_dropped_key()) {
            // In 3.x the NULL in place of its value ends the dict.
            if (references_ && !at_end) return misfit("ends a dict before its last pair");
            (void)text_.next();
            const auto indices = text_.number();
            const auto bytes = indices ? text_.bytes() : std::nullopt;
            if (!bytes || *indices > bytes->size()) return unclear();
            out_.bytes(*bytes);
            next_index_ += *indices;
            if (references_) return true;
            out_.u8(type_code::null);
        }
        return true;
    }

    bool end() {
        const std::uint8_t guess = model_.guess_end();
        const char mark = text_.next();
        const bool as_expected = mark == LayoutTextReader::guessed;
        if (!as_expected && mark != LayoutTextReader::guessed_second && mark != layout_mark::forms[0] &&
            mark != layout_mark::forms[1])
            return mark == 0 ? unclear() : misfit("does not end a dict where it ends");
        std::uint8_t what = as_expected ? guess : model_.second_guess();
        if (mark == layout_mark::forms[0]) what = 0;
        if (mark == layout_mark::forms[1]) what = outcome::flagged;
        const bool flag = (what & outcome::flagged) != 0 && references_;
        out_.u8(flag ? type_code::null | type_code::flag_ref : type_code::null);
        model_.learn(what, none);
        return true;
    }

    bool code(ValueId id) {
        model_.enter(id);
        const auto number = [this](std::int32_t field) {
            out_.i32(field);
            return true;
        };
        const auto field = [this](ValueId member, FieldKind, std::string_view) { return object(member); };
        if (!visit_code_fields(target_.code, pool_.code(id), number, field)) return false;
        model_.leave();
        return true;
    }

    LayoutModel model_;
    LayoutTextReader text_;
    const bool references_;
    const bool interned_table_;
    const std::size_t begin_;
    const std::size_t limit_;
    std::uint32_t next_index_ = 0;
};

/// Reads back what was written.
support::Result<void> verify(const PycFile& file, support::Bytes written) {
    ValuePool pool;
    const auto read = read_marshal(written, *file.target, pool);
    if (!read) return support::Error{"what the layout gives cannot be read: " + read.error().message};
    if (read->size != written.size())
        return support::Error{"what the layout gives ends before the last object"};
    if (const auto found = difference(file.pool, file.top, pool, read->top, *file.target))
        return support::Error{
            fmt::format("the layout does not give the values: {}: {}", found->path, found->what)};
    return {};
}

} // namespace

support::Result<void> write_with_layout(const PycFile& file, std::string_view layout,
                                        support::ByteWriter& out) {
    const std::size_t begin = out.size();
    if (support::Result<void> written = LayoutWriter(file, layout, out).run(file.top); !written)
        return written;
    return verify(file, out.view().subspan(begin));
}

} // namespace pyasm::objects
