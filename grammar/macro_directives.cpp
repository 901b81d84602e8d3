#include "grammar/characters.hpp"
#include "grammar/macro_scope.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

/// Directives of the macro level, and calls.
namespace pyasm::grammar {

using support::Origin;

namespace {

/// What stands at the head of a part of a line.
[[nodiscard]] std::string found_here(std::string_view text) {
    return text.empty() ? "the end of the line" : found_text(text);
}

} // namespace

void State::jump(const char* to) {
    macros_.task = Task::Jump;
    macros_.jump = to;
}

const char* State::raw_text(const char* from, const char* end, bool call) {
    while (from != end && is(*from, Blank)) ++from;
    const RawStatement statement = read_raw(from, end, {.positions = call});
    macros_.raw_from = from;
    macros_.raw_to = statement.to;
    macros_.raw_next = statement.next;
    macros_.raw_marker = statement.marker;
    macros_.raw_opener = statement.opener;
    return statement.position ? statement.position : statement.to;
}

/// A statement whose bracket is never closed has its first line alone: the others may be good.
RawStatement State::read_raw(const char* from, const char* end, RawRules rules) {
    // What one such statement was looked for in vain is not looked through again and again.
    if (from < context_.unclosed_to) rules.most_lines = 50;
    const RawStatement statement = read_statement(from, end, rules);
    if (!statement.opener) return statement;
    context_.unclosed_to = std::max(context_.unclosed_to, statement.next);
    const char* const opener = statement.opener;
    RawStatement first = read_statement(from, context_.line_end(opener), rules);
    first.next = behind_line(opener);
    return first;
}

/// Whether a word with a capital and small letters, which no instruction has, is a macro's but for those:
/// that is reported.
bool State::is_misspelt_call(std::string_view word, const char* at) {
    const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
    if (std::ranges::none_of(word, is_small) || context_.rest(at).starts_with(':')) return false;
    std::string plain(word);
    for (char& c : plain)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!macros_.macros.contains(std::string_view(plain))) return false;
    context_.error(word.data(), at,
                   fmt::format("unknown instruction or macro '{}'", support::printable(word)),
                   fmt::format("Did you mean {}?", plain));
    macros_.called = nullptr;
    return true;
}

/// Whether the word of the line, which ends at `at`, is a macro's. A word in small letters is no instruction.
bool State::is_call(const char* at, const char* end) {
    const std::string_view word{line_.word_from, static_cast<std::size_t>(at - line_.word_from)};
    const bool small = word[0] >= 'a' && word[0] <= 'z';
    if (!small && macros_.macros.empty()) return false;
    if (at != end && !is(*at, Space) && *at != '#') return false;
    if (const auto known = macros_.macros.find(word); known != macros_.macros.end()) {
        macros_.called = known->second;
        return true;
    }
    if (skipped_blocks_) return false;
    if (!small) return is_misspelt_call(word, at);
    const char* behind = at;
    while (behind != end && is(*behind, Blank)) ++behind;
    if (behind != end && *behind == ':') return false; // meant for a label
    std::vector<std::string_view> names;
    for (const auto& [name, macro] : macros_.macros) names.push_back(name);
    std::ranges::sort(names); // the order of the table is another one in each run
    std::string_view near = support::nearest(word, names);
    const std::string_view stub = options_.stub_of_macro ? options_.stub_of_macro(word) : std::string_view{};
    if (!depth_ && near.empty() && stub.empty()) return false;
    if (near.empty()) near = support::nearest(word, unit().target->mnemonics());
    std::string_view near_stub;
    if (near.empty() && stub.empty() && !context_.quiet() && options_.nearest_stub_macro) {
        near = options_.nearest_stub_macro(word);
        if (!near.empty()) near_stub = options_.stub_of_macro(near);
    }
    if (const isa::OpInfo* const spaced = unit().target->find_spaced(context_.rest(word.data())))
        near = spaced->name;
    context_.error(word.data(), at,
                   fmt::format("unknown instruction or macro '{}'", support::printable(word)),
                   !stub.empty() ? fmt::format("It is a macro of .include <{}>.", stub)
                   : !near_stub.empty()
                       ? fmt::format("Did you mean {}? It is a macro of .include <{}>.", near, near_stub)
                   : near.empty() ? std::string("A macro is defined ahead of its first use.")
                                  : fmt::format("Did you mean {}?", near));
    macros_.called = nullptr;
    return true;
}

