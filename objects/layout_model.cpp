#include "objects/layout_model.hpp"

#include "objects/marshal_atoms.hpp"

#include <algorithm>

namespace pyasm::objects {

namespace {

// Places of objects: 0 - 15 a field of a code object, 16 - 31 a member of the tuple in that field, then by
// the kind of the container.
constexpr std::uint8_t tuple_of_field = 16;
constexpr std::uint8_t member_of_kind = 32;
constexpr std::uint8_t dict_value = 60;
constexpr std::uint8_t dict_end = 61;
constexpr std::uint8_t top_place = 62;

constexpr std::uint8_t most_trust = 3;

/// Numbers and strings of which a process has one object only: their reference counts are high.
std::uint32_t singleton_likeness(const Value& value) {
    switch (value.kind) {
    case ValueKind::Int:
        if (value.integer >= -5 && value.integer <= 256) return 1;
        return value.integer > 256 && value.integer <= 1024 ? 2 : 0;
    case ValueKind::Bytes:
    case ValueKind::Str:
        if (value.size == 0) return 1;
        return value.size == 1 ? 2 : 0;
    case ValueKind::Tuple: return value.size == 0;
    default: return 0;
    }
}

} // namespace

LayoutModel::LayoutModel(const ValuePool& pool, ValueId top, const isa::Target& target)
    : pool_(pool), target_(target), classes_(pool, top, target), last_index_(classes_.size(), none),
      written_(classes_.size(), 0), name_like_(classes_.size(), 0),
      contexts_(std::size_t{1} << context_bits) {
    if (usable()) meetings_ = count_meetings(pool, top, target, classes_);
}

void LayoutModel::enter(ValueId id) {
    frames_.push_back({static_cast<std::uint8_t>(pool_[id].kind), place_, 0});
}

std::uint8_t LayoutModel::next_place() {
    if (frames_.empty()) return top_place;
    Frame& frame = frames_.back();
    const ValueKind kind = static_cast<ValueKind>(frame.kind);
    if (kind == ValueKind::Code) return frame.next++;
    if (kind == ValueKind::Tuple && frame.place < tuple_of_field)
        return static_cast<std::uint8_t>(tuple_of_field + frame.place);
    if (kind == ValueKind::Dict || kind == ValueKind::FrozenDict) {
        frame.next ^= 1;
        if (!frame.next) return dict_value;
    }
    return static_cast<std::uint8_t>(member_of_kind + frame.kind);
}

/// Looks at each text once: a long one may be named by very many code objects.
bool LayoutModel::looks_like_a_name(const Value& value, std::uint32_t number) {
    std::uint8_t& known = name_like_[number];
    if (known == 0) known = has_name_characters({value.text, value.size}) ? 1 : 2;
    return known == 1;
}

/// What a value has to do with the choice, as a number below 64.
std::uint32_t LayoutModel::features(const Value& value, std::uint32_t number) {
    std::uint32_t bits = singleton_likeness(value);
    if (meetings_[number] > 1) bits |= 4;
    if (value.kind == ValueKind::Str || value.kind == ValueKind::Bytes) {
        if (looks_like_a_name(value, number)) bits |= 8;
        if (classes_.is_name(number)) bits |= 16;
    }
    return bits;
}

/// The guess where no experience helps.
std::uint8_t LayoutModel::first_guess(const Value& value, std::uint32_t number) const {
    const bool flagged = target_.marshal.references && (meetings_[number] > 1 || singleton_likeness(value));
    return static_cast<std::uint8_t>(plain_ | (flagged ? outcome::flagged : 0));
}

/// The context of a key, and what it guesses.
std::uint8_t LayoutModel::ask(std::uint64_t key, std::uint8_t otherwise) {
    // No seed: a layout must mean the same in every run. Contexts that fall together guess worse, that is
    // all.
    const std::uint64_t mixed = (key + 1) * 0x9E37'79B9'7F4A'7C15u;
    context_ = &contexts_[mixed >> (64 - context_bits)];
    guess_ = context_->trust ? context_->guess : otherwise;
    return guess_;
}

std::uint8_t LayoutModel::guess(ValueId id) {
    const Value value = normalised(pool_[id], target_);
    place_ = next_place();
    plain_ = 0;
    class_ = classes_[id];
    known_index_ = last_index_[class_];
    const std::uint64_t where = std::uint64_t{place_} << 8 | static_cast<std::uint8_t>(value.kind);
    if (singleton_type(value.kind)) return ask(where, 0);
    const bool text = value.kind == (target_.marshal.interned_table ? ValueKind::Bytes : ValueKind::Str);
    if (text && (classes_.is_name(class_) || looks_like_a_name(value, class_))) plain_ = outcome::interned;
    const std::uint64_t state = known_index_ != none ? 7u : written_[class_];
    std::uint64_t key = where << 24 | state << 16 | features(value, class_) << 8 | recent_[place_];
    return ask(key, known_index_ != none ? outcome::reference : first_guess(value, class_));
}

std::uint8_t LayoutModel::second_guess() const {
    if (guess_ == outcome::reference) return plain_;
    return guess_ ^ (target_.marshal.references ? outcome::flagged : outcome::interned);
}

void LayoutModel::learn(std::uint8_t what, std::uint32_t index) {
    if (context_->trust == 0) {
        *context_ = {what, 1};
    } else if (context_->guess == what) {
        context_->trust = std::min<std::uint8_t>(most_trust, context_->trust + 1);
    } else if (--context_->trust == 0) {
        *context_ = {what, 1};
    }
    if (class_ == none) return;
    recent_[place_] = what;
    if (what != outcome::reference) written_[class_] = static_cast<std::uint8_t>(what + 1);
    pass(index);
}

void LayoutModel::pass(std::uint32_t index) {
    if (class_ != none && index != none) last_index_[class_] = index;
}

std::uint8_t LayoutModel::guess_end() {
    class_ = none;
    known_index_ = none;
    plain_ = 0;
    return ask(dict_end, 0);
}

} // namespace pyasm::objects
