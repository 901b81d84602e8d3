#include "grammar/state.hpp"

#include "grammar/characters.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace pyasm::grammar {

using objects::ValueId;
using objects::ValueKind;
using program::Operand;
using program::OperandForm;
using program::Statement;
using program::StatementKind;

namespace {

[[nodiscard]] std::string_view view(const char* from, const char* to) {
    return {from, static_cast<std::size_t>(to - from)};
}

} // namespace

State::State(program::Unit& unit, support::Sources& sources, const ParseOptions& options,
             support::Diagnostics& diagnostics, Runner runner)
    : sources_(sources), options_(options), runner_(runner), context_{unit, diagnostics},
      literals_(context_) {
    set_target(options.target     ? *options.target
               : options.fallback ? *options.fallback
                                  : isa::newest_target());
    for (const Definition& one : options.definitions) macros_.symbols.insert_or_assign(one.name, one.value);
}

void State::expected(Expected what, const char* at) {
    if (what == Expected::LineEnd && positioned_) what = Expected::PositionEnd;
    // A label alone has no operand that something could follow.
    if (what == Expected::LineEnd && line_.kind == LineKind::Nothing) what = Expected::Statement;
    if (what == Expected::LineEnd && line_.kind == LineKind::Instruction) {
        const isa::OpInfo* op = unit().target->find(view(line_.word_from, line_.word_to));
        if (op && op->operand->base == isa::OperandBase::Const) what = Expected::ConstantEnd;
        // Text behind LOAD CONST, say, which with a blank is no instruction.
        const std::string_view word = view(line_.word_from, line_.word_to);
        const isa::OpInfo* meant =
            op || context_.failed ? nullptr : unit().target->find_spaced(view(line_.word_from, at));
        if (meant)
            context_.error(line_.word_from, line_.word_to,
                           fmt::format("unknown instruction '{}'", support::printable(word)),
                           fmt::format("Did you mean {}?", meant->name));
    }
    context_.expected(what, at, directive_name());
    literals_.fail();
}

const char* State::end_of_bad_line(const char* at, const char* end) const {
    const char* const from = std::max(at, context_.resume);
    if (from > at && from[-1] == '\n') return from;
    const void* const found = std::memchr(from, '\n', static_cast<std::size_t>(end - from));
    return found ? static_cast<const char*>(found) + 1 : end;
}

// -------------------------------------------------------------------------------------------- words and
// operands

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

// ---------------------------------------------------------------------------------------------------------
// lines

void State::reset_line() {
    if (line_.directive) {
        line_ = Line{};
        numbers_.clear();
        source_items_.clear();
        parameters_.clear();
        list_.values.clear();
        list_.spans.clear();
        listed_symbols_.clear();
    } else {
        line_.kind = LineKind::Nothing;
        line_.word_from = nullptr;
    }
    operand_.form = OperandForm::None;
    positioned_ = false;
    context_.failed = false;
}

void State::stray_mark(const char* from, const char* to) {
    context_.error(from, to, "a byte order mark (U+FEFF) that is not at the file's beginning", "Delete it.");
    context_.failed = false; // the line is read without it
}

void State::commit() {
    context_.matching = false;
    if (context_.substitute) return;
    if (line_.kind == LineKind::Instruction)
        commit_instruction();
    else if (line_.kind == LineKind::Directive)
        commit_directive();
    else if (line_.kind == LineKind::Call)
        commit_call();
    reset_line();
}

/// Of a line with a mistake, what the other lines depend on.
void State::recover() {
    context_.matching = false;
    if (context_.substitute) return;
    if (!line_.directive && line_.meant) guess_symbol();
    if (const Directive* const directive = line_.directive ? line_.directive : line_.meant) {
        switch (directive->id) {
        case DirectiveId::Module: open_block(program::BlockKind::Module); break;
        case DirectiveId::Function: open_block(program::BlockKind::Function); break;
        case DirectiveId::Class: open_block(program::BlockKind::Class); break;
        case DirectiveId::Code: open_block(program::BlockKind::Code); break;
        case DirectiveId::End: end_block(); break;
        case DirectiveId::Try:
            if (depth_) open_[depth_ - 1].tries.push_back({}); // no region, but its end is no mistake
            break;
        case DirectiveId::EndTry: close_try(); break;
        case DirectiveId::Target: unit().target_is_wrong = true; break;
        default: break;
        }
    } else if (depth_ && line_.word_from) {
        open_[depth_ - 1].started = true;
    }
    context_.resume = nullptr;
    line_.directive = line_.directive ? line_.directive : find_directive("end"); // all of it is reset
    reset_line();
}

/// The symbol behind a misspelt directive, so that what refers to the block finds it.
void State::guess_symbol() {
    const char* from = line_.meant_to;
    for (int words = 0; words < 2; ++words) {
        while (from != context_.end && is(*from, Blank)) ++from;
        const char* to = from;
        while (to != context_.end && is(*to, SymbolPart)) ++to;
        if (to == from) return;
        symbol(from, to);
        if (line_.symbol != "async") return;
        from = to;
    }
}

