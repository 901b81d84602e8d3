#include "grammar/context.hpp"

#include "grammar/characters.hpp"

#include <algorithm>
#include <cstring>

namespace pyasm::grammar {

bool Context::starts_line(const char* at) const {
    while (at != begin && is(at[-1], Blank)) --at;
    return at == begin || at[-1] == '\n';
}

const char* Context::line_end(const char* at) const {
    const void* const found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    const char* const line_feed = found ? static_cast<const char*>(found) : end;
    return line_feed != at && line_feed != end && line_feed[-1] == '\r' ? line_feed - 1 : line_feed;
}

support::Diagnostic& Context::error(support::Span place, std::string message, std::string help) {
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
    resume_at(place != begin && place[-1] == '\n' ? place : at);
    if (failed) return;
    while (at != end && is(*at, Blank)) ++at;
    const std::string_view found = rest(at);
    if (quiet()) {
        error(at, at, {});
        return;
    }
    error(at, at + found_size(found), expected_message(what, found, directive),
          expected_help(what, found, directive));
}

} // namespace pyasm::grammar
