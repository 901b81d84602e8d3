#include "program/symbol_text.hpp"

#include "support/unicode.hpp"

namespace pyasm::program {
namespace {

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '<' || c == '>';
}

/// Letters and the like: no signs, blanks and controls.
bool is_letter(const support::CodePoint& point) {
    return point.valid && !point.surrogate && point.value >= 0xAA && !support::needs_escape(point.value) &&
           support::display_width(point.value) > 0 && (point.value < 0x2000 || point.value >= 0x2C00) &&
           point.value != 0x3000 && point.value != 0xAD;
}

} // namespace

std::string symbol_text(std::string_view name, std::size_t longest, Dots dots) {
    std::string symbol;
    for (std::size_t at = 0; at < name.size();) {
        const support::CodePoint point = support::decode_utf8(name, at);
        const std::string_view bytes = name.substr(at, point.size);
        const bool kept = point.value < 0x80 ? is_plain(name[at]) || (name[at] == '.' && dots == Dots::Kept)
                                             : is_letter(point);
        const std::string_view text = kept ? bytes : std::string_view("_");
        if (symbol.size() + text.size() > longest) break;
        symbol += text;
        at += point.size;
    }
    return symbol.empty() ? "_" : symbol;
}

} // namespace pyasm::program
