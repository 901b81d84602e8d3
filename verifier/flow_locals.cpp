// Locals and cells among them (3.11+), functions and their closures, generators, calls.

#include "verifier/flow.hpp"

#include <algorithm>
#include "support/text.hpp"

#include <fmt/format.h>

namespace pyasm::verifier {

using isa::OpRole;
using objects::ValueId;
using objects::ValueKind;
using program::Instruction;

Flow::Next Flow::local_role(const CompactOp& op, const Instruction& item) {
    const auto go = [](bool good) { return good ? Next::Falls : Next::Ends; };
    const std::uint32_t argument = item.argument;
    const bool checked = target_.frame.unbound_checked;
    if (op.is_deref && op.role == OpRole::None) return deref(op, item);
    switch (op.role) {
    case OpRole::LoadClassDeref:
        // It looks for the name among the free variables without asking whether it is one of them.
        if (!target_.frame.cells_in_locals && argument < structure_.cells - structure_.frees) {
            fault(Rule::Operand, Consequence::Crash, "LOAD_CLASSDEREF takes a cell variable, and must take a free one");
            return Next::Ends;
        }
        return deref(op, item);
    case OpRole::LoadConst: return go(push(constant(argument)));
    case OpRole::NameArguments: return go(check_names_of_arguments(item));
    case OpRole::LoadLocal: return go(load_local(argument, checked, false));
    case OpRole::LoadLocalChecked: return go(load_local(argument, true, false));
    case OpRole::LoadLocalBorrowed: return go(load_local(argument, checked, true));
    case OpRole::LoadTwoLocals:
        return go(load_local(argument >> 4, checked, false) && load_local(argument & 15, checked, false));
    case OpRole::LoadTwoLocalsBorrowed:
        return go(load_local(argument >> 4, checked, true) && load_local(argument & 15, checked, true));
    case OpRole::LoadLocalAndClear: {
        if (!kill_local(argument) || !push(frame_[argument])) return Next::Ends;
        set_local(argument, slot(SlotKinds::Null));
        return Next::Falls;
    }
    case OpRole::StoreLocal: return locals_ == 0 ? generic(op, item) : go(store_local(argument));
    case OpRole::StoreAndLoadLocal: return go(store_local(argument >> 4) && load_local(argument & 15, checked, false));
    case OpRole::StoreTwoLocals: return go(store_local(argument >> 4) && store_local(argument & 15));
    case OpRole::DeleteLocal:
        if (locals_ == 0) return Next::Falls;
        if (!kill_local(argument)) return Next::Ends;
        if (frame_[argument].kinds == SlotKinds::Null) return Next::Ends; // it surely raises
        set_local(argument, slot(SlotKinds::Null));
        return Next::Falls;
    case OpRole::MakeCell: return make_cell(argument);
    case OpRole::CopyFreeVars: return copy_free_vars(argument);
    case OpRole::MakeFunction: return make_function(op, item);
    case OpRole::SetFunctionAttribute: return set_function_attribute(op, item);
    case OpRole::BuildTuple: return build_tuple(op, item);
    case OpRole::Call: return call(op, item);
    case OpRole::CallNamed: return call_named(op, item);
    case OpRole::Precall: return precall(op, item);
    case OpRole::GetIter: return get_iter(op, item);
    case OpRole::ForIter:
    case OpRole::Send: return use_index(op, item);
    case OpRole::Yield: return yield(op, item);
    case OpRole::ReturnGenerator: return return_generator(op, item);
    case OpRole::GenStart: return gen_start();
    case OpRole::JumpIfNone:
    case OpRole::JumpIfNotNone: return jump_if_none(op, item);
    case OpRole::Reraise: return reraise(op, item);
    case OpRole::Return:
    case OpRole::ReturnConst: return return_value(op, item);
    default: return generic(op, item);
    }
}

Slot Flow::constant(std::uint32_t index) const {
    const ValueId id = structure_.const_at(index);
    switch (pool_[id].kind) {
    case ValueKind::None: return slot(SlotKinds::None);
    case ValueKind::True:
    case ValueKind::False: return slot(SlotKinds::Bool);
    case ValueKind::Str: return slot(SlotKinds::Str);
    case ValueKind::Bytes:
        return slot(target_.literals == isa::LiteralDialect::Python2 ? SlotKinds::Str : SlotKinds::Object);
    case ValueKind::Tuple: return slot(SlotKinds::Tuple, index + 1);
    case ValueKind::Code:
        // What its body takes for granted must be seen to when it is called.
        if (!functions_.of(id).demands.empty()) return slot(SlotKinds::Unready, (index + 1) | Slot::is_code);
        return slot(SlotKinds::Code, index + 1);
    case ValueKind::Int:
    case ValueKind::Long:
    case ValueKind::Float: return slot(SlotKinds::Object, Slot::number);
    default: return slot(SlotKinds::Object);
    }
}

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
          fmt::format("KW_NAMES is no tuple of at most {} names, which the CALL behind it takes it for", call->argument));
    return false;
}

