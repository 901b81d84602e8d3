#pragma once

#include "objects/value.hpp"
#include "support/span.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pyasm::assembler {

/// Where the code objects of a file are written, for messages about what became of them. A code object that
/// no block is has no place.
class Places {
  public:
    struct Item {
        std::uint32_t offset; ///< in co_code, its prefixes included
        support::Span span;
    };

    /// The code object of the next block, and its directive word.
    void begin(objects::ValueId code, support::Span directive) {
        blocks_.push_back({code, directive, items_.size()});
    }
    /// The next item of its body. In one go for all blocks, so that this costs next to nothing.
    void add(Item item) { items_.push_back(item); }

    /// Its block's directive word; unknown where it has no block.
    [[nodiscard]] support::Span block_of(objects::ValueId code) const;
    /// The statement that the byte at `offset` of its co_code comes from; where there is none, that of its
    /// block.
    [[nodiscard]] support::Span at(objects::ValueId code, std::uint32_t offset) const;

  private:
    struct Block {
        objects::ValueId code;
        support::Span directive;
        std::size_t first; // item; the last one stands before those of the next block
    };
    [[nodiscard]] const Block* find(objects::ValueId code) const;

    std::vector<Block> blocks_;
    std::vector<Item> items_;
};

} // namespace pyasm::assembler
