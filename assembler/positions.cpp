#include "assembler/positions.hpp"

#include <fmt/format.h>

namespace pyasm::assembler {

using objects::Position;
using objects::PositionRun;
using program::Instruction;

void Positions::begin(const program::Block& block) {
    block_ = &block;
    lines_.begin(block.span.begin);
    stated_ = false;
    changes_.clear();
}

void Positions::line(const program::Statement& statement, std::uint32_t item) {
    stated_ = true;
    if (statement.index >= context_.unit.positions.size()) return;
    const Position& position = context_.unit.positions[statement.index];
    const isa::LineTableKind kind = context_.target.line_table;
    const bool says_none =
        kind == isa::LineTableKind::LineTable310 || kind == isa::LineTableKind::LocationTable;
    if (position.line == Position::none && !says_none)
        context_.diagnostics.error(
            statement.span,
            fmt::format("the line table of {} cannot say that there is no line", context_.target.name),
            "Leave it out: the code then belongs to the line before it.");
    changes_.push_back({item, position});
}

std::int32_t Positions::firstlineno() {
    if (block_->kind == program::BlockKind::Module) return 1;
    if (stated_)
        for (const Change& change : changes_)
            if (change.position.line != Position::none) return change.position.line;
    return lines_.block_line();
}

std::span<const objects::LineEntry> Positions::entries(std::span<const std::uint32_t> starts) {
    entries_.clear();
    // As in `runs`, whole code units.
    const std::uint32_t unit = program::code_unit(context_.target);
    for (const Change& change : changes_)
        if (change.position.line != Position::none)
            entries_.push_back({starts[change.item] / unit * unit, change.position.line});
    return entries_;
}

std::span<const PositionRun> Positions::runs(const program::InstructionList& list,
                                             std::span<const std::uint32_t> starts,
                                             std::int32_t firstlineno) {
    runs_.clear();
    runs_.reserve(list.items.size());
    open_ = false;
    // The formats count whole code units: bytes of an odd `.bytes` belong to the unit they end in.
    const std::uint32_t unit_mask =
        context_.target.form == isa::InstructionForm::Wordcode ? ~std::uint32_t{1} : ~0U;
    Position current = of_line(firstlineno); // in front of the first `.line`
    auto change = changes_.begin();
    for (std::uint32_t i = 0; i < list.items.size(); ++i) {
        const Instruction& item = list.items[i];
        if (!stated_) current = of_line(lines_.line_of(item.span.begin));
        for (; change != changes_.end() && change->item <= i; ++change) current = change->position;
        add(starts[i] & unit_mask, starts[i + 1] & unit_mask, current);
        open_ = item.kind == Instruction::Kind::Prefix;
    }
    return runs_;
}

/// A prefix and its instruction are one run, unless their positions differ.
void Positions::add(std::uint32_t begin, std::uint32_t end, const Position& position) {
    if (begin == end) return;
    if (open_ && !runs_.empty() && runs_.back().position == position)
        runs_.back().end = end;
    else
        runs_.push_back({begin, end, position});
}

} // namespace pyasm::assembler
