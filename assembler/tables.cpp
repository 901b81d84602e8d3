#include "assembler/tables.hpp"

#include "program/derived.hpp"

namespace pyasm::assembler {

using objects::no_value;
using objects::ValueId;
using objects::ValueKind;
using program::Block;
using program::BlockKind;

void Tables::begin(const Block& block, std::int32_t index) {
    block_ = index;
    const_index_.begin_block();
    name_index_.begin_block();
    consts_.clear();
    names_.clear();
    first_is_implied_ = program::first_constant_is_implied(context_.unit, block);
    begin_consts(block);
    if (!block.pins.names) return;
    for (const ValueId id : block.pins.names.value.values) {
        const auto at = static_cast<std::uint32_t>(names_.size());
        names_.push_back(id);
        if (!context_.is_text(id)) continue;
        const std::uint32_t string = context_.strings.intern(context_.unit.values.text(id));
        if (name_index_.get(string) == none) name_index_.set(string, at);
    }
}

void Tables::begin_consts(const Block& block) {
    const auto& pins = block.pins;
    if (pins.doc) place_docstring(block);
    if (pins.consts) {
        for (std::size_t i = 0; i < pins.consts.value.values.size(); ++i) {
            const auto& spans = pins.consts.value.spans;
            const ValueId ready = context_.constants.prepare(pins.consts.value.values[i], block_,
                                                             i < spans.size() ? spans[i] : pins.consts.span);
            if (ready == no_value) continue;
            append_constant(ready);
        }
    }
    if (!pins.doc && !pins.consts && program::none_comes_first(context_.unit, block))
        (void)prepared(
            context_.constants.prepare(objects::ValuePool::singleton(ValueKind::None), block_, block.span));
}

void Tables::place_docstring(const Block& block) {
    const auto& pins = block.pins;
    if (block.kind == BlockKind::Module || block.kind == BlockKind::Class) {
        context_.diagnostics.error(pins.doc.span, "only the code of a function holds its docstring",
                                   "Store it: LOAD_CONST \"text\", then STORE_NAME __doc__.");
        return;
    }
    const ValueId doc = context_.constants.prepare(pins.doc.value, block_, pins.doc.span);
    if (doc != no_value) append_constant(doc);
}

/// Appends whether or not the same constant stands there already; the first one is what an operand finds.
void Tables::append_constant(ValueId id) {
    const auto key = static_cast<std::uint32_t>(context_.constants.key(id));
    if (const_index_.get(key) == none) const_index_.set(key, static_cast<std::uint32_t>(consts_.size()));
    consts_.push_back(id);
    context_.symbols.note_depth(block_, context_.constants.depth(id));
}

void Tables::imply(const isa::OpInfo& op, std::uint32_t argument) {
    if (!first_is_implied_ || !consts_.empty()) return;
    const auto implied = program::implied_constant(context_.target, op, argument);
    if (!implied) return;
    if (implied->kind == ValueKind::Int)
        (void)integer(implied->integer);
    else
        (void)constant(implied->kind == ValueKind::Str ? context_.unit.values.add_text(ValueKind::Str, "")
                                                       : objects::ValuePool::singleton(implied->kind),
                       {});
}

void Tables::end_of_body() {
    if (first_is_implied_ && consts_.empty())
        (void)constant(objects::ValuePool::singleton(ValueKind::None), {});
}

std::uint32_t Tables::prepared(ValueId id) {
    const std::uint32_t known = const_index_.get(static_cast<std::uint32_t>(context_.constants.key(id)));
    if (known != none) return known;
    append_constant(id);
    return static_cast<std::uint32_t>(consts_.size() - 1);
}

std::uint32_t Tables::constant(ValueId literal, support::Span place) {
    const ValueId ready = context_.constants.prepare(literal, block_, place);
    return ready == no_value ? none : prepared(ready);
}

std::uint32_t Tables::integer(std::int64_t number) { return prepared(context_.constants.integer(number)); }

std::uint32_t Tables::name(std::uint32_t string) {
    const std::uint32_t known = name_index_.get(string);
    if (known != none) return known;
    const auto index = static_cast<std::uint32_t>(names_.size());
    names_.push_back(context_.identifier(string));
    name_index_.set(string, index);
    return index;
}

} // namespace pyasm::assembler
