#include "grammar/characters.hpp"
#include "grammar/state.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

/// The words of a line: labels, mnemonics, operands.
namespace pyasm::grammar {

using objects::ValueId;
using program::Operand;
using program::OperandForm;

namespace {

[[nodiscard]] std::string_view view(const char* from, const char* to) {
    return {from, static_cast<std::size_t>(to - from)};
}

} // namespace

void State::head(const char* from, const char* to) {
    line_.previous_from = line_.word_from;
    line_.previous_to = line_.word_to;
    line_.word_from = from;
    line_.word_to = to;
}

void State::label() { add_label(line_.previous_from, line_.previous_to); }
void State::last_label() {
    add_label(line_.word_from, line_.word_to);
    line_.word_from = nullptr;
}

bool State::directive_word(const char* from, const char* to) {
    line_.directive = find_directive(view(from + 1, to));
    if (line_.directive) {
        line_.kind = LineKind::Directive;
        line_.directive_span = span(from, to);
        return true;
    }
    if (context_.quiet()) {
        context_.error(from, to, {});
        return false;
    }
    const std::string_view near = nearest_directive(view(from + 1, to));
    line_.meant = find_directive(near);
    line_.meant_to = to;
    line_.directive_span = span(from, to);
    context_.error(from, to, fmt::format("unknown directive '{}'", support::printable(view(from, to))),
                   near.empty() ? std::string{} : fmt::format("Did you mean .{}?", near));
    return false;
}

bool State::operand_name(const char* from, const char* to) {
    if (*from == '.' && is_constant_fraction(from, to)) return false;
    operand_ = Operand{};
    operand_.form = OperandForm::Name;
    operand_.text = view(from, to);
    operand_.span = span(from, to);
    return true;
}

/// `.5` is a number where a constant is wanted, and a name everywhere else: `.0` is the first parameter of a
/// generator expression.
bool State::is_constant_fraction(const char* from, const char* to) const {
    if (!std::all_of(from + 1, to, [](char c) { return is(c, Digit); })) return false;
    return takes_constant();
}

bool State::takes_constant() const {
    const isa::OpInfo* op = context_.unit.target->find(view(line_.word_from, line_.word_to));
    return op && op->operand->base == isa::OperandBase::Const;
}

/// A string literal that something follows is a name.
void State::check_first_name() {
    if (operand_.quoted && !takes_constant()) check_name(operand_.value, operand_.span);
}

void State::operand_suffix(const char* from, const char* to) {
    while (to != from && is(to[-1], Blank)) --to;
    check_first_name();
    operand_.form = OperandForm::Name;
    operand_.suffix = view(from, to);
    operand_.span.end = span(from, to).end;
}

void State::second_name(const char* from, const char* to) {
    check_first_name();
    operand_.form = OperandForm::NamePair;
    operand_.suffix = view(from, to);
    operand_.span.end = span(from, to).end;
}

void State::second_string() {
    check_first_name();
    if (!takes_constant()) check_name(literals_.value(), literals_.span());
    operand_.form = OperandForm::NamePair;
    if (literals_.is_string()) operand_.suffix = unit().values.text(literals_.value());
    operand_.suffix_quoted = true;
    operand_.span.end = literals_.span().end;
}

/// Words behind a second name, as dis shows a symbol of several parts: `str, with format`.
bool State::further_words(const char*, const char* to) {
    const isa::OpInfo* op = unit().target->find(view(line_.word_from, line_.word_to));
    if (!op || op->operand->base != isa::OperandBase::Symbolic || operand_.quoted || operand_.suffix_quoted)
        return false;
    const char* const comma = operand_.text.data() + operand_.text.size();
    std::string text{operand_.text};
    text += ", ";
    for (const char* next = std::find(comma, to, ',') + 1; next != to; ++next) {
        if (!is(*next, Blank))
            text += *next;
        else if (text.back() != ' ')
            text += ' ';
    }
    operand_.form = OperandForm::Words;
    operand_.text = unit().values.arena().copy(text);
    operand_.span.end = span(to, to).end;
    return true;
}

/// Numbers of few digits are read here; all others as literals.
bool State::small_integer(const char* from, const char* to) {
    const char* digits = from + (*from == '-');
    if (to - digits > 18 || (*digits == '0' && to - digits > 1)) return false;
    std::int64_t number = 0;
    for (const char* next = digits; next != to; ++next) number = number * 10 + (*next - '0');
    operand_ = Operand{};
    operand_.form = OperandForm::Integer;
    operand_.number = digits == from ? number : -number;
    operand_.span = span(from, to);
    return true;
}

void State::raw_operand(const char* from, const char* to) {
    operand_ = Operand{};
    operand_.form = OperandForm::Raw;
    operand_.span = span(from, to);
    if (number_in(numbers_.back(), 0, 0xFFFF'FFFF, "an argument")) operand_.number = numbers_.back().value;
    numbers_.clear();
}

void State::operand_literal() {
    operand_ = Operand{};
    operand_.span = literals_.span();
    const ValueId id = literals_.value();
    if (literals_.is_plain_integer()) {
        operand_.form = OperandForm::Integer;
        operand_.number = unit().values[id].integer;
        return;
    }
    operand_.form = OperandForm::Value;
    operand_.value = id;
    if (literals_.is_string()) {
        operand_.quoted = true;
        operand_.text = unit().values.text(id);
    }
}

bool State::words(const char* from, const char* to) {
    if (context_.failed) return false; // the rest of an operand that has been reported
    const char* const after = std::find_if_not(from, to, [](char c) { return is(c, WordPart); });
    if (after != from && after != to && *after == '(' && takes_constant()) {
        literals_.begin();
        literals_.report_value(from);
        return false;
    }
    operand_ = Operand{};
    operand_.form = OperandForm::Words;
    operand_.span = span(from, to);
    operand_.text = view(from, to);
    const auto single = [&] {
        for (const char* next = from; next != to; ++next) {
            if (is(*next, Blank) && (*next != ' ' || is(next[1], Blank))) return false;
        }
        return true;
    };
    if (single()) return true;
    std::string text;
    for (const char* next = from; next != to; ++next) {
        if (!is(*next, Blank))
            text += *next;
        else if (text.back() != ' ')
            text += ' ';
    }
    operand_.text = unit().values.arena().copy(text);
    return true;
}

} // namespace pyasm::grammar
