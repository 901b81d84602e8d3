#include "grammar/state.hpp"

#include "grammar/characters.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace pyasm::grammar {

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

const char* State::end_of_bad_line(const char* at, const char* end) {
    const char* const from = std::max(at, context_.resume);
    if (from > at && from[-1] == '\n') return from;
    if (line_.directive && line_.directive->shape == Shape::Symbols) {
        const RawStatement rest = read_raw(from, end, {.lists = true});
        unread_symbols_ = view(from, rest.to);
        return rest.next;
    }
    const void* const found = std::memchr(from, '\n', static_cast<std::size_t>(end - from));
    return found ? static_cast<const char*>(found) + 1 : end;
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
        unread_symbols_ = {};
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
        case DirectiveId::Constant: recover_constant(); break;
        case DirectiveId::Global:
        case DirectiveId::Extern:
            if (line_.directive) recover_symbols();
            break;
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
