// Locals, cells among them (3.11+), constants, and what tells more of an item that was copied.

#include "verifier/flow.hpp"

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
            fault(Rule::Operand, Consequence::Crash,
                  "LOAD_CLASSDEREF takes a cell variable, and must take a free one");
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
    case OpRole::StoreAndLoadLocal:
        return go(store_local(argument >> 4) && load_local(argument & 15, checked, false));
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
    const bool python2 = target_.literals == isa::LiteralDialect::Python2;
    const ValueId id = structure_.const_at(index);
    switch (pool_[id].kind) {
    case ValueKind::None: return slot(SlotKinds::None);
    case ValueKind::True:
    case ValueKind::False: return slot(SlotKinds::Bool);
    case ValueKind::Str: return slot(python2 ? SlotKinds::Object : SlotKinds::Str); // a unicode object
    case ValueKind::Bytes: return slot(python2 ? SlotKinds::Str : SlotKinds::Object);
    case ValueKind::Tuple: return slot(SlotKinds::Tuple, index + 1);
    case ValueKind::Code:
        // What its body takes for granted must be seen to when it is called.
        if (!functions_.of(id).demands.empty()) return slot(SlotKinds::Unready, (index + 1) | Slot::is_code);
        return slot(SlotKinds::Code, index + 1);
    case ValueKind::CodeSymbol: return slot(SlotKinds::Code, index + 1);
    case ValueKind::ConstSymbol: return slot(slots::objects); // it may turn out to be any constant
    case ValueKind::Int:
    case ValueKind::Long:
    case ValueKind::Float: return slot(SlotKinds::Object, Slot::number);
    default: return slot(SlotKinds::Object);
    }
}

/// Code that runs may ask for the frame's locals, which takes free variables for cells without looking;
/// dropping a reference can run code, too.
bool Flow::frees_are_cells(const CompactOp& op, const Instruction& item) {
    switch (op.role) {
    case OpRole::MakeCell:
    case OpRole::CopyFreeVars:
    case OpRole::ReturnGenerator:
    case OpRole::LoadConst:
    case OpRole::LoadLocalAndClear:
    case OpRole::Copy:
    case OpRole::Swap: return true;
    case OpRole::LoadLocal:
        if (!op.raises) return true;
        break; // of an unbound local; the traceback shows the frame
    case OpRole::StoreLocal:
        if (item.argument >= structure_.free_first) return true; // it is put back
        break;
    default:
        if (op.info->name == "NOP" || op.info->name == "PUSH_NULL") return true;
        break;
    }
    fault(Rule::Cell, Consequence::Crash,
          fmt::format("{} can run code, and a free variable is no cell here", op.info->name),
          "COPY_FREE_VARS brings the closure's cells.");
    return false;
}

/// A variable of that name that is no argument: only tuples get into it, and its cell into nothing but
/// closures.
bool Flow::is_type_params(std::uint32_t local) const {
    return local >= structure_.arguments && structure_.local_name(local) == ".type_params";
}

