// Where an exception goes: to the handler of a row of the exception table (3.11+), or of the innermost block
// that has one. Sources: get_exception_handler and exception_unwind in Python/ceval.c, 3.11;
// exception_unwind, 3.8 - 3.10; fast_block_end, 2.7 - 3.7.

#include "verifier/flow.hpp"

#include <array>
#include <fmt/format.h>

namespace pyasm::verifier {

using isa::OpRole;
using program::Instruction;

/// The instruction can raise: its handler is reached with what is kept of the stack. False: there is an
/// error.
bool Flow::may_raise(std::uint32_t index, const CompactOp& op, const Instruction& item) {
    const std::uint32_t row = target_.frame.block_stack ? blocks_
                              : region_of_.empty()      ? 0
                                                        : region_of_[index];
    if (op.runs_inline && !region_of_.empty() && index != 0 && item.prefixes == 0 &&
        region_of_[index - 1] != 0 && region_of_[index - 1] != row) {
        // The interpreter looks for the handler from the unit in front (exit_unwind and exception_unwind in
        // Python/ceval.c, 3.13: next_instr is then the instruction itself).
        const std::int64_t gone = taken_when_raised(op, item);
        if (gone <= height_ && !raise_by_table(index - 1, static_cast<std::uint32_t>(height_ - gone)))
            return false;
        handler_stale_ = true;
    }
    if (row == 0) return true;
    const std::int64_t taken = taken_when_raised(op, item);
    if (taken < 0 || taken > height_) return true; // it does not raise, or is an error of its own
    const auto height = static_cast<std::uint32_t>(height_ - taken);
    // throw() on a generator that was just made raises there: it is made already.
    const bool was_started = started_;
    started_ |= op.role == OpRole::ReturnGenerator;
    handler_stale_ |= started_ != was_started;
    const bool good = tell_handler(index, row, height);
    started_ = was_started;
    return good;
}

/// Tells the handler of `row` (of the exception table, or a block stack) what it finds, unless it knows
/// already.
bool Flow::tell_handler(std::uint32_t index, std::uint32_t row, std::uint32_t height) {
    const bool by_blocks = target_.frame.block_stack;
    const std::uint32_t floor =
        by_blocks ? block_stacks_.top(row).floor() : structure_.handlers[row - 1].depth;
    if (height >= floor) { // below it is an error, which is to be told each time
        if (!handler_stale_ && handler_key_ == row) return true;
        handler_stale_ = false;
        handler_key_ = row;
    }
    return by_blocks ? raise_by_blocks(index, height) : raise_by_table(index, height);
}

/// How many items are gone from the stack when an instruction raises; negative: it does not.
std::int64_t Flow::taken_when_raised(const CompactOp& op, const Instruction& item) const {
    constexpr std::int64_t exception = 3; // type, value and traceback
    switch (op.role) {
    case OpRole::Yield: return 0; // throw() comes after the yielded item was replaced by one that is sent
    case OpRole::EndFinally:
        return height_ != 0 && stack_[height_ - 1].kinds == SlotKinds::ExcType ? exception : -1;
    case OpRole::EndAsyncFor: return target_.frame.block_stack ? exception : 1;
    case OpRole::WithCleanup: return 1; // the __exit__ that it calls
    case OpRole::WithCleanupStart:
        return height_ != 0 && stack_[height_ - 1].kinds == SlotKinds::ExcType ? 0 : 1;
    case OpRole::WithCleanupFinish: return 2; // asking whether the result is true
    default: break;
    }
    const CompactSignature& stack = op.stack_of(item.argument);
    if (stack.is_fixed) return stack.in - stack.kept;
    std::int64_t taken = 0;
    for (const isa::StackItem& input : op.info->stack.inputs().subspan(op.stack.kept))
        taken += input.count.of(item.argument);
    return taken;
}

bool Flow::raise_by_table(std::uint32_t index, std::uint32_t height) {
    const objects::ExceptionEntry& row = structure_.handlers[region_of_[index] - 1];
    if (height < row.depth) {
        fault(Rule::ExceptionTable, Consequence::Crash,
              fmt::format("{} can raise with {} left on the stack, and its handler at {} counts on {}",
                          structure_.decoded.items[index_].op->name, height, row.target, row.depth),
              "The interpreter does not notice, and the handler takes what is not there.");
        return false;
    }
    watched_ = row.depth;
    std::array<Slot, 2> pushed{slot(SlotKinds::Lasti), slot(SlotKinds::Exc)};
    const std::span<const Slot> items = std::span<const Slot>(pushed).last(row.lasti ? 2 : 1);
    if (row.depth + items.size() > most_height_) {
        fault(Rule::StackSize, Consequence::Crash,
              fmt::format("the handler at {} starts with {} items, and co_stacksize is {}", row.target,
                          row.depth + items.size(), most_height_));
        return false;
    }
    arrive(structure_.index_at(row.target), row.depth, items, BlockStacks::empty, Step::Way::Exception);
    return true;
}

bool Flow::raise_by_blocks(std::uint32_t index, std::uint32_t height) {
    watched_ = block_stacks_.top(blocks_).floor();
    for (std::uint32_t id = blocks_; id != BlockStacks::empty;) {
        const BlockStacks::Block block = block_stacks_.top(id);
        if (block.type == BlockType::Handler) {
            if (!unwind_handler_block(block, height)) return false;
        } else if (height < block.level) {
            fault(Rule::Blocks, Consequence::Crash,
                  fmt::format("{} can raise with {} left on the stack, and the block around it counts on {}",
                              structure_.decoded.items[index].op->name, height, block.level));
            return false;
        }
        height = block.level;
        id = block.below;
        if (block.type != BlockType::Except && block.type != BlockType::Finally) continue;
        constexpr std::array<Slot, 6> items{slot(SlotKinds::Prev, 1),  slot(SlotKinds::Prev, 2),
                                            slot(SlotKinds::Prev, 3),  slot(SlotKinds::ExcTb),
                                            slot(SlotKinds::ExcValue), slot(SlotKinds::ExcType)};
        const std::span<const Slot> pushed = std::span(items).last(target_.frame.handler_items);
        if (height + pushed.size() > most_height_) {
            fault(Rule::StackSize, Consequence::Crash,
                  fmt::format("the handler at {} starts with {} items, and co_stacksize is {}",
                              structure_.offset_of(block.handler), height + pushed.size(), most_height_));
            return false;
        }
        if (target_.frame.handler_block) id = block_stacks_.push(id, BlockType::Handler, 0, height);
        arrive(block.handler, height, pushed, id, Step::Way::Exception);
        return true;
    }
    return true;
}

/// What the interpreter saved when it entered a handler must be where it put it.
bool Flow::unwind_handler_block(const BlockStacks::Block& block, std::uint32_t height) {
    if (height >= block.floor() && saved_at(block.level)) return true;
    fault(Rule::Blocks, Consequence::Crash,
          "the exception that was saved when the handler was entered is not in its place",
          "Leave the handler with POP_EXCEPT.");
    return false;
}

bool Flow::saved_at(std::uint32_t place) {
    for (std::uint32_t i = 0; i < saved_items; ++i)
        if (stack_[place + i] != slot(SlotKinds::Prev, i + 1)) return false; // and in their order
    return true;
}

} // namespace pyasm::verifier
