// What is in a tuple or a list, where an instruction takes it for granted; and the pair of an iterator and
// its index.

#include "verifier/flow.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace pyasm::verifier {

using isa::OpRole;
using objects::ValueId;
using objects::ValueKind;
using program::Instruction;

namespace {

/// Whether the operand is an intrinsic whose name ends so.
bool has_word(const CompactOp& op, const Instruction& item, std::string_view word) {
    const auto& names = op.info->operand->names;
    return std::any_of(names.begin(), names.end(), [&](const isa::OperandName& name) {
        return name.value == item.argument && name.spelling.ends_with(word);
    });
}

} // namespace

Flow::Next Flow::container_role(const CompactOp& op, const Instruction& item) {
    switch (op.role) {
    case OpRole::Copy:
    case OpRole::Duplicate:
    case OpRole::ImportFrom: return copy(op, item);
    case OpRole::Swap:
        if (!needs(item.argument, item)) return Next::Ends;
        std::swap(at_top(1), at_top(item.argument));
        touch(height_ - item.argument);
        return Next::Falls;
    case OpRole::BuildList: return build_list(op, item);
    case OpRole::ListAppend:
    case OpRole::ListExtend: return grow_list(op, item);
    case OpRole::BuildConstKeyMap: return build_const_key_map(op, item);
    case OpRole::BuildInterpolation:
        if (generic(op, item) == Next::Ends) return Next::Ends;
        at_top(1).detail = Slot::interpolation;
        return Next::Falls;
    case OpRole::BuildTemplate: return build_template(op, item);
    case OpRole::PushNumber:
        if (generic(op, item) == Next::Ends) return Next::Ends;
        at_top(1).detail = Slot::number;
        return Next::Falls;
    case OpRole::Compare: {
        const auto simple = [](Slot one) {
            return one == slot(SlotKinds::Object, Slot::number) ||
                   one.is_within(SlotKinds::Str | SlotKinds::Bool);
        };
        const bool known = height_ >= 2 && simple(at_top(1)) && simple(at_top(2));
        const bool likely = height_ >= 2 && (simple(at_top(1)) || simple(at_top(2)));
        if (generic(op, item) == Next::Ends) return Next::Ends;
        if (at_top(1).kinds == SlotKinds::Object && likely)
            at_top(1) = known ? slot(SlotKinds::Bool) : slot(SlotKinds::Object, Slot::compared);
        return Next::Falls;
    }
    case OpRole::ImportStar: {
        if (generic(op, item) == Next::Ends) return Next::Ends;
        if (!op.info->operand->names.empty() && !has_word(op, item, "IMPORT_STAR")) return Next::Falls;
        constexpr SlotKinds kept = SlotKinds::Null | SlotKinds::Cell | SlotKinds::Object;
        // It may put anything into the locals, whatever their names promise.
        for (std::uint32_t i = 0; i < locals_; ++i)
            if (!frame_[i].is_within(kept)) set_local(i, slot((frame_[i].kinds & kept) | SlotKinds::Object));
        return Next::Falls;
    }
    case OpRole::RaiseStar: return raise_star(op, item);
    default: return generic(op, item);
    }
}

/// The list is taken to have nothing but exceptions and None in it.
Flow::Next Flow::raise_star(const CompactOp& op, const Instruction& item) {
    const bool is_it = op.info->operand->names.empty() || has_word(op, item, "PREP_RERAISE_STAR");
    if (is_it && height_ != 0 && at_top(1).is_within(SlotKinds::List) &&
        at_top(1).detail != Slot::exceptions) {
        fault(Rule::StackKind, Consequence::Crash,
              fmt::format("{} takes the list on top to have nothing but exceptions and None in it",
                          op.info->name),
              "Build it with BUILD_LIST, and append what handlers find.");
        return Next::Ends;
    }
    return generic(op, item);
}

/// Members of a tuple; -1: not known.
std::int64_t Flow::tuple_size(Slot tuple) const {
    if (!tuple.is_within(SlotKinds::Tuple) || tuple.detail == 0) return -1;
    if (tuple.detail & Slot::built) return tuple.detail & ~(Slot::built | Slot::interpolations);
    return pool_[structure_.const_at(tuple.detail - 1)].size;
}

