#include "grammar/macro_scope.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

/// Texts that are made of others and read in their place: bodies of macros, turns of repetitions, and
/// statements in which something is substituted. Each is a source of its own, so that every place in it has
/// its way back.
namespace pyasm::grammar {

using support::Origin;

const char* State::run_task(const char* behind) {
    const char* next = behind;
    const Task task = std::exchange(macros_.task, Task::None);
    if (context_.substitute)
        next = substitute_statement();
    else if (task == Task::Jump)
        next = macros_.jump;
    else if (task == Task::Call)
        run_call();
    else if (task == Task::Repeat) {
        next = macros_.jump;
        run_repetition();
    }
    reset_line();
    if (macros_.exhausted) context_.swallowed = true;
    return macros_.exhausted || macros_.leaving ? context_.end : next;
}

/// A limit was passed: the rest of the program is not looked at.
void State::exhaust(support::Span place, std::string message, std::string help) {
    if (!macros_.exhausted) context_.error(place, std::move(message), std::move(help));
    macros_.exhausted = true;
    unit().target_is_wrong = true;
    jump(context_.end);
}

bool State::charge(support::Span place, std::size_t expansions, std::size_t bytes) {
    macros_.expansions += expansions;
    macros_.bytes += bytes;
    if (macros_.exhausted) return false;
    if (macros_.expansions > options_.most_expansions) {
        exhaust(place, fmt::format("more than {} expansions of macros", options_.most_expansions));
    } else if (macros_.bytes > options_.most_expanded_bytes) {
        exhaust(place, fmt::format("the expansions have more than {} MiB together",
                                   options_.most_expanded_bytes >> 20));
    }
    return !macros_.exhausted;
}

void State::read_expansion(const support::SourceFile& file) {
    const Context::Reading outer = context_.enter(file);
    macros_.readings.push_back({file.origin.kind, &file, macros_.conditions.size()});
    reset_line();
    runner_(*this, file.text);
    context_.matching = false;
    if (file.origin.kind != Origin::Kind::Line) close_conditions();
    macros_.readings.pop_back();
    context_.leave(outer);
}

/// Reads a body once, with its gaps filled; false where a limit forbids it, or it was found to be wrong.
bool State::expand(const Body& body, const Template& content, std::span<const std::string_view> values,
                   const Origin& origin) {
    if (body.broken) return false;
    if (macros_.depth == max_expansion_depth) {
        exhaust(origin.from,
                fmt::format("macros and repetitions expand one another more than {} levels deep",
                            max_expansion_depth),
                "A macro that calls itself ends with an .if or .exitmacro.");
        return false;
    }
    std::string text;
    if (content.has_gaps()) text = content.fill(values);
    if (!charge(origin.from, 1, std::max(text.size(), body.text.size()) + 1)) return false;
    const auto file = content.has_gaps() ? sources_.add(body.file->path, std::move(text), origin)
                                         : sources_.add_part(body.file->path, body.text, origin);
    if (!file) {
        exhaust(origin.from, file.error().message);
        return false;
    }
    ++macros_.depth;
    read_expansion(*file.value());
    --macros_.depth;
    return !macros_.exhausted;
}

/// Names that no other expansion has: a middle dot is what nobody types by chance, and part of an identifier.
std::vector<std::string> State::fresh_locals(const Body& body) const {
    std::vector<std::string> names;
    names.reserve(body.locals.size());
    for (const std::string_view name : body.locals)
        names.push_back(fmt::format("{}\u00b7{}", name, macros_.expansions + 1));
    return names;
}

void State::run_call() {
    const std::shared_ptr<const Macro> macro = std::exchange(macros_.called, nullptr);
    const support::Span call = macros_.call_span;
    if (macros_.exhausted) return;
    const auto given = arguments();
    if (!given || !are_closed(*given)) return;
    std::vector<std::string> texts;
    if (!bind(*macro, *given, call, texts)) return;
    for (std::string& name : fresh_locals(macro->body)) texts.push_back(std::move(name));
    const std::vector<std::string_view> values(texts.begin(), texts.end());
    (void)expand(macro->body, macro->content, values,
                 {call, Origin::Kind::Macro, macro->name, 0, macro->body.first_line});
    macros_.leaving = false;
}

void State::run_repetition() {
    // A body may hold another repetition.
    const MacroLevel::Repetition repetition = std::exchange(macros_.repeated, {});
    for (std::uint64_t turn = 0; turn < repetition.turns && !macros_.leaving; ++turn) {
        std::vector<std::string> locals = fresh_locals(repetition.body);
        std::vector<std::string_view> values;
        if (repetition.has_items) values.push_back(repetition.items[turn]);
        values.insert(values.end(), locals.begin(), locals.end());
        const Origin origin{repetition.span,
                            Origin::Kind::Repeat,
                            {},
                            static_cast<std::uint32_t>(turn + 1),
                            repetition.body.first_line};
        if (!expand(repetition.body, repetition.content, values, origin)) return;
    }
}

// ------------------------------------------------------------------------------------------------
// substitution

/// Takes back what was read of the statement before its marker was met.
void State::forget_statement(const char* to) {
    const support::Span all = span(context_.statement, to);
    while (depth_ && !body_->empty() && body_->back().kind == program::StatementKind::Label &&
           body_->back().span.begin >= all.begin && body_->back().span.end <= all.end) {
        const program::Statement& label = body_->back();
        labels_.forget(open_[depth_ - 1].index, label.text, label.span);
        body_->pop_back();
    }
    literals_.forget_from(all.begin);
}

/// Reads the statement again, with its markers replaced. Returns where the next one begins.
const char* State::substitute_statement() {
    const char* const from = context_.statement;
    const std::string_view word = directive_at(from, context_.end);
    const Directive* const directive = find_directive(word);
    if (directive && is_macro_level(*directive)) return substitute_labels(word.data() - 1);
    const bool lists = directive && (directive->shape == Shape::Values || directive->shape == Shape::Names);
    const RawStatement statement = read_raw(from, context_.end, {.lists = lists});
    forget_statement(statement.to);
    context_.substitute = context_.failed = context_.swallowed = false;
    context_.resume = nullptr;
    if (macros_.exhausted) return statement.next;
    auto text = substitute({from, static_cast<std::size_t>(statement.to - from)});
    if (!text && !directive) {
        if (depth_) open_[depth_ - 1].started = true;
        return statement.next;
    }
    // Where it failed: a block that begins or ends is one all the same.
    const bool muted = context_.muted;
    context_.muted = muted || !text;
    if (!text) text = std::string(from, statement.to);
    if (const support::SourceFile* const file = add_line(std::move(*text), statement.to))
        read_expansion(*file);
    context_.muted = muted;
    return statement.next;
}

/// Reads the labels in front of a directive of the macro level, which begins at `to`, with their markers
/// replaced. The directive itself is read next: its body is behind it and not in the text that is made.
const char* State::substitute_labels(const char* to) {
    const char* const from = context_.statement;
    forget_statement(to);
    context_.substitute = context_.failed = context_.swallowed = false;
    context_.resume = nullptr;
    if (macros_.exhausted) return to;
    if (auto text = substitute({from, static_cast<std::size_t>(to - from)}))
        if (const support::SourceFile* const file = add_line(std::move(*text), to)) read_expansion(*file);
    return to;
}

/// The statement up to `to`, substituted, as a source.
const support::SourceFile* State::add_line(std::string text, const char* to) {
    const support::Span place = span(context_.statement, to);
    const std::size_t size = std::max<std::size_t>(text.size(), place.size()) + 1;
    if (!charge(place, 1, size)) return nullptr;
    const auto file = sources_.add(context_.file->path, std::move(text),
                                   {place, Origin::Kind::Line, {}, 0, sources_.line_at(place.begin)});
    if (file) return file.value();
    exhaust(place, file.error().message);
    return nullptr;
}

std::optional<std::string> State::substitute(std::string_view text) {
    std::string result;
    const char* const end = text.data() + text.size();
    const char* from = text.data();
    bool good = true;
    while (const char* const at = find_marker(from, end)) {
        result.append(from, at);
        const Marker marker = read_marker(at, end);
        good = substitute_marker(marker, result) && good;
        from = marker.to;
    }
    result.append(from, end);
    if (!good) return std::nullopt;
    return result;
}

bool State::substitute_marker(const Marker& marker, std::string& out) {
    const support::Span place = span(marker.from, marker.to);
    if (marker.kind == MarkerKind::None) {
        out += '\\';
        return true;
    }
    if (marker.kind == MarkerKind::Name) {
        const bool symbol = macros_.symbols.contains(marker.inner);
        context_.error(
            place, fmt::format("no parameter or local name '{}' here", support::printable(marker.inner)),
            symbol ? fmt::format("The value of a symbol is written \\({}).", marker.inner)
            : macros_.depth == 0
                ? std::string("A backslash and a name stand for a parameter, in the body of a macro.")
                : std::string());
        return false;
    }
    if (!marker.closed) {
        context_.error(marker.from, marker.from + 2, fmt::format("'{}' is never closed", marker.from[1]));
        return false;
    }
    if (trimmed(marker.inner).empty()) return true; // only tells a name from what follows it
    const auto value = evaluate({context_.file, marker.inner});
    if (!value) return false;
    if (marker.kind == MarkerKind::Value) {
        out += literal_of(*value, *unit().target);
        return true;
    }
    const std::string plain = value->plain();
    const bool control = std::ranges::any_of(
        plain, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
    if (control || support::find_invalid_utf8(plain)) {
        context_.error(place, "text with a line end or a control character cannot stand in a line",
                       "\\(...) writes it as a literal.");
        return false;
    }
    out += plain;
    return true;
}

/// The line's arguments with everything substituted; nothing where something is wrong, which is reported.
std::optional<RawArguments> State::arguments() {
    const char* const from = macros_.raw_from;
    const char* const to = macros_.raw_to;
    const char* const marker = macros_.raw_marker;
    if (macros_.raw_opener) {
        const char* const opener = macros_.raw_opener;
        context_.error(opener, opener + 1, fmt::format("'{}' is never closed", *opener));
        return std::nullopt;
    }
    const std::string_view text{from, static_cast<std::size_t>(to - from)};
    if (!marker || context_.substituted) return RawArguments{context_.file, text};
    auto replaced = substitute(text);
    if (!replaced) return std::nullopt;
    // With what stands in front of them, so that a message can show the whole line.
    const auto head = static_cast<std::size_t>(from - context_.statement);
    replaced->insert(0, context_.statement, head);
    const support::SourceFile* const file = add_line(std::move(*replaced), to);
    if (!file) return std::nullopt;
    return RawArguments{file, file->text.substr(head)};
}

std::optional<Quantity> State::evaluate(const RawArguments& arguments) {
    Scope scope(*this);
    return grammar::evaluate(arguments.text, *arguments.file, scope);
}

// ------------------------------------------------------------------------------------------------------
// scope

const Quantity* State::Scope::symbol(std::string_view name) const {
    const auto known = state_.macros_.symbols.find(name);
    return known == state_.macros_.symbols.end() ? nullptr : &known->second;
}

bool State::Scope::is_macro(std::string_view name) const { return state_.macros_.macros.contains(name); }

std::string_view State::Scope::nearest_symbol(std::string_view name) const {
    if (state_.context_.quiet()) return {};
    std::vector<std::string_view> names;
    for (const auto& [known, value] : state_.macros_.symbols) names.push_back(known);
    std::ranges::sort(names); // the order of the table is another one in each run
    return support::nearest(name, names);
}

std::string_view State::Scope::kind_of(std::string_view name) const { return state_.kind_of(name); }

const isa::Target& State::Scope::target() {
    MacroLevel& macros = state_.macros_;
    if (!macros.target_asked.known()) {
        const char* const at = state_.context_.statement;
        macros.target_asked = state_.span(at, state_.context_.line_end(at));
    }
    return *state_.unit().target;
}

Dialect State::Scope::dialect() const { return state_.context_.dialect; }

bool State::Scope::charge(support::Span place, std::size_t bytes) {
    constexpr std::size_t small = 1000; // no more than the expression itself may have
    return bytes <= small || state_.charge(place, 0, bytes);
}

void State::Scope::error(support::Span place, std::string message, std::string help) {
    state_.context_.error(place, std::move(message), std::move(help));
}

} // namespace pyasm::grammar
