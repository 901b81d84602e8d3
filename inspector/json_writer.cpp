#include "inspector/json_writer.hpp"

#include "inspector/words.hpp"
#include "support/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::inspector {
namespace {

bool stands_for_itself(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F && c != '"' &&
           c != '\\';
}

std::string escape(std::uint32_t code_point) {
    switch (code_point) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\t': return "\\t";
    case '\r': return "\\r";
    default: break;
    }
    if (code_point < 0x10000) return fmt::format("\\u{:04x}", code_point);
    const std::uint32_t rest = code_point - 0x10000;
    return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
}

} // namespace

void JsonWriter::key(std::string_view name) {
    string(name);
    out_.text(":");
    follows_ = false;
}

void JsonWriter::number(std::int64_t value) {
    separate();
    const fmt::format_int text(value);
    out_.text({text.data(), text.size()});
}

void JsonWriter::string(std::string_view text) {
    separate();
    out_.text("\"");
    for (std::size_t at = 0; at < text.size();) {
        const auto plain = text.substr(at);
        const auto run = static_cast<std::size_t>(
            std::find_if_not(plain.begin(), plain.end(), stands_for_itself) - plain.begin());
        out_.text(plain.substr(0, run));
        at += run;
        if (at == text.size()) break;
        const support::CodePoint point = support::decode_utf8(text, at);
        out_.text(escape(point.value));
        at += point.size;
    }
    out_.text("\"");
}

void JsonWriter::hex(support::Bytes bytes) {
    constexpr std::size_t piece = 4096;
    separate();
    out_.text("\"");
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        out_.text(hex_text(bytes.subspan(at, std::min(piece, bytes.size() - at))));
    out_.text("\"");
}

} // namespace pyasm::inspector
