#include "grammar/characters.hpp"
#include "grammar/state.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

/// The arguments of a call: which parameter each is for.
namespace pyasm::grammar {

namespace {

/// `NAME = TEXT`: the name; empty for any other text.
[[nodiscard]] std::string_view keyword_of(std::string_view argument, std::string_view& text) {
    const std::string_view word = word_at(argument);
    const std::string_view behind = trimmed(argument.substr(word.size()));
    if (word.empty() || !behind.starts_with('=') || behind.starts_with("==")) return {};
    text = trimmed(behind.substr(1));
    return word;
}

[[nodiscard]] std::string counted(std::size_t count) {
    return count == 0 ? "no arguments" : fmt::format("{} argument{}", count, count == 1 ? "" : "s");
}

} // namespace

/// Whether strings and brackets end in what is put in other text, where nobody would look for the mistake;
/// else it is reported.
bool State::are_closed(const RawArguments& arguments) {
    const auto refuse = [&](const char* at, std::size_t size, std::string message, std::string help = {}) {
        context_.error(arguments.span({at, size}), std::move(message), std::move(help));
        return false;
    };
    const char* const end = arguments.text.data() + arguments.text.size();
    std::string open; // brackets
    for (const char* at = arguments.text.data(); at != end;) {
        const char c = *at;
        if (c == '"' || c == '\'') {
            bool closed = false;
            const char* const to = skip_string(at, end, &closed);
            const bool triple = to - at >= 3 && at[1] == c && at[2] == c;
            if (!closed) {
                context_.swallowed = context_.swallowed || triple;
                return refuse(at, triple ? 3 : 1, "the string is not closed",
                              triple ? "It takes the rest of the file."
                                     : "A string over several lines has three quotes.");
            }
            at = to;
            continue;
        }
        if (c == '#') {
            while (at != end && *at != '\n') ++at;
            continue;
        }
        if (c == '(' || c == '[' || c == '{') open += c == '(' ? ')' : c == '[' ? ']' : '}';
        if (c == ')' || c == ']' || c == '}') {
            if (open.empty()) return refuse(at, 1, fmt::format("'{}' closes no bracket", c));
            if (open.back() != c)
                return refuse(at, 1, fmt::format("'{}' stands where '{}' is missing", c, open.back()));
            open.pop_back();
        }
        ++at;
    }
    return true;
}

/// `values` gets the text of each parameter, on one line. False where the arguments do not fit, which is
/// reported.
bool State::bind(const Macro& macro, const RawArguments& arguments, support::Span call,
                 std::vector<std::string>& values) {
    const auto& parameters = macro.parameters;
    const bool variadic = !parameters.empty() && parameters.back().variadic;
    const std::size_t places = parameters.size() - variadic; // of arguments by position
    const std::string name = support::printable(macro.name);
    const auto refuse = [&](support::Span place, std::string message, std::string help = {}) {
        context_.error(place, std::move(message), std::move(help))
            .notes.push_back({macro.span, "the macro is defined here"});
        return false;
    };
    std::vector<std::optional<std::string_view>> given(parameters.size());
    std::vector<std::string_view> parts;
    split_list(arguments.text, parts);
    std::string rest;
    std::size_t position = 0;
    bool keywords = false;
    for (const std::string_view part : parts) {
        std::string_view text;
        const std::string_view keyword = keyword_of(part, text);
        const auto found = keyword.empty() ? parameters.end()
                                           : std::ranges::find(parameters, keyword, &MacroParameter::name);
        const bool known = found != parameters.end() && !found->variadic;
        // Among what is left over, another `name=text` is a text: a signature, say.
        if (!keyword.empty() && (known || !variadic || position < places)) {
            if (!known) {
                std::vector<std::string_view> names;
                for (std::size_t i = 0; i < places; ++i) names.push_back(parameters[i].name);
                const std::string_view near = support::nearest(keyword, names);
                return refuse(
                    arguments.span(keyword),
                    fmt::format("macro '{}' has no parameter '{}'", name, support::printable(keyword)),
                    near.empty() ? std::string{} : fmt::format("Did you mean {}?", near));
            }
            auto& value = given[static_cast<std::size_t>(found - parameters.begin())];
            if (value)
                return refuse(arguments.span(keyword),
                              fmt::format("argument '{}' of macro '{}' is given twice", keyword, name));
            value = text;
            keywords = true;
            continue;
        }
        if (keywords)
            return refuse(arguments.span(part), "an argument by position stands after one by name",
                          "Put it ahead of those by name.");
        if (position < places) {
            if (!part.empty()) given[position] = part; // between two commas: the default
        } else if (!variadic) {
            return refuse(arguments.span(part),
                          fmt::format("macro '{}' takes {}, and this is one more", name, counted(places)));
        } else {
            if (!rest.empty()) rest += ", ";
            rest += on_one_line(part, context_.dialect);
        }
        ++position;
    }
    for (std::size_t i = 0; i < places; ++i) {
        if (!given[i]) given[i] = parameters[i].default_text;
        if (!given[i])
            return refuse(call,
                          fmt::format("argument '{}' of macro '{}' is missing", parameters[i].name, name));
        values.push_back(on_one_line(*given[i], context_.dialect));
    }
    if (variadic) values.push_back(std::move(rest));
    return true;
}

} // namespace pyasm::grammar
