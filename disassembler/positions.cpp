#include "disassembler/positions.hpp"

namespace pyasm::disassembler {

using objects::Position;

Positions::Positions(const isa::Target& target)
    : target_(target), has_columns_(target.line_table == isa::LineTableKind::LocationTable),
      has_entries_(objects::has_line_entries(target)), merges_(target.conventions.merges_locations),
      unit_(program::code_unit(target)) {}

void Positions::begin(std::int32_t firstlineno, support::Bytes table, std::size_t code_size) {
    firstlineno_ = firstlineno;
    table_ = table;
    decoded_.clear();
    decoded_entries_.clear();
    runs_.clear();
    entries_.clear();
    next_ = settled_until_ = 0;
    stated_ = open_ = false;
    current_ = {};
    current_.line = current_.end_line = firstlineno;
    if (has_entries_) return objects::decode_line_entries(target_, firstlineno, table, decoded_entries_);
    const auto size = static_cast<std::uint32_t>(code_size);
    if (!objects::decode_line_table(target_, firstlineno, table, size, decoded_)) decoded_.clear();
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

void Positions::state(const Position& position) {
    stated_ = true;
    current_ = position;
    due_.push_back(position);
}

/// Entries that begin within an item come too late with the next one: then the table differs.
void Positions::state_entries(std::uint32_t offset) {
    for (; next_ < decoded_entries_.size() && decoded_entries_[next_].begin <= offset; ++next_) {
        const std::int32_t line = decoded_entries_[next_].line;
        if (line == Position::none) continue;
        state(sayable({line, line, Position::none, Position::none}));
        entries_.push_back({offset, line});
    }
    if (stated_ || firstlineno_ == Position::none) return;
    state(current_); // says which line comes first, and makes no entry
    entries_.push_back({offset, firstlineno_});
}

std::span<const Position> Positions::find_in_front_of(const program::Instruction& item, std::uint32_t begin,
                                                      std::uint32_t end) {
    due_.clear();
    if (has_entries_) {
        state_entries(begin & ~(unit_ - 1));
        return due_;
    }
    if (!decoded_.empty()) {
        const Position position = at(begin);
        if (!stated_ || position != current_) state(position);
        settled_until_ = next_ + 1 < decoded_.size() ? decoded_[next_].end : UINT32_MAX;
    }
    add_run(item, begin, end);
    return due_;
}

std::span<const Position> Positions::at_end(std::uint32_t end) {
    due_.clear();
    if (has_entries_ && stated_) state_entries(end & ~(unit_ - 1));
    return due_;
}

/// As the assembler's Positions::runs has it.
void Positions::add_run(const program::Instruction& item, std::uint32_t begin, std::uint32_t end) {
    begin &= ~(unit_ - 1);
    end &= ~(unit_ - 1);
    if (begin != end) {
        if ((open_ || merges_) && !runs_.empty() && runs_.back().position == current_)
            runs_.back().end = end;
        else
            runs_.push_back({begin, end, current_});
    }
    open_ = item.kind == program::Instruction::Kind::Prefix;
}

bool Positions::table_differs() {
    // Steps over very many lines could ask for much more than there is.
    const std::uint64_t steps = has_entries_ ? objects::long_step_bytes(firstlineno_, entries_)
                                             : objects::long_step_bytes(target_, firstlineno_, runs_);
    if (!stated_ || steps > 2 * table_.size()) return true;
    return !(has_entries_ ? objects::line_table_is_of(target_, firstlineno_, entries_, table_)
                          : objects::line_table_is_of(target_, firstlineno_, runs_, table_));
}

} // namespace pyasm::disassembler
