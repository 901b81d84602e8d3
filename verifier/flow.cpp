#include "verifier/flow.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace pyasm::verifier {

using isa::OpRole;
using program::Instruction;

Flow::Flow(const isa::Target& target, const objects::ValuePool& pool, const CompactOps& ops,
           Structure& structure, Functions& functions)
    : target_(target), pool_(pool), ops_(ops), structure_(structure), functions_(functions) {}

void Flow::run(Report& report) {
    report_ = &report;
    begin();
    enter();
    while (!work_.empty() && !too_complex_ && !report.is_full()) {
        std::pop_heap(work_.begin(), work_.end(), std::greater<>());
        const auto state = static_cast<std::uint32_t>(work_.back());
        work_.pop_back();
        process(state);
    }
}

void Flow::begin() {
    const std::size_t count = structure_.count();
    marks_.assign(count, 0);
    first_states_.assign(count, State::none);
    states_.clear();
    arena_.clear();
    work_.clear();
    block_stacks_.clear();
    jump_sets_.clear();
    closures_.clear();
    too_complex_ = false;
    spent_ = 0;
    started_ = false;
    blocks_ = BlockStacks::empty;
    height_ = 0;
    index_ = 0;
    state_ = State::none;
    // Before, a local is followed only for what its compiler's name promises.
    const bool follows = target_.frame.cells_in_locals || structure_.local_name(0).starts_with('.');
    locals_ = follows ? structure_.locals : 0;
    most_height_ = static_cast<std::uint32_t>(structure_.code->stacksize);
    mark_leaders();
}

/// Where several ways can meet: behind jumps and handlers, and behind what ends in several states.
void Flow::mark_leaders() {
    const auto count = static_cast<std::uint32_t>(structure_.count());
    const auto lead = [&](std::uint32_t index) {
        if (index < count) marks_[index] |= leader;
    };
    for (std::uint32_t i = 0; i < count; ++i) {
        const Instruction& item = structure_.decoded.items[i];
        const CompactOp& op = ops_[item.opcode];
        if (op.jumps) lead(item.destination);
        switch (op.role) {
        case OpRole::EndFinally:
        case OpRole::WithCleanup:
        case OpRole::WithCleanupFinish:
        case OpRole::CallFinally:
        case OpRole::EndAsyncFor: lead(i + 1); break;
        default: break;
        }
    }
    region_of_.clear();
    if (structure_.handlers.empty()) return;
    region_of_.assign(count, 0);
    for (std::uint32_t row = 0; row < structure_.handlers.size(); ++row) {
        const objects::ExceptionEntry& entry = structure_.handlers[row];
        lead(structure_.index_at(entry.target));
        for (std::uint32_t i = structure_.index_at(entry.begin);
             i < count && structure_.offset_of(i) < entry.end; ++i)
            region_of_[i] = row + 1;
    }
}

void Flow::enter() {
    frame_.assign(std::size_t{locals_} + 8, slot(SlotKinds::Null));
    for (std::uint32_t i = 0; i < locals_ && i < structure_.arguments; ++i)
        frame_[i] = slot(SlotKinds::Object);
    if (locals_ != 0)
        for (const ArgumentDemand& demand : functions_.of(report_->code()).demands)
            if (demand.argument < structure_.arguments) frame_[demand.argument] = slot(demand.kinds);
    stack_ = frame_.data() + locals_;
    std::array<Slot, 1> sent{slot(SlotKinds::None)};
    const bool gets_none =
        target_.frame.sends_at_start && structure_.has_flags(target_.flag_bits.generators());
    if (gets_none && most_height_ == 0) {
        fault(Rule::StackSize, Consequence::Crash,
              "a generator starts with an item on its stack, and co_stacksize is 0");
        return;
    }
    arrive(0, 0, std::span(sent).first(gets_none ? 1 : 0), BlockStacks::empty, Step::Way::Jump);
}

/// Counts work that is not one instruction's; false, and an error, when it is too much.
bool Flow::spend(std::size_t slots) {
    spent_ += slots;
    if (spent_ <= work_for(structure_.count()) || too_complex_) return !too_complex_;
    too_complex_ = true;
    fault(Rule::TooComplex, Consequence::Unknown, "following this code takes too long",
          "It has too many places to jump to for its locals and stack.");
    return false;
}

void Flow::load(const State& state) {
    spend(locals_ + std::size_t{state.height});
    // One item more than may be, so that what pushes can look at the height afterwards.
    const std::size_t room = std::size_t{locals_} + state.height + 64;
    if (frame_.size() < room) frame_.resize(room);
    std::copy_n(arena_.begin() + static_cast<std::ptrdiff_t>(state.slots), locals_ + state.height,
                frame_.begin());
    stack_ = frame_.data() + locals_;
    height_ = state.height;
    blocks_ = state.blocks;
    started_ = state.started;
    handler_stale_ = true;
    look_at_frees();
}

