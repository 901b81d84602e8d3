// Functions that are made, with their closures, and calls.

#include "verifier/flow.hpp"

#include "support/text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pyasm::verifier {

using isa::OpRole;
using objects::ValueId;
using objects::ValueKind;
using program::Instruction;

/// KW_NAMES: the next CALL takes it for a tuple of names, of no more than it has arguments.
bool Flow::check_names_of_arguments(const Instruction& item) {
    const ValueId id = structure_.const_at(item.argument);
    const Instruction* call = nullptr;
    for (std::uint32_t next = index_ + 1; next < structure_.count(); ++next) {
        const Instruction& other = structure_.decoded.items[next];
        const OpRole role = ops_[other.opcode].role;
        if (marks_[next] & leader) break;
        if (role == OpRole::Precall) continue;
        if (role == OpRole::Call) call = &other;
        break;
    }
    if (!call) {
        fault(Rule::Sequence, Consequence::Crash, "KW_NAMES is not followed by its CALL");
        return false;
    }
    if (are_argument_names(id, call->argument)) return true;
    fault(Rule::Operand, Consequence::Crash,
          fmt::format("KW_NAMES is no tuple of at most {} names, which the CALL behind it takes it for",
                      call->argument));
    return false;
}

bool Flow::are_argument_names(ValueId id, std::uint32_t arguments) const {
    if (pool_[id].kind != ValueKind::Tuple) return false;
    const auto names = pool_.children(id);
    return names.size() <= arguments && std::all_of(names.begin(), names.end(), [&](ValueId name) {
               return pool_[name].kind == ValueKind::Str;
           });
}

/// 2.7 has the names of arguments on the stack, each below its value. Where one comes twice, the message says
/// so with the name's characters, whatever it is (update_keyword_args in Python/ceval.c).
bool Flow::check_names_on_stack(const CompactOp& op, const Instruction& item) {
    auto place = static_cast<std::uint32_t>(height_ - op.info->stack.pops(item.argument));
    for (const isa::StackItem& input : op.info->stack.inputs()) {
        const auto count = static_cast<std::uint32_t>(input.count.of(item.argument));
        for (std::uint32_t name = place; input.name == "kwargs" && name < place + count; name += 2) {
            if (stack_[name].is_within(SlotKinds::Str)) continue;
            fault(Rule::StackKind, Consequence::Crash,
                  fmt::format(
                      "{} takes item {} from the top of the stack for the name of an argument, and it is {}",
                      op.info->name, height_ - name, words_of(stack_[name].kinds)),
                  "Push a string by LOAD_CONST.");
            return false;
        }
        place += count;
    }
    return true;
}

/// The names on top must be a constant, to be seen here.
Flow::Next Flow::call_named(const CompactOp& op, const Instruction& item) {
    if (!needs(op.info->stack.pops(item.argument), item) || !check_names_on_stack(op, item))
        return Next::Ends;
    const bool has_names = op.info->stack.items[op.info->stack.before - 1].name == "kwnames"; // not in 2.7
    if (has_names && height_ != 0) {
        const Slot names = at_top(1);
        const bool known =
            names.is_within(SlotKinds::Tuple) && names.detail != 0 && !(names.detail & Slot::built);
        if (!known || !are_argument_names(structure_.const_at(names.detail - 1), item.argument)) {
            fault(Rule::StackKind, Consequence::Crash,
                  fmt::format("{} takes the top of the stack for the names of at most {} arguments without "
                              "looking, and "
                              "it is {}",
                              op.info->name, item.argument, words_of(names.kinds)),
                  "Push a tuple of strings by LOAD_CONST.");
            return Next::Ends;
        }
    }
    return generic(op, item);
}

/// 3.11's PRECALL can do the work of the CALL that follows, and skips it unseen.
Flow::Next Flow::precall(const CompactOp& op, const Instruction& item) {
    const std::uint32_t next = index_ + 1;
    const Instruction* call_item = next < structure_.count() ? &structure_.decoded.items[next] : nullptr;
    if (!call_item || call_item->op->role != OpRole::Call || call_item->argument != item.argument ||
        call_item->prefixes != item.prefixes || (marks_[next] & leader)) {
        fault(Rule::Sequence, Consequence::Crash,
              fmt::format("PRECALL {} is not followed by its CALL {}", item.argument, item.argument),
              "The interpreter may skip what stands there.");
        return Next::Ends;
    }
    return call(op, item);
}

