#include "verifier/compact_ops.hpp"

#include <vector>

namespace pyasm::verifier {
namespace {

/// Leading outputs that are the leading inputs.
std::uint8_t kept_items(const isa::StackSignature& signature) {
    std::uint8_t kept = 0;
    for (const isa::StackItem& item : signature.outputs()) {
        if (item.from != kept) break;
        ++kept;
    }
    return kept;
}

CompactOp compact_op(const isa::OpInfo& info) {
    using isa::OpFlag;
    CompactOp op;
    op.info = &info;
    op.role = info.role;
    op.jumps = info.jumps();
    op.terminates = info.is(OpFlag::Terminates);
    op.raises = !info.is(OpFlag::NoRaise);
    op.needs_locals = info.is(OpFlag::NeedsLocals);
    op.runs_inline = info.is(OpFlag::RunsInline);
    op.is_deref = info.operand->base == isa::OperandBase::Deref;
    for (const isa::OperandName& name : info.operand->names) op.by_operand |= name.stack != nullptr;
    for (const isa::StackItem& item : info.stack.inputs())
        op.wants_bool |= item.name == "bool" && item.from < 0 && !item.demanded;
    op.stack = compact(info.stack, false);
    op.stack_odd = compact(info.stack, true);
    op.stack_jump = compact(info.stack_jump);
    return op;
}

} // namespace

CompactSignature compact(const isa::StackSignature& signature, bool odd) {
    CompactSignature result;
    result.full = &signature;
    result.kept = kept_items(signature);
    const auto capacity = static_cast<std::int64_t>(CompactSignature::capacity);
    std::int64_t in = 0, out = 0;
    for (std::size_t i = 0; i < signature.total; ++i) {
        const isa::ItemCount& count = signature.items[i].count;
        // A count that depends on more than the lowest bit is none to be written down.
        const bool by_bit = count.mask == 0 || (count.mask == 1 && count.shift == 0);
        if (!by_bit || count.of(odd) > 1) return result;
        (i < signature.before ? in : out) += count.of(odd);
    }
    if (in > capacity || out > capacity) return result;
    result.is_fixed = true;
    std::array<std::int8_t, isa::StackSignature::capacity> places{};
    for (std::size_t i = 0; i < signature.before; ++i) {
        if (signature.items[i].count.of(odd) == 0) continue;
        places[i] = static_cast<std::int8_t>(result.in);
        result.items[result.in] = static_cast<std::uint8_t>(i);
        result.accepted[result.in++] = signature.items[i].kinds;
    }
    for (const isa::StackItem& item : signature.outputs()) {
        if (item.count.of(odd) == 0) continue;
        result.from[result.out] =
            item.from < 0 ? std::int8_t{-1} : places[static_cast<std::size_t>(item.from)];
        result.moves |= item.from >= 0;
        result.passes[result.out] = can_be_passed_on(item.name);
        result.produced[result.out++] = item.kinds;
    }
    return result;
}

const CompactOps& CompactOps::of(const isa::Target& target) {
    static const std::vector<CompactOps> tables = [] {
        std::vector<CompactOps> all;
        for (const isa::Target& one : isa::all_targets()) all.emplace_back(one);
        return all;
    }();
    return tables[target.column];
}

CompactOps::CompactOps(const isa::Target& target) {
    for (std::size_t number = 0; number < ops_.size(); ++number)
        if (const isa::OpInfo* info = target.op(static_cast<std::uint8_t>(number)))
            ops_[number] = compact_op(*info);
}

} // namespace pyasm::verifier