Statement& State::add() {
    if (body_->size() == body_->capacity()) grow_body();
    if (macros_.depth != 0) macros_.bytes += statement_charge; // looked at when the next expansion begins
    return body_->emplace_back();
}

/// A large body is not doubled again and again: what has been read of the file tells about how much is to
/// come.
void State::grow_body() {
    const std::size_t size = body_->size();
    std::size_t capacity = std::max<std::size_t>(size * 2, 1024);
    const auto total = static_cast<double>(context_.end - context_.begin);
    const auto read = line_.word_from ? static_cast<double>(line_.word_from - context_.begin) : total;
    // What was read of another file tells nothing.
    if (size > 8192 && read > 0 && open_[depth_ - 1].file == context_.file) {
        const double expected = static_cast<double>(size) * total / read * 1.02 + 64;
        if (expected > static_cast<double>(size) * 1.1) capacity = static_cast<std::size_t>(expected);
    }
    body_->reserve(capacity);
}

void State::add_label(const char* from, const char* to) {
    const auto place = span(from, to);
    if (skipped_blocks_) return;
    if (!depth_) return outside_block(place, "a label");
    Statement& statement = add();
    statement.kind = StatementKind::Label;
    statement.span = place;
    statement.text = view(from, to);
    const auto first = labels_.define(open_[depth_ - 1].index, statement.text, place);
    if (first.known()) {
        context_
            .error(place, context_.quiet() ? std::string{}
                                           : fmt::format("label '{}' is defined twice in this block",
                                                         support::printable(statement.text)))
            .notes.push_back({first, "first defined here"});
    }
}

void State::commit_instruction() {
    if (skipped_blocks_) return;
    const auto place = span(line_.word_from, line_.word_to);
    if (!depth_) return outside_block(place, "an instruction");
    open_[depth_ - 1].started = true;
    if (positioned_) add_position();
    Statement& statement = add();
    statement.span = place;
    statement.text = view(line_.word_from, line_.word_to);
    if (operand_.form != OperandForm::None) statement.operand = operand_;
}

bool State::allowed_here() {
    const Directive& directive = *line_.directive;
    if (skipped_blocks_) return directive.id == DirectiveId::End || directive.place == Place::Anywhere;
    const bool pins = directive.place == Place::Pin || (directive.place == Place::Ahead && depth_);
    if (pins && depth_) {
        if (!open_[depth_ - 1].started) return true;
        context_.error(line_.directive_span,
                       fmt::format("'.{}' stands after the block's first instruction", directive.word),
                       "Put it ahead of the instructions.");
        return false;
    }
    if (directive.place == Place::Ahead) {
        if (unit().blocks.empty()) return true;
        context_.error(line_.directive_span,
                       fmt::format("'.{}' stands after the first block", directive.word),
                       "Put it ahead of all blocks, or in the block that it is for.");
        return false;
    }
    if (directive.place == Place::Anywhere || (directive.place == Place::File) == !depth_) return true;
    if (depth_) {
        const bool module = directive.id == DirectiveId::Module;
        context_.error(line_.directive_span, fmt::format("'.{}' stands in a block", directive.word),
                       module ? "Close the block before it with .end."
                              : "Put it ahead of the file's first block.");
        // A module that is opened has an end.
        if (module) {
            open_[depth_ - 1].holds_module = true;
            open_block(program::BlockKind::Code);
        }
        return false;
    }
    outside_block(line_.directive_span, fmt::format("'.{}'", directive.word));
    return false;
}

void State::commit_directive() {
    if (!allowed_here()) return;
    switch (line_.directive->id) {
    case DirectiveId::Module: return open_block(program::BlockKind::Module);
    case DirectiveId::Function: return open_block(program::BlockKind::Function);
    case DirectiveId::Class: return open_block(program::BlockKind::Class);
    case DirectiveId::Code: return open_block(program::BlockKind::Code);
    case DirectiveId::End: return end_block();
    case DirectiveId::Target: return commit_target();
    case DirectiveId::Source: return commit_source();
    case DirectiveId::Hash: return commit_hash();
    case DirectiveId::Header: return commit_header();
    case DirectiveId::Value:
    case DirectiveId::Trailing:
    case DirectiveId::Marshal: return commit_file_value();
    case DirectiveId::Global:
    case DirectiveId::Extern: return commit_symbols();
    case DirectiveId::Constant: return commit_constant();
    case DirectiveId::Include: return include();
    default: break;
    }
    if (is_macro_level(*line_.directive)) return commit_macro_level();
    if (line_.directive->place == Place::Ahead && !depth_) return commit_file_value();
    if (line_.directive->place == Place::Pin || line_.directive->place == Place::Ahead) return commit_pin();
    Statement statement;
    statement.span = line_.directive_span;
    statement.text = directive_name();
    commit_body_directive(statement);
}

} // namespace pyasm::grammar
