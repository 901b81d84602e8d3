// The layout of marshal data as a text: see docs/objects.md for its alphabet.

#include "objects/marshal_layout.hpp"

#include "objects/layout_model.hpp"
#include "objects/layout_text.hpp"
#include "objects/marshal_exact_writer.hpp"

#include <algorithm>

namespace pyasm::objects {

namespace {

/// Follows an exact writer and writes down where the model guesses wrong.
class Recorder {
  public:
    Recorder(const PycFile& file) : file_(file), model_(file.pool, file.top, *file.target) {}

    [[nodiscard]] bool usable() const { return model_.usable(); }
    [[nodiscard]] std::string text() && { return std::move(text_).take(); }
    /// True if something has FLAG_REF that nothing refers to, which the canonical writer never does.
    [[nodiscard]] bool has_needless_flag() const { return needless_flags_ > 0; }

    void reference(ValueId id, std::uint8_t type, std::uint32_t index) {
        if (index < unused_.size() && unused_[index]) {
            unused_[index] = false;
            --needless_flags_;
        }
        if (muted_) return;
        const std::uint8_t guess = model_.guess(id);
        const bool flagged = (type & type_code::flag_ref) != 0;
        if (flagged || index != model_.known_index()) {
            text_.mark(flagged ? layout_mark::flagged_reference : layout_mark::reference_to);
            text_.number(index);
            model_.pass(LayoutModel::none);
            return;
        }
        if (guess == outcome::reference)
            text_.as_guessed();
        else
            text_.mark(layout_mark::reference);
        model_.learn(outcome::reference, LayoutModel::none);
    }

    void object(ValueId id, std::uint8_t type, std::uint32_t index) {
        if (index != LayoutModel::none) {
            const bool needless = (type & type_code::flag_ref) != 0;
            unused_.push_back(needless); // indices count up
            needless_flags_ += needless;
        }
        if (muted_) return;
        const std::uint8_t guess = model_.guess(id);
        const bool flagged = (type & type_code::flag_ref) != 0;
        const std::optional<std::uint8_t> plain = plain_outcome(id, type & 0x7F);
        if (!plain) {
            text_.mark(flagged ? layout_mark::flagged_type : layout_mark::type);
            text_.character(static_cast<char>(type & 0x7F));
            return model_.pass(index);
        }
        note(static_cast<std::uint8_t>(*plain | (flagged ? outcome::flagged : 0)), guess, index);
    }

    void decimal(std::string_view text) {
        if (!muted_) text_.bytes(support::as_bytes(text));
    }

    void enter(ValueId id) {
        if (!muted_) model_.enter(id);
    }
    void leave() {
        if (!muted_) model_.leave();
    }

    void end(ValueId, bool flagged) {
        if (muted_) return;
        const std::uint8_t guess = model_.guess_end();
        note(flagged ? outcome::flagged : 0, guess, LayoutModel::none);
    }

    void drop() { ++muted_; }
    void dropped(support::Bytes bytes, std::uint32_t indices) {
        if (--muted_) return;
        text_.mark(layout_mark::dropped_key);
        text_.number(indices);
        text_.bytes(bytes);
    }

  private:
    /// The outcome without its flag; nothing for a form that no compiler gives.
    std::optional<std::uint8_t> plain_outcome(ValueId id, std::uint8_t type) const {
        const Value value = normalised(file_.pool[id], *file_.target);
        if (type == smallest_type(value, *file_.target, false)) return std::uint8_t{0};
        if (type == smallest_type(value, *file_.target, true)) return outcome::interned;
        return std::nullopt;
    }

    void note(std::uint8_t what, std::uint8_t guess, std::uint32_t index) {
        if (what == guess)
            text_.as_guessed();
        else if (what == model_.second_guess())
            text_.second_guess();
        else
            text_.mark(layout_mark::forms[what]);
        model_.learn(what, index);
    }

    const PycFile& file_;
    LayoutModel model_;
    LayoutTextWriter text_;
    int muted_ = 0;            // inside keys that are dropped
    std::vector<bool> unused_; // by index: has FLAG_REF for no reference so far
    std::size_t needless_flags_ = 0;
};

} // namespace

std::string record_layout(const PycFile& file) {
    support::ByteWriter exact, canonical;
    Recorder recorder(file);
    if (!recorder.usable()) return {};
    if (!ExactWriter<Recorder>(file.pool, file.hints, *file.target, exact, recorder).run(file.top)) return {};
    if (!recorder.has_needless_flag() && write_marshal(file.pool, file.top, *file.target, canonical) &&
        std::ranges::equal(exact.view(), canonical.view()))
        return {};
    return std::move(recorder).text();
}

} // namespace pyasm::objects
