#include "disassembler/source_lines.hpp"

#include <algorithm>
#include <string>

namespace pyasm::disassembler {

void SourceLines::begin(objects::ValueId filename) {
    current_ = nullptr;
    if (!options_.read_source) return;
    const objects::ValueKind kind = unit_.values[filename].kind;
    if (kind != objects::ValueKind::Str && kind != objects::ValueKind::Bytes) return;
    const std::string_view name = unit_.values.text(filename);
    auto found = files_.find(name);
    if (found == files_.end()) {
        std::optional<std::string> text;
        if (bytes_ < most_bytes) text = options_.read_source(name);
        if (text) bytes_ += text->size();
        found = files_.emplace(name, text ? split(unit_.values.arena().copy(*text)) : Lines()).first;
    }
    current_ = &found->second;
}

/// Cut between characters where it is too long: a line may be shown as often as there are instructions.
std::string_view SourceLines::shown(std::string_view line) const {
    if (line.size() <= longest) return line;
    std::size_t end = longest;
    while (end > longest - 4 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    return unit_.values.arena().copy(std::string(line.substr(0, end)) + "...");
}

/// Lines end as Python's do: in LF, CR LF or CR.
SourceLines::Lines SourceLines::split(std::string_view text) const {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        lines.push_back(shown(text.substr(0, end)));
        text.remove_prefix(end);
        text.remove_prefix(text.starts_with("\r\n") ? 2 : text.empty() ? 0 : 1);
    }
    return lines;
}

std::optional<std::string_view> SourceLines::line(std::int32_t number) const {
    if (!current_ || number < 1 || static_cast<std::size_t>(number) > current_->size()) return std::nullopt;
    return (*current_)[static_cast<std::size_t>(number) - 1];
}

} // namespace pyasm::disassembler
