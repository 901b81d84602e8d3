#pragma once

#include "support/result.hpp"
#include "support/span.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::support {

/// One input text. `text` stays where it is as long as the `Sources` that owns it.
struct SourceFile {
    std::string path;           ///< as the user spelt it; "<stdin>" for standard input
    std::string_view text;
    std::uint32_t base = 0;     ///< offset of the text's first byte in the shared offset space
    Span included_from{};       ///< the directive that brought the file in; unknown for a command-line input

    /// Whether the byte at `offset`, or the end of the text, is of this file.
    [[nodiscard]] bool holds(std::uint32_t offset) const {
        return offset >= base && offset - base <= text.size();
    }
    [[nodiscard]] Span span(std::size_t begin, std::size_t end) const {
        return {base + static_cast<std::uint32_t>(begin), base + static_cast<std::uint32_t>(end)};
    }
};

/// A place as a person reads it.
struct Location {
    const SourceFile* file = nullptr;
    std::uint32_t line = 0;       ///< from 1
    std::uint32_t column = 0;     ///< from 1, in code points
    std::string_view line_text;   ///< the whole line without its line end
    std::uint32_t line_offset = 0; ///< where in `line_text` the place is, in bytes
};

/// Owns the source texts of one run and maps spans back to places.
class Sources {
  public:
    Sources() = default;
    Sources(const Sources&) = delete;
    Sources& operator=(const Sources&) = delete;

    /// Adds a text under a path. Fails when all texts together would pass 4 GiB - 2.
    [[nodiscard]] Result<const SourceFile*> add(std::string path, std::string text, Span included_from = {});

    /// The file that holds `offset`; null for an offset of no file.
    [[nodiscard]] const SourceFile* file_at(std::uint32_t offset) const;
    /// Where a byte stands. Linear in the distance from the last question about the same file, so that rendering
    /// many diagnostics in order stays linear in the text.
    [[nodiscard]] Location locate(std::uint32_t offset) const;
    /// The source text under a span; empty for an unknown one.
    [[nodiscard]] std::string_view text(Span span) const;

  private:
    struct Mark {
        std::uint32_t offset = 0; // within the text
        std::uint32_t column = 1;
    };
    struct Owned {
        SourceFile file;
        std::string text;
        mutable std::vector<std::uint32_t> line_starts; // filled at the first question about the file
        mutable Mark last;                              // the place last asked for
    };
    [[nodiscard]] const Owned* owner_of(std::uint32_t offset) const;

    std::deque<Owned> files_; // sorted by base
    std::uint32_t next_base_ = 1;
};

} // namespace pyasm::support
