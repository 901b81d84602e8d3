#include "cli/source_finder.hpp"

#include "support/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace pyasm::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t source_limit = std::uint64_t{64} << 20;

/// A pipe or a device must not be read: a `.pyc` may name any.
std::optional<std::string> read_regular(const std::string& path) {
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) return std::nullopt;
    support::Result<std::string> text = support::read_file(path, source_limit);
    if (!text) return std::nullopt;
    return std::move(*text);
}

} // namespace

SourceFinder::SourceFinder(std::string pyc_path, const objects::PycHeader& header, const isa::Target& target)
    : pyc_path_(std::move(pyc_path)), header_(header), target_(target) {
    if (pyc_path_ == "-") return;
    const fs::path folder = fs::path(pyc_path_).parent_path();
    folders_.push_back(folder.string());
    std::error_code ignored; // "x.pyc" inside of __pycache__ has no name of a folder in its path
    const fs::path whole = folder.empty() ? fs::current_path(ignored) : folder;
    if (whole.filename() == "__pycache__") {
        folders_.push_back(folder.empty() ? ".." : folder.parent_path().string());
    }
}

std::vector<std::string> SourceFinder::candidates(std::string_view filename) const {
    const fs::path path(filename);
    std::vector<std::string> result{path.string()};
    const auto add = [&](const std::string& folder, const fs::path& name) {
        const std::string candidate = (fs::path(folder) / name).string();
        if (std::find(result.begin(), result.end(), candidate) == result.end()) result.push_back(candidate);
    };
    if (path.is_relative()) {
        for (const std::string& folder : folders_) add(folder, path);
    }
    for (const std::string& folder : folders_) add(folder, path.filename());
    return result;
}

void SourceFinder::compare(const std::string& path, std::string_view text) {
    if (header_.absent) return;
    const bool by_hash = header_.flags & objects::PycHeader::hash_based;
    if (by_hash) {
        if (objects::source_hash(target_, support::as_bytes(text)) == header_.hash) return;
    } else if (target_.header == isa::HeaderLayout::Mtime ||
               static_cast<std::uint32_t>(text.size()) == header_.source_size) {
        return;
    }
    notes_.push_back(
        fmt::format("{} is not the text that was compiled: its {} differs", path, by_hash ? "hash" : "size"));
}

std::optional<std::string> SourceFinder::find(std::string_view filename) {
    const bool names_a_file = !filename.empty() && filename.find('\0') == std::string_view::npos &&
                              !(filename.starts_with('<') && filename.ends_with('>'));
    if (names_a_file) {
        for (const std::string& candidate : candidates(filename)) {
            std::optional<std::string> text = read_regular(candidate);
            if (!text) continue;
            files_.push_back(candidate);
            compare(candidate, *text);
            return text;
        }
    }
    constexpr std::size_t most_notes = 5;
    if (notes_.size() < most_notes) notes_.push_back(fmt::format("no source found for {}", filename));
    return std::nullopt;
}

} // namespace pyasm::cli
