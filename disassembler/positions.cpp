#include "disassembler/positions.hpp"

#include <algorithm>
#include <utility>

namespace pyasm::disassembler {

using isa::LineTableKind;
using objects::Position;

Positions::Positions(const isa::Target& target)
    : target_(target), has_columns_(target.line_table == LineTableKind::LocationTable),
      says_none_(has_columns_ || target.line_table == LineTableKind::LineTable310) {}

void Positions::begin(std::int32_t firstlineno, support::Bytes table, std::size_t code_size) {
    firstlineno_ = firstlineno;
    table_ = table;
    decoded_.clear();
    runs_.clear();
    next_ = 0;
    stated_ = open_ = false;
    current_ = {};
    current_.line = current_.end_line = firstlineno;
    auto decoded =
        objects::decode_line_table(target_, firstlineno, table, static_cast<std::uint32_t>(code_size));
    if (decoded) decoded_ = std::move(*decoded);
}

/// Behind the end of the table, what it said last.
Position Positions::at(std::uint32_t offset) {
    while (next_ + 1 < decoded_.size() && decoded_[next_].end <= offset) ++next_;
    return sayable(decoded_[next_].position);
}

/// What a `.line` says of it: both columns or none, and no end before the start.
Position Positions::sayable(Position position) const {
    if (position.line == Position::none) return {};
    if (!has_columns_ || position.end_line < position.line) position.end_line = position.line;
    if (!has_columns_ || position.column < 0 || position.end_column < 0)
        position.column = position.end_column = Position::none;
    return position;
}

bool Positions::changes(const program::Instruction& item, std::uint32_t begin, std::uint32_t end) {
    bool states = false;
    if (!decoded_.empty()) {
        const Position position = at(begin);
        states = (!stated_ || position != current_) && (says_none_ || position.line != Position::none);
        if (states) current_ = position;
        stated_ |= states;
    }
    // As the assembler's Positions::runs has it.
    const std::uint32_t unit_mask =
        target_.form == isa::InstructionForm::Wordcode ? ~std::uint32_t{1} : ~std::uint32_t{0};
    begin &= unit_mask;
    end &= unit_mask;
    if (begin != end) {
        if (open_ && !runs_.empty() && runs_.back().position == current_)
            runs_.back().end = end;
        else
            runs_.push_back({begin, end, current_});
    }
    open_ = item.kind == program::Instruction::Kind::Prefix;
    return states;
}

bool Positions::table_differs() {
    // Steps over very many lines could ask for much more than there is.
    if (objects::long_step_bytes(target_, firstlineno_, runs_) > 2 * table_.size()) return true;
    buffer_.clear();
    objects::encode_line_table(target_, firstlineno_, runs_, buffer_);
    return !stated_ || !std::ranges::equal(buffer_.view(), table_);
}

} // namespace pyasm::disassembler
