#include "grammar/anchors.hpp"

#include <algorithm>

namespace pyasm::grammar {

using objects::Value;
using objects::ValueId;
using objects::ValueKind;

/// Without its members, if it has some.
std::uint32_t Anchors::weight_of(const Value& value) {
    if (objects::is_container(value.kind)) return 2;
    const std::uint32_t digit = value.kind == ValueKind::Long ? 4 : 1;
    return std::min(value.size, large + 1) * digit;
}

/// A value that is met: if it has been met before, this decides whether it needs an anchor.
void Anchors::enter(ValueId id) {
    Note& note = notes_[static_cast<std::uint32_t>(id)];
    if (note.open) {
        note.anchored = true; // inside itself
    } else if (note.seen) {
        if (!note.anchored && note.weight > small) again_ += note.weight;
        note.anchored = note.anchored || note.keeps_identity || note.weight > large ||
                        (note.weight > small && again_ > most_again);
        add_to_parent(note);
    } else {
        note.seen = note.open = true;
        const Value& value = pool_[id];
        note.keeps_identity =
            value.kind == ValueKind::List || value.kind == ValueKind::Set || value.kind == ValueKind::Dict;
        note.weight = weight_of(value);
        walk_.push_back({id, 0});
    }
}

/// What stands in a value belongs to it.
void Anchors::add_to_parent(const Note& note) {
    if (walk_.empty()) return;
    Note& parent = notes_[static_cast<std::uint32_t>(walk_.back().id)];
    parent.weight = std::min(parent.weight + note.weight, large + 1);
    parent.keeps_identity = parent.keeps_identity || note.keeps_identity;
}

void Anchors::note(ValueId root) {
    if (notes_.empty()) notes_.resize(pool_.size());
    enter(root);
    while (!walk_.empty()) {
        Step& step = walk_.back();
        const Value& value = pool_[step.id];
        if (objects::is_container(value.kind) && step.next < value.size) {
            const ValueId child = pool_.children(step.id)[step.next++];
            if (may_be_shared(child)) {
                enter(child);
                continue;
            }
            Note& parent = notes_[static_cast<std::uint32_t>(step.id)];
            const Value& member = pool_[child];
            const bool text = member.kind == ValueKind::Bytes || member.kind == ValueKind::Str ||
                              objects::is_symbol(member.kind);
            parent.weight = std::min(parent.weight + 4 + (text ? member.size : 6), large + 1);
            continue;
        }
        Note& done = notes_[static_cast<std::uint32_t>(step.id)];
        done.open = false;
        walk_.pop_back();
        add_to_parent(done);
    }
}

} // namespace pyasm::grammar
