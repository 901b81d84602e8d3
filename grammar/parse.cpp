#include "grammar/parse.hpp"

#include "grammar/actions.hpp"
#include "grammar/rules.hpp"
#include "grammar/state.hpp"

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

program::Unit parse(const support::SourceFile& file, support::Sources& sources, const ParseOptions& options,
                    support::Diagnostics& diagnostics) {
    program::Unit unit;
    State state(unit, sources, options, diagnostics, run);
    state.parse_file(file);
    state.finish(file);
    return unit;
}

} // namespace pyasm::grammar
