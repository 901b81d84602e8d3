#pragma once

#include "support/result.hpp"
#include "support/span.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::support {

struct SourceFile;

/// Where a text comes from.
struct Origin {
    enum class Kind : std::uint8_t {
        File,   ///< it was read: a command-line input, or what a directive includes
        Macro,  ///< the body of macro `name`, with the arguments of a call
        Repeat, ///< the body of a repetition, in its turn number `turn`
        Line,   ///< a statement in which something was substituted
    };
    Span from{}; ///< the directive or the call that brought the text in; unknown for a command-line input
    Kind kind = Kind::File;
    std::string_view name{};
    std::uint32_t turn = 0;
    std::uint32_t first_line = 1; ///< the line of the file in which the text's first line was written
};

/// One input text, or one that was made of others. `text` stays where it is as long as the `Sources` that
/// owns it.
struct SourceFile {
    std::string
        path; ///< as the user spelt it; "<stdin>" for standard input; of an expansion: where it is defined
    std::string_view text;
    std::uint32_t base = 0; ///< offset of the text's first byte in the shared offset space
    Origin origin{};
    /// Of an expansion: the file that was read in which all of it was asked for, and the line there; line 0
    /// where the expansion's own lines are lines of that file. Null for a file that was read.
    const SourceFile* asked_in = nullptr;
    std::uint32_t asked_line = 0;

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
    std::uint32_t line = 0;        ///< from 1
    std::uint32_t column = 0;      ///< from 1, in code points
    std::string_view line_text;    ///< the whole line without its line end
    std::uint32_t line_offset = 0; ///< where in `line_text` the place is, in bytes
};

/// Owns the source texts of one run and maps spans back to places.
class Sources {
  public:
    Sources() = default;
    Sources(const Sources&) = delete;
    Sources& operator=(const Sources&) = delete;

    /// Adds a text under a path. Fails when all texts together would pass 4 GiB - 2.
    [[nodiscard]] Result<const SourceFile*> add(std::string path, std::string text, Origin origin = {});
    /// The same of a text that is a part of another one here, which is not copied.
    [[nodiscard]] Result<const SourceFile*> add_part(std::string path, std::string_view text, Origin origin);

    /// The file that holds `offset`; null for an offset of no file.
    [[nodiscard]] const SourceFile* file_at(std::uint32_t offset) const;
    /// Where a byte stands. Linear in the distance from the last question about the same file, so that
    /// rendering many diagnostics in order stays linear in the text.
    [[nodiscard]] Location locate(std::uint32_t offset) const;
    /// The line of a place, as `Location::line` has it; 0 for an offset of no file. In logarithmic time.
    [[nodiscard]] std::uint32_t line_at(std::uint32_t offset) const;
    /// The file that was read in which the text at `offset` was written or, where it came of an expansion,
    /// asked for; `line`: the line there. Null for an offset of no file. In logarithmic time.
    [[nodiscard]] const SourceFile* asked_at(std::uint32_t offset, std::uint32_t& line) const;
    /// The line of a place in the text of `home`, a file that was read: for text that is included there, the
    /// line of the directive, and for a macro's, that of the call.
    [[nodiscard]] std::uint32_t line_in(const SourceFile& home, std::uint32_t offset) const;
    /// Where the user's own text made a place come to be: of text that comes with the program (its path is a
    /// name in angle brackets), the call or the directive outside of such text that brought it in. Else
    /// `span` itself.
    [[nodiscard]] Span users_place(Span span) const;
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
    [[nodiscard]] static const std::vector<std::uint32_t>& line_starts(const Owned& owned);
    [[nodiscard]] Result<const SourceFile*> place(std::string path, std::string_view text, Origin origin,
                                                  std::string owned_text);

    std::deque<Owned> files_; // sorted by base
    std::uint32_t next_base_ = 1;
};

} // namespace pyasm::support
