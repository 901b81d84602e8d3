#include "grammar/print_text.hpp"

#include "grammar/characters.hpp"
#include "support/unicode.hpp"

#include <algorithm>
#include <array>

namespace pyasm::grammar {

namespace {

/// What becomes of a byte between quotes: itself, the letter of its escape, or one of these.
constexpr std::uint8_t plain = 0;
constexpr std::uint8_t hex = 1;
constexpr std::uint8_t wide = 2; ///< part of a character of several bytes

constexpr auto escapes = [] {
    std::array<std::uint8_t, 256> table{};
    for (unsigned c = 0; c < 0x20; ++c) table[c] = hex;
    table[0x7f] = hex;
    for (unsigned c = 0x80; c <= 0xff; ++c) table[c] = wide;
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    table['\\'] = '\\';
    return table;
}();

struct Range {
    std::uint32_t first, last;
};

/// Beyond what `support::needs_escape` has: what a terminal shows as nothing, as a blank or as it likes.
constexpr auto unseen = std::to_array<Range>({
    {0xA0, 0xA0},     {0x34F, 0x34F},   {0x115F, 0x1160},   {0x1680, 0x1680},   {0x17B4, 0x17B5},
    {0x180B, 0x180F}, {0x2000, 0x200F}, {0x2028, 0x202F},   {0x205F, 0x206F},   {0x2800, 0x2800},
    {0x3000, 0x3000}, {0x3164, 0x3164}, {0xD800, 0xF8FF},   {0xFDD0, 0xFDEF},   {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFC}, {0xFFFE, 0xFFFF}, {0x1FFFE, 0x1FFFF}, {0x2FFFE, 0x2FFFF}, {0x323B0, 0x10FFFF},
});

[[nodiscard]] char* put_hex(char* to, std::uint32_t value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        *to++ = "0123456789abcdef"[value >> shift & 15];
    return to;
}

[[nodiscard]] char* put_byte_escape(char* to, std::uint8_t byte) {
    *to++ = '\\';
    *to++ = 'x';
    return put_hex(to, byte, 2);
}

[[nodiscard]] char* put_point_escape(char* to, std::uint32_t point) {
    *to++ = '\\';
    if (point < 0x100) {
        *to++ = 'x';
        return put_hex(to, point, 2);
    }
    *to++ = point < 0x10000 ? 'u' : 'U';
    return put_hex(to, point, point < 0x10000 ? 4 : 8);
}

/// Most bytes that one character becomes.
constexpr std::size_t longest = 10;
/// Bytes that the escapes of a text have for each of its own at most: \xNN.
constexpr std::size_t growth = 4;

/// Writes the character at `at`, which is not plain, and returns its size. `first`: it would combine with
/// the quote in front of it.
[[nodiscard]] std::size_t put_special(TextOutput& out, std::string_view text, std::size_t at, char quote,
                                      Charset charset, bool first) {
    char* to = out.room(longest);
    const auto byte = static_cast<std::uint8_t>(text[at]);
    const std::uint8_t escape = escapes[byte];
    if (charset == Charset::Hex || escape == hex) {
        out.advance_to(put_byte_escape(to, byte));
        return 1;
    }
    if (escape != wide) {
        *to++ = '\\';
        *to++ = escape == plain ? quote : static_cast<char>(escape);
        out.advance_to(to);
        return 1;
    }
    if (charset == Charset::Ascii) {
        out.advance_to(put_byte_escape(to, byte));
        return 1;
    }
    const support::CodePoint point = support::decode_utf8(text, at);
    const int columns = support::display_width(point.value);
    if (point.valid && is_printable(point.value) && !(first && columns == 0)) {
        std::memcpy(to, text.data() + at, point.size);
        out.advance_to(to + point.size);
        out.hide(point.size - static_cast<std::size_t>(columns));
    } else if (charset == Charset::Unicode && (point.valid || point.surrogate)) {
        out.advance_to(put_point_escape(to, point.value));
    } else {
        to = out.room(point.size * growth);
        for (std::size_t i = 0; i < point.size; ++i)
            to = put_byte_escape(to, static_cast<std::uint8_t>(text[at + i]));
        out.advance_to(to);
    }
    return point.size;
}

[[nodiscard]] bool is_plain(char c, char quote) {
    return escapes[static_cast<unsigned char>(c)] == plain && c != quote;
}

/// How many characters in front are plain and get no further than this column.
[[nodiscard]] std::size_t plain_run(const TextOutput& out, std::string_view text, char quote,
                                    std::size_t last_column) {
    const std::size_t here = out.column();
    const std::size_t most = last_column > here ? std::min(text.size(), last_column - here) : 0;
    std::size_t size = 0;
    while (size < most && is_plain(text[size], quote)) ++size;
    return size;
}

} // namespace

bool is_printable(std::uint32_t code_point) {
    if (code_point < 0x7f) return code_point >= 0x20;
    if (support::needs_escape(code_point)) return false;
    const auto at = std::ranges::lower_bound(unseen, code_point, {}, &Range::last);
    return at == unseen.end() || code_point < at->first;
}

char choose_quote(std::string_view text) {
    return text.find('"') != std::string_view::npos && text.find('\'') == std::string_view::npos ? '\'' : '"';
}

void put_escaped(TextOutput& out, std::string_view text, char quote, Charset charset) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t from = at;
        if (charset != Charset::Hex)
            while (at < text.size() && is_plain(text[at], quote)) ++at;
        if (at != from) out.put(text.substr(from, at - from));
        if (at < text.size()) at += put_special(out, text, at, quote, charset, at == 0);
    }
}

