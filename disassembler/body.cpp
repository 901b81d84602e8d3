#include "disassembler/body.hpp"

#include "support/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace pyasm::disassembler {

using objects::ValueKind;
using program::Comment;
using program::Instruction;
using program::Operand;
using program::OperandForm;
using program::Statement;
using program::StatementKind;

BodyWriter::BodyWriter(program::Unit& unit, Outline& outline, const DisassembleOptions& options)
    : unit_(unit), target_(*unit.target), options_(options), copy_free_vars_(target_.find("COPY_FREE_VARS")),
      items_(target_), labels_(unit), regions_(target_), positions_(target_), operands_(unit, outline),
      remarks_(unit, outline), sources_(unit, options), encoder_(target_) {}

BodyFacts BodyWriter::write(std::uint32_t block, const objects::CodeObject& code, const CodeTables& tables) {
    block_ = block;
    body_ = &unit_.blocks[block].body;
    tables_ = &tables;
    facts_ = {};
    const auto bytes_of = [&](objects::ValueId id) {
        return id == objects::no_value ? support::Bytes() : support::as_bytes(unit_.values.text(id));
    };
    items_.begin(bytes_of(code.code));
    if (items_.has_prefixes()) {
        split_entered_prefixes();
        check_prefixed_jumps();
    }
    find_labels();
    regions_.begin(bytes_of(code.exceptiontable), items_, labels_);
    regions_.settle(items_, depths_);
    labels_.number();
    positions_.begin(code.firstlineno, bytes_of(code.linetable), items_.code().size());
    operands_.begin(tables);
    sources_.begin(code.filename);
    shown_line_ = 0;
    write_rows();
    write_items();
    collect_facts();
    return facts_;
}

/// A jump past the prefixes of an instruction makes another one of it: that is the one to show.
void BodyWriter::split_entered_prefixes() {
    std::vector<std::uint32_t> entered;
    const std::uint32_t size = program::instruction_size(target_, true);
    for (const LabelJump& jump : items_.jumps()) {
        if (jump.distance != 0 && items_.items()[jump.into].prefixes * size == jump.distance)
            entered.push_back(items_.starts()[jump.into] + jump.distance);
    }
    if (entered.empty()) return;
    std::ranges::sort(entered);
    items_.split_prefixes(std::move(entered));
}

/// An encoder adds the fewest prefixes that jumps need together. Code whose jumps have others says so.
void BodyWriter::check_prefixed_jumps() {
    list_.clear();
    bool prefixed = false;
    const auto items = items_.items();
    for (const LabelJump& jump : items_.jumps()) {
        list_.jumps.push_back({jump.item, jump.into, jump.distance, {}, {}});
        prefixed |= items[jump.item].prefixes != 0;
    }
    if (!prefixed) return;
    list_.items.assign(items.begin(), items.end());
    list_.data.bytes(items_.code());
    support::Diagnostics ignored;
    if (encoder_.encode(list_, ignored) && std::ranges::equal(encoder_.code(), items_.code())) return;
    items_.write_jump_prefixes();
}

void BodyWriter::find_labels() {
    labels_.begin(items_.items().size());
    for (const LabelJump& jump : items_.jumps()) labels_.want(jump.into);
}

Statement& BodyWriter::add(StatementKind kind) {
    Statement& statement = body_->emplace_back();
    statement.kind = kind;
    return statement;
}

/// `.except` rows stand ahead of all else, and the rows of `.try` are filled in for their statements.
void BodyWriter::write_rows() {
    for (const Regions::Region& region : regions_.regions()) {
        program::ExceptRow row;
        row.handler = labels_.refer(items_, region.row.target);
        if (region.states_depth) row.depth = region.row.depth;
        row.lasti = region.row.lasti;
        if (!region.is_try) {
            row.start = labels_.refer(items_, region.row.begin);
            row.end = labels_.refer(items_, region.row.end);
            add(StatementKind::Except).index = static_cast<std::uint32_t>(unit_.except_rows.size());
        }
        unit_.except_rows.push_back(row);
    }
}

void BodyWriter::write_items() {
    const auto count = static_cast<std::uint32_t>(items_.items().size());
    const auto marks = regions_.marks();
    const std::size_t positions = std::min<std::size_t>(positions_.most(), count);
    body_->reserve(body_->size() + count + positions + labels_.count() + marks.size());
    next_jump_ = 0;
    std::size_t mark = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (labels_.wanted(i) || (mark < marks.size() && marks[mark].item == i)) write_marks(i, mark);
        const std::uint32_t begin = items_.starts()[i], end = items_.starts()[i + 1];
        for (const objects::Position& position : positions_.in_front_of(items_.items()[i], begin, end))
            write_position(position);
        write_item(i);
    }
    write_marks(count, mark);
    for (const objects::Position& position : positions_.at_end(items_.starts()[count]))
        write_position(position);
}

/// What stands in front of an item: ends of regions, its label, beginnings of regions.
void BodyWriter::write_marks(std::uint32_t item, std::size_t& mark) {
    const auto marks = regions_.marks();
    for (; mark < marks.size() && marks[mark].item == item && !marks[mark].opens; ++mark)
        add(StatementKind::EndTry);
    if (const std::string_view label = labels_.at(item); !label.empty())
        add(StatementKind::Label).text = label;
    const std::size_t first_row = unit_.except_rows.size() - regions_.regions().size();
    for (; mark < marks.size() && marks[mark].item == item; ++mark)
        add(StatementKind::Try).index = static_cast<std::uint32_t>(first_row + marks[mark].region);
}

