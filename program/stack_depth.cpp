#include "program/stack_depth.hpp"

#include <algorithm>

namespace pyasm::program {

void StackDepth::analyse(const isa::Target& target, std::span<const Instruction> items,
                         std::span<const std::uint32_t> starts, std::span<const HandledRegion> regions) {
    target_ = &target;
    items_ = items;
    starts_ = starts;
    regions_.assign(regions.begin(), regions.end());
    std::stable_sort(regions_.begin(), regions_.end(),
                     [](const HandledRegion& a, const HandledRegion& b) { return a.begin < b.begin; });
    heights_.assign(items.size(), unreached);
    visits_.assign(items.size(), 0);
    mark_regions();
    waiting_.clear();
    greatest_ = 0;
    wavered_ = false;
    arrive(0, 0);
    walk();
    for (const HandledRegion& region : regions_) {
        if (height_at(region.begin) != unreached) continue;
        wavered_ = true;
        enter_handler(region);
        walk();
    }
}

std::uint32_t StackDepth::index_of(std::int64_t offset) const {
    if (offset < 0 || starts_.empty() || offset >= starts_.back()) return Instruction::nowhere;
    // Of several items at one offset only the last has a size; `upper_bound` finds it.
    const auto next = std::upper_bound(starts_.begin(), starts_.end(), static_cast<std::uint32_t>(offset));
    const auto at = next - 1;
    return *at == offset ? static_cast<std::uint32_t>(at - starts_.begin()) : Instruction::nowhere;
}

std::int64_t StackDepth::height_at(std::uint32_t offset) const {
    const std::uint32_t index = index_of(offset);
    return index == Instruction::nowhere ? unreached : heights_[index];
}

std::uint32_t StackDepth::depth_of(const HandledRegion& region) const {
    if (region.depth) return *region.depth;
    const std::int64_t height = height_at(region.begin);
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(height, 0, 0xFFFF'FFFF));
}

/// Whether an instruction is to be visited for this height.
bool StackDepth::arrives(std::uint32_t index, std::int64_t height) {
    greatest_ = std::max(greatest_, height);
    if (index >= items_.size()) return false;
    const std::uint8_t limit = target_->conventions.one_height ? most_visits : 1;
    if (heights_[index] >= std::max<std::int64_t>(height, 0) || visits_[index] == limit) return false;
    wavered_ |= visits_[index] != 0;
    ++visits_[index];
    heights_[index] = std::max<std::int64_t>(height, 0);
    return true;
}

void StackDepth::walk() {
    while (!waiting_.empty()) {
        std::uint32_t index = waiting_.back();
        waiting_.pop_back();
        while (step(index)) ++index;
    }
}

const StackDepth::Effect& StackDepth::effect_of(const Instruction& item) {
    const isa::OpInfo& op = *item.op;
    Effect& known = effects_[item.opcode];
    if (known.op == &op) return known;
    known.op = &op;
    known.varies = op.stack.counts_vary || op.stack_jump.counts_vary;
    known.falls = static_cast<std::int32_t>(isa::stack_effect(op, 0, false));
    known.leaps = static_cast<std::int32_t>(isa::stack_effect(op, 0, true));
    known.jumps = op.jumps() && !op.is(isa::OpFlag::Unwinds);
    known.terminates = op.is(isa::OpFlag::Terminates);
    return known;
}

/// Visits an instruction. Whether the way goes on to the next one, which is then to be visited first.
bool StackDepth::step(std::uint32_t index) {
    const Instruction& item = items_[index];
    const std::int64_t height = heights_[index];
    if (!begins_region_.empty() && begins_region_[index]) enter_regions(index);
    if (item.kind != Instruction::Kind::Operation || !item.op) return arrives(index + 1, height);
    const Effect& effect = effect_of(item);
    if (effect.jumps) {
        std::uint32_t destination = item.destination;
        if (destination == Instruction::nowhere) {
            const std::int64_t next = std::int64_t{starts_[index]} +
                                      (1 + item.prefixes) * instruction_size(*target_, true) +
                                      item.cache_bytes();
            destination = index_of(jump_destination(*target_, *item.op, next, item.argument));
        }
        // The handler of a block is visited after the code in front of it, whose heights are the better
        // known.
        arrive(destination,
               height + (effect.varies ? isa::stack_effect(*item.op, item.argument, true) : effect.leaps));
    }
    if (effect.terminates) return false;
    return arrives(index + 1, height + (effect.varies ? isa::stack_effect(*item.op, item.argument, false)
                                                      : effect.falls));
}

void StackDepth::mark_regions() {
    begins_region_.clear();
    if (regions_.empty()) return;
    begins_region_.resize(items_.size());
    for (const HandledRegion& region : regions_)
        if (const std::uint32_t index = index_of(region.begin); index != Instruction::nowhere)
            begins_region_[index] = true;
}

void StackDepth::enter_regions(std::uint32_t index) {
    const std::uint32_t start = starts_[index];
    auto region =
        std::lower_bound(regions_.begin(), regions_.end(), start,
                         [](const HandledRegion& r, std::uint32_t offset) { return r.begin < offset; });
    for (; region != regions_.end() && region->begin == start; ++region) enter_handler(*region);
}

void StackDepth::enter_handler(const HandledRegion& region) {
    if (region.begin >= region.end) return;
    arrive(index_of(region.handler), std::int64_t{depth_of(region)} + (region.lasti ? 1 : 0) + 1);
}

} // namespace pyasm::program
