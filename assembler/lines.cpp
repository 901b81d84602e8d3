#include "assembler/lines.hpp"

#include <algorithm>
#include <cstring>

namespace pyasm::assembler {

std::int32_t Lines::line_of(std::uint32_t offset) {
    if (offset >= begin_ && offset < end_) return static_cast<std::int32_t>(line_ + 1);
    if (files_.empty() || offset < files_[current_].starts.front() ||
        offset >= files_[current_].starts.back())
        if (!enter(offset)) return 1;
    const std::vector<std::uint32_t>& starts = files_[current_].starts;
    // Forward in growing steps: the next question is nearly always about the next lines.
    std::size_t low = offset >= starts[line_] ? line_ : 0;
    std::size_t step = 1;
    while (low + step < starts.size() && starts[low + step] <= offset) {
        low += step;
        step *= 2;
    }
    const auto last = starts.begin() + static_cast<std::ptrdiff_t>(std::min(low + step, starts.size() - 1));
    const auto after = std::upper_bound(starts.begin() + static_cast<std::ptrdiff_t>(low), last, offset);
    line_ = static_cast<std::size_t>(after - starts.begin()) - 1;
    begin_ = starts[line_];
    end_ = starts[line_ + 1];
    return static_cast<std::int32_t>(line_ + 1);
}

bool Lines::enter(std::uint32_t offset) {
    line_ = 0;
    for (std::size_t i = 0; i < files_.size(); ++i) {
        if (offset < files_[i].starts.front() || offset >= files_[i].starts.back()) continue;
        current_ = i;
        return true;
    }
    const support::SourceFile* file = sources_.file_at(offset);
    if (!file) return false;
    File entry{file, {file->base}};
    const std::string_view text = file->text;
    for (std::size_t at = 0; at < text.size();) {
        const void* newline = std::memchr(text.data() + at, '\n', text.size() - at);
        if (!newline) break;
        at = static_cast<std::size_t>(static_cast<const char*>(newline) - text.data()) + 1;
        entry.starts.push_back(file->base + static_cast<std::uint32_t>(at));
    }
    entry.starts.push_back(file->base + static_cast<std::uint32_t>(text.size()) + 1);
    files_.push_back(std::move(entry));
    current_ = files_.size() - 1;
    return true;
}

} // namespace pyasm::assembler
