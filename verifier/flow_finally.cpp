// What goes through finally bodies up to 3.8, and the ends of with and async for: exceptions; up to 3.7 also
// return, break and continue, with a `why` code on the stack; in 3.8 return addresses. Sources: see
// flow_blocks.cpp.

#include "verifier/flow.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace pyasm::verifier {

using program::Instruction;

/// Return, break or continue leaves blocks (up to 3.7): through finally bodies, to the loop, or out of the
/// frame.
void Flow::unwind(SlotKinds why, Slot retval, std::uint32_t height, std::uint32_t blocks) {
    for (std::uint32_t id = blocks; id != BlockStacks::empty;) {
        const BlockStacks::Block block = block_stacks_.top(id);
        if (block.type == BlockType::Loop && why == SlotKinds::WhyContinue) {
            if (retval.detail == 0) {
                too_complex_ = true;
                fault(Rule::TooComplex, Consequence::Unknown,
                      "it cannot be told where the loop is continued");
                return;
            }
            for (const std::uint32_t to : std::vector<std::uint32_t>(
                     jump_sets_.members(retval.detail).begin(), jump_sets_.members(retval.detail).end()))
                arrive(to, height, {}, id, Step::Way::Jump);
            return;
        }
        if (block.type == BlockType::Handler ? !unwind_handler_block(block, height) : height < block.level) {
            if (block.type != BlockType::Handler)
                fault(Rule::Blocks, Consequence::Crash,
                      fmt::format("a block is left with {} on the stack, and began with {}", height,
                                  block.level));
            return;
        }
        height = block.level;
        id = block.below;
        if (block.type == BlockType::Loop && why == SlotKinds::WhyBreak)
            return arrive(block.handler, height, {}, id, Step::Way::Jump);
        if (block.type != BlockType::Finally) continue;
        const std::array<Slot, 2> pushed{retval, slot(why)};
        const bool has_value = why != SlotKinds::WhyBreak;
        if (height + (has_value ? 2 : 1) > most_height_) {
            fault(Rule::StackSize, Consequence::Crash,
                  fmt::format("the finally body at {} starts with more than co_stacksize, which is {}",
                              structure_.offset_of(block.handler), most_height_));
            return;
        }
        return arrive(block.handler, height, std::span(pushed).last(has_value ? 2 : 1), id, Step::Way::Jump);
    }
    if (why != SlotKinds::WhyReturn)
        fault(Rule::Blocks, Consequence::SystemError,
              why == SlotKinds::WhyBreak ? "BREAK_LOOP outside of a loop"
                                         : "CONTINUE_LOOP outside of a loop");
}

Flow::Next Flow::end_finally() {
    if (!needs(1, structure_.decoded.items[index_])) return Next::Ends;
    const Slot top = at_top(1);
    if (top.kinds == SlotKinds::ExcType) {
        if (top_is_exception(0)) return Next::Ends; // raised again: where to, `may_raise` has said
    } else if (target_.frame.return_addresses) {
        return end_finally_address(top);
    } else if (top.is_within(SlotKinds::None | slots::why)) {
        return end_finally_why(top);
    }
    fault(Rule::StackKind, Consequence::Crash,
          fmt::format(
              "END_FINALLY takes the top of the stack for what a finally body starts with, and it is {}",
              words_of(top.kinds)),
          target_.frame.return_addresses ? "BEGIN_FINALLY pushes it." : "LOAD_CONST None pushes it.");
    return Next::Ends;
}

Flow::Next Flow::end_finally_why(Slot top) {
    const auto may = [&](SlotKinds why) { return top.may_be(why); };
    const std::uint32_t height = height_ - 1;
    if (may(SlotKinds::WhyReturn | SlotKinds::WhyContinue)) {
        if (height == 0) {
            needs(2, structure_.decoded.items[index_]);
            return Next::Ends;
        }
        const Slot below = at_top(2);
        // Both take what is below: which of them it is, is known if it can be only one.
        if (may(SlotKinds::WhyContinue) && !below.is_within(SlotKinds::ContinueTarget)) {
            fault(Rule::StackKind, Consequence::Crash,
                  "END_FINALLY takes the item below the top for the place to continue at");
            return Next::Ends;
        }
        if (may(SlotKinds::WhyReturn) && !below.is_within(slots::objects)) {
            fault(Rule::StackKind, Consequence::Crash,
                  "END_FINALLY takes the item below the top for the value to return");
            return Next::Ends;
        }
        if (may(SlotKinds::WhyReturn)) unwind(SlotKinds::WhyReturn, below, height - 1, blocks_);
        if (may(SlotKinds::WhyContinue)) unwind(SlotKinds::WhyContinue, below, height - 1, blocks_);
    }
    if (may(SlotKinds::WhyBreak)) unwind(SlotKinds::WhyBreak, {}, height, blocks_);
    if (may(SlotKinds::WhySilenced)) {
        const BlockStacks::Block block = block_stacks_.top(blocks_);
        if (blocks_ == BlockStacks::empty || block.type != BlockType::Handler ||
            !unwind_handler_block(block, height))
            return Next::Ends;
        arrive(index_ + 1, block.level, {}, block.below, Step::Way::Jump);
    }
    if (!may(SlotKinds::None)) return Next::Ends;
    height_ = height;
    touch(height_);
    return Next::Falls;
}