bool Flow::are_argument_names(ValueId id, std::uint32_t arguments) const {
    if (pool_[id].kind != ValueKind::Tuple) return false;
    const auto names = pool_.children(id);
    return names.size() <= arguments &&
           std::all_of(names.begin(), names.end(), [&](ValueId name) { return pool_[name].kind == ValueKind::Str; });
}

/// The names on top must be a constant, to be seen here.
Flow::Next Flow::call_named(const CompactOp& op, const Instruction& item) {
    const bool has_names = op.info->stack.items[op.info->stack.before - 1].name == "kwnames"; // not in 2.7
    if (has_names && height_ != 0) {
        const Slot names = at_top(1);
        const bool known = names.is_within(SlotKinds::Tuple) && names.detail != 0 && !(names.detail & Slot::built);
        if (!known || !are_argument_names(structure_.const_at(names.detail - 1), item.argument)) {
            fault(Rule::StackKind, Consequence::Crash,
                  fmt::format("{} takes the top of the stack for the names of at most {} arguments without looking, and "
                              "it is {}",
                              op.info->name, item.argument, words_of(names.kinds)),
                  "Push a tuple of strings by LOAD_CONST.");
            return Next::Ends;
        }
    }
    return generic(op, item);
}

Flow::Next Flow::return_value(const CompactOp& op, const Instruction& item) {
    const isa::CodeFlagBits& bits = target_.flag_bits;
    if (target_.frame.generator_instruction && !started_ &&
        (static_cast<std::uint32_t>(structure_.code->flags) &
         (bits.generator | bits.coroutine | bits.async_generator)) != 0) {
        fault(Rule::Generator, Consequence::Crash, "it returns before RETURN_GENERATOR, and its callers count on that");
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
    if (!apply(op.stack_of(item.argument), item, item.argument)) return Next::Ends;
    unwind(SlotKinds::WhyReturn, retval, height_, blocks_);
    return Next::Ends;
}

/// 3.11's PRECALL can do the work of the CALL that follows, and skips it unseen.
Flow::Next Flow::precall(const CompactOp& op, const Instruction& item) {
    const std::uint32_t next = index_ + 1;
    const Instruction* call_item = next < structure_.count() ? &structure_.decoded.items[next] : nullptr;
    if (!call_item || call_item->op->role != OpRole::Call || call_item->argument != item.argument ||
        (marks_[next] & leader)) {
        fault(Rule::Sequence, Consequence::Crash,
              fmt::format("PRECALL {} is not followed by its CALL {}", item.argument, item.argument),
              "The interpreter may skip what stands there.");
        return Next::Ends;
    }
    return call(op, item);
}

/// Code that runs may ask for the frame's locals, which takes free variables for cells without looking.
bool Flow::frees_are_cells(const CompactOp& op) {
    switch (op.role) {
    case OpRole::MakeCell:
    case OpRole::CopyFreeVars:
    case OpRole::ReturnGenerator:
    case OpRole::Resume: return true;
    default: break;
    }
    fault(Rule::Cell, Consequence::Crash,
          fmt::format("{} can run code, and a free variable is no cell here", op.info->name),
          "COPY_FREE_VARS brings the closure's cells.");
    return false;
}

/// A name with a dot in front is a compiler's own: what is in such a variable is known by its name.
Flow::Next Flow::deref(const CompactOp& op, const Instruction& item) {
    if (!target_.frame.cells_in_locals) return generic(op, item);
    if (!need_cell(item.argument)) return Next::Ends;
    const bool typed = structure_.local_name(item.argument) == ".type_params";
    const bool loads = op.stack.out == 1;
    constexpr SlotKinds tuple = SlotKinds::Tuple | SlotKinds::Closure;
    if (typed && op.stack.in == 1 && op.stack.out == 0 && height_ != 0 &&
        !at_top(1).is_within(tuple | SlotKinds::Borrowed)) {
        fault(Rule::StackKind, Consequence::Crash,
              fmt::format("the variable .type_params is taken for a tuple without looking, and gets {}",
                          words_of(at_top(1).kinds)));
        return Next::Ends;
    }
    const Slot cell = frame_[item.argument];
    if (generic(op, item) == Next::Ends) return Next::Ends;
    if (loads && op.info->stack.outputs()[0].name == "cell")
        at_top(1) = cell;
    else if (loads && typed)
        at_top(1) = slot(SlotKinds::Tuple);
    return Next::Falls;
}

bool Flow::load_local(std::uint32_t local, bool checked, bool borrowed) {
    if (locals_ == 0) return push(slot(SlotKinds::Object));
    Slot value = frame_[local];
    if (value.may_be(SlotKinds::Null)) {
        if (!checked) {
            const std::string_view name = structure_.local_name(local);
            fault(Rule::Unbound, Consequence::Crash,
                  fmt::format("local {} ({}) {} unbound here, and the interpreter does not check", local,
                              support::printable(name), value.kinds == SlotKinds::Null ? "is" : "may be"),
                  "Assign it on every way, or use LOAD_FAST_CHECK.");
            return false;
        }
        value.kinds = value.kinds & ~SlotKinds::Null;
        if (!isa::any(value.kinds)) return false; // it surely raises
        frame_[local].kinds = value.kinds;        // it has looked
    }
    if (borrowed) value = slot(value.kinds | SlotKinds::Borrowed, local + 1);
    return push(value);
}

/// A local keeps of an object only that it is one: a debugger or a mapping of locals may put in another.
bool Flow::store_local(std::uint32_t local) {
    if (!needs(1, structure_.decoded.items[index_])) return false;
    const Slot value = at_top(1);
    const SlotKinds allowed = slots::objects | SlotKinds::Borrowed |
                              (target_.frame.unbound_checked ? SlotKinds::Nothing : SlotKinds::Null);
    if (!value.is_within(allowed))
        return refuse_item(allowed, false, "value", value, height_ - 1, structure_.decoded.items[index_]);
    if (value.may_be(SlotKinds::Borrowed)) {
        fault(Rule::Borrowed, Consequence::Crash,
              "a borrowed reference is stored, and would outlive the local that owns it", "Load it with LOAD_FAST.");
        return false;
    }
    --height_;
    touch(height_);
    if (!kill_local(local)) return false;
    // A cell that comes back from the stack (an inlined comprehension saved it there) is one still.
    Slot kept = slot(value.kinds & (SlotKinds::Null | SlotKinds::Cell), value.may_be(SlotKinds::Cell) ? value.detail : 0);
    if (value.may_be(slots::objects & ~SlotKinds::Cell)) kept.kinds = kept.kinds | SlotKinds::Object;
    set_local(local, kept);
    return true;
}

/// Nothing on the stack may have borrowed the reference that goes now.
bool Flow::kill_local(std::uint32_t local) {
    for (std::uint32_t i = 0; i < height_; ++i) {
        if (!stack_[i].may_be(SlotKinds::Borrowed) || (stack_[i].detail != 0 && stack_[i].detail != local + 1)) continue;
        fault(Rule::Borrowed, Consequence::Crash,
              fmt::format("item {} from the top of the stack borrows its reference from local {}, which changes here",
                          height_ - i, local),
              "Load it with LOAD_FAST.");
        return false;
    }
    return true;
}

void Flow::set_local(std::uint32_t local, Slot value) {
    if (frame_[local] == value) return;
    frame_[local] = value;
    handler_stale_ = true;
    if (local < structure_.free_first) return;
    frees_whole_ = true;
    for (std::uint32_t i = structure_.free_first; i < locals_; ++i) frees_whole_ &= frame_[i].is_within(SlotKinds::Cell);
}

bool Flow::need_cell(std::uint32_t local) {
    if (frame_[local].is_within(SlotKinds::Cell)) return true;
    const std::string_view op = structure_.decoded.items[index_].op->name;
    fault(Rule::Cell, Consequence::Crash,
          fmt::format("{} takes local {} for a cell, and it is {}", op, local,
                      frame_[local].kinds == SlotKinds::Null ? "empty" : words_of(frame_[local].kinds)),
          structure_.local_is(local, objects::local_kind::free) ? "COPY_FREE_VARS brings the closure's cells."
                                                                 : "MAKE_CELL makes it one.");
    return false;
}

Flow::Next Flow::make_cell(std::uint32_t local) {
    if (frame_[local].may_be(SlotKinds::Cell)) {
        // Compilers do it in comprehensions within scopes of type parameters (3.12 - 3.15).
        if (!replaying_)
            picture(report_->warning(Rule::Cell, offset(),
                                     fmt::format("local {} is a cell already, and is put into another one", local)));
    }
    if (!kill_local(local)) return Next::Ends;
    set_local(local, slot(SlotKinds::Cell, local + 1));
    return Next::Falls;
}

Flow::Next Flow::copy_free_vars(std::uint32_t count) {
    if (count != structure_.frees) {
        fault(Rule::Closure, Consequence::Crash,
              fmt::format("COPY_FREE_VARS copies {}, and there are {} free variables", count, structure_.frees));
        return Next::Ends;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t local = structure_.free_first + i;
        frame_[local] = slot(SlotKinds::Cell, local + 1);
    }
    handler_stale_ = true;
    frees_whole_ = true;
    return Next::Falls;
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
            if (code.kinds == SlotKinds::Unready && (code.detail & Slot::is_code)) stack_[place].kinds = SlotKinds::Code;
        }
        if (input.name == "closure" && count != 0) {
            closure = stack_[place];
            if (closure.kinds == SlotKinds::Tuple && tuple_size(closure) == 0) stack_[place].kinds = SlotKinds::Closure;
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
              "SET_FUNCTION_ATTRIBUTE takes the top of the stack for a function that was just made, and it is " +
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
              fmt::format("SET_FUNCTION_ATTRIBUTE takes the item below the function for {}, which must be {}, and it is {}",
                          what, words_of(kinds), words_of(attribute.kinds)));
        return false;
    };
    if (item.argument == defaults_part && !wants(SlotKinds::Tuple | SlotKinds::Closure, "defaults")) return Next::Ends;
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
        fault(Rule::Closure, Consequence::Crash,
              fmt::format("the function's code has {} free variables, and its closure is {}", facts.frees, what));
        return false;
    };
    if (closure.kinds == SlotKinds::Tuple && tuple_size(closure) == 0)
        return facts.frees == 0 || refuse("empty");
    if ((closure.kinds & ~SlotKinds::Borrowed) != SlotKinds::Closure) return refuse(words_of(closure.kinds));
    const auto found = closures_.find(closure.detail);
    if (closure.detail == 0 || found == closures_.end()) return refuse("one whose size cannot be told");
    const std::vector<std::uint32_t>& cells = found->second;
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

