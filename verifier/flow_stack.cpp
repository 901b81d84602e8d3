// What a stack signature says: items are taken, looked at, and left.

#include "verifier/flow.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pyasm::verifier {

using program::Instruction;

Flow::Next Flow::generic(const CompactOp& op, const Instruction& item) {
    if (op.wants_bool && height_ != 0 && !replaying_ &&
        !at_top(1).is_within(SlotKinds::Bool | SlotKinds::Borrowed) &&
        at_top(1) != slot(SlotKinds::Object, Slot::compared)) {
        picture(report_->warning(Rule::NotBool, offset(),
                                 fmt::format("{} tests for True itself, and the top of the stack is {}",
                                             op.info->name, words_of(at_top(1).kinds)),
                                 "Put TO_BOOL in front of it."));
    }
    if (op.jumps) {
        // The way of the jump first, on the items as they are; then they are put back.
        const std::uint32_t height = height_;
        const std::int64_t taken = op.info->stack_jump.pops(item.argument);
        if (!needs(taken, item)) return Next::Ends;
        moved_.assign(stack_ + height_ - taken, stack_ + height_);
        std::vector<Slot> before;
        before.swap(moved_);
        if (!apply(op.stack_jump, item)) return Next::Ends;
        if (target_.frame.signals_after_jump && item.destination <= index_ && !replaying_ &&
            op.info->operand->base == isa::OperandBase::JumpBackward && op.raises && item.destination != 0 &&
            !region_of_.empty() && region_of_[item.destination - 1] != 0) {
            // Where the height does not fit, compilers have made such code, too: it takes a signal at that
            // moment.
            const objects::ExceptionEntry& row = structure_.handlers[region_of_[item.destination - 1] - 1];
            if (height_ >= row.depth && !raise_by_table(item.destination - 1, height_)) return Next::Ends;
        }
        handler_stale_ |= target_.frame.signals_after_jump;
        arrive_here(item.destination);
        std::copy(before.begin(), before.end(), stack_ + height - taken);
        before.swap(moved_);
        height_ = height;
        if (op.terminates) return Next::Ends;
    }
    const CompactSignature* signature = &op.stack_of(item.argument);
    CompactSignature of_operand;
    if (op.by_operand) {
        for (const isa::OperandName& name : op.info->operand->names) {
            if (name.value != item.argument || !name.stack) continue;
            of_operand = compact(*name.stack);
            signature = &of_operand;
            break;
        }
    }
    if (!apply(*signature, item)) return Next::Ends;
    return op.terminates ? Next::Ends : Next::Falls;
}

bool Flow::needs(std::int64_t items, const Instruction& item) {
    if (items <= height_) return true;
    fault(Rule::StackUnderflow, Consequence::Crash,
          fmt::format("{} takes {} {} from a stack of {}", item.op->name, items,
                      items == 1 ? "item" : "items", height_));
    return false;
}

bool Flow::push(Slot what) {
    if (height_ >= most_height_) {
        fault(Rule::StackSize, Consequence::Crash,
              fmt::format("the stack grows beyond co_stacksize, which is {}", most_height_));
        return false;
    }
    make_room(height_ + 1);
    stack_[height_++] = what;
    return true;
}

bool Flow::apply(const CompactSignature& signature, const Instruction& item) {
    return signature.is_fixed ? apply_fixed(signature, item) : apply_counted(*signature.full, item);
}

bool Flow::apply_fixed(const CompactSignature& signature, const Instruction& item) {
    if (signature.in > height_) return needs(signature.in, item);
    const std::uint32_t base = height_ - signature.in;
    Slot* const at = stack_ + base;
    std::array<Slot, CompactSignature::capacity> taken;
    Slot owner; // of a borrowed reference among what is taken
    for (std::uint32_t i = 0; i < signature.in; ++i) {
        taken[i] = at[i];
        if (!isa::within(at[i].kinds, signature.accepted[i])) {
            const isa::StackItem& wanted = signature.full->items[signature.items[i]];
            return refuse_item(wanted.kinds, wanted.demanded, wanted.name, at[i], base + i, item);
        }
        if (at[i].may_be(SlotKinds::Borrowed)) owner = at[i];
    }
    if (base + signature.out > most_height_) {
        height_ = most_height_;
        return push({});
    }
    touch(base + signature.kept);
    make_room(base + signature.out);
    Slot* const to = stack_ + base;
    for (std::uint32_t i = 0; i < signature.out; ++i) {
        to[i] = signature.from[i] >= 0 ? taken[static_cast<std::size_t>(signature.from[i])]
                                       : slot(signature.produced[i]);
    }
    height_ = base + signature.out;
    if (isa::any(owner.kinds) && item.op->is(isa::OpFlag::PassesOn)) {
        for (std::uint32_t i = 0; i < signature.out; ++i)
            if (signature.from[i] < 0 && signature.passes[i])
                to[i] = slot(to[i].kinds | SlotKinds::Borrowed, owner.detail);
    }
    return true;
}

