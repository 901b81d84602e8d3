#include "grammar/parse.hpp"

#include "grammar/actions.hpp"
#include "grammar/raw_text.hpp"
#include "grammar/rules.hpp"
#include "grammar/state.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

// The one translation unit of the library with PEGTL in it.
namespace pyasm::grammar {

namespace {

void run(State& state, std::string_view text) {
    // Lazy tracking: nothing is counted, and nobody asks for lines. Places are pointers.
    tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy, tao::pegtl::eol::lf_crlf, const char*> input(
        text.data(), text.data() + text.size(), "");
    const bool whole = tao::pegtl::parse<rules::file, Action>(input, state);
    (void)whole; // every line is taken, good or bad
}

} // namespace

support::Result<Definition> parse_definition(std::string_view text) {
    const std::size_t equals = text.find('=');
    const std::string_view name = text.substr(0, equals);
    const auto wrong = [&](std::string_view what) {
        return support::Error{fmt::format("'{}' {}", support::printable(text), what)};
    };
    if (!is_word(name) || support::find_invalid_utf8(name)) return wrong("is not NAME or NAME=VALUE");
    if (is_reserved_word(name)) return wrong("gives a word of expressions another meaning");
    if (equals == std::string_view::npos) return Definition{std::string(name), Quantity::of(std::int64_t{1})};
    auto value = definition_value(text.substr(equals + 1));
    if (!value)
        return wrong("has no value: an int of up to 64 bits, a version, a word, or a string in quotes");
    return Definition{std::string(name), std::move(*value)};
}

program::Unit parse(const support::SourceFile& file, support::Sources& sources, const ParseOptions& options,
                    support::Diagnostics& diagnostics) {
    program::Unit unit;
    State state(unit, sources, options, diagnostics, run);
    state.parse_file(file);
    state.finish(file);
    return unit;
}

} // namespace pyasm::grammar
