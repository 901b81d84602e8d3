#pragma once

#include "objects/pyc.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::cli {

/// Looks for the sources of a `.pyc` where its code objects say that they are, and beside it.
class SourceFinder {
  public:
    /// `pyc_path` is "-" for standard input, which has no folder. `header` tells whether a source is still
    /// the one that was compiled.
    SourceFinder(std::string pyc_path, const objects::PycHeader& header, const isa::Target& target);

    /// The text of the file that co_filename names: as it is; from the folder of the `.pyc` (and that above a
    /// __pycache__); then the file of that name in those folders. Only regular files of up to 64 MiB. Nothing
    /// where there is none, or where `filename` is no file's name ("<string>").
    [[nodiscard]] std::optional<std::string> find(std::string_view filename);

    /// What is to be said about the search, a line each: sources that were not found, or have changed since.
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
    [[nodiscard]] bool found_any() const { return !files_.empty(); }
    /// Those that were found.
    [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

  private:
    [[nodiscard]] std::vector<std::string> candidates(std::string_view filename) const;
    void compare(const std::string& path, std::string_view text);

    std::string pyc_path_;
    objects::PycHeader header_;
    const isa::Target& target_;
    std::vector<std::string> folders_; ///< to look in
    std::vector<std::string> notes_;
    std::vector<std::string> files_;
};

} // namespace pyasm::cli
