#include "support/text.hpp"

#include "support/unicode.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

namespace pyasm::support {

namespace {

/// Longer words than this are no misspellings of anything; the bound keeps suggestions cheap for hostile
/// input.
constexpr std::size_t max_word = 64;

template <bool AllowSurrogates> std::optional<std::size_t> find_invalid(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (text.size() - at >= 8) {
            std::uint64_t eight = 0;
            std::memcpy(&eight, text.data() + at, 8);
            if ((eight & 0x8080'8080'8080'8080u) == 0) {
                at += 8;
                continue;
            }
        }
        const CodePoint point = decode_utf8(text, at);
        if (!point.valid && !(AllowSurrogates && point.surrogate)) return at;
        at += point.size;
    }
    return std::nullopt;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
    return result;
}

/// One bit a character: an edit changes at most two of them.
std::uint64_t letters_of(std::string_view text) {
    std::uint64_t result = 0;
    for (const char c : text) result |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63);
    return result;
}

} // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) { return find_invalid<false>(text); }

std::optional<std::size_t> find_invalid_utf8_surrogatepass(std::string_view text) {
    return find_invalid<true>(text);
}

void append_utf8(std::string& out, std::uint32_t code_point) {
    const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
    if (code_point < 0x80) {
        out += byte(code_point);
        return;
    }
    if (code_point < 0x800) {
        out += byte(0xC0 | code_point >> 6);
    } else {
        if (code_point < 0x10000) {
            out += byte(0xE0 | code_point >> 12);
        } else {
            out += byte(0xF0 | code_point >> 18);
            out += byte(0x80 | (code_point >> 12 & 0x3F));
        }
        out += byte(0x80 | (code_point >> 6 & 0x3F));
    }
    out += byte(0x80 | (code_point & 0x3F));
}

std::string decoded_path(std::string_view path) {
    std::string decoded;
    while (!path.empty()) {
        const auto bad = find_invalid_utf8(path);
        decoded += path.substr(0, bad.value_or(path.size()));
        if (!bad) break;
        append_utf8(decoded, 0xDC00U + static_cast<unsigned char>(path[*bad]));
        path.remove_prefix(*bad + 1);
    }
    return decoded;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    if (a.size() > b.size()) std::swap(a, b);
    const std::size_t longest = b.size();
    limit = std::min(limit, longest);
    if (longest - a.size() > limit) return limit + 1;
    const std::size_t far = limit + 1;
    // Rows of the usual table (optimal string alignment); only a band of 2 * limit + 1 cells can stay in the
    // limit.
    std::array<std::vector<std::size_t>, 3> rows;
    for (auto& row : rows) row.assign(longest + 1, far);
    for (std::size_t j = 0; j <= std::min(longest, limit); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        const auto& above = rows[(i - 1) % 3];
        const auto& two_above = rows[(i + 1) % 3];
        auto& row = rows[i % 3];
        const std::size_t first = i > limit ? i - limit : 0;
        const std::size_t last = std::min(longest, i + limit);
        if (first > 0) row[first - 1] = far;
        std::size_t least = far;
        for (std::size_t j = first; j <= last; ++j) {
            std::size_t best = j == 0 ? i : above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            if (j > 0) {
                best = std::min({best, above[j] + 1, row[j - 1] + 1});
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                    best = std::min(best, two_above[j - 2] + 1);
                }
            }
            row[j] = std::min(best, far);
            least = std::min(least, row[j]);
        }
        if (last < longest) row[last + 1] = far;
        if (least == far) return far;
    }
    return rows[a.size() % 3][longest];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
    if (word.empty() || word.size() > max_word) return {};
    const std::string wanted = lower(word);
    const std::uint64_t letters = letters_of(wanted);
    std::size_t limit = wanted.size() / 3;
    std::string_view best;
    for (const std::string_view candidate : candidates) {
        const auto difference =
            static_cast<std::ptrdiff_t>(candidate.size()) - static_cast<std::ptrdiff_t>(word.size());
        if (static_cast<std::size_t>(difference < 0 ? -difference : difference) > limit) continue;
        const std::string folded = lower(candidate);
        if (folded == wanted) return candidate;
        if (limit == 0) continue;
        if (static_cast<std::size_t>(std::popcount(letters_of(folded) ^ letters)) > 2 * limit) continue;
        const std::size_t distance = edit_distance(wanted, folded, limit);
        if (distance > limit) continue;
        best = candidate;
        limit = distance - 1; // a later one must be nearer
    }
    return best;
}

std::string visible(std::string_view text) { return printable(text, std::string_view::npos); }

std::string printable(std::string_view text, std::size_t limit) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_utf8(text, at);
        const std::size_t before = result.size();
        append_visible(result, text.substr(at, point.size), point);
        if (result.size() > limit) {
            result.resize(before);
            return result += "...";
        }
        at += point.size;
    }
    return result;
}

} // namespace pyasm::support
