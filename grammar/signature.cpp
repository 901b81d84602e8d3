#include "grammar/characters.hpp"
#include "grammar/state.hpp"

#include "isa/target.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

/// Signatures, by Python's rules.
namespace pyasm::grammar {

using program::Parameter;
using program::ParameterKind;

void State::async_mark(const char* from, const char* to) {
    while (is(to[-1], Blank)) --to;
    if (!unit().target->flag_bits.coroutine)
        context_.error(from, to, fmt::format("{} has no coroutines", unit().target->name),
                       "Leave out async.");
    line_.is_async = true;
}

void State::open_signature(const char* from) {
    line_.signature = from;
    line_.has_signature = line_.in_signature = true;
    next_kind_ = ParameterKind::Positional;
    seen_slash_ = false;
    stars_ = 0;
    bare_star_ = {};
    ++signatures_;
}

void State::star_mark(const char* from, int stars) {
    stars_ = stars;
    stars_span_ = span(from, from + stars);
    if (next_kind_ == ParameterKind::VarKeywords) return; // reported with the parameter
    if (stars == 1 && next_kind_ == ParameterKind::KeywordOnly) {
        context_.error(stars_span_, "a second '*' in the signature");
        bare_star_ = {};
    }
}

void State::bare_star() {
    if (next_kind_ == ParameterKind::VarKeywords) {
        context_.error(stars_span_, "nothing may follow '**' and its name");
        stars_ = 0;
        return;
    }
    next_kind_ = ParameterKind::KeywordOnly;
    if (!unit().target->code.kwonlyargcount) {
        context_.error(stars_span_, fmt::format("{} has no keyword-only parameters", unit().target->name));
    }
    bare_star_ = stars_span_;
    stars_ = 0;
}

void State::slash_mark(const char* from) {
    const auto place = span(from, from + 1);
    if (next_kind_ != ParameterKind::Positional) {
        context_.error(place, next_kind_ == ParameterKind::KeywordOnly
                                  ? "'/' stands after '*'"
                                  : "nothing may follow '**' and its name");
    } else if (seen_slash_) {
        context_.error(place, "a second '/' in the signature");
    } else if (parameters_.empty()) {
        context_.error(place, "'/' needs a parameter before it");
    } else if (!unit().target->code.posonlyargcount) {
        std::string_view first;
        for (const isa::Target& target : isa::all_targets()) {
            if (first.empty() && target.code.posonlyargcount) first = target.name;
        }
        context_.error(place, fmt::format("positional-only parameters need {} or newer", first));
    }
    seen_slash_ = true;
    for (Parameter& parameter : parameters_) {
        if (parameter.kind == ParameterKind::Positional) parameter.kind = ParameterKind::PositionalOnly;
    }
}

void State::parameter(const char* from, const char* to) {
    const auto kind = stars_ == 2   ? ParameterKind::VarKeywords
                      : stars_ == 1 ? ParameterKind::VarArgs
                                    : next_kind_;
    add_parameter(kind, {from, static_cast<std::size_t>(to - from)}, span(from, to));
}

void State::quoted_parameter() {
    const auto kind = stars_ == 2   ? ParameterKind::VarKeywords
                      : stars_ == 1 ? ParameterKind::VarArgs
                                    : next_kind_;
    check_name(literals_.value(), literals_.span());
    const std::string_view name =
        literals_.is_string() ? unit().values.text(literals_.value()) : std::string_view{};
    add_parameter(kind, name, literals_.span());
}

void State::add_parameter(ParameterKind kind, std::string_view name, support::Span place) {
    if (next_kind_ == ParameterKind::VarKeywords) {
        context_.error(place, "nothing may follow '**' and its name");
        kind = ParameterKind::KeywordOnly;
    }
    if (kind == ParameterKind::KeywordOnly && !bare_star_.known() && !unit().target->code.kwonlyargcount &&
        next_kind_ == ParameterKind::KeywordOnly) {
        context_.error(place, fmt::format("{} has no keyword-only parameters", unit().target->name));
    }
    if (kind == ParameterKind::KeywordOnly) bare_star_ = {};
    const auto first = parameter_names_.define(signatures_, name, place);
    if (first.known()) {
        context_
            .error(place,
                   fmt::format("parameter '{}' stands twice in the signature", support::printable(name)))
            .notes.push_back({first, "first defined here"});
    }
    parameters_.push_back({kind, name, place, objects::no_value});
    if (kind == ParameterKind::VarArgs) next_kind_ = ParameterKind::KeywordOnly;
    if (kind == ParameterKind::VarKeywords) next_kind_ = ParameterKind::VarKeywords;
    stars_ = 0;
}

void State::default_value() { parameters_.back().default_value = literals_.value(); }

/// What only the whole signature shows.
void State::check_signature() {
    if (bare_star_.known()) {
        context_.error(bare_star_, "'*' needs a keyword-only parameter after it",
                       "Write *NAME for a tuple of arguments.");
    }
    bool defaults = false;
    for (const Parameter& parameter : parameters_) {
        if (parameter.kind > ParameterKind::Positional) break;
        if (parameter.default_value != objects::no_value)
            defaults = true;
        else if (defaults) {
            context_.error(parameter.span,
                           fmt::format("parameter '{}' without a default follows one with a default",
                                       support::printable(parameter.name)));
        }
    }
}

} // namespace pyasm::grammar
