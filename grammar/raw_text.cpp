#include "grammar/raw_text.hpp"

#include "grammar/characters.hpp"
#include "grammar/directives.hpp"
#include "grammar/literals.hpp"

#include <algorithm>
#include <cstring>

namespace pyasm::grammar {

namespace {

[[nodiscard]] std::string_view view(const char* from, const char* to) {
    return {from, static_cast<std::size_t>(to - from)};
}

/// The line feed at or behind `at`, or the end.
[[nodiscard]] const char* line_feed(const char* at, const char* end) {
    const void* const found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    return found ? static_cast<const char*>(found) : end;
}

[[nodiscard]] const char* skip_blanks(const char* at, const char* end) {
    while (at != end && is(*at, Blank)) ++at;
    return at;
}

/// ` @ 10` or ` @ none` at `at`, an @, as the grammar's position_mark.
[[nodiscard]] bool is_position(const char* begin, const char* at, const char* end) {
    if (at == begin || !is(at[-1], Blank)) return false;
    const char* next = skip_blanks(at + 1, end);
    if (word_at(view(next, end)) == "none") return true;
    if (next != end && *next == '-') ++next;
    return next != end && is(*next, Digit);
}

[[nodiscard]] bool opens(char c) { return c == '(' || c == '[' || c == '{'; }
[[nodiscard]] bool closes(char c) { return c == ')' || c == ']' || c == '}'; }

} // namespace

const char* skip_string(const char* at, const char* end, bool* closed) {
    if (closed) *closed = false;
    const char quote = *at;
    const bool triple = end - at >= 3 && at[1] == quote && at[2] == quote;
    at += triple ? 3 : 1;
    while (at != end) {
        if (*at == '\\') {
            ++at;
            if (at != end && *at == '\r' && at + 1 != end && at[1] == '\n') ++at;
            if (at != end) ++at;
        } else if (*at == quote && (!triple || (end - at >= 3 && at[1] == quote && at[2] == quote))) {
            if (closed) *closed = true;
            return at + (triple ? 3 : 1);
        } else if (!triple && *at == '\n') {
            return at != end && at[-1] == '\r' ? at - 1 : at;
        } else {
            ++at;
        }
    }
    return end;
}

namespace {

/// Behind the string or the comment that begins at `at`, in which nothing has a meaning; `at` where none
/// does.
[[nodiscard]] const char* skip_opaque(const char* at, const char* end) {
    if (*at == '"' || *at == '\'') return skip_string(at, end);
    return *at == '#' ? line_feed(at, end) : at;
}

} // namespace

const char* skip_brackets(const char* at, const char* end) {
    std::size_t depth = 0;
    while (at != end) {
        if (const char* const behind = skip_opaque(at, end); behind != at) {
            at = behind;
            continue;
        }
        if (opens(*at)) ++depth;
        if (closes(*at) && --depth == 0) return at + 1;
        ++at;
    }
    return nullptr;
}

Marker read_marker(const char* at, const char* end) {
    Marker result;
    result.from = at;
    result.to = at + 1;
    if (result.to == end) return result;
    const char first = at[1];
    if (is(first, WordStart)) {
        result.kind = MarkerKind::Name;
        while (result.to != end && is(*result.to, WordPart)) ++result.to;
        result.inner = view(at + 1, result.to);
        return result;
    }
    if (first != '(' && first != '{') return result;
    result.kind = first == '(' ? MarkerKind::Value : MarkerKind::Text;
    const char* const close = skip_brackets(at + 1, end);
    result.closed = close != nullptr;
    result.to = close ? close : end;
    result.inner = view(at + 2, close ? close - 1 : end);
    return result;
}

RawStatement read_statement(const char* from, const char* end, RawRules rules) {
    RawStatement result;
    std::size_t depth = 0;
    const char* at = from;
    const char* last = from; // behind the last character that is no blank
    while (at != end) {
        const char c = *at;
        if (c == '\n' || c == '\r' || c == '#') {
            const char* const feed = line_feed(at, end);
            const bool goes_on = depth != 0 || (rules.lists && last != from && last[-1] == ',');
            const char* const next = feed == end ? end : feed + 1;
            if (!goes_on || next == end || rules.most_lines-- == 0 ||
                find_directive(directive_at(next, end))) {
                at = feed;
                break;
            }
            at = next;
            continue;
        }
        if (c == '"' || c == '\'') {
            at = skip_string(at, end);
            last = at;
            continue;
        }
        if (rules.positions && c == '@' && depth == 0 && is_position(from, at, end)) {
            result.position = at;
            break;
        }
        if (c == '\\' && !result.marker) result.marker = at;
        if (opens(c) && depth++ == 0) result.opener = at;
        if (closes(c) && depth != 0) --depth;
        ++at;
        if (!is(c, Blank)) last = at;
    }
    if (depth == 0) result.opener = nullptr;
    result.to = last;
    if (result.position) at = line_feed(at, end);
    result.next = at == end ? end : at + 1;
    return result;
}

const char* find_marker(const char* from, const char* to) {
    while (from != to) {
        if (*from == '\\') return from;
        const char* const behind = skip_opaque(from, to);
        from = behind == from ? from + 1 : behind;
    }
    return nullptr;
}

std::string_view directive_at(const char* line, const char* end) {
    for (;;) {
        line = skip_blanks(line, end);
        if (line == end) return {};
        if (*line == '.') return word_at(view(line + 1, end));
        // A label, in a body perhaps with something to substitute.
        const char* at = line;
        while (at != end && (is(*at, WordPart) || *at == '\\')) {
            if (*at == '\\') {
                const Marker marker = read_marker(at, line_feed(at, end));
                if (marker.kind == MarkerKind::None || !marker.closed) return {};
                at = marker.to;
            } else {
                ++at;
            }
        }
        if (at == line || at == end || *at != ':') return {};
        line = at + 1;
    }
}

void split_list(std::string_view text, std::vector<std::string_view>& parts) {
    text = trimmed(text);
    if (text.empty()) return;
    const char* const end = text.data() + text.size();
    const char* from = text.data();
    std::size_t depth = 0;
    for (const char* at = from; at != end;) {
        if (const char* const behind = skip_opaque(at, end); behind != at) {
            at = behind;
            continue;
        }
        if (opens(*at)) ++depth;
        if (closes(*at) && depth != 0) --depth;
        if (*at == ',' && depth == 0) {
            parts.push_back(trimmed(view(from, at)));
            from = at + 1;
        }
        ++at;
    }
    parts.push_back(trimmed(view(from, end)));
}

namespace {

/// Takes the r out of the prefix of a string that begins behind `text`; false if there is none. A prefix that
/// the version does not have stays as it is, to be refused where the literal is read.
[[nodiscard]] bool take_raw_mark(std::string& text, const Dialect& dialect) {
    std::size_t begin = text.size();
    while (begin != 0 && is(text[begin - 1], WordPart)) --begin;
    const std::string_view prefix = std::string_view(text).substr(begin);
    const std::size_t mark = prefix.find_first_of("rR");
    if (mark == std::string_view::npos || !is_string_prefix(prefix, dialect)) return false;
    text.erase(begin + mark, 1);
    return true;
}

/// Adds the string literal in [at, end), which goes over several lines, in one that means the same.
void append_on_one_line(std::string& out, const char* at, const char* end, const Dialect& dialect) {
    const bool raw = take_raw_mark(out, dialect);
    const bool unicode =
        raw && !out.empty() && (out.back() == 'u' || out.back() == 'U'); // has \uXXXX all the same
    while (at != end) {
        const char c = *at++;
        if (c == '\r' && at != end && *at == '\n') continue;
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        out += c;
        if (c != '\\' || at == end) continue;
        if (*at == '\n' || *at == '\r') {
            if (raw) {
                out += '\\'; // it stands for itself, as the line end does
                continue;
            }
            out.pop_back(); // both mean nothing
            at += *at == '\r' && at + 1 != end && at[1] == '\n' ? 2 : 1;
            continue;
        }
        if (raw && !(unicode && (*at == 'u' || *at == 'U'))) {
            out += '\\';
            if (*at == '\\' || *at == '"' || *at == '\'') out += '\\';
        }
        out += *at++;
    }
}

} // namespace

std::string on_one_line(std::string_view text, const Dialect& dialect) {
    std::string result;
    result.reserve(text.size());
    const char* const end = text.data() + text.size();
    for (const char* at = text.data(); at != end;) {
        if (*at == '"' || *at == '\'') {
            const char* const to = skip_string(at, end);
            if (view(at, to).find('\n') == std::string_view::npos)
                result.append(at, to);
            else
                append_on_one_line(result, at, to, dialect);
            at = to;
        } else if (*at == '#' || is(*at, Space)) {
            while (at != end && (*at == '#' || is(*at, Space))) at = *at == '#' ? line_feed(at, end) : at + 1;
            result += ' ';
        } else {
            result += *at++;
        }
    }
    return result;
}

std::string without_layout(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    const char* const end = text.data() + text.size();
    bool blank = false; // one or more were met, and something may follow them in the line
    for (const char* at = text.data(); at != end;) {
        const char c = *at;
        if (is(c, Blank) || c == '\r') {
            blank = !result.empty() && result.back() != '\n';
            ++at;
            continue;
        }
        const char* const to = c == '#'                ? line_feed(at, end)
                               : c == '"' || c == '\'' ? skip_string(at, end)
                                                       : at + 1;
        if (c == '#') {
            at = to;
            continue;
        }
        if (blank && c != '\n') result += ' ';
        blank = false;
        result.append(at, to);
        at = to;
    }
    return result;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is(text.front(), Space)) text.remove_prefix(1);
    while (!text.empty() && is(text.back(), Space)) text.remove_suffix(1);
    return text;
}

std::string_view word_at(std::string_view text) {
    if (text.empty() || !is(text[0], WordStart)) return {};
    const auto to = std::find_if_not(text.begin(), text.end(), [](char c) { return is(c, WordPart); });
    return text.substr(0, static_cast<std::size_t>(to - text.begin()));
}

bool is_word(std::string_view text) { return !text.empty() && word_at(text).size() == text.size(); }

} // namespace pyasm::grammar