Flow::Next Flow::end_finally_address(Slot top) {
    if (!top.is_within(SlotKinds::Null | SlotKinds::ReturnAddress)) {
        fault(Rule::StackKind, Consequence::Crash,
              fmt::format(
                  "END_FINALLY takes the top of the stack for what a finally body starts with, and it is {}",
                  words_of(top.kinds)),
              "BEGIN_FINALLY pushes it.");
        return Next::Ends;
    }
    --height_;
    touch(height_);
    if (top.may_be(SlotKinds::ReturnAddress)) {
        if (top.detail == 0) {
            too_complex_ = true;
            fault(Rule::TooComplex, Consequence::Unknown,
                  "it cannot be told where the finally body returns to");
            return Next::Ends;
        }
        const auto places = jump_sets_.members(top.detail);
        for (const std::uint32_t to : std::vector<std::uint32_t>(places.begin(), places.end()))
            arrive_here(to);
    }
    return top.may_be(SlotKinds::Null) ? Next::Falls : Next::Ends;
}

Flow::Next Flow::call_finally(const Instruction& item) {
    if (index_ + 1 == structure_.count()) {
        fault(Rule::FallsOff, Consequence::SystemError,
              "the finally body returns behind the end of the code");
        return Next::Ends;
    }
    if (push(slot(SlotKinds::ReturnAddress, jump_sets_.of(index_ + 1)))) arrive_here(item.destination);
    return Next::Ends;
}

/// `[res]` on top of what a finally body starts with: only `res` stays (3.8).
Flow::Next Flow::pop_finally(const Instruction& item) {
    const std::uint32_t kept = item.argument != 0 ? 1 : 0;
    if (!needs(kept + 1, item)) return Next::Ends;
    const Slot result = kept != 0 ? at_top(1) : Slot{};
    const Slot why = at_top(kept + 1);
    std::uint32_t dropped = 1;
    std::uint32_t below = blocks_;
    if (why.kinds == SlotKinds::ExcType && top_is_exception(kept)) {
        const BlockStacks::Block block = block_stacks_.top(blocks_);
        dropped = 6;
        if (height_ < kept + dropped || !saved_at(height_ - kept - dropped) ||
            height_ - kept - dropped < block.level) {
            fault(Rule::Blocks, Consequence::Crash, "POP_FINALLY does not find the saved exception");
            return Next::Ends;
        }
        below = block.below;
    } else if (!why.is_within(SlotKinds::Null | SlotKinds::ReturnAddress)) {
        fault(Rule::StackKind, Consequence::Crash,
              fmt::format("POP_FINALLY takes an item for what a finally body starts with, and it is {}",
                          words_of(why.kinds)));
        return Next::Ends;
    }
    if (kept != 0 && !result.is_within(slots::objects)) {
        fault(Rule::StackKind, Consequence::Crash,
              "POP_FINALLY keeps the top of the stack, which is no object");
        return Next::Ends;
    }
    height_ -= kept + dropped;
    touch(height_);
    if (kept != 0) stack_[height_++] = result;
    blocks_ = below;
    handler_stale_ = true;
    return Next::Falls;
}

/// How many items a finally body of a with statement starts with, above the __exit__ that is called; 0, and
/// an error, where that is not what is on the stack. `singles`: what can be there alone; `known`: what it is
/// all told, but for an exception, which has `exception_items`.
std::uint32_t Flow::items_above_exit(SlotKinds singles, SlotKinds known, std::uint32_t exception_items) {
    const Instruction& item = structure_.decoded.items[index_];
    if (!needs(1, item)) return 0;
    const Slot top = at_top(1);
    const bool raised = top.kinds == SlotKinds::ExcType && top_is_exception(0);
    const bool two = top.may_be(SlotKinds::WhyReturn | SlotKinds::WhyContinue);
    const std::uint32_t size = raised ? exception_items : two ? 2 : 1;
    const bool unclear = (!raised && !top.is_within(known)) || (two && top.may_be(singles));
    if (!unclear && height_ > size && at_top(size + 1).is_within(slots::objects)) return size;
    fault(
        Rule::StackKind, Consequence::Crash,
        fmt::format(
            "{} takes the top of the stack for what a finally body starts with, above an __exit__; it is {}",
            item.op->name, words_of(top.kinds)));
    return 0;
}