void State::commit_call() {
    if (!macros_.called) { // reported
        if (depth_) open_[depth_ - 1].started = true;
        return;
    }
    if (positioned_ && depth_ && !skipped_blocks_) add_position();
    macros_.call_span = span(line_.word_from, line_.word_to);
    macros_.task = Task::Call;
}

void State::commit_macro_level() {
    const DirectiveId id = line_.directive->id;
    if (context_.substituted && id != DirectiveId::Set && id != DirectiveId::Error &&
        id != DirectiveId::Warning && id != DirectiveId::ExitMacro && id != DirectiveId::Local) {
        context_.error(
            line_.directive_span,
            fmt::format("'.{}' is made by a substitution, and lines that belong to it cannot follow",
                        directive_name()),
            "Write the directive itself, without a marker.");
        return;
    }
    switch (id) {
    case DirectiveId::If:
    case DirectiveId::Elif:
    case DirectiveId::Else:
    case DirectiveId::EndIf: return commit_condition();
    case DirectiveId::EndMacro: context_.error(line_.directive_span, "'.endmacro' without '.macro'"); return;
    case DirectiveId::EndRepeat:
        context_.error(line_.directive_span, "'.endrepeat' without '.repeat'");
        return;
    case DirectiveId::ExitMacro: return leave_macro();
    case DirectiveId::Local: return commit_local();
    default: break;
    }
    const auto text = arguments();
    if (id == DirectiveId::Macro) {
        if (text) return define_macro(*text);
        Body body;
        (void)take_body(DirectiveId::Macro, body);
        return;
    }
    if (id == DirectiveId::Repeat) {
        if (text) return commit_repeat(*text);
        Body body;
        (void)take_body(DirectiveId::Repeat, body);
        return;
    }
    if (!text) return;
    if (id == DirectiveId::Set) return commit_set(*text);
    commit_message(*text);
}

// ------------------------------------------------------------------------------------------------ .macro

void State::define_macro(const RawArguments& arguments) {
    const std::shared_ptr<Macro> macro = read_macro_header(arguments);
    Body body;
    if (!take_body(DirectiveId::Macro, body) || !macro) return;
    WordTable names;
    for (const MacroParameter& parameter : macro->parameters)
        names.emplace(parameter.name, static_cast<std::uint32_t>(names.size()));
    for (const std::string_view local : body.locals) {
        if (!names.emplace(local, static_cast<std::uint32_t>(names.size())).second)
            context_.error(macro->span,
                           fmt::format("'{}' is a parameter and a .local of macro '{}'",
                                       support::printable(local), support::printable(macro->name)));
    }
    if (names.size() > max_macro_names) {
        context_.error(macro->span, fmt::format("macro '{}' has more than {} parameters and local names",
                                                support::printable(macro->name), max_macro_names));
        return;
    }
    body.broken = context_.failed; // its calls are no unknown instructions
    if (!body.broken) macro->content = Template(body.text, names);
    macro->body = std::move(body);
    const auto [known, is_new] = macros_.macros.try_emplace(macro->name, macro);
    if (is_new || context_.failed) return;
    if (known->second->body.broken) { // this one may be the one that is meant
        macros_.macros.insert_or_assign(macro->name, macro);
        return;
    }
    // A file that is included twice defines its macros twice.
    const Macro& first = *known->second;
    const auto same = [](std::string_view one, std::string_view other) {
        return one == other || without_layout(one) == without_layout(other);
    };
    if (same(first.header, macro->header) && same(first.body.text, macro->body.text)) return;
    context_
        .error(macro->span, fmt::format("macro '{}' is defined twice", support::printable(macro->name)),
               "Give one of them another name.")
        .notes.push_back({first.span, "first defined here"});
}

