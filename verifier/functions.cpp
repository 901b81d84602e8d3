#include "verifier/functions.hpp"

#include "program/decode.hpp"
#include "verifier/structure.hpp"

namespace pyasm::verifier {

using objects::ValueId;
using objects::ValueKind;

const Functions::Facts& Functions::of(ValueId id) {
    const auto [row, is_new] = known_.try_emplace(static_cast<std::uint64_t>(id), 0);
    if (!is_new) return facts_[row->second];
    Facts facts;
    if (pool_[id].kind == ValueKind::CodeSymbol) facts.known = false;
    if (pool_[id].kind == ValueKind::Code) facts = find_out(pool_.code(id));
    if (facts == facts_.front()) return facts_.front();
    row.value() = static_cast<std::uint32_t>(facts_.size());
    return facts_.emplace_back(std::move(facts));
}

Functions::Facts Functions::find_out(const objects::CodeObject& code) const {
    Facts facts;
    facts.frees = free_count(target_, pool_, code);
    const isa::CodeFlagBits& bits = target_.flag_bits;
    facts.makes_generator = (static_cast<std::uint32_t>(code.flags) & bits.generators()) == bits.generator;
    const ValueId names = target_.code.localsplus ? code.localsplusnames : code.varnames;
    if (names != objects::no_value && pool_[names].kind == ValueKind::Tuple) {
        const auto locals = pool_.children(names);
        for (std::uint32_t i = 0; i < locals.size() && std::int64_t{i} < code.argcount; ++i) {
            if (pool_[locals[i]].kind != ValueKind::Str && pool_[locals[i]].kind != ValueKind::Bytes)
                continue;
            const std::string_view name = pool_.text(locals[i]);
            // Names that only compilers give: Python/compile.c and Python/symtable.c.
            if (!name.starts_with('.')) continue;
            if (name == ".0" && i == 0 && iterates_over_first(code))
                facts.demands.push_back({i, SlotKinds::Iter});
            if (name == ".defaults") facts.demands.push_back({i, SlotKinds::Tuple});
            if (name == ".kwdefaults") facts.demands.push_back({i, SlotKinds::Dict});
        }
    }
    if (target_.code.localsplus && names != objects::no_value && pool_[names].kind == ValueKind::Tuple) {
        const auto locals = pool_.children(names);
        const std::uint32_t first =
            locals.size() >= facts.frees ? static_cast<std::uint32_t>(locals.size()) - facts.frees : 0;
        for (std::uint32_t i = first; i < locals.size(); ++i)
            if (pool_[locals[i]].kind == ValueKind::Str && pool_.text(locals[i]).starts_with('.'))
                facts.named_frees.emplace_back(i - first, pool_.text(locals[i]));
    }
    return facts;
}

/// Whether the body hands its first argument to an unchecked FOR_ITER: LOAD_FAST 0 right in front of one.
bool Functions::iterates_over_first(const objects::CodeObject& code) const {
    if (code.code == objects::no_value || pool_[code.code].kind != ValueKind::Bytes) return false;
    const program::DecodedCode decoded = program::decode(target_, support::as_bytes(pool_.text(code.code)));
    for (std::size_t i = 0; i + 1 < decoded.items.size(); ++i) {
        const program::Instruction& load = decoded.items[i];
        const program::Instruction& loop = decoded.items[i + 1];
        if (!load.op || load.op->operand->base != isa::OperandBase::Local || load.argument != 0) continue;
        if (loop.op && loop.op->role == isa::OpRole::ForIter) return loop.op->stack.items[0].demanded;
    }
    return false;
}

} // namespace pyasm::verifier
