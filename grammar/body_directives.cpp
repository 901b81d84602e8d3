#include "grammar/characters.hpp"
#include "grammar/state.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <utility>

/// Directives between the instructions of a body, and the numbers in directives.
namespace pyasm::grammar {

using objects::ValueKind;
using program::OperandForm;
using program::Statement;
using program::StatementKind;

void State::number(const char* from, const char* to) {
    const bool negative = *from == '-';
    const std::string_view text{from + negative, static_cast<std::size_t>(to - from - negative)};
    Number& result = numbers_.emplace_back(Number{0, span(from, to), false});
    const bool decimal = text.find_first_not_of("0123456789") == std::string_view::npos;
    if (decimal && text.size() <= 18 && (text[0] != '0' || text.size() == 1)) {
        for (const char c : text) result.value = result.value * 10 + (c - '0');
        if (negative) result.value = -result.value;
        result.known = true;
        return;
    }
    // The grammar took a run of letters and digits: what it is shows in its form.
    Integer integer;
    auto error = decode_integer_run(text, context_.dialect, integer);
    if (error) return context_.error(text.data(), std::move(*error));
    if (const auto small = integer.small(negative)) {
        result.value = *small;
        result.known = true;
    } else {
        context_.error(result.span,
                       fmt::format("{} is out of range here", support::printable({from, to}, 40)));
    }
}

bool State::number_in(const Number& number, std::int64_t low, std::int64_t high, std::string_view what) {
    if (!number.known) return false;
    if (number.value >= low && number.value <= high) return true;
    context_.error(number.span,
                   fmt::format("{} is out of range: {} is {} to {}",
                               support::printable(sources_.text(number.span), 40), what, low, high));
    return false;
}

void State::label_name(const char* from, const char* to) {
    const std::string_view name{from, static_cast<std::size_t>(to - from)};
    auto& row = line_.row;
    const bool except = line_.directive->id == DirectiveId::Except;
    auto& label = !except             ? row.handler
                  : line_.labels == 0 ? row.start
                  : line_.labels == 1 ? row.end
                                      : row.handler;
    ++line_.labels;
    label.name = name;
    label.span = span(from, to);
}

void State::label_addend(const char* from, const char* to) {
    auto& row = line_.row;
    const bool except = line_.directive->id == DirectiveId::Except;
    auto& label = !except             ? row.handler
                  : line_.labels == 1 ? row.start
                  : line_.labels == 2 ? row.end
                                      : row.handler;
    number(from, to);
    if (number_in(numbers_.back(), 0, 0xFFFF'FFFF, "the distance from a label"))
        label.addend = numbers_.back().value;
    label.span.end = numbers_.back().span.end;
    numbers_.clear();
}

void State::lasti(const char* from, const char* to) {
    if (line_.row.lasti) context_.error(from, to, "'lasti' is given twice");
    line_.row.lasti = true;
}

void State::depth_option(const char* from, const char* to) {
    if (line_.row.depth) context_.error(from, to, "the depth is given twice");
    if (number_in(numbers_.back(), 0, 0x7FFF'FFFF, "a depth")) {
        line_.row.depth = static_cast<std::uint32_t>(numbers_.back().value);
    }
    numbers_.clear();
}

bool State::has_exception_tables() {
    if (unit().target->code.exceptiontable) return true;
    // One message a block: its other regions are the same mistake.
    if (std::exchange(open_[depth_ - 1].tables_reported, true)) return false;
    context_.error(
        line_.directive_span,
        fmt::format("{} has no exception tables, so no '.{}'", unit().target->name, directive_name()),
        "Write SETUP_FINALLY and its kin, and POP_BLOCK.");
    return false;
}

void State::byte_string() {
    line_.has_text = true;
    const auto& value = unit().values[literals_.value()];
    if (value.kind != ValueKind::Bytes && !context_.failed) {
        context_.error(literals_.span(), "bytes are wanted here", R"(Write b"...".)");
    }
}

bool State::close_try() {
    if (!depth_ || open_[depth_ - 1].tries.empty()) return false;
    auto& tries = open_[depth_ - 1].tries;
    const bool region = tries.back().known();
    tries.pop_back();
    return region;
}

void State::commit_body_directive(Statement& statement) {
    switch (line_.directive->id) {
    case DirectiveId::Line: return commit_line(statement);
    case DirectiveId::Try:
    case DirectiveId::Except: return commit_except(statement);
    case DirectiveId::EndTry: {
        auto& tries = open_[depth_ - 1].tries;
        if (!has_exception_tables()) return;
        if (tries.empty()) {
            context_.error(line_.directive_span, "'.endtry' without '.try'");
            return;
        }
        if (!close_try()) return;
        statement.kind = StatementKind::EndTry;
        return add(statement);
    }
    case DirectiveId::Op: return commit_op(statement);
    case DirectiveId::Bytes: return commit_bytes(statement);
    case DirectiveId::Cache: return commit_cache(statement);
    default: return;
    }
}

void State::commit_except(Statement& statement) {
    if (!has_exception_tables()) return;
    const bool is_try = line_.directive->id == DirectiveId::Try;
    statement.kind = is_try ? StatementKind::Try : StatementKind::Except;
    statement.index = static_cast<std::uint32_t>(unit().except_rows.size());
    unit().except_rows.push_back(line_.row);
    if (is_try) open_[depth_ - 1].tries.push_back(line_.directive_span);
    add(statement);
}

void State::commit_op(Statement& statement) {
    open_[depth_ - 1].started = true;
    if (positioned_) add_position();
    statement.kind = StatementKind::Op;
    if (number_in(numbers_[0], 0, 255, "an opcode"))
        statement.index = static_cast<std::uint32_t>(numbers_[0].value);
    if (numbers_.size() > 1) {
        statement.operand.form = OperandForm::Integer;
        statement.operand.span = numbers_[1].span;
        if (number_in(numbers_[1], 0, 0xFFFF'FFFF, "an argument"))
            statement.operand.number = numbers_[1].value;
    }
    add(statement);
}

void State::commit_bytes(Statement& statement) {
    open_[depth_ - 1].started = true;
    if (positioned_) add_position();
    statement.kind = StatementKind::Bytes;
    statement.operand.form = OperandForm::Value;
    if (line_.has_text) {
        statement.operand.value = literals_.value();
        statement.operand.span = literals_.span();
    } else {
        std::string bytes;
        bytes.reserve(numbers_.size());
        for (const Number& number : numbers_) {
            if (number_in(number, 0, 255, "a byte")) bytes += static_cast<char>(number.value);
        }
        statement.operand.span = join(numbers_.front().span, numbers_.back().span);
        auto& values = unit().values;
        statement.operand.value = values.add_text(ValueKind::Bytes, values.arena().copy(bytes));
        context_.place_value(statement.operand.value, statement.operand.span);
    }
    add(statement);
}

void State::commit_cache(Statement& statement) {
    statement.kind = StatementKind::Cache;
    statement.operand.form = OperandForm::Value;
    auto& values = unit().values;
    std::vector<objects::ValueId> units;
    units.reserve(numbers_.size());
    for (const Number& number : numbers_) {
        if (!number_in(number, 0, 0xFFFF, "a cache unit")) continue;
        units.push_back(values.add_int(number.value));
        context_.place_value(units.back(), number.span);
    }
    statement.operand.value =
        values.add_container(ValueKind::Tuple, std::span<const objects::ValueId>(units));
    statement.operand.span =
        numbers_.empty() ? line_.directive_span : join(numbers_.front().span, numbers_.back().span);
    context_.place_value(statement.operand.value, statement.operand.span);
    add(statement);
}

} // namespace pyasm::grammar