/// `NAME a, b=DEFAULT, *rest`; null where something is wrong, which is reported.
std::shared_ptr<Macro> State::read_macro_header(const RawArguments& arguments) {
    const std::string_view name = word_at(arguments.text);
    if (name.empty()) {
        context_.error(arguments.span(arguments.text.substr(0, found_size(arguments.text))),
                       fmt::format("expected the macro's name, found {}", found_here(arguments.text)));
        return nullptr;
    }
    auto macro = std::make_shared<Macro>();
    macro->name = name;
    macro->span = arguments.span(name);
    macro->header = trimmed(arguments.text.substr(name.size()));
    if (unit().target->find(name)) {
        context_.error(
            macro->span,
            fmt::format("{} is an instruction of {}: no macro can have its name", name, unit().target->name),
            "Names in small letters are free.");
        return nullptr;
    }
    if (!macro->header.empty() && arguments.text[name.size()] != ' ' &&
        !is(arguments.text[name.size()], Blank)) {
        context_.error(arguments.span(macro->header.substr(0, 1)),
                       fmt::format("unexpected {} after the macro's name", found_text(macro->header)),
                       macro->header[0] == '(' ? "Parameters stand without brackets: .macro NAME a, b" : "");
        return nullptr;
    }
    std::vector<std::string_view> parts;
    split_list(macro->header, parts);
    for (const std::string_view part : parts)
        if (!add_macro_parameter(*macro, arguments, part)) return nullptr;
    return macro;
}

bool State::add_macro_parameter(Macro& macro, const RawArguments& arguments, std::string_view text) {
    MacroParameter parameter;
    parameter.variadic = text.starts_with('*');
    const std::string_view rest = trimmed(text.substr(parameter.variadic));
    parameter.name = word_at(rest);
    const std::string_view behind = trimmed(rest.substr(parameter.name.size()));
    if (parameter.name.empty()) {
        context_.error(arguments.span(text.empty() ? text : rest.substr(0, found_size(rest))),
                       "expected a parameter: NAME, NAME=DEFAULT or *NAME");
        return false;
    }
    parameter.span = arguments.span(parameter.name);
    if (!behind.empty() && (parameter.variadic || behind[0] != '=')) {
        context_.error(arguments.span(behind.substr(0, found_size(behind))),
                       fmt::format("unexpected {} after parameter '{}'", found_text(behind), parameter.name),
                       parameter.variadic ? "What is left over has no default: it may be nothing."
                                          : "Parameters are separated by commas.");
        return false;
    }
    if (!behind.empty()) parameter.default_text = trimmed(behind.substr(1));
    for (const MacroParameter& other : macro.parameters) {
        if (other.variadic) {
            context_.error(parameter.span, fmt::format("'*{}' is the last parameter", other.name));
            return false;
        }
        if (other.name != parameter.name) continue;
        context_
            .error(parameter.span, fmt::format("parameter '{}' stands twice in the macro", parameter.name))
            .notes.push_back({other.span, "first defined here"});
        return false;
    }
    if (macro.parameters.size() == max_macro_names) {
        context_.error(parameter.span, fmt::format("a macro has at most {} parameters", max_macro_names));
        return false;
    }
    macro.parameters.push_back(parameter);
    return true;
}

void State::leave_macro() {
    const auto& readings = macros_.readings;
    const auto inner = std::find_if(readings.rbegin(), readings.rend(), [](const Reading& one) {
        return one.kind == Origin::Kind::Macro || one.kind == Origin::Kind::File;
    });
    if (inner == readings.rend() || inner->kind == Origin::Kind::File) {
        context_.error(line_.directive_span, "'.exitmacro' stands outside of a macro's body");
        return;
    }
    macros_.leaving = true;
    jump(context_.end);
}

/// The names were found when the body was taken; here they are only looked at.
void State::commit_local() {
    const Origin::Kind kind = macros_.readings.back().kind;
    if (kind == Origin::Kind::File) {
        context_.error(line_.directive_span, "'.local' stands outside of a macro's body",
                       "The variables of a block are stated with .locals.");
        return;
    }
    const auto text = arguments();
    if (!text) return;
    std::vector<std::string_view> parts;
    split_list(text->text, parts);
    if (parts.empty()) context_.error(line_.directive_span, "'.local' takes names");
    for (const std::string_view name : parts) {
        if (is_word(name)) continue;
        context_.error(text->span(name), "expected a name",
                       "It is written here without a backslash, and with one where it is used.");
    }
}

