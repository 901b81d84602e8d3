#include "grammar/context.hpp"

#include "grammar/characters.hpp"
#include "grammar/directives.hpp"
#include "grammar/raw_text.hpp"

#include <algorithm>
#include <cstring>

namespace pyasm::grammar {

namespace {

/// Whether a text begins with a control character that no source may have (see State::check_controls).
[[nodiscard]] bool is_refused(std::string_view text) {
    const auto byte = static_cast<unsigned char>(text[0]);
    if (byte == '\r') return text.size() < 2 || text[1] != '\n';
    return (byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\f') || byte == 0x7F;
}

} // namespace

bool Context::starts_line(const char* at) const {
    while (at != begin && is(at[-1], Blank)) --at;
    return at == begin || at[-1] == '\n';
}

const char* Context::line_end(const char* at) const {
    const void* const found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    const char* const line_feed = found ? static_cast<const char*>(found) : end;
    return line_feed != at && line_feed != end && line_feed[-1] == '\r' ? line_feed - 1 : line_feed;
}

Context::Reading Context::enter(const support::SourceFile& text) {
    const Reading outer{file, begin, end, statement, resume, unclosed_to, substituted};
    file = &text;
    begin = statement = unclosed_to = text.text.data();
    end = begin + text.text.size();
    resume = nullptr;
    failed = matching = false;
    substituted = text.origin.kind == support::Origin::Kind::Line;
    return outer;
}

void Context::leave(const Reading& outer) {
    file = outer.file;
    begin = outer.begin;
    end = outer.end;
    statement = outer.statement;
    resume = outer.resume;
    unclosed_to = outer.unclosed_to;
    substituted = outer.substituted;
    matching = false;
}

bool Context::has_marker(support::Span place) const {
    if (substituted) return false;
    const char* at = statement;
    if (file->holds(place.begin) && begin + (place.begin - file->base) > at)
        at = begin + (place.begin - file->base);
    const char* to = line_end(at);
    // A directive of the macro level replaces what it takes itself: only labels in front of it are left.
    const std::string_view word = directive_at(statement, to);
    const Directive* const directive = word.empty() ? nullptr : find_directive(word);
    if (directive && is_macro_level(*directive)) to = word.data() - 1;
    return find_marker(statement, to) != nullptr;
}

support::Diagnostic& Context::error(support::Span place, std::string message, std::string help) {
    if (muted || substitute || (matching && !failed && has_marker(place))) {
        substitute = substitute || !muted;
        failed = true;
        unseen = {};
        return unseen;
    }
    failed = true;
    return diagnostics.error(place, std::move(message), std::move(help));
}

void Context::error(const char* text, LiteralError found) {
    error(text + found.offset, text + found.offset + found.size, std::move(found.message),
          std::move(found.help));
}

void Context::expected(Expected what, const char* at, std::string_view directive) {
    // A mistake in the first word of a later line: that line may be a statement of its own.
    const char* place = at;
    while (place != begin && is(place[-1], Blank)) --place;
    const bool later_line = place != begin && place[-1] == '\n';
    resume_at(later_line ? place : at);
    if (failed) return;
    if (later_line && what != Expected::Statement) {
        // Inside brackets: it is missing where the line before ends.
        while (place != begin && is(place[-1], Space)) --place;
        at = place;
    }
    while (at != end && is(*at, Blank)) ++at;
    if (at != end && is_refused(rest(at))) {
        failed = true; // a character that has been reported itself
        return;
    }
    if (what == Expected::SignatureEnd) {
        const char* before = at;
        while (before != begin && is(before[-1], Space)) --before;
        if (before != begin && (before[-1] == '(' || before[-1] == ',')) what = Expected::ParameterName;
    }
    const std::string_view found = rest(at);
    if (quiet()) {
        error(at, at, {});
        return;
    }
    std::string help = expected_help(what, found, directive);
    if (what == Expected::ParameterName && found.starts_with('('))
        help = dialect.python2()
                   ? "A tuple parameter is written .N, with its place N from 0, and unpacked in the body."
                   : "There are no tuple parameters in Python 3.";
    error(at, at + found_size(found), expected_message(what, found, directive), std::move(help));
}

} // namespace pyasm::grammar
