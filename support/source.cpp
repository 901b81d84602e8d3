#include "support/source.hpp"

#include <algorithm>
#include <cstring>

namespace pyasm::support {

namespace {

constexpr std::uint64_t max_offset = 0xFFFF'FFFE;

/// Start offsets of all lines. A byte order mark is not part of the first one.
std::vector<std::uint32_t> find_line_starts(std::string_view text) {
    std::vector<std::uint32_t> starts;
    starts.push_back(text.starts_with("\xEF\xBB\xBF") ? 3 : 0);
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    for (const char* at = begin; at != end;) {
        const void* newline = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
        if (newline == nullptr) break;
        at = static_cast<const char*>(newline) + 1;
        starts.push_back(static_cast<std::uint32_t>(at - begin));
    }
    return starts;
}

std::uint32_t count_code_points(std::string_view text) {
    const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), is_start));
}

} // namespace

Result<const SourceFile*> Sources::add(std::string path, std::string text, Origin origin) {
    return place(std::move(path), {}, origin, std::move(text));
}

Result<const SourceFile*> Sources::add_part(std::string path, std::string_view text, Origin origin) {
    return place(std::move(path), text, origin, {});
}

Result<const SourceFile*> Sources::place(std::string path, std::string_view text, Origin origin,
                                         std::string owned_text) {
    // The offset behind a text's last byte is a place in it, too: the end of the file.
    if (next_base_ + std::uint64_t{text.size()} + owned_text.size() + 1 > max_offset) {
        return Error{"the source texts are larger than 4 GiB together"};
    }
    const SourceFile* asked_in = nullptr;
    std::uint32_t asked_line = 0;
    if (origin.kind != Origin::Kind::File) {
        if (origin.kind == Origin::Kind::Macro) {
            asked_in = asked_at(origin.from.begin, asked_line);
        } else if (const SourceFile* around = file_at(origin.from.begin)) {
            asked_in = around->asked_in ? around->asked_in : around;
            asked_line = around->asked_line;
        }
    }
    Owned& owned = files_.emplace_back();
    owned.text = std::move(owned_text);
    owned.file.path = std::move(path);
    owned.file.text = owned.text.empty() ? text : owned.text;
    owned.file.base = next_base_;
    owned.file.origin = origin;
    owned.file.asked_in = asked_in;
    owned.file.asked_line = asked_line;
    next_base_ += static_cast<std::uint32_t>(owned.file.text.size()) + 1;
    return &owned.file;
}

const Sources::Owned* Sources::owner_of(std::uint32_t offset) const {
    if (offset == 0 || offset >= next_base_) return nullptr;
    const auto behind =
        std::upper_bound(files_.begin(), files_.end(), offset,
                         [](std::uint32_t at, const Owned& one) { return at < one.file.base; });
    return behind == files_.begin() ? nullptr : &*std::prev(behind);
}

const SourceFile* Sources::file_at(std::uint32_t offset) const {
    const Owned* owned = owner_of(offset);
    return owned ? &owned->file : nullptr;
}

const std::vector<std::uint32_t>& Sources::line_starts(const Owned& owned) {
    if (owned.line_starts.empty()) owned.line_starts = find_line_starts(owned.file.text);
    return owned.line_starts;
}

std::uint32_t Sources::line_at(std::uint32_t offset) const {
    const Owned* owned = owner_of(offset);
    if (owned == nullptr) return 0;
    const std::vector<std::uint32_t>& starts = line_starts(*owned);
    const std::uint32_t place = std::max(offset - owned->file.base, starts.front());
    const auto next = std::upper_bound(starts.begin(), starts.end(), place);
    return owned->file.origin.first_line + static_cast<std::uint32_t>(next - starts.begin()) - 1;
}

const SourceFile* Sources::asked_at(std::uint32_t offset, std::uint32_t& line) const {
    const SourceFile* file = file_at(offset);
    line = file && file->asked_line ? file->asked_line : line_at(offset);
    return file && file->asked_in ? file->asked_in : file;
}

std::uint32_t Sources::line_in(const SourceFile& home, std::uint32_t offset) const {
    std::uint32_t line = 0;
    const SourceFile* file = asked_at(offset, line);
    while (file && file != &home && file->origin.from.known()) file = asked_at(file->origin.from.begin, line);
    return line;
}

Location Sources::locate(std::uint32_t offset) const {
    const Owned* owned = owner_of(offset);
    if (owned == nullptr) return {};
    const std::vector<std::uint32_t>& starts = line_starts(*owned);
    const std::uint32_t place = std::max(offset - owned->file.base, starts.front());

    const auto next = std::upper_bound(starts.begin(), starts.end(), place);
    const std::uint32_t start = *std::prev(next);
    std::size_t end = next == starts.end() ? owned->file.text.size() : *next - 1;
    if (end > start && owned->file.text[end - 1] == '\r') --end;

    // Many places on one long line: count on from the last one instead of from the line's start.
    Mark& mark = owned->last;
    if (mark.offset < start || mark.offset > place) mark = {start, 1};
    mark.column += count_code_points(owned->file.text.substr(mark.offset, place - mark.offset));
    mark.offset = place;

    Location result;
    result.file = &owned->file;
    result.line = owned->file.origin.first_line + static_cast<std::uint32_t>(next - starts.begin()) - 1;
    result.column = mark.column;
    result.line_text = owned->file.text.substr(start, end - start);
    result.line_offset = static_cast<std::uint32_t>(std::min<std::size_t>(place - start, end - start));
    return result;
}

Span Sources::users_place(Span span) const {
    const auto is_embedded = [](std::string_view path) {
        return path.starts_with('<') && path.ends_with('>') && path != "<stdin>";
    };
    for (Span place = span; place.known();) {
        const SourceFile* const file = file_at(place.begin);
        if (!file) break;
        if (!is_embedded(file->path)) return place;
        place = file->origin.from;
    }
    return span; // all of it is embedded
}

std::string_view Sources::text(Span span) const {
    const Owned* owned = span.known() && span.begin <= span.end ? owner_of(span.begin) : nullptr;
    if (owned == nullptr) return {};
    return owned->file.text.substr(span.begin - owned->file.base, span.size());
}

} // namespace pyasm::support