// --------------------------------------------------------------------------------------- .set, .repeat,
// .error

void State::commit_set(const RawArguments& arguments) {
    const std::string_view name = word_at(arguments.text);
    const std::string_view rest = trimmed(arguments.text.substr(name.size()));
    if (name.empty() || !rest.starts_with('=') || rest.starts_with("==")) {
        const std::string_view bad = name.empty() ? arguments.text : rest;
        context_.error(arguments.span(bad.substr(0, found_size(bad))),
                       fmt::format("expected {}, found {}", name.empty() ? "a name" : "'='", found_here(bad)),
                       "It is .set NAME = EXPRESSION.");
        return;
    }
    if (is_reserved_word(name)) {
        context_.error(arguments.span(name),
                       fmt::format("'{}' means something in expressions, and cannot be set", name));
        return;
    }
    if (auto value = evaluate({arguments.file, trimmed(rest.substr(1))}))
        macros_.symbols.insert_or_assign(name, std::move(*value));
}

/// `.repeat COUNT`, or `.repeat NAME in ITEM, ITEM...`
void State::commit_repeat(const RawArguments& arguments) {
    const std::string_view name = word_at(arguments.text);
    const std::string_view behind = trimmed(arguments.text.substr(name.size()));
    MacroLevel::Repetition repetition;
    repetition.span = line_.directive_span;
    repetition.has_items = !name.empty() && word_at(behind) == "in";
    bool good = true;
    if (repetition.has_items) {
        std::vector<std::string_view> items;
        good = are_closed(arguments);
        split_list(behind.substr(2), items);
        repetition.turns = items.size();
        repetition.items.reserve(items.size());
        for (const std::string_view item : items) {
            repetition.items.push_back(on_one_line(item, context_.dialect));
            if (!item.empty() || !good) continue;
            context_.error(arguments.span(item), "an item is missing between two commas");
            good = false;
        }
    } else if (const auto count = evaluate(arguments)) {
        good = count->kind == Quantity::Kind::Int && count->number >= 0;
        if (!good)
            context_.error(arguments.span(),
                           count->kind == Quantity::Kind::Int
                               ? fmt::format("{} turns: a count is 0 or more", count->number)
                               : fmt::format("a count is an int, and this is {}", count->kind_name()));
        repetition.turns = good ? static_cast<std::uint64_t>(count->number) : 0;
        if (good && repetition.turns > options_.most_expansions) {
            context_.error(arguments.span(),
                           fmt::format("{} turns are too many: there are at most {} expansions",
                                       repetition.turns, options_.most_expansions));
            good = false;
        }
    } else {
        good = false;
    }
    if (!take_body(DirectiveId::Repeat, repetition.body) || !good || context_.failed) return;
    WordTable names;
    if (repetition.has_items) names.emplace(name, 0);
    for (const std::string_view local : repetition.body.locals) {
        if (names.emplace(local, static_cast<std::uint32_t>(names.size())).second) continue;
        context_.error(repetition.span,
                       fmt::format("'{}' is the variable and a .local of this repetition", local));
        return;
    }
    if (names.size() > max_macro_names) {
        context_.error(repetition.span, fmt::format("more than {} local names", max_macro_names));
        return;
    }
    repetition.content = Template(repetition.body.text, names);
    macros_.repeated = std::move(repetition);
    macros_.task = Task::Repeat;
}

void State::commit_message(const RawArguments& arguments) {
    const auto value = evaluate(arguments);
    if (!value) return;
    std::string message = support::printable(value->plain(), 1000);
    if (message.empty()) message = "(an empty message)";
    if (line_.directive->id == DirectiveId::Error)
        context_.error(line_.directive_span, std::move(message));
    else if (!context_.muted)
        context_.diagnostics.warning(line_.directive_span, std::move(message));
}

} // namespace pyasm::grammar