/// 2.7: calls the __exit__ below what the finally body starts with, and takes it away.
Flow::Next Flow::with_cleanup() {
    const std::uint32_t size =
        items_above_exit(SlotKinds::None | SlotKinds::WhyBreak, SlotKinds::None | slots::why, saved_items);
    if (size == 0) return Next::Ends;
    touch(height_ - size - 1);
    if (at_top(1).kinds == SlotKinds::ExcType) { // a true result makes None of the exception
        const std::array<Slot, 1> none{slot(SlotKinds::None)};
        arrive(index_ + 1, height_ - size - 1, none, blocks_, Step::Way::Jump);
    }
    std::copy(stack_ + height_ - size, stack_ + height_, stack_ + height_ - size - 1);
    --height_;
    return Next::Falls;
}

/// 3.6 - 3.8: calls the __exit__ and pushes the exception's type or None, and the result.
Flow::Next Flow::with_cleanup_start() {
    // 3.8 takes all but NULL, also a return address, for an exception.
    const bool null_only = target_.frame.return_addresses;
    const std::uint32_t size =
        items_above_exit(null_only ? SlotKinds::Null : SlotKinds::None | SlotKinds::WhyBreak,
                         null_only ? SlotKinds::Null : SlotKinds::None | slots::why, 2 * saved_items);
    if (size == 0) return Next::Ends;
    const bool raised = at_top(1).kinds == SlotKinds::ExcType;
    if (raised) {
        // The saved exception moves down over the __exit__, a NULL fills the gap, and the block's level
        // follows.
        const BlockStacks::Block block = block_stacks_.top(blocks_);
        const std::uint32_t around =
            block.below == BlockStacks::empty ? 0 : block_stacks_.top(block.below).floor();
        if (block.level + 6 != height_ || !saved_at(block.level) || around >= block.level) {
            fault(Rule::Blocks, Consequence::Crash, "WITH_CLEANUP_START does not find the saved exception");
            return Next::Ends;
        }
        std::copy(stack_ + block.level, stack_ + block.level + saved_items, stack_ + block.level - 1);
        stack_[block.level + saved_items - 1] = slot(SlotKinds::Null);
        blocks_ = block_stacks_.push(block.below, BlockType::Handler, 0, block.level - 1);
        handler_stale_ = true;
    } else {
        std::copy(stack_ + height_ - size, stack_ + height_, stack_ + height_ - size - 1);
        --height_;
        touch(height_ - size);
    }
    const Slot type = raised ? slot(SlotKinds::ExcType) : slot(SlotKinds::None);
    return push(type) && push(slot(SlotKinds::Object)) ? Next::Falls : Next::Ends;
}

Flow::Next Flow::with_cleanup_finish() {
    if (height_ < 2 || !at_top(1).is_within(slots::objects) ||
        !(at_top(2).kinds == SlotKinds::None || at_top(2).kinds == SlotKinds::ExcType)) {
        fault(Rule::Sequence, Consequence::Crash,
              "WITH_CLEANUP_FINISH does not find what WITH_CLEANUP_START pushed");
        return Next::Ends;
    }
    const bool raised = at_top(2).kinds == SlotKinds::ExcType;
    height_ -= 2;
    touch(height_);
    if (!raised) return Next::Falls;
    // A true result: the exception is silenced.
    const BlockStacks::Block block = block_stacks_.top(blocks_);
    if (!top_is_exception(0)) {
        fault(Rule::Blocks, Consequence::Crash, "WITH_CLEANUP_FINISH is not in the handler of its block");
        return Next::Ends;
    }
    if (target_.frame.return_addresses) {
        if (!unwind_handler_block(block, height_)) return Next::Ends;
        const std::array<Slot, 1> null{slot(SlotKinds::Null)};
        arrive(index_ + 1, block.level, null, block.below, Step::Way::Jump);
    } else {
        const std::array<Slot, 1> silenced{slot(SlotKinds::WhySilenced)};
        arrive(index_ + 1, height_, silenced, blocks_, Step::Way::Jump);
    }
    return Next::Falls;
}

/// StopAsyncIteration ends the loop: the handler is left and the iterator dropped; any other exception is
/// raised again.
Flow::Next Flow::end_async_for(const Instruction& item) {
    const BlockStacks::Block block = block_stacks_.top(blocks_);
    if (!top_is_exception(0) || block.level == 0 || height_ < block.floor() + 3 || !saved_at(block.level) ||
        !stack_[block.level - 1].is_within(slots::objects)) {
        fault(Rule::StackKind, Consequence::Crash,
              "END_ASYNC_FOR is not in a handler that an exception was just brought to, above an iterator");
        return Next::Ends;
    }
    if (item.argument != 0) { // the interpreter jumps that far, though dis says that there is no argument
        fault(Rule::Operand, Consequence::Crash, "the argument byte of END_ASYNC_FOR is not zero");
        return Next::Ends;
    }
    height_ = block.level - 1;
    blocks_ = block.below;
    handler_stale_ = true;
    return Next::Falls;
}

} // namespace pyasm::verifier
