#include "grammar/characters.hpp"
#include "grammar/open_bodies.hpp"
#include "grammar/state.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

/// Text that is passed over: bodies of macros and repetitions, and branches that are not taken. Of its lines,
/// only the directives that nest are looked at.
namespace pyasm::grammar {

namespace {

[[nodiscard]] std::string_view word_of(DirectiveId opener) {
    return opener == DirectiveId::Macro ? "macro" : opener == DirectiveId::Repeat ? "repeat" : "if";
}

[[nodiscard]] std::string_view end_word(DirectiveId opener) {
    return opener == DirectiveId::Macro ? "endmacro" : opener == DirectiveId::Repeat ? "endrepeat" : "endif";
}

} // namespace

const char* State::behind_line(const char* at) const {
    const char* const end = context_.line_end(at);
    const std::size_t left = static_cast<std::size_t>(context_.end - end);
    return end + (left == 0 ? 0 : *end == '\r' && left > 1 ? 2 : 1);
}

/// The directive that ends the body of an `opener`, from `from` on; `branches`: or one that begins another
/// branch of the same `.if`. `locals` gets the names of its `.local`s.
State::BodyEnd State::find_end(const char* from, DirectiveId opener, bool branches,
                               std::vector<std::string_view>* locals) {
    BodyEnd result;
    OpenBodies open(opener);
    for (const char* line = from; line != context_.end;) {
        const std::string_view word = directive_at(line, context_.end);
        const RawStatement statement = read_statement(line, context_.end);
        const Directive* const directive = word.empty() ? nullptr : find_directive(word);
        line = statement.next;
        if (!directive) {
            if (!word.empty() && !result.likely && nearest_directive(word) == end_word(opener))
                result.likely = word.data() - 1;
            continue;
        }
        switch (directive->id) {
        case DirectiveId::Macro:
        case DirectiveId::Repeat:
        case DirectiveId::If: open.push(directive->id, word.data() - 1); break;
        case DirectiveId::Elif:
        case DirectiveId::Else:
            if (!branches || open.size() != 1) break;
            result.at = word.data() - 1;
            result.id = directive->id;
            return result;
        case DirectiveId::EndMacro:
        case DirectiveId::EndRepeat:
        case DirectiveId::EndIf:
            open.close(*opener_of(directive->id)); // a stray one is reported where it is read
            if (open.size() != 0) break;
            result.at = word.data() - 1;
            result.id = directive->id;
            return result;
        case DirectiveId::Local:
            if (locals && open.scopes() == 1)
                read_locals({word.data() + word.size(),
                             static_cast<std::size_t>(statement.to - word.data()) - word.size()},
                            *locals);
            break;
        default: break;
        }
    }
    result.open = open.innermost();
    return result;
}

/// Reports that no directive ends the body of an `opener` at `place`, with what may be the reason.
void State::report_no_end(support::Span place, DirectiveId opener, const BodyEnd& found) {
    auto& error =
        context_.error(place, fmt::format("'.{}' without '.{}'", word_of(opener), end_word(opener)));
    const auto note = [&](const char* at, std::string message) {
        const std::string_view word = word_at(context_.rest(at + 1));
        error.notes.push_back({span(at, word.data() + word.size()), std::move(message)});
    };
    if (found.likely)
        note(found.likely, fmt::format("this may have been meant for '.{}'", end_word(opener)));
    else if (found.open)
        note(found.open, "in it, this one is not ended either");
    context_.swallowed = true;
    jump(context_.end);
}

void State::read_locals(std::string_view text, std::vector<std::string_view>& locals) {
    std::vector<std::string_view> parts;
    split_list(text, parts);
    for (const std::string_view name : parts) {
        if (locals.size() > max_macro_names) return; // reported where the body is taken
        if (!is_word(name)) continue;                // reported where it is read
        if (std::ranges::find(locals, name) == locals.end()) locals.push_back(name);
    }
}

/// Takes the lines from the one behind the directive's up to the one that ends the body, and goes on behind
/// that. False where it is missing, which is reported.
bool State::take_body(DirectiveId opener, Body& body) {
    const char* const from = macros_.raw_next;
    const BodyEnd found = find_end(from, opener, false, &body.locals);
    if (!found.at) {
        report_no_end(line_.directive_span, opener, found);
        return false;
    }
    body.file = context_.file;
    body.text = {from, static_cast<std::size_t>(found.at - from)};
    body.first_line = sources_.line_at(span(from, from).begin);
    const char* const word_end = found.at + 1 + end_word(opener).size();
    const char* const stop = read_statement(word_end, context_.end).to;
    if (stop != word_end) {
        const char* rest = word_end;
        while (is(*rest, Blank)) ++rest;
        context_.error(
            rest, stop,
            fmt::format("unexpected {} after '.{}'", found_text(context_.rest(rest)), end_word(opener)));
    }
    // What stands in another body was looked at with that.
    if (macros_.depth == 0) check_nesting(body.text);
    jump(behind_line(found.at));
    return true;
}

/// Reports the directives of a body that have no counterpart in it, here and not at each expansion.
void State::check_nesting(std::string_view text) {
    OpenBodies open;
    const auto place_of = [this](const char* at, std::string_view word) {
        return span(at, at + 1 + word.size());
    };
    const auto report = [&](const char* at, std::string_view word, std::string_view counterpart) {
        context_.error(place_of(at, word), fmt::format("'.{}' without '.{}'", word, counterpart));
    };
    const auto report_open = [&](const OpenBodies::Open& one) {
        report(one.at, word_of(one.id), end_word(one.id));
    };
    const char* const end = text.data() + text.size();
    for (const char* line = text.data(); line != end;) {
        const std::string_view word = directive_at(line, end);
        line = read_statement(line, end).next;
        const Directive* const directive = word.empty() ? nullptr : find_directive(word);
        if (!directive) continue;
        const char* const at = word.data() - 1;
        const DirectiveId id = directive->id;
        if (id == DirectiveId::Macro || id == DirectiveId::Repeat || id == DirectiveId::If) {
            open.push(id, at);
        } else if (id == DirectiveId::Elif || id == DirectiveId::Else) {
            OpenBodies::Open* const around = open.back();
            if (!around || around->id != DirectiveId::If) {
                report(at, word, "if");
            } else if (around->other) {
                report_branch(place_of(at, word), word, place_of(around->other, "else"));
            } else if (id == DirectiveId::Else) {
                around->other = at;
            }
        } else if (const auto opener = opener_of(id)) {
            if (!open.close(*opener, report_open)) report(at, word, word_of(*opener));
        }
    }
    for (const OpenBodies::Open& one : open.all()) report_open(one);
}

} // namespace pyasm::grammar