Flow::Next Flow::make_function(const CompactOp& op, const Instruction& item) {
    const isa::StackSignature& signature = op.info->stack;
    if (!needs(signature.pops(item.argument), item)) return Next::Ends;
    // Where in the stack the signature has the code and the closure.
    auto place = static_cast<std::uint32_t>(height_ - signature.pops(item.argument));
    Slot code, closure, annotations;
    for (const isa::StackItem& input : signature.inputs()) {
        const std::int64_t count = input.count.of(item.argument);
        if (input.name == "code") {
            code = stack_[place];
            if (code.kinds == SlotKinds::Unready && (code.detail & Slot::is_code))
                stack_[place].kinds = SlotKinds::Code;
        }
        if (input.name == "closure" && count != 0) {
            closure = stack_[place];
            if (closure.kinds == SlotKinds::Tuple && tuple_size(closure) == 0)
                stack_[place].kinds = SlotKinds::Closure;
        }
        if (input.name == "annotations" && count != 0) annotations = stack_[place];
        place += static_cast<std::uint32_t>(count);
    }
    if (generic(op, item) == Next::Ends) return Next::Ends;
    const std::uint32_t index = code.detail & ~Slot::is_code;
    if (index == 0) {
        fault(Rule::Closure, Consequence::Crash, "it cannot be told which code the function gets",
              "Push the code by LOAD_CONST right there.");
        return Next::Ends;
    }
    const Functions::Facts& facts = functions_.of(structure_.const_at(index - 1));
    const bool has_closure = isa::any(closure.kinds);
    const bool later = op.info->stack.before == 1; // SET_FUNCTION_ATTRIBUTE brings the closure
    if (!later && has_closure && !check_closure(closure, facts)) return Next::Ends;
    if (!later && !has_closure && facts.frees != 0) {
        fault(Rule::Closure, Consequence::Crash,
              fmt::format("the function's code has {} free variables, and it gets no closure", facts.frees));
        return Next::Ends;
    }
    if (!check_annotations(annotations)) return Next::Ends;
    const bool complete = !later || facts.frees == 0;
    at_top(1) = slot(complete && facts.demands.empty() ? SlotKinds::Function : SlotKinds::Unready,
                     index | (complete ? Slot::closure_set : 0));
    return Next::Falls;
}

Flow::Next Flow::set_function_attribute(const CompactOp& op, const Instruction& item) {
    if (!needs(2, item)) return Next::Ends;
    const Slot function = at_top(1);
    const Slot attribute = at_top(2);
    const std::uint32_t index = function.detail & ~(Slot::closure_set | Slot::is_code);
    const bool known = function.is_within(SlotKinds::Function | SlotKinds::Unready) && index != 0 &&
                       !(function.detail & Slot::is_code);
    if (!known) {
        fault(Rule::StackKind, Consequence::Crash,
              "SET_FUNCTION_ATTRIBUTE takes the top of the stack for a function that was just made, and it "
              "is " +
                  words_of(function.kinds));
        return Next::Ends;
    }
    constexpr std::uint32_t closure_part = 8;
    std::uint32_t detail = function.detail;
    const Functions::Facts& facts = functions_.of(structure_.const_at(index - 1));
    constexpr std::uint32_t defaults_part = 1, kwdefaults_part = 2, annotations_part = 4;
    const auto wants = [&](SlotKinds kinds, std::string_view what) {
        if (attribute.is_within(kinds | SlotKinds::Borrowed)) return true;
        fault(Rule::StackKind, Consequence::Crash,
              fmt::format("SET_FUNCTION_ATTRIBUTE takes the item below the function for {}, which must be "
                          "{}, and it is {}",
                          what, words_of(kinds), words_of(attribute.kinds)));
        return false;
    };
    if (item.argument == defaults_part && !wants(SlotKinds::Tuple | SlotKinds::Closure, "defaults"))
        return Next::Ends;
    if (item.argument == kwdefaults_part && !wants(SlotKinds::Dict, "kwdefaults")) return Next::Ends;
    if (item.argument == annotations_part &&
        (!wants(SlotKinds::Dict | SlotKinds::Tuple, "annotations") || !check_annotations(attribute)))
        return Next::Ends;
    if (item.argument == closure_part) {
        if (!check_closure(attribute, facts)) return Next::Ends;
        detail |= Slot::closure_set;
    }
    at_top(1) = slot(SlotKinds::Function);
    if (generic(op, item) == Next::Ends) return Next::Ends;
    const bool complete = (detail & Slot::closure_set) != 0 && facts.demands.empty();
    at_top(1) = slot(complete ? SlotKinds::Function : SlotKinds::Unready, detail);
    return Next::Falls;
}