void Flow::process(std::uint32_t id) {
    State& state = states_[id];
    state.waiting = false;
    state_ = id;
    block_begin_ = state.instruction;
    load(state);
    const auto count = static_cast<std::uint32_t>(structure_.count());
    for (std::uint32_t index = block_begin_;;) {
        index_ = index;
        marks_[index] |= reached;
        if (step(index) == Next::Ends || too_complex_) return;
        if (++index == count) return fall_off();
        if (marks_[index] & leader) return arrive_here(index);
    }
}

void Flow::fall_off() {
    fault(Rule::FallsOff, target_.frame.block_stack ? Consequence::SystemError : Consequence::Crash,
          "control runs off the end of the code", "Return, raise or jump there.");
}

Flow::Next Flow::step(std::uint32_t index) {
    const Instruction& item = structure_.decoded.items[index];
    const CompactOp& op = ops_[item.opcode];
    if (!replaying_ &&
        ((op.raises && !may_raise(index, op, item)) || (!frees_whole_ && !frees_are_cells(op, item))))
        return Next::Ends;
    if (op.needs_locals && structure_.has_flags(target_.flag_bits.optimized)) {
        fault(Rule::NoLocalsMapping, Consequence::Crash,
              fmt::format("{} needs a mapping of locals, and OPTIMIZED code has none", op.info->name));
        return Next::Ends;
    }
    if (op.role == OpRole::None && !op.is_deref) return generic(op, item);
    if (op.role >= OpRole::Copy) return container_role(op, item);
    const bool for_blocks = op.role >= OpRole::SetupLoop && op.role <= OpRole::EndAsyncFor;
    if (for_blocks && target_.frame.block_stack) return block_role(op, item);
    return local_role(op, item);
}

/// Control comes to an instruction, with the lowest `kept` items of the stack and what is `pushed` on them.
void Flow::arrive(std::uint32_t index, std::uint32_t kept, std::span<const Slot> pushed, std::uint32_t blocks,
                  Step::Way way) {
    if (replaying_ || too_complex_) return;
    if (index >= structure_.count()) return fall_off();
    if (!spend(locals_ + std::size_t{kept})) return;
    const auto height = kept + static_cast<std::uint32_t>(pushed.size());
    const bool tells_by_stack = target_.frame.why_codes;
    std::uint32_t id = first_states_[index];
    std::uint32_t others = 0;
    for (; id != State::none; id = states_[id].next, ++others) {
        State& state = states_[id];
        if (state.height != height || state.blocks != blocks || state.started != started_) continue;
        if (tells_by_stack && !same_exceptions(state, kept, pushed)) continue;
        if (merge(state, kept, pushed)) wait(id);
        return;
    }
    if (others != 0 && (target_.conventions.one_height || others >= most_states))
        return disagree(index, states_[first_states_[index]], height, blocks);
    id = add_state(index, height, blocks, way);
    if (id == State::none) return;
    Slot* to = arena_.data() + states_[id].slots;
    std::copy_n(frame_.data(), locals_, to);
    std::copy_n(stack_, kept, to + locals_);
    std::copy(pushed.begin(), pushed.end(), to + locals_ + kept);
    wait(id);
}

/// Whether exceptions and why codes are at the same places of the stack. Up to 3.7 the states of a finally
/// body are kept apart by this: what else is on the stack hangs on how it was entered.
bool Flow::same_exceptions(const State& state, std::uint32_t kept, std::span<const Slot> pushed) const {
    const auto marker = [](const Slot& item) {
        return item.kinds == SlotKinds::ExcType       ? 1
               : item.kinds == SlotKinds::WhyReturn   ? 2
               : item.kinds == SlotKinds::WhyContinue ? 3
                                                      : 0;
    };
    const Slot* have = arena_.data() + state.slots + locals_;
    for (std::uint32_t i = 0; i < state.height; ++i)
        if (marker(have[i]) != marker(i < kept ? stack_[i] : pushed[i - kept])) return false;
    return true;
}

std::uint32_t Flow::add_state(std::uint32_t index, std::uint32_t height, std::uint32_t blocks,
                              Step::Way way) {
    const std::size_t size = std::size_t{locals_} + height;
    if (arena_.size() + size > slots_for(structure_.count())) {
        too_complex_ = true;
        fault(Rule::TooComplex, Consequence::Unknown,
              "too much would have to be remembered to follow this code",
              "It has too many places to jump to for its locals and stack.");
        return State::none;
    }
    State state;
    state.instruction = index;
    state.height = height;
    state.blocks = blocks;
    state.started = started_;
    state.next = first_states_[index];
    state.from_state = state_;
    state.from = index_;
    state.way = way;
    state.slots = arena_.size();
    arena_.resize(arena_.size() + size);
    const auto id = static_cast<std::uint32_t>(states_.size());
    states_.push_back(state);
    first_states_[index] = id;
    return id;
}

