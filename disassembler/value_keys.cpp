#include "disassembler/value_keys.hpp"

#include "objects/same_value.hpp"

#include <algorithm>

namespace pyasm::disassembler {

using objects::ValueId;

namespace {

std::uint32_t number(ValueId id) { return static_cast<std::uint32_t>(id); }

} // namespace

std::size_t ValueKeys::Hash::operator()(ValueId id) const {
    return objects::hash_value(*owner->pool_, id, (*owner->pool_)[id],
                               [this](ValueId part) { return owner->keys_[number(part)]; });
}

bool ValueKeys::Same::operator()(ValueId a, ValueId b) const {
    const auto& pool = *owner->pool_;
    return objects::same_value(pool, a, pool[a], b, pool[b],
                               [this](ValueId part) { return owner->keys_[number(part)]; });
}

void ValueKeys::begin(const objects::ValuePool& pool) {
    if (pool_ != &pool) {
        pool_ = &pool;
        keys_.clear();
        known_.clear();
    }
    if (keys_.size() < pool.size()) keys_.resize(pool.size(), none);
}

void ValueKeys::enter(ValueId id) { keys_[number(id)] = number(*known_.insert(id).first); }

void ValueKeys::push(ValueId id) {
    const auto level = std::min(static_cast<std::uint32_t>(frames_.size()), levels - 1);
    keys_[number(id)] = open + level;
    frames_.push_back({id, 0, none});
}

/// All members of the innermost value have their numbers, but for those that are around it.
void ValueKeys::pop() {
    const Frame done = frames_.back();
    frames_.pop_back();
    const auto level = static_cast<std::uint32_t>(frames_.size());
    if (done.lowest <= level)
        keys_[number(done.id)] = number(done.id);
    else
        enter(done.id);
    if (!frames_.empty() && done.lowest < level)
        frames_.back().lowest = std::min(frames_.back().lowest, done.lowest);
}

std::uint32_t ValueKeys::find(ValueId id) {
    if (keys_.size() < pool_->size()) keys_.resize(pool_->size(), none);
    if (!objects::is_container((*pool_)[id].kind)) {
        enter(id);
        return keys_[number(id)];
    }
    push(id);
    while (!frames_.empty()) {
        Frame& frame = frames_.back();
        const auto members = pool_->children(frame.id);
        if (frame.next == members.size()) {
            pop();
            continue;
        }
        const ValueId part = members[frame.next++];
        const std::uint32_t known = keys_[number(part)];
        if (known < open) continue;
        if (known != none)
            frame.lowest = std::min(frame.lowest, known - open);
        else if (objects::is_container((*pool_)[part].kind))
            push(part);
        else
            enter(part);
    }
    return keys_[number(id)];
}

} // namespace pyasm::disassembler