void BodyWriter::write_position(const objects::Position& position) {
    add(StatementKind::Line).index = static_cast<std::uint32_t>(unit_.positions.size());
    unit_.positions.push_back(position);
    facts_.has_positions = true;
    if (position.line == objects::Position::none) return;
    if (!facts_.has_first_line) facts_.first_line = position.line;
    facts_.has_first_line = true;
    if (!options_.read_source || position.line == shown_line_) return;
    shown_line_ = position.line;
    const auto line = sources_.line(position.line);
    // In front of the `.line`, which the printer may put behind the instruction.
    const auto statement = static_cast<std::uint32_t>(body_->size() - 1);
    if (line) unit_.comments.push_back({block_, statement, Comment::Place::Above, *line});
}

void BodyWriter::write_item(std::uint32_t index) {
    const Instruction& item = items_.items()[index];
    remark_.clear();
    switch (items_.form(index)) {
    case ItemForm::Mnemonic: write_mnemonic(index); break;
    case ItemForm::Opcode: {
        Statement& statement = add(StatementKind::Op);
        statement.index = item.opcode;
        if (item.has_argument) {
            statement.operand.form = OperandForm::Integer;
            statement.operand.number = item.argument;
        }
        remark_ = item.opcode == target_.extended_arg ? "EXTENDED_ARG, which a jump leaves out"
                                                      : remarks_.opcode(item.opcode);
        break;
    }
    case ItemForm::Prefix: {
        Statement& statement = add(StatementKind::Instruction);
        statement.text = item.op->name;
        statement.operand.form = OperandForm::Integer;
        statement.operand.number = item.argument;
        break;
    }
    case ItemForm::Bytes: write_bytes(item.data, item.data_size); break;
    }
    if (item.kind == Instruction::Kind::Operation && item.op)
        program::note_traits(target_, *item.op, item.argument, facts_.traits);
    if (!remark_.empty() || options_.offsets || options_.stack) comment_item(index);
    if (items_.states_caches(index)) write_caches(index);
}

void BodyWriter::write_mnemonic(std::uint32_t index) {
    const Instruction& item = items_.items()[index];
    Statement& statement = add(StatementKind::Instruction);
    statement.text = item.op->name;
    facts_.copies_free_vars |= item.op == copy_free_vars_;
    if (target_.conventions.first_constant_stays && !facts_.implied && operands_.constants().order().empty())
        facts_.implied = program::implied_constant(target_, *item.op, item.argument);
    if (items_.is_jump(index)) return write_jump(index, statement.operand);
    operands_.write(*item.op, item.argument, item.has_argument, statement.operand);
    if (statement.operand.form == OperandForm::Raw)
        remark_ = remarks_.argument(*tables_, *item.op, item.argument);
}

void BodyWriter::write_jump(std::uint32_t index, Operand& operand) {
    const auto jumps = items_.jumps();
    if (next_jump_ == jumps.size() || jumps[next_jump_].item != index) {
        OperandWriter::write_raw(items_.items()[index].argument, operand);
        remark_ =
            remarks_.destination(items_.destination(index), static_cast<std::uint32_t>(items_.code().size()));
        return;
    }
    const LabelJump& jump = jumps[next_jump_++];
    operand.form = OperandForm::Name;
    operand.text = labels_.at(jump.into);
    if (jump.distance == 0) return;
    operand.suffix =
        unit_.values.arena().copy(fmt::format("{}", jump.distance / program::code_unit(target_)));
    remark_ = remarks_.inside(items_, jump.into, jump.distance);
}

void BodyWriter::write_bytes(std::uint32_t begin, std::uint32_t size) {
    const support::Bytes bytes = items_.code().subspan(begin, size);
    Statement& statement = add(StatementKind::Bytes);
    statement.operand.form = OperandForm::Value;
    statement.operand.value = unit_.values.add_text(ValueKind::Bytes, support::as_text(bytes));
}

void BodyWriter::write_caches(std::uint32_t index) {
    const Instruction& item = items_.items()[index];
    const support::Bytes code = items_.code();
    const objects::ValueId units = unit_.values.add_container(ValueKind::Tuple, item.data_size / 2);
    for (std::uint32_t i = 0; i < item.data_size / 2; ++i) {
        const std::size_t at = item.data + std::size_t{i} * 2;
        const objects::ValueId unit = unit_.values.add_int(code[at] | code[at + 1] << 8);
        unit_.values.children(units)[i] = unit;
    }
    Statement& statement = add(StatementKind::Cache);
    statement.operand.form = OperandForm::Value;
    statement.operand.value = units;
}

void BodyWriter::comment_item(std::uint32_t index) {
    const std::uint32_t start = items_.starts()[index];
    std::string text;
    const auto join = [&](std::string_view part) {
        if (!text.empty()) text += ", ";
        text += part;
    };
    if (options_.offsets) join(fmt::format("{}", start));
    if (options_.stack) {
        const std::int64_t height = depths_.height_at(start);
        join(height == program::StackDepth::unreached ? "not reached" : fmt::format("stack {}", height));
    }
    if (!remark_.empty()) join(remark_);
    unit_.comments.push_back({block_, static_cast<std::uint32_t>(body_->size() - 1), Comment::Place::Behind,
                              unit_.values.arena().copy(text)});
}

void BodyWriter::collect_facts() {
    facts_.constants = operands_.constants().order();
    facts_.names = operands_.names().order();
    facts_.locals = operands_.locals().order();
    facts_.derefs = operands_.derefs().order();
    facts_.made_cells = operands_.made_cells().order();
    facts_.unchecked = operands_.out_of_range() || items_.code().size() % program::code_unit(target_) != 0;
    facts_.greatest_height = depths_.greatest();
    facts_.line_table_needs_pin = positions_.table_differs();
    facts_.exception_table_needs_pin = regions_.needs_pin();
}

} // namespace pyasm::disassembler