Slot Flow::join(Slot a, Slot b) {
    if (a == b) return a;
    const SlotKinds kinds = a.kinds | b.kinds;
    if (a.detail == b.detail) return slot(kinds, a.detail);
    constexpr SlotKinds with_sets = SlotKinds::ReturnAddress | SlotKinds::ContinueTarget;
    if (a.may_be(with_sets) && b.may_be(with_sets)) return slot(kinds, jump_sets_.join(a.detail, b.detail));
    // What one of them does not even have, the other knows all about.
    if (a.kinds == SlotKinds::Null || a.kinds == SlotKinds::None) return slot(kinds, b.detail);
    if (b.kinds == SlotKinds::Null || b.kinds == SlotKinds::None) return slot(kinds, a.detail);
    return slot(kinds);
}

/// Joins what comes into a state; whether it has become something else.
bool Flow::merge(State& state, std::uint32_t kept, std::span<const Slot> pushed) {
    bool changed = false;
    const auto take = [&](Slot* to, const Slot* from, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            if (to[i] == from[i]) continue;
            const Slot both = join(to[i], from[i]);
            changed |= both != to[i];
            to[i] = both;
        }
    };
    Slot* to = arena_.data() + state.slots;
    take(to, frame_.data(), locals_);
    take(to + locals_, stack_, kept);
    take(to + locals_ + kept, pushed.data(), pushed.size());
    if (!changed) return false;
    if (++state.visits > most_visits) {
        too_complex_ = true;
        fault(Rule::TooComplex, Consequence::Unknown,
              fmt::format("what is known at {} changes too often", structure_.offset_of(state.instruction)));
        return false;
    }
    return true;
}

void Flow::wait(std::uint32_t id) {
    State& state = states_[id];
    if (state.waiting) return;
    state.waiting = true;
    work_.push_back(std::uint64_t{state.instruction} << 32 | id);
    std::push_heap(work_.begin(), work_.end(), std::greater<>());
}

void Flow::disagree(std::uint32_t index, const State& other, std::uint32_t height, std::uint32_t blocks) {
    const std::uint32_t place = structure_.offset_of(index);
    if (other.height != height) {
        fault(Rule::StackHeight, Consequence::Crash,
              fmt::format("the way from here to {} brings a stack of {}, another one brings {}", place,
                          height, other.height),
              "All ways to an instruction must bring as many items.");
    } else if (other.blocks != blocks) {
        fault(Rule::StackHeight, Consequence::Crash,
              fmt::format("the way from here to {} brings other blocks than another one", place));
    } else {
        fault(Rule::Generator, Consequence::Crash,
              fmt::format("RETURN_GENERATOR is on one way to {}, and not on another", place));
    }
}

Finding& Flow::fault(Rule rule, Consequence consequence, std::string message, std::string help) {
    Finding& finding = report_->error(rule, consequence, offset(), std::move(message), std::move(help));
    picture(finding);
    return finding;
}

/// The stack as it is, and how control came here.
void Flow::picture(Finding& finding) {
    finding.has_stack = true;
    finding.stack = stack_words();
    trace(finding);
}

/// The upper items of the stack, bottom first.
std::vector<std::string> Flow::stack_words() const {
    constexpr std::size_t most_shown = 64;
    std::vector<std::string> words;
    const std::size_t first = height_ > most_shown ? height_ - most_shown : 0;
    if (first != 0) words.push_back(fmt::format("{} more", first));
    for (std::size_t i = first; i < height_; ++i) words.push_back(words_of(stack_[i].kinds));
    return words;
}

void Flow::trace(Finding& finding) {
    finding.way.clear();
    finding.steps_left_out = false;
    std::vector<std::uint8_t> seen(states_.size(), 0);
    for (std::uint32_t id = state_; id != State::none && !seen[id];) {
        seen[id] = 1;
        const State& state = states_[id];
        if (state.from_state == State::none) break;
        const bool falls = state.way == Step::Way::Jump && state.instruction == state.from + 1 &&
                           !ops_[structure_.decoded.items[state.from].opcode].terminates;
        if (!falls) {
            if (finding.way.size() == Finding::most_steps) {
                finding.steps_left_out = true;
                break;
            }
            finding.way.push_back(
                {structure_.offset_of(state.from), structure_.offset_of(state.instruction), state.way});
        }
        id = state.from_state;
    }
    std::reverse(finding.way.begin(), finding.way.end());
}

std::vector<std::string> Flow::block_words() const {
    std::vector<std::string> words;
    for (std::uint32_t id = blocks_; id != BlockStacks::empty; id = block_stacks_.top(id).below) {
        const BlockStacks::Block& block = block_stacks_.top(id);
        const std::uint32_t place = structure_.offset_of(block.handler);
        switch (block.type) {
        case BlockType::Loop: words.push_back(fmt::format("loop to {}", place)); break;
        case BlockType::Except: words.push_back(fmt::format("except at {}", place)); break;
        case BlockType::Finally: words.push_back(fmt::format("finally at {}", place)); break;
        case BlockType::Handler: words.push_back(fmt::format("handler above {}", block.level)); break;
        }
    }
    std::reverse(words.begin(), words.end());
    return words;
}

} // namespace pyasm::verifier