Flow::Next Flow::build_tuple(const CompactOp& op, const Instruction& item) {
    const std::uint32_t count = item.argument;
    if (!needs(count, item)) return Next::Ends;
    const std::span<Slot> items(stack_ + height_ - count, count);
    for (Slot& one : items)
        if (one.may_be(SlotKinds::Cell)) one.kinds = one.kinds & ~SlotKinds::Unready;
    const auto all = [&](auto holds) { return count != 0 && std::all_of(items.begin(), items.end(), holds); };
    Slot made = slot(SlotKinds::Tuple, count < Slot::interpolations ? count | Slot::built : 0);
    if (all([](Slot one) { return one.is_within(SlotKinds::Cell | SlotKinds::Borrowed); })) {
        std::vector<std::uint32_t> cells(count);
        std::transform(items.begin(), items.end(), cells.begin(), [](Slot one) { return one.detail; });
        const auto [row, is_new] = closures_.try_emplace(std::uint64_t{index_} + 1, cells);
        for (std::uint32_t i = 0; !is_new && i < count; ++i)
            if (row->second[i] != cells[i]) row.value()[i] = 0;
        made = slot(SlotKinds::Closure, index_ + 1);
    } else if (all([](Slot one) { return one == slot(SlotKinds::Object, Slot::interpolation); })) {
        made.detail |= Slot::interpolations;
    } else if (count == 3 && items[0].kinds == SlotKinds::Str && items[2].kinds == SlotKinds::Function &&
               items[1].is_within(SlotKinds::None | SlotKinds::Tuple | SlotKinds::Closure)) {
        made = slot(SlotKinds::AliasParts);
    }
    if (generic(op, item) == Next::Ends) return Next::Ends;
    at_top(1) = made;
    return Next::Falls;
}

Flow::Next Flow::build_list(const CompactOp& op, const Instruction& item) {
    if (!needs(item.argument, item)) return Next::Ends;
    const std::span<const Slot> items(stack_ + height_ - item.argument, item.argument);
    const bool exceptions = std::all_of(
        items.begin(), items.end(), [](Slot one) { return one.is_within(SlotKinds::Exc | SlotKinds::None); });
    if (generic(op, item) == Next::Ends) return Next::Ends;
    at_top(1) = slot(SlotKinds::List, exceptions ? Slot::exceptions : 0);
    return Next::Falls;
}

Flow::Next Flow::grow_list(const CompactOp& op, const Instruction& item) {
    const bool exception = op.role == OpRole::ListAppend && height_ != 0 &&
                           at_top(1).is_within(SlotKinds::Exc | SlotKinds::None);
    if (generic(op, item) == Next::Ends) return Next::Ends;
    if (exception) return Next::Falls;
    const std::uint32_t place = height_ - item.argument;
    if (stack_[place].detail != 0) {
        stack_[place].detail = 0;
        touch(place);
    }
    return Next::Falls;
}

/// A list or function with two names can change under both.
Flow::Next Flow::copy(const CompactOp& op, const Instruction& item) {
    if (generic(op, item) == Next::Ends) return Next::Ends;
    // COPY takes its item from `argument` below; the others from right below themselves, and IMPORT_FROM
    // gives a way to get at the item that stays.
    const std::uint32_t depth =
        op.role == OpRole::Copy ? item.argument + 1 : std::min<std::uint32_t>(height_, 6);
    for (std::uint32_t at = 1; at <= depth; ++at) {
        if (op.role == OpRole::Copy && at != 1 && at != depth) continue;
        if (!at_top(at).may_be(SlotKinds::List | SlotKinds::Function) || at_top(at).detail == 0) continue;
        at_top(at).detail = 0;
        touch(height_ - at);
    }
    return Next::Falls;
}

Flow::Next Flow::build_const_key_map(const CompactOp& op, const Instruction& item) {
    if (height_ != 0 && at_top(1).is_within(SlotKinds::Tuple) && tuple_size(at_top(1)) != item.argument) {
        fault(Rule::StackKind, Consequence::Crash,
              fmt::format("{} takes the top of the stack for a tuple of {} keys, and it is another one",
                          op.info->name, item.argument),
              "Push it by LOAD_CONST.");
        return Next::Ends;
    }
    return generic(op, item);
}

