#include "grammar/characters.hpp"
#include "grammar/state.hpp"

#include <limits>
#include <utility>

/// Positions: `.line 10:4-20`, and `@ 10:4-20` behind an instruction.
namespace pyasm::grammar {

using objects::Position;
using program::Statement;
using program::StatementKind;

namespace {

/// Reads a number of at most nine digits, which fits an int32; null where there is none.
[[nodiscard]] const char* read_digits(const char* at, const char* end, std::int32_t& number) {
    const char* const first = at;
    std::int32_t value = 0;
    for (; at != end && is(*at, Digit); ++at) {
        if (at - first == 9) return nullptr;
        value = value * 10 + (*at - '0');
    }
    number = value;
    return at == first ? nullptr : at;
}

[[nodiscard]] const char* read_position(const char* at, const char* end, Position& position) {
    at = read_digits(at, end, position.line);
    if (!at) return nullptr;
    position.end_line = position.line;
    if (at == end || (*at != ':' && *at != '-')) return at;
    const bool columns = *at == ':';
    if (columns) {
        at = read_digits(at + 1, end, position.column);
        if (!at || at == end || *at != '-') return nullptr;
    }
    std::int32_t last = 0;
    at = read_digits(at + 1, end, last);
    if (!at || !columns) {
        position.end_line = last;
        return at;
    }
    if (at == end || *at != ':') {
        position.end_column = last;
        return at;
    }
    position.end_line = last;
    return read_digits(at + 1, end, position.end_column);
}

} // namespace

const char* State::plain_position(const char* from, const char* end) {
    Position position;
    const char* const to = read_position(from, end, position);
    if (!to || position.end_line < position.line) return nullptr;
    if (to != end && !is(*to, Space) && *to != '#') return nullptr;
    line_.position = position;
    return to;
}

void State::position_begin(const char* from, const char*) {
    positioned_ = true;
    position_span_ = span(from, from + 1);
    line_.line_parts = 0;
}

void State::line_part(int which, const char* from, const char* to) {
    std::int64_t number = 0;
    for (const char* next = from + (*from == '-'); next != to; ++next) {
        if (number < std::int64_t{1} << 32) number = number * 10 + (*next - '0');
    }
    if (*from == '-') number = -number;
    const bool column = which % 2 != 0;
    if (which == 0) {
        line_.line_parts = 0;
        line_.position = {};
    }
    line_.text_span = which == 0 ? span(from, to) : join(line_.text_span, span(from, to));
    // The smallest int stands for "none".
    const std::int64_t low = column ? 0 : -std::int64_t{std::numeric_limits<std::int32_t>::max()};
    if (!number_in({number, span(from, to), true}, low, std::numeric_limits<std::int32_t>::max(),
                   column ? "a column" : "a line"))
        return;
    Position& position = line_.position;
    const auto value = static_cast<std::int32_t>(number);
    line_.line_parts |= 1 << which;
    if (which == 0)
        position.line = position.end_line = value;
    else if (which == 1)
        position.column = value;
    else if (which == 2)
        position.end_line = value;
    else
        position.end_column = value;
}

/// What the parts of a position make together.
void State::finish_position() {
    const int parts = std::exchange(line_.line_parts, 0);
    if (context_.failed || parts == 0) return;
    constexpr int line = 1, column = 2, last_line = 4, last_column = 8;
    Position& position = line_.position;
    if (parts == (line | column | last_line)) {
        // 10:4-20: behind a column without a colon, the last number is a column.
        position.end_column = std::exchange(position.end_line, position.line);
        if (position.end_column < 0) context_.error(line_.text_span, "a column is a number from 0 on");
    } else if (parts != line && parts != (line | last_line) &&
               parts != (line | column | last_line | last_column)) {
        context_.error(line_.text_span, "a position has both columns or none",
                       "Write 10, 10-12, 10:4-20 or 10:4-12:20.");
    } else if (position.end_line < position.line) {
        context_.error(line_.text_span, "the position ends on a line before its first");
    }
}

void State::commit_line(Statement& statement) {
    finish_position();
    statement.kind = StatementKind::Line;
    statement.index = static_cast<std::uint32_t>(unit().positions.size());
    unit().positions.push_back(line_.position);
    add(statement);
}

/// The position behind an instruction is a `.line` before it.
void State::add_position() {
    finish_position();
    positioned_ = false;
    Statement& statement = add();
    statement.kind = StatementKind::Line;
    statement.index = static_cast<std::uint32_t>(unit().positions.size());
    statement.span = position_span_;
    unit().positions.push_back(line_.position);
}

} // namespace pyasm::grammar