/// A function whose body takes an argument for granted may be called right away, with that; a function that was just
/// made of a generator's code gives a generator.
Flow::Next Flow::call(const CompactOp& op, const Instruction& item) {
    const std::int64_t taken = op.info->stack.pops(item.argument);
    if (!needs(taken, item)) return Next::Ends;
    Slot* const base = stack_ + height_ - taken;
    Slot* callee = nullptr;
    for (Slot* at = base; at < base + std::min<std::int64_t>(taken, 2) && !callee; ++at)
        if (at->is_within(SlotKinds::Unready | SlotKinds::Function) && !(at->detail & Slot::is_code) && at->detail != 0)
            callee = at;
    if (!callee || (callee != base && base->kinds != SlotKinds::Null)) return generic(op, item);
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
    for (const ArgumentDemand& demand : functions_.of(structure_.const_at(index - 1)).demands) {
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

Flow::Next Flow::return_generator(const CompactOp& op, const Instruction& item) {
    if (started_) {
        fault(Rule::Generator, Consequence::Crash, "the generator is made already");
        return Next::Ends;
    }
    started_ = true;
    handler_stale_ = true;
    return generic(op, item);
}

/// throw() and close() on a generator that waits at a yield look at what follows it, and may take what is on top of
/// the stack then for the iterator that it waits for.
Flow::Next Flow::yield(const CompactOp& op, const Instruction& item) {
    const isa::CodeFlagBits& bits = target_.flag_bits;
    const bool flagged = (static_cast<std::uint32_t>(structure_.code->flags) &
                          (bits.generator | bits.coroutine | bits.async_generator)) != 0;
    if (target_.frame.generator_instruction ? !started_ : !flagged) {
        fault(Rule::Generator, target_.frame.generator_instruction ? Consequence::Crash : Consequence::WrongResult,
              fmt::format("{} outside of a generator", op.info->name),
              target_.frame.generator_instruction ? "RETURN_GENERATOR makes one." : "co_flags have no GENERATOR.");
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
    const bool sends = index_ > block_begin_ && structure_.decoded.items[index_ - 1].op->role == OpRole::Send &&
                       structure_.decoded.items[index_ - 1].prefixes == 0;
    if (awaits && target_.frame.await_mark == isa::AwaitMark::NextResume && !sends) {
        fault(Rule::Sequence, Consequence::Crash,
              fmt::format("{} is followed by a RESUME that marks it as waiting for an iterator, and no SEND is in front "
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

/// The item that is tested may be a copy of the one below it, of which more is known then.
Flow::Next Flow::jump_if_none(const CompactOp& op, const Instruction& item) {
    if (!needs(1, item)) return Next::Ends;
    const bool copy = index_ > block_begin_ && height_ >= 2 &&
                      ops_[structure_.decoded.items[index_ - 1].opcode].info->name == "COPY" &&
                      structure_.decoded.items[index_ - 1].argument == 1;
    if (!copy) return generic(op, item);
    const Slot whole = at_top(2);
    const Slot none = slot(SlotKinds::None | (whole.kinds & SlotKinds::Borrowed), whole.detail);
    const Slot other = slot(whole.kinds & ~SlotKinds::None, whole.detail);
    const bool jumps_if_none = op.role == OpRole::JumpIfNone;
    if (!apply(op.stack_jump, item, item.argument)) return Next::Ends;
    handler_stale_ = true;
    at_top(1) = jumps_if_none ? none : other;
    if (isa::any(at_top(1).kinds & ~SlotKinds::Borrowed)) arrive_here(item.destination);
    at_top(1) = jumps_if_none ? other : none;
    return isa::any(at_top(1).kinds & ~SlotKinds::Borrowed) ? Next::Falls : Next::Ends;
}

/// RERAISE of 3.11+ with an argument takes the item that far below the exception for the place it came from.
Flow::Next Flow::reraise(const CompactOp& op, const Instruction& item) {
    if (!target_.frame.block_stack && item.argument != 0 && item.argument < height_) {
        const Slot place = at_top(item.argument + 1);
        if (!place.is_within(SlotKinds::Lasti)) {
            fault(Rule::StackKind, Consequence::Crash,
                  fmt::format("RERAISE takes item {} from the top of the stack for the place of an instruction, and it "
                              "is {}",
                              item.argument + 1, words_of(place.kinds)));
            return Next::Ends;
        }
    }
    if (target_.frame.block_stack && item.argument != 0 &&
        block_stacks_.top(blocks_).type != BlockType::Handler) {
        fault(Rule::Blocks, Consequence::Crash, "RERAISE 1 outside of a handler");
        return Next::Ends;
    }
    return generic(op, item);
}

} // namespace pyasm::verifier
