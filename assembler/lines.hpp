#pragma once

#include "support/source.hpp"

#include <cstdint>
#include <vector>

namespace pyasm::assembler {

/// Line numbers of the source text. A question near the one before costs next to nothing.
class Lines {
  public:
    explicit Lines(const support::Sources& sources) : sources_(sources) {}

    /// The line (from 1) of the byte at `offset`; 1 for an offset of no file.
    [[nodiscard]] std::int32_t line_of(std::uint32_t offset);

  private:
    struct File {
        const support::SourceFile* file;
        std::vector<std::uint32_t> starts; // of each line, and past the end of the text
    };
    bool enter(std::uint32_t offset);

    const support::Sources& sources_;
    std::vector<File> files_;
    std::size_t current_ = 0;
    std::size_t line_ = 0;              // in the current file, from 0
    std::uint32_t begin_ = 1, end_ = 0; // offsets of the current line
};

} // namespace pyasm::assembler
