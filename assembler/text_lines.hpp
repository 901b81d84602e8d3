#pragma once

#include "assembler/lines.hpp"
#include "support/source.hpp"

#include <cstdint>

namespace pyasm::assembler {

/// The lines of a block's text in the file that it belongs to: for included text, the line of the `.include`,
/// and for a macro's, that of the call, since a code object has one file name.
class TextLines {
  public:
    TextLines(const support::Sources& sources, Lines& lines) : sources_(sources), lines_(lines) {}

    /// Of the block whose directive stands at `offset`.
    void begin(std::uint32_t offset);
    /// The line of its directive.
    [[nodiscard]] std::int32_t block_line() { return line_of(block_); }
    [[nodiscard]] std::int32_t line_of(std::uint32_t offset) {
        return !home_ || home_->holds(offset) ? lines_.line_of(offset) : other_line(offset);
    }
    /// The file; null where the block comes from none.
    [[nodiscard]] const support::SourceFile* file() const { return home_; }

  private:
    [[nodiscard]] std::int32_t other_line(std::uint32_t offset);

    const support::Sources& sources_;
    Lines& lines_;
    std::uint32_t block_ = 0;
    const support::SourceFile* home_ = nullptr;
    const support::SourceFile* other_ =
        nullptr;                  // the included file or the expansion last asked for, and its line
    std::int32_t other_line_ = 0; // 0: its lines differ
};

} // namespace pyasm::assembler
