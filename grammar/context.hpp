#pragma once

#include "grammar/literals.hpp"
#include "grammar/messages.hpp"
#include "program/unit.hpp"
#include "support/diagnostics.hpp"
#include "support/source.hpp"

#include <string>
#include <string_view>

namespace pyasm::grammar {

/// What the parts of the parser share: the unit that is built, the text that is read, and what is known to be
/// wrong. Places are pointers into the current file's text.
struct Context {
    program::Unit& unit;
    support::Diagnostics& diagnostics;
    Dialect dialect{};
    const support::SourceFile* file = nullptr;
    const char* begin = nullptr;
    const char* end = nullptr;
    /// Where the statement that is read begins.
    const char* statement = nullptr;
    /// Its text is being matched, so that a mistake in it may be a marker (`\name`, `\(...)`), which no rule
    /// takes.
    bool matching = false;
    /// It is one: the statement is read again with its markers replaced, and what was found wrong is
    /// forgotten.
    bool substitute = false;
    /// No marker can stand in the text.
    bool substituted = false;
    /// Up to here, a bracket was looked for that is missing.
    const char* unclosed_to = nullptr;
    /// What is wrong is a consequence of what has been reported.
    bool muted = false;

    /// The line being read has an error; further ones that may follow from it are not reported.
    bool failed = false;
    /// Up to here the failed line has been understood.
    const char* resume = nullptr;
    /// An unclosed string took the rest of the file: what is missing at its end is not reported.
    bool swallowed = false;
    support::Diagnostic unseen{}; ///< takes what is not to be reported

    [[nodiscard]] support::Span span(const char* from, const char* to) const {
        return file->span(static_cast<std::size_t>(from - begin), static_cast<std::size_t>(to - begin));
    }
    [[nodiscard]] std::string_view rest(const char* from) const {
        return {from, static_cast<std::size_t>(end - from)};
    }
    /// Whether only blanks stand before `at` in its line.
    [[nodiscard]] bool starts_line(const char* at) const;
    /// The end of the line with `at`, without its line end.
    [[nodiscard]] const char* line_end(const char* at) const;

    support::Diagnostic& error(support::Span place, std::string message, std::string help = {});
    /// Whether the statement that is read has a marker up to the end of the line with `place`.
    [[nodiscard]] bool has_marker(support::Span place) const;
    support::Diagnostic& error(const char* from, const char* to, std::string message, std::string help = {}) {
        return error(span(from, to), std::move(message), std::move(help));
    }
    void error(const char* text, LiteralError error);
    /// The one error of a line that does not go on as the grammar has it.
    void expected(Expected what, const char* at, std::string_view directive);
    /// Texts of messages are made only as long as messages are kept.
    [[nodiscard]] bool quiet() const { return diagnostics.dropped() != 0; }
    /// The rest of the failed line starts at `at`: at a line's start, that line is read as one.
    void resume_at(const char* at) { resume = at > resume ? at : resume; }

    /// A text, and how far it has been read.
    struct Reading {
        const support::SourceFile* file;
        const char* begin;
        const char* end;
        const char* statement;
        const char* resume;
        const char* unclosed_to;
        bool substituted;
    };
    /// Begins with a text; the result is for `leave`.
    [[nodiscard]] Reading enter(const support::SourceFile& text);
    void leave(const Reading& outer);

    /// Notes where a new value stands.
    void place_value(objects::ValueId id, support::Span place) {
        unit.value_spans.resize(unit.values.size());
        unit.value_spans[static_cast<std::uint32_t>(id)] = place;
    }
};

} // namespace pyasm::grammar
