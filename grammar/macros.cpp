#include "grammar/macros.hpp"

#include "grammar/raw_text.hpp"

namespace pyasm::grammar {

Template::Template(std::string_view text, const WordTable& names) : text_(text) {
    if (names.empty()) return;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    for (const char* at = begin; (at = find_marker(at, end)) != nullptr;) {
        const Marker marker = read_marker(at, end);
        // Of what stands in brackets, the names are looked at one by one.
        at = marker.kind == MarkerKind::Name ? marker.to : at + 1;
        if (marker.kind != MarkerKind::Name) continue;
        const auto known = names.find(marker.inner);
        if (known == names.end()) continue;
        gaps_.push_back({static_cast<std::size_t>(marker.from - begin),
                         static_cast<std::size_t>(marker.to - begin), known->second});
    }
}

std::string Template::fill(std::span<const std::string_view> values) const {
    std::size_t size = text_.size();
    for (const Gap& gap : gaps_) size += values[gap.name].size();
    std::string result;
    result.reserve(size);
    std::size_t at = 0;
    for (const Gap& gap : gaps_) {
        result += text_.substr(at, gap.from - at);
        result += values[gap.name];
        at = gap.to;
    }
    result += text_.substr(at);
    return result;
}

} // namespace pyasm::grammar
