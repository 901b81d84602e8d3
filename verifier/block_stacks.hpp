#pragma once

#include "support/hash.hpp"

#include <cstdint>
#include <span>
#include <tsl/robin_map.h>
#include <vector>

namespace pyasm::verifier {

/// A block of the block stack (up to 3.10). SETUP_WITH pushes a Finally block.
enum class BlockType : std::uint8_t {
    Loop,
    Except,
    Finally,
    Handler, ///< EXCEPT_HANDLER: an exception is being handled; the saved one is above `level`
};

/// Block stacks by number; equal ones have the same number. 0 is the empty one.
class BlockStacks {
  public:
    static constexpr std::uint32_t empty = 0;
    static constexpr std::uint32_t saved_items =
        3; ///< type, value and traceback, below what a Handler block is for
    struct Block {
        std::uint32_t below = empty; ///< the stack without this block
        BlockType type = BlockType::Loop;
        std::uint32_t handler = 0; ///< index of an instruction; 0 for Handler
        std::uint32_t level = 0;   ///< height of the value stack at the block's start
        std::uint32_t depth = 0;   ///< blocks, this one included
        [[nodiscard]] std::uint32_t floor() const {
            return level + (type == BlockType::Handler ? saved_items : 0);
        }
    };

    void clear() {
        blocks_.assign(1, {});
        known_.clear();
    }
    [[nodiscard]] const Block& top(std::uint32_t stack) const { return blocks_[stack]; }
    [[nodiscard]] std::uint32_t push(std::uint32_t stack, BlockType type, std::uint32_t handler,
                                     std::uint32_t level) {
        const std::uint64_t place = std::uint64_t{stack} << 32 | handler;
        const std::uint64_t kind = std::uint64_t{level} << 2 | static_cast<std::uint64_t>(type);
        const auto [row, is_new] =
            known_.try_emplace(Key{place, kind}, static_cast<std::uint32_t>(blocks_.size()));
        if (is_new) blocks_.push_back({stack, type, handler, level, blocks_[stack].depth + 1});
        return row->second;
    }

  private:
    struct Key {
        std::uint64_t place, kind;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const {
            return support::Hasher().number(key.place).number(key.kind).value();
        }
    };
    std::vector<Block> blocks_{{}};
    tsl::robin_map<Key, std::uint32_t, KeyHash> known_;
};

/// Sets of instructions that a value on the stack can lead back to, by number; 0 is "not known".
class JumpSets {
  public:
    void clear() { sets_.assign(1, {}); }
    [[nodiscard]] std::uint32_t of(std::uint32_t instruction);
    [[nodiscard]] std::uint32_t join(std::uint32_t a, std::uint32_t b);
    [[nodiscard]] std::span<const std::uint32_t> members(std::uint32_t set) const { return sets_[set]; }

    /// Members of a set, and sets of a code object: beyond, a join is "not known".
    static constexpr std::size_t most_members = 64;
    static constexpr std::size_t most_sets = 512;

  private:
    [[nodiscard]] std::uint32_t number(std::vector<std::uint32_t> members);
    std::vector<std::vector<std::uint32_t>> sets_{{}};
};

} // namespace pyasm::verifier