/// As many cells as the code has free variables, and those that a compiler's name promises.
bool Flow::check_closure(Slot closure, const Functions::Facts& facts) {
    const auto refuse = [&](std::string what) {
        const std::string wants = facts.known ? fmt::format("has {} free variables", facts.frees)
                                              : std::string("is another unit's");
        fault(Rule::Closure, Consequence::Crash,
              fmt::format("the function's code {}, and its closure is {}", wants, what));
        return false;
    };
    if (closure.kinds == SlotKinds::Tuple && tuple_size(closure) == 0)
        return facts.frees == 0 || refuse("empty");
    if ((closure.kinds & ~SlotKinds::Borrowed) != SlotKinds::Closure) return refuse(words_of(closure.kinds));
    if (!facts.known) return true; // looked at again when the program is linked
    const auto found = closures_.find(closure.detail);
    if (closure.detail == 0 || found == closures_.end()) return refuse("one whose size cannot be told");
    const std::vector<std::uint32_t>& cells = found->second;
    if (!spend(facts.named_frees.size())) return false;
    if (cells.size() != facts.frees) return refuse(fmt::format("{} cells", cells.size()));
    for (const auto& [index, name] : facts.named_frees) {
        if (cells[index] != 0 && structure_.local_name(cells[index] - 1) == name) continue;
        return refuse(fmt::format("without the cell of {} at {}", support::printable(name), index));
    }
    return true;
}

/// A tuple of names and values: the interpreter makes a dict of its pairs without looking at its size.
bool Flow::check_annotations(Slot annotations) {
    if (!annotations.may_be(SlotKinds::Tuple)) return true;
    const std::int64_t size = tuple_size(annotations);
    if (size >= 0 && size % 2 == 0) return true;
    fault(Rule::StackKind, Consequence::Crash, "the annotations are a tuple that is not of pairs");
    return false;
}

/// A function whose body takes an argument for granted may be called right away, with that; a function that
/// was just made of a generator's code gives a generator.
Flow::Next Flow::call(const CompactOp& op, const Instruction& item) {
    const std::int64_t taken = op.info->stack.pops(item.argument);
    if (!needs(taken, item) || !check_names_on_stack(op, item)) return Next::Ends;
    Slot* const base = stack_ + height_ - taken;
    Slot* callee = nullptr;
    for (Slot* at = base; at < base + std::min<std::int64_t>(taken, 2) && !callee; ++at)
        if (at->is_within(SlotKinds::Unready | SlotKinds::Function) && !(at->detail & Slot::is_code) &&
            at->detail != 0)
            callee = at;
    if (!callee || (callee != base && base->kinds != SlotKinds::Null)) return generic(op, item);
    for (std::uint32_t back = 1; back <= 2 && back <= index_ - block_begin_; ++back) {
        // Named arguments are not in the order of the function's.
        const OpRole before = ops_[structure_.decoded.items[index_ - back].opcode].role;
        if (before == OpRole::NameArguments) return generic(op, item);
        if (before != OpRole::Precall) break;
    }
    const Slot as_it_was = *callee;
    if (!check_callee(callee, stack_ + height_)) return Next::Ends;
    const std::uint32_t index = as_it_was.detail & ~Slot::closure_set;
    const bool makes_generator = functions_.of(structure_.const_at(index - 1)).makes_generator;
    const auto place = static_cast<std::uint32_t>(callee - stack_);
    if (generic(op, item) == Next::Ends) return Next::Ends;
    if (op.role == OpRole::Precall)
        stack_[place] = as_it_was;
    else if (makes_generator)
        at_top(1) = slot(SlotKinds::Iter);
    return Next::Falls;
}

bool Flow::check_callee(Slot* callee, const Slot* end) {
    if (callee->kinds == SlotKinds::Function) return true;
    if (!(callee->detail & Slot::closure_set)) return true; // it lacks its closure, which `generic` will say
    const std::uint32_t index = callee->detail & ~Slot::closure_set;
    // The arguments follow; a NULL beside the function is none.
    const Slot* arguments = callee + 1;
    if (arguments < end && arguments->kinds == SlotKinds::Null) ++arguments;
    const std::vector<ArgumentDemand>& demands = functions_.of(structure_.const_at(index - 1)).demands;
    if (!spend(demands.size())) return false;
    for (const ArgumentDemand& demand : demands) {
        if (arguments + demand.argument < end &&
            arguments[demand.argument].is_within(demand.kinds | SlotKinds::Borrowed))
            continue;
        fault(Rule::StackKind, Consequence::Crash,
              fmt::format("the function takes its argument {} for {} without looking", demand.argument,
                          words_of(demand.kinds)));
        return false;
    }
    callee->kinds = SlotKinds::Function;
    return true;
}

} // namespace pyasm::verifier
