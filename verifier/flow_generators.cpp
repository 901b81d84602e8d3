// Generators and coroutines: where they are made, where they wait, where they return.

#include "verifier/flow.hpp"

#include <fmt/format.h>

namespace pyasm::verifier {

using isa::OpRole;
using program::Instruction;

Flow::Next Flow::return_value(const CompactOp& op, const Instruction& item) {
    if (target_.frame.generator_instruction && !started_ &&
        structure_.has_flags(target_.flag_bits.generators())) {
        fault(Rule::Generator, Consequence::Crash,
              "it returns before RETURN_GENERATOR, and its callers count on that");
        return Next::Ends;
    }
    if (!target_.frame.why_codes) {
        bool handling = false; // a handler is left without restoring the exception that was current before it
        if (target_.frame.handler_block)
            for (std::uint32_t id = blocks_; id != BlockStacks::empty; id = block_stacks_.top(id).below)
                handling |= block_stacks_.top(id).type == BlockType::Handler;
        else
            for (std::uint32_t i = 0; i < height_; ++i) handling |= stack_[i].kinds == SlotKinds::Prev;
        if (handling && !replaying_)
            picture(report_->warning(Rule::LostHandler, offset(),
                                     "it returns out of a handler, and the exception stays the current one",
                                     "Put POP_EXCEPT in front of it."));
        return generic(op, item);
    }
    const Slot retval = height_ != 0 ? at_top(1) : Slot{};
    if (!apply(op.stack_of(item.argument), item)) return Next::Ends;
    unwind(SlotKinds::WhyReturn, retval, height_, blocks_);
    return Next::Ends;
}

Flow::Next Flow::return_generator(const CompactOp& op, const Instruction& item) {
    if (started_) {
        fault(Rule::Generator, Consequence::Crash, "the generator is made already");
        return Next::Ends;
    }
    started_ = true;
    handler_stale_ = true;
    return generic(op, item);
}

/// throw() and close() on a generator that waits at a yield look at what follows it, and may take what is on
/// top of the stack then for the iterator that it waits for.
Flow::Next Flow::yield(const CompactOp& op, const Instruction& item) {
    if (target_.frame.generator_instruction ? !started_
                                            : !structure_.has_flags(target_.flag_bits.generators())) {
        fault(Rule::Generator,
              target_.frame.generator_instruction ? Consequence::Crash : Consequence::WrongResult,
              fmt::format("{} outside of a generator", op.info->name),
              target_.frame.generator_instruction ? "RETURN_GENERATOR makes one."
                                                  : "co_flags have no GENERATOR.");
        return Next::Ends;
    }
    if (target_.frame.block_stack && item.prefixes != 0) {
        fault(Rule::Sequence, Consequence::Crash, fmt::format("EXTENDED_ARG in front of {}", op.info->name),
              "The generator would go on at the wrong place.");
        return Next::Ends;
    }
    const std::uint32_t next = index_ + 1;
    const Instruction* following = next < structure_.count() ? &structure_.decoded.items[next] : nullptr;
    bool awaits = false;
    switch (target_.frame.await_mark) {
    case isa::AwaitMark::NextYieldFrom:
        awaits = following && following->op->role == OpRole::YieldFrom && op.role == OpRole::Yield;
        break;
    case isa::AwaitMark::NextResume:
        awaits = following && following->op->role == OpRole::Resume && following->argument >= 2;
        break;
    case isa::AwaitMark::YieldArgument: awaits = item.argument != 0; break;
    }
    // throw() takes the argument of the SEND in front of it for the way on.
    const bool sends = index_ > block_begin_ &&
                       structure_.decoded.items[index_ - 1].op->role == OpRole::Send &&
                       structure_.decoded.items[index_ - 1].prefixes == 0;
    if (awaits && target_.frame.await_mark == isa::AwaitMark::NextResume && !sends) {
        fault(Rule::Sequence, Consequence::Crash,
              fmt::format("{} is followed by a RESUME that marks it as waiting for an iterator, and no SEND "
                          "is in front "
                          "of it",
                          op.info->name));
        return Next::Ends;
    }
    if (awaits) {
        const std::uint32_t depth = target_.frame.awaited_depth + 1; // the yielded item is on top of it
        if (depth > height_ || !at_top(depth).is_within(slots::objects | SlotKinds::Borrowed)) {
            fault(Rule::Generator, Consequence::Crash,
                  "it is marked as waiting for an iterator, and there is none below the yielded item");
            return Next::Ends;
        }
    }
    return generic(op, item);
}

/// 3.10: drops what the first send pushed.
Flow::Next Flow::gen_start() {
    if (height_ != 1 || index_ != 0) {
        fault(Rule::Generator, Consequence::Crash, "GEN_START is not the start of a generator",
              "It drops what the first send pushes.");
        return Next::Ends;
    }
    height_ = 0;
    return Next::Falls;
}

} // namespace pyasm::verifier
