#include "verifier/compact_ops.hpp"

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
    op.passes_on = info.is(OpFlag::PassesOn);
    op.is_deref = info.operand->base == isa::OperandBase::Deref;
    for (const isa::OperandName& name : info.operand->names) op.by_operand |= name.stack != nullptr;
    for (const isa::StackItem& item : info.stack.inputs())
        op.wants_bool |= item.name == "bool" && item.from < 0 && !item.demanded;
    op.stack = compact(info.stack);
    op.stack_jump = compact(info.stack_jump);
    return op;
}

} // namespace

CompactSignature compact(const isa::StackSignature& signature) {
    CompactSignature result;
    result.full = &signature;
    result.kept = kept_items(signature);
    std::int64_t in = 0, out = 0;
    for (const isa::StackItem& item : signature.inputs()) in += item.count.of(0);
    for (const isa::StackItem& item : signature.outputs()) out += item.count.of(0);
    const bool single = in == signature.before && out == signature.total - signature.before;
    if (signature.counts_vary || !single || in > static_cast<int>(CompactSignature::capacity) ||
        out > static_cast<int>(CompactSignature::capacity))
        return result;
    result.is_fixed = true;
    for (const isa::StackItem& item : signature.inputs()) result.accepted[result.in++] = item.kinds;
    for (const isa::StackItem& item : signature.outputs()) {
        result.from[result.out] = item.from;
        result.moves |= item.from >= 0;
        result.produced[result.out++] = item.kinds;
    }
    return result;
}

CompactOps::CompactOps(const isa::Target& target) {
    for (std::size_t number = 0; number < ops_.size(); ++number)
        if (const isa::OpInfo* info = target.op(static_cast<std::uint8_t>(number))) ops_[number] = compact_op(*info);
}

} // namespace pyasm::verifier
