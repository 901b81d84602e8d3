#include "grammar/characters.hpp"
#include "grammar/print_numbers.hpp"
#include "grammar/unit_printer.hpp"

#include <algorithm>
#include <charconv>

/// The statements of a block.
namespace pyasm::grammar {

using objects::Position;
using objects::Value;
using objects::ValueKind;
using program::Comment;
using program::ExceptRow;
using program::Operand;
using program::OperandForm;
using program::Statement;
using program::StatementKind;

namespace {

/// Nobody counts in them.
void put_cache_unit(TextOutput& out, std::int64_t unit) {
    if (unit < 10) return put_integer(out, unit);
    char* const to = out.room(20);
    to[0] = '0', to[1] = 'x';
    out.advance_to(std::to_chars(to + 2, to + 20, unit, 16).ptr);
}

/// Whether a position may stand behind it.
[[nodiscard]] bool takes_position(StatementKind kind) {
    return kind == StatementKind::Instruction || kind == StatementKind::Op || kind == StatementKind::Bytes;
}

} // namespace

void UnitPrinter::put_body(const program::Block& block, std::uint32_t index) {
    block_ = index;
    const auto first = std::ranges::lower_bound(unit_.comments, index, {}, &Comment::block);
    comment_ = static_cast<std::size_t>(first - unit_.comments.begin());
    const bool comments = first != unit_.comments.end() && first->block == index;
    const auto count = static_cast<std::uint32_t>(block.body.size());
    for (std::uint32_t i = 0; i < count; ++i) {
        const Statement& statement = block.body[i];
        if (comments) comments_above(i);
        if (statement.kind == StatementKind::Line) {
            const Position& position = unit_.positions[statement.index];
            if (i + 1 < count && takes_position(block.body[i + 1].kind) &&
                (has_columns_ || position.column != Position::none)) {
                position_ = &position;
                continue;
            }
        }
        put_statement(statement);
        if (position_) put_position_behind();
        if (comments) comments_behind(i);
        out_.newline();
    }
    if (comments) comments_above(count);
}

void UnitPrinter::put_statement(const Statement& statement) {
    switch (statement.kind) {
    case StatementKind::Instruction: return put_instruction(statement);
    case StatementKind::Label:
        indent(block_indent_);
        out_.put(statement.text);
        return out_.put(':');
    case StatementKind::Line:
        indent(body_indent_);
        out_.put(".line ");
        return put_position(unit_.positions[statement.index]);
    case StatementKind::Try:
    case StatementKind::EndTry:
    case StatementKind::Except: return put_region(statement);
    case StatementKind::Op:
        put_word(".op");
        pad_to_operand();
        put_integer(out_, statement.index);
        if (statement.operand.form == OperandForm::None) return;
        out_.put(' ');
        return put_integer(out_, statement.operand.number);
    case StatementKind::Bytes:
        put_word(".bytes");
        pad_to_operand();
        return literals_.put_text(statement.operand.value, Place::Binary);
    case StatementKind::Cache: return put_cache(statement);
    }
}

void UnitPrinter::put_word(std::string_view word) {
    indent(body_indent_);
    out_.put(word);
}

void UnitPrinter::pad_to_operand() { out_.pad_to(body_indent_ + operand_column, 1); }

// --------------------------------------------------------------------------------------------- instructions

void UnitPrinter::put_instruction(const Statement& statement) {
    if (statement.operand.form == OperandForm::None) return put_word(statement.text);
    out_.put_field(body_indent_, statement.text, operand_column);
    put_operand(statement);
}

void UnitPrinter::put_position_behind() {
    out_.pad_to(position_column, 2);
    out_.put("@ ");
    put_position(*position_);
    position_ = nullptr;
}

void UnitPrinter::put_operand(const Statement& statement) {
    const Operand& operand = statement.operand;
    switch (operand.form) {
    case OperandForm::None: return;
    case OperandForm::Raw:
        out_.put('[');
        put_integer(out_, operand.number);
        return out_.put(']');
    case OperandForm::Integer: return put_integer(out_, operand.number);
    case OperandForm::Value: return put_value_operand(statement);
    case OperandForm::Name:
        put_operand_name(operand.text, operand.quoted);
        if (operand.suffix.empty()) return;
        out_.put(is(operand.suffix[0], Digit) ? "+" : " + ");
        return out_.put(operand.suffix);
    case OperandForm::NamePair:
        put_operand_name(operand.text, operand.quoted);
        out_.put(", ");
        return put_operand_name(operand.suffix, operand.suffix_quoted);
    case OperandForm::Words: return out_.put(operand.text);
    }
}

void UnitPrinter::put_operand_name(std::string_view name, bool quoted) {
    quoted ? literals_.put_native(name) : literals_.put_name(name);
}

void UnitPrinter::put_value_operand(const Statement& statement) {
    const Operand& operand = statement.operand;
    const Value& value = unit_.values[operand.value];
    // A text that is meant as a name has neither brackets nor an anchor.
    if (operand.quoted && value.size > width_ / 8 &&
        (value.kind == ValueKind::Str || value.kind == ValueKind::Bytes)) {
        const isa::OpInfo* op = unit_.target->find(statement.text);
        if (!op || op->operand->base != isa::OperandBase::Const)
            return literals_.put_text(operand.value, Place::Argument);
    }
    (void)literals_.put(operand.value, Place::Operand);
}

// ------------------------------------------------------------------------------------ regions, caches, lines

void UnitPrinter::put_region(const Statement& statement) {
    if (statement.kind == StatementKind::EndTry) {
        indent(block_indent_);
        return out_.put(".endtry");
    }
    const ExceptRow& row = unit_.except_rows[statement.index];
    if (statement.kind == StatementKind::Try) {
        indent(block_indent_);
        out_.put(".try ");
    } else {
        indent(body_indent_);
        out_.put(".except ");
        put_label(row.start);
        out_.put(", ");
        put_label(row.end);
        out_.put(" -> ");
    }
    put_label(row.handler);
    if (row.depth) {
        out_.put(", depth=");
        put_integer(out_, *row.depth);
    }
    if (row.lasti) out_.put(", lasti");
}

void UnitPrinter::put_label(const ExceptRow::LabelRef& label) {
    out_.put(label.name);
    if (!label.addend) return;
    out_.put('+');
    put_integer(out_, label.addend);
}

void UnitPrinter::put_cache(const Statement& statement) {
    put_word(".cache");
    bool first = true;
    for (const ValueId id : unit_.values.children(statement.operand.value)) {
        if (first)
            pad_to_operand();
        else
            out_.put(", ");
        put_cache_unit(out_, unit_.values[id].integer);
        first = false;
    }
}

/// The shortest form: 10:4-20, 10:4-12:3, 10-12, 10, none.
void UnitPrinter::put_position(const Position& position) {
    if (position.line == Position::none) return out_.put("none");
    char* to = write_integer(out_.room(4 * integer_room + 3), position.line);
    const bool several = position.end_line != position.line && position.end_line != Position::none;
    const bool columns = position.column != Position::none && position.end_column != Position::none;
    if (columns) {
        *to++ = ':';
        to = write_integer(to, position.column);
    }
    if (columns || several) *to++ = '-';
    if (several) to = write_integer(to, position.end_line);
    if (columns && several) *to++ = ':';
    if (columns) to = write_integer(to, position.end_column);
    out_.advance_to(to);
}

// ------------------------------------------------------------------------------------------------- comments

void UnitPrinter::comments_above(std::uint32_t statement) {
    const auto& comments = unit_.comments;
    std::size_t at = comment_;
    const bool last = statement == unit_.blocks[block_].body.size();
    for (; at < comments.size() && comments[at].block == block_ && comments[at].statement <= statement;
         ++at) {
        if (comments[at].statement != statement) continue;
        if (comments[at].place != Comment::Place::Above && !last) continue;
        indent(body_indent_);
        out_.put("# ");
        put_comment(out_, comments[at].text);
        out_.newline();
    }
}

void UnitPrinter::comments_behind(std::uint32_t statement) {
    const auto& comments = unit_.comments;
    for (; comment_ < comments.size() && comments[comment_].block == block_ &&
           comments[comment_].statement <= statement;
         ++comment_) {
        if (comments[comment_].place != Comment::Place::Behind) continue;
        out_.pad_to(has_columns_ ? comment_column : position_column, 2);
        out_.put("# ");
        put_comment(out_, comments[comment_].text);
    }
}

} // namespace pyasm::grammar