std::size_t put_escaped_part(TextOutput& out, std::string_view text, char quote, Charset charset,
                             std::size_t last_column, bool break_at_lines) {
    std::size_t at = 0;
    std::size_t good = 0; ///< size of the text up to the last place where the line may well end
    TextOutput::Mark good_end{};
    while (at < text.size()) {
        if (const std::size_t run =
                charset == Charset::Hex ? 0 : plain_run(out, text.substr(at), quote, last_column)) {
            const std::size_t blank = text.substr(at, run).rfind(' ');
            out.put(text.substr(at, run));
            if (blank != std::string_view::npos) {
                good = at + blank + 1;
                good_end = out.mark();
                good_end.offset -= run - blank - 1;
            }
            at += run;
            continue;
        }
        const TextOutput::Mark before = out.mark();
        const std::size_t begin = at;
        if (charset != Charset::Hex && is_plain(text[at], quote))
            out.put(text[at++]);
        else
            at += put_special(out, text, at, quote, charset, at == 0);
        if (begin != 0 && out.column() > last_column) {
            out.rewind(good ? good_end : before);
            return good ? good : begin;
        }
        if (text[begin] == '\n' && break_at_lines) return at;
        if (text[begin] == ' ' || text[begin] == '\n') {
            good = at;
            good_end = out.mark();
        }
    }
    return at;
}

bool is_bare_name(std::string_view text) {
    if (text.empty()) return false;
    std::size_t at = 1;
    if (!is(text[0], WordStart)) {
        if (text[0] != '.' || text.size() == 1 || !is(text[1], WordPart)) return false;
        at = 2;
    }
    std::uint8_t seen = static_cast<std::uint8_t>(text[0]) | static_cast<std::uint8_t>(text[at - 1]);
    for (; at < text.size(); ++at) {
        if (!is(text[at], NamePart)) return false;
        seen |= static_cast<std::uint8_t>(text[at]);
    }
    if (seen < 0x80) return true;
    for (at = 0; at < text.size();) {
        const support::CodePoint point = support::decode_utf8(text, at);
        if (!point.valid || !is_printable(point.value)) return false;
        if (at == 0 && support::display_width(point.value) == 0) return false;
        at += point.size;
    }
    return true;
}

void put_comment(TextOutput& out, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t from = at;
        while (at < text.size() && (is_plain(text[at], '\0') || text[at] == '\\' || text[at] == '\t')) ++at;
        if (at != from) out.put(text.substr(from, at - from));
        if (at < text.size()) at += put_special(out, text, at, '\0', Charset::Unicode, false);
    }
}

} // namespace pyasm::grammar