/// A constant tuple of strings, and a tuple of Interpolations with one member less.
Flow::Next Flow::build_template(const CompactOp& op, const Instruction& item) {
    if (!needs(2, item)) return Next::Ends;
    const Slot strings = at_top(2);
    const Slot parts = at_top(1);
    const std::int64_t size = tuple_size(parts);
    bool good =
        size == 0 || (size > 0 && (parts.detail & Slot::built) && (parts.detail & Slot::interpolations));
    good =
        good && strings.is_within(SlotKinds::Tuple) && strings.detail != 0 && !(strings.detail & Slot::built);
    if (good) {
        const auto texts = pool_.children(structure_.const_at(strings.detail - 1));
        good = static_cast<std::int64_t>(texts.size()) == size + 1 &&
               std::all_of(texts.begin(), texts.end(),
                           [&](ValueId id) { return pool_[id].kind == ValueKind::Str; });
    }
    if (!good) {
        fault(Rule::StackKind, Consequence::Crash,
              "BUILD_TEMPLATE takes the two items on top for a tuple of strings and one of Interpolations, "
              "one member "
              "shorter, without looking",
              "Push the strings by LOAD_CONST, and build the other one right there.");
        return Next::Ends;
    }
    return generic(op, item);
}

/// 3.15: the iterator (or the list or tuple itself) and its index belong together.
Flow::Next Flow::get_iter(const CompactOp& op, const Instruction& item) {
    if (generic(op, item) == Next::Ends) return Next::Ends;
    if (!at_top(1).may_be(SlotKinds::Index)) return Next::Falls;
    // Both know where they are from; the iterator may also have an owner.
    const std::uint32_t here = index_ < 0xFFFF ? index_ + 1 : 0;
    const std::uint32_t owner = at_top(2).may_be(SlotKinds::Borrowed) ? at_top(2).detail : 0;
    // What it made the last time does not belong to what it makes now.
    if (!spend(height_)) return Next::Ends;
    for (std::uint32_t depth = 3; depth <= height_; ++depth) {
        Slot& other = at_top(depth);
        if (!other.may_be(SlotKinds::Index | SlotKinds::Indexed) || (other.detail & 0xFFFF) != here) continue;
        other.detail &= ~std::uint32_t{0xFFFF};
        touch(height_ - depth);
    }
    at_top(1) = slot(SlotKinds::Index, here);
    at_top(2) = slot(SlotKinds::Indexed | (at_top(2).kinds & SlotKinds::Borrowed),
                     owner < 0xFFFF ? owner << 16 | here : here);
    return Next::Falls;
}

Flow::Next Flow::use_index(const CompactOp& op, const Instruction& item) {
    const std::size_t inputs = op.info->stack.before;
    std::uint32_t depth = 0; // of the index
    for (std::size_t i = 0; i < inputs; ++i)
        if (op.info->stack.items[i].name == "index_or_null") depth = static_cast<std::uint32_t>(inputs - i);
    if (depth == 0 || height_ <= depth) return generic(op, item);
    const Slot index = at_top(depth);
    const Slot iter = at_top(depth + 1);
    const bool paired = iter.is_within(SlotKinds::Indexed | SlotKinds::Borrowed) && index.detail != 0 &&
                        (iter.detail & 0xFFFF) == index.detail;
    const bool alone = op.role == OpRole::Send || iter.is_within(SlotKinds::Iter | SlotKinds::Borrowed);
    if ((index.may_be(SlotKinds::Index) && !paired) || (index.may_be(SlotKinds::Null) && !alone)) {
        fault(Rule::StackKind, Consequence::Crash,
              fmt::format("{} takes an iterator and an index that do not belong together: {} and {}",
                          op.info->name, words_of(iter.kinds), words_of(index.kinds)),
              "GET_ITER pushes both.");
        return Next::Ends;
    }
    return generic(op, item);
}

} // namespace pyasm::verifier