bool Flow::apply_counted(const isa::StackSignature& signature, const Instruction& item) {
    const std::uint32_t argument = item.argument;
    const std::int64_t in = signature.pops(argument);
    const std::int64_t out = signature.pushes(argument);
    if (!needs(in, item)) return false;
    const auto base = static_cast<std::uint32_t>(height_ - in);
    if (base + out > most_height_) {
        height_ = most_height_;
        return push({});
    }
    std::array<std::uint32_t, isa::StackSignature::capacity> begins{}; // of each input on the stack
    Slot owner;
    std::uint32_t place = base;
    for (std::size_t i = 0; i < signature.before; ++i) {
        const isa::StackItem& wanted = signature.items[i];
        begins[i] = place;
        for (std::int64_t n = wanted.count.of(argument); n > 0; --n, ++place) {
            const Slot have = stack_[place];
            if (!isa::within(have.kinds, wanted.kinds))
                return refuse_item(wanted.kinds, wanted.demanded, wanted.name, have, place, item);
            if (have.may_be(SlotKinds::Borrowed)) owner = have;
        }
    }
    make_room(static_cast<std::uint32_t>(base + out));
    const bool passes = isa::any(owner.kinds) && item.op->is(isa::OpFlag::PassesOn);
    // What stays at the bottom is left alone; the rest is copied out, if something of it comes back.
    std::size_t first = signature.before;
    std::uint32_t stays = base;
    bool moves = false;
    while (first < signature.total &&
           signature.items[first].from == static_cast<std::int8_t>(first - signature.before)) {
        stays += static_cast<std::uint32_t>(signature.items[first].count.of(argument));
        ++first;
    }
    for (std::size_t i = first; i < signature.total; ++i) moves |= signature.items[i].from >= 0;
    touch(stays);
    if (moves) moved_.assign(stack_ + base, stack_ + height_);
    Slot* to = stack_ + stays;
    for (std::size_t i = first; i < signature.total; ++i) {
        const isa::StackItem& left = signature.items[i];
        const std::int64_t count = left.count.of(argument);
        if (left.from >= 0) {
            const std::uint32_t from = begins[static_cast<std::size_t>(left.from)] - base;
            to = std::copy_n(moved_.begin() + from, count, to);
            continue;
        }
        Slot made = slot(left.kinds);
        if (passes && can_be_passed_on(left.name))
            made = slot(made.kinds | SlotKinds::Borrowed, owner.detail);
        to = std::fill_n(to, count, made);
    }
    height_ = static_cast<std::uint32_t>(base + out);
    return true;
}

bool Flow::refuse_item(SlotKinds wanted, bool demanded, std::string_view name, Slot have, std::uint32_t place,
                       const Instruction& at) {
    const std::uint32_t depth = height_ - place;
    const std::string where = depth == 1 ? std::string("the top of the stack")
                                         : fmt::format("item {} from the top of the stack", depth);
    const SlotKinds surplus = have.kinds & ~wanted;
    if (demanded) {
        fault(Rule::StackKind, Consequence::Crash,
              fmt::format("{} takes {} for {} without looking, and it is {}", at.op->name, where,
                          words_of(wanted & ~SlotKinds::Borrowed), words_of(have.kinds)),
              "It must be certain what it is.");
    } else if (isa::any(surplus & SlotKinds::Unready)) {
        fault(Rule::Closure, Consequence::Crash,
              fmt::format("{} uses a function that is not finished", at.op->name),
              "It must get its closure, or be called at once with what its body takes for granted.");
    } else {
        fault(Rule::StackKind, Consequence::Crash,
              fmt::format("{} takes {} as '{}', which must be an object, and it is {}", at.op->name, where,
                          name, words_of(have.kinds)));
    }
    return false;
}

} // namespace pyasm::verifier
