// The block stack of versions up to 3.10. Sources: Python/ceval.c of 2.7
// (fast_block_end, END_FINALLY, WITH_CLEANUP), 3.6, 3.7 (the same, WITH_CLEANUP_START and _FINISH), 3.8
// (exception_unwind, END_FINALLY, POP_FINALLY, CALL_FINALLY), 3.9 and 3.10.

#include "verifier/flow.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace pyasm::verifier {

using isa::OpRole;
using program::Instruction;

Flow::Next Flow::block_role(const CompactOp& op, const Instruction& item) {
    switch (op.role) {
    case OpRole::SetupLoop: return setup(op, item, BlockType::Loop);
    case OpRole::SetupExcept: return setup(op, item, BlockType::Except);
    case OpRole::SetupFinally: return setup(op, item, BlockType::Finally);
    case OpRole::SetupWith: return setup_with(op, item);
    case OpRole::SetupAsyncWith: return setup_async_with(item);
    case OpRole::PopBlock: return pop_block();
    case OpRole::PopExcept: return pop_except();
    case OpRole::EndFinally: return end_finally();
    case OpRole::BeginFinally: return push(slot(SlotKinds::Null)) ? Next::Falls : Next::Ends;
    case OpRole::CallFinally: return call_finally(item);
    case OpRole::PopFinally: return pop_finally(item);
    case OpRole::BreakLoop: unwind(SlotKinds::WhyBreak, {}, height_, blocks_); return Next::Ends;
    case OpRole::ContinueLoop:
        unwind(SlotKinds::WhyContinue, slot(SlotKinds::ContinueTarget, jump_sets_.of(item.destination)),
               height_, blocks_);
        return Next::Ends;
    case OpRole::WithCleanup: return with_cleanup();
    case OpRole::WithCleanupStart: return with_cleanup_start();
    case OpRole::WithCleanupFinish: return with_cleanup_finish();
    case OpRole::EndAsyncFor: return end_async_for(item);
    default: return generic(op, item);
    }
}

bool Flow::push_block(BlockType type, std::uint32_t handler, std::uint32_t level) {
    if (block_stacks_.top(blocks_).depth == isa::FrameModel::most_blocks) {
        fault(Rule::Blocks, Consequence::Crash,
              fmt::format("this would be the block {} inside of others, and there is room for {}",
                          isa::FrameModel::most_blocks + 1, isa::FrameModel::most_blocks),
              "Put the inner ones into a function.");
        return false;
    }
    blocks_ = block_stacks_.push(blocks_, type, handler, level);
    handler_stale_ = true;
    return true;
}

Flow::Next Flow::setup(const CompactOp&, const Instruction& item, BlockType type) {
    return push_block(type, item.destination, height_) ? Next::Falls : Next::Ends;
}

Flow::Next Flow::setup_with(const CompactOp& op, const Instruction& item) {
    if (!apply(op.stack_of(item.argument), item)) return Next::Ends; // manager -- exit, result
    return push_block(BlockType::Finally, item.destination, height_ - 1) ? Next::Falls : Next::Ends;
}

Flow::Next Flow::setup_async_with(const Instruction& item) {
    if (!needs(1, item)) return Next::Ends;
    return push_block(BlockType::Finally, item.destination, height_ - 1) ? Next::Falls : Next::Ends;
}

Flow::Next Flow::pop_block() {
    if (blocks_ == BlockStacks::empty) {
        fault(Rule::Blocks, Consequence::Crash, "POP_BLOCK, and there is no block");
        return Next::Ends;
    }
    const BlockStacks::Block block = block_stacks_.top(blocks_);
    if (block.type == BlockType::Handler) {
        fault(Rule::Blocks, Consequence::Crash, "POP_BLOCK pops the block of a handler",
              "POP_EXCEPT leaves a handler.");
        return Next::Ends;
    }
    if (target_.frame.why_codes) { // up to 3.7 it also drops what was pushed since the block began
        if (height_ < block.level) {
            fault(Rule::Blocks, Consequence::Crash,
                  fmt::format("POP_BLOCK with {} on the stack, and the block began with {}", height_,
                              block.level));
            return Next::Ends;
        }
        height_ = block.level;
    }
    blocks_ = block.below;
    handler_stale_ = true;
    return Next::Falls;
}

Flow::Next Flow::pop_except() {
    const BlockStacks::Block block = block_stacks_.top(blocks_);
    if (blocks_ == BlockStacks::empty || block.type != BlockType::Handler) {
        fault(Rule::Blocks, Consequence::Crash, "POP_EXCEPT, and the innermost block is no handler's");
        return Next::Ends;
    }
    // Up to 3.7 it drops what is above the saved exception first.
    if (target_.frame.why_codes && height_ > block.floor()) height_ = block.floor();
    if (height_ < saved_items || !saved_at(height_ - saved_items) || height_ - saved_items < block.level) {
        fault(Rule::Blocks, Consequence::Crash,
              "POP_EXCEPT does not find the saved exception on top of the stack");
        return Next::Ends;
    }
    height_ -= saved_items;
    blocks_ = block.below;
    handler_stale_ = true;
    return Next::Falls;
}

/// An exception's type, value and traceback on top, and in 3.x the handler's block as its entry made it.
bool Flow::top_is_exception(std::uint32_t above) {
    if (height_ < above + 3 || at_top(above + 1).kinds != SlotKinds::ExcType ||
        at_top(above + 2).kinds != SlotKinds::ExcValue || at_top(above + 3).kinds != SlotKinds::ExcTb)
        return false;
    if (!target_.frame.handler_block) return true;
    return blocks_ != BlockStacks::empty && block_stacks_.top(blocks_).type == BlockType::Handler;
}

} // namespace pyasm::verifier
