#include "objects/classes.hpp"

#include "objects/code_fields.hpp"
#include "objects/marshal_atoms.hpp"
#include "objects/same_value.hpp"

namespace pyasm::objects {

ValueClasses::ValueClasses(const ValuePool& pool, ValueId top, const isa::Target& target, Codes codes)
    : pool_(pool), target_(target), codes_as_(codes), classes_(pool.size(), none), seen_(pool.size(), 0),
      known_(0, Hash{this}, Same{this}) {
    names_.reserve(pool.size());
    known_.reserve(pool.size() / 2); // of compiled code, half are the same as others or of another kind
    visit(top);
    mark_names();
    known_ = decltype(known_)(0, Hash{this}, Same{this}); // all is known now, and it is large
}

bool ValueClasses::has_identity(ValueKind kind) const {
    return is_mutable(kind) || (kind == ValueKind::Code && codes_as_ == Codes::AreThemselves);
}

std::uint32_t ValueClasses::fresh() {
    names_.push_back(false);
    return count_++;
}

/// Depth first; a value's class is found when all of its members have theirs.
void ValueClasses::visit(ValueId top) {
    enter(top);
    while (!stack_.empty()) {
        Frame& frame = stack_.back();
        if (member_begin_.back() + frame.next == members_.size()) {
            const ValueId id = frame.id;
            members_.resize(member_begin_.back());
            member_begin_.pop_back();
            stack_.pop_back();
            leave(id);
            continue;
        }
        enter(members_[member_begin_.back() + frame.next++]);
    }
}

void ValueClasses::enter(ValueId id) {
    const std::size_t index = static_cast<std::size_t>(id);
    if (index >= seen_.size()) {
        complete_ = false;
        return;
    }
    std::uint32_t& number = classes_[index];
    if (seen_[index]) {
        // Met again inside itself, before its class is known: it contains itself, so identity is all it has.
        if (number == none && !stack_.empty() && !has_identity(pool_[stack_.back().id].kind))
            number = fresh();
        return;
    }
    seen_[index] = 1;
    const ValueKind kind = pool_[id].kind;
    if (has_identity(kind)) number = fresh();
    if (kind == ValueKind::Code) codes_.push_back(id);
    if (kind != ValueKind::Code && !is_container(kind)) {
        number = intern(id);
        return;
    }
    stack_.push_back({id, 0});
    member_begin_.push_back(members_.size());
    collect(id);
}

void ValueClasses::collect(ValueId id) {
    if (is_container(pool_[id].kind)) {
        const auto children = pool_.children(id);
        members_.insert(members_.end(), children.begin(), children.end());
        return;
    }
    visit_code_fields(
        target_.code, pool_.code(id), [](std::int32_t) { return true; },
        [this](ValueId field, FieldKind, std::string_view) {
            members_.push_back(field);
            return true;
        });
}

void ValueClasses::leave(ValueId id) {
    std::uint32_t& number = classes_[static_cast<std::size_t>(id)];
    if (number == none) number = complete_ ? intern(id) : fresh();
}

/// From its fields, whose classes are known.
std::uint64_t ValueClasses::hash_code(const CodeObject& code) const {
    support::Hasher hasher;
    visit_code_fields(
        target_.code, code,
        [&](std::int32_t number) { return hasher.number(static_cast<std::uint32_t>(number)), true; },
        [&](ValueId field, FieldKind, std::string_view) { return hasher.number((*this)[field]), true; });
    return hasher.value();
}

bool ValueClasses::same_code(const CodeObject& left, const CodeObject& right) const {
    std::vector<std::uint32_t> fields[2];
    for (int side = 0; side < 2; ++side)
        visit_code_fields(
            target_.code, side ? right : left,
            [&](std::int32_t number) {
                return fields[side].push_back(static_cast<std::uint32_t>(number)), true;
            },
            [&](ValueId field, FieldKind, std::string_view) {
                return fields[side].push_back((*this)[field]), true;
            });
    return fields[0] == fields[1];
}

std::size_t ValueClasses::Hash::operator()(ValueId id) const {
    if (owner->pool_[id].kind == ValueKind::Code) return owner->hash_code(owner->pool_.code(id));
    return hash_value(owner->pool_, id, normalised(owner->pool_[id], owner->target_),
                      [this](ValueId member) { return (*owner)[member]; });
}

bool ValueClasses::Same::operator()(ValueId left, ValueId right) const {
    const ValuePool& pool = owner->pool_;
    if (pool[left].kind == ValueKind::Code && pool[right].kind == ValueKind::Code)
        return owner->same_code(pool.code(left), pool.code(right));
    return same_value(pool, left, normalised(pool[left], owner->target_), right,
                      normalised(pool[right], owner->target_),
                      [this](ValueId member) { return (*owner)[member]; });
}

std::uint32_t ValueClasses::intern(ValueId id) {
    const auto [known, is_new] = known_.insert(id);
    return is_new ? fresh() : (*this)[*known];
}

void ValueClasses::mark_names() {
    if (!complete_) return;
    for (ValueId id : codes_)
        visit_code_fields(
            target_.code, pool_.code(id), [](std::int32_t) { return true; },
            [this](ValueId field, FieldKind kind, std::string_view) {
                if (kind == FieldKind::Text) names_[(*this)[field]] = true;
                if (kind == FieldKind::Names && is_container(pool_[field].kind))
                    for (ValueId member : pool_.children(field)) names_[(*this)[member]] = true;
                return true;
            });
}

std::vector<std::uint8_t> count_meetings(const ValuePool& pool, ValueId top, const isa::Target& target,
                                         const ValueClasses& classes) {
    std::vector<std::uint8_t> counts(classes.size(), 0);
    std::vector<ValueId> stack{top};
    while (!stack.empty()) {
        const ValueId id = stack.back();
        stack.pop_back();
        std::uint8_t& meetings = counts[classes[id]];
        if (meetings != 0) {
            meetings = 2;
            continue;
        }
        meetings = 1;
        const ValueKind kind = pool[id].kind;
        if (is_container(kind)) {
            const auto children = pool.children(id);
            stack.insert(stack.end(), children.begin(), children.end());
        } else if (kind == ValueKind::Code) {
            visit_code_fields(
                target.code, pool.code(id), [](std::int32_t) { return true; },
                [&stack](ValueId field, FieldKind, std::string_view) {
                    stack.push_back(field);
                    return true;
                });
        }
    }
    return counts;
}

bool has_name_characters(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

} // namespace pyasm::objects