/// A name with a dot in front is a compiler's own: what is in such a variable is known by its name.
Flow::Next Flow::deref(const CompactOp& op, const Instruction& item) {
    if (!target_.frame.cells_in_locals) return generic(op, item);
    if (!need_cell(item.argument)) return Next::Ends;
    const bool typed = is_type_params(item.argument) && frame_[item.argument].detail == item.argument + 1;
    const bool loads = op.stack.out == 1;
    constexpr SlotKinds tuple = SlotKinds::Tuple | SlotKinds::Closure;
    if (is_type_params(item.argument) && op.stack.in == 1 && op.stack.out == 0 && height_ != 0 &&
        !at_top(1).is_within(tuple | SlotKinds::Borrowed)) {
        fault(Rule::StackKind, Consequence::Crash,
              fmt::format("the variable .type_params is taken for a tuple without looking, and gets {}",
                          words_of(at_top(1).kinds)));
        return Next::Ends;
    }
    const Slot cell = frame_[item.argument];
    if (generic(op, item) == Next::Ends) return Next::Ends;
    if (loads && op.info->stack.outputs()[0].name == "cell")
        at_top(1) = slot(cell.kinds | (typed ? SlotKinds::Unready : SlotKinds::Nothing), cell.detail);
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
    if (value.may_be(SlotKinds::Cell) && is_type_params(local))
        value.kinds = value.kinds | SlotKinds::Unready;
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
              "a borrowed reference is stored, and would outlive the local that owns it",
              "Load it with LOAD_FAST.");
        return false;
    }
    // super() and locals() look into an argument that is a cell without asking whether it still is one.
    if (local < structure_.arguments && structure_.local_is(local, objects::local_kind::cell) &&
        frame_[local].may_be(SlotKinds::Cell) && !value.is_within(SlotKinds::Cell | SlotKinds::Null)) {
        fault(Rule::Cell, Consequence::Crash,
              fmt::format("argument {} is a cell, and {} takes its place", local, words_of(value.kinds)),
              "Store it with STORE_DEREF.");
        return false;
    }
    --height_;
    touch(height_);
    if (!kill_local(local)) return false;
    // A cell that comes back from the stack (an inlined comprehension saved it there) is one still.
    Slot kept = slot(value.kinds & (SlotKinds::Null | SlotKinds::Cell),
                     value.may_be(SlotKinds::Cell) ? value.detail : 0);
    if (value.may_be(slots::objects & ~SlotKinds::Cell)) kept.kinds = kept.kinds | SlotKinds::Object;
    set_local(local, kept);
    return true;
}

/// Nothing on the stack may have borrowed the reference that goes now.
bool Flow::kill_local(std::uint32_t local) {
    if (!target_.frame.borrows) return true;
    if (!spend(height_)) return false;
    for (std::uint32_t i = 0; i < height_; ++i) {
        if (!stack_[i].may_be(SlotKinds::Borrowed) ||
            (stack_[i].owner() != 0 && stack_[i].owner() != local + 1))
            continue;
        fault(Rule::Borrowed, Consequence::Crash,
              fmt::format(
                  "item {} from the top of the stack borrows its reference from local {}, which changes here",
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
    if (spend(locals_ - structure_.free_first)) look_at_frees();
}

void Flow::look_at_frees() {
    frees_whole_ = true;
    for (std::uint32_t i = structure_.free_first; i < locals_; ++i)
        frees_whole_ &= frame_[i].is_within(SlotKinds::Cell);
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
            picture(report_->warning(
                Rule::Cell, offset(),
                fmt::format("local {} is a cell already, and is put into another one", local)));
    }
    if (!kill_local(local)) return Next::Ends;
    set_local(local, slot(SlotKinds::Cell, local + 1));
    return Next::Falls;
}

Flow::Next Flow::copy_free_vars(std::uint32_t count) {
    if (count != structure_.frees) {
        fault(Rule::Closure, Consequence::Crash,
              fmt::format("COPY_FREE_VARS copies {}, and there are {} free variables", count,
                          structure_.frees));
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

/// The item that is tested may be a copy of the one below it, of which more is known then.
Flow::Next Flow::jump_if_none(const CompactOp& op, const Instruction& item) {
    if (!needs(1, item)) return Next::Ends;
    const bool copy = index_ > block_begin_ && height_ >= 2 &&
                      structure_.decoded.items[index_ - 1].op->role == OpRole::Copy &&
                      structure_.decoded.items[index_ - 1].argument == 1;
    if (!copy) return generic(op, item);
    const Slot whole = at_top(2);
    const Slot none = slot(SlotKinds::None | (whole.kinds & SlotKinds::Borrowed), whole.detail);
    const Slot other = slot(whole.kinds & ~SlotKinds::None, whole.detail);
    const bool jumps_if_none = op.role == OpRole::JumpIfNone;
    if (!apply(op.stack_jump, item)) return Next::Ends;
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
            fault(
                Rule::StackKind, Consequence::Crash,
                fmt::format(
                    "RERAISE takes item {} from the top of the stack for the place of an instruction, and it "
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
