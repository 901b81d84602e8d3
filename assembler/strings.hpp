#pragma once

#include "support/hash.hpp"

#include <tsl/robin_map.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace pyasm::assembler {

/// Numbers the different texts of a unit (names, locals, labels), so that the blocks' tables are plain
/// arrays.
class Strings {
  public:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    std::uint32_t intern(std::string_view text) {
        const auto [entry, is_new] = ids_.try_emplace(text, static_cast<std::uint32_t>(texts_.size()));
        if (is_new) texts_.push_back(text);
        return entry->second;
    }
    [[nodiscard]] std::uint32_t find(std::string_view text) const {
        const auto entry = ids_.find(text);
        return entry == ids_.end() ? none : entry->second;
    }
    [[nodiscard]] std::string_view text(std::uint32_t id) const { return texts_[id]; }
    [[nodiscard]] std::size_t size() const { return texts_.size(); }

  private:
    using Entry = std::pair<std::string_view, std::uint32_t>;
    static constexpr bool store_hash = true; // growing need not read the texts again
    tsl::robin_map<std::string_view, std::uint32_t, support::TextHash, std::equal_to<std::string_view>,
                   std::allocator<Entry>, store_hash>
        ids_;
    std::vector<std::string_view> texts_;
};

/// A number for each key of a block, forgotten at once when the next block begins.
class BlockIndex {
  public:
    static constexpr std::uint32_t none = Strings::none;

    void begin_block() { ++block_; }
    [[nodiscard]] std::uint32_t get(std::uint32_t key) const {
        return key < entries_.size() && entries_[key].block == block_ ? entries_[key].index : none;
    }
    void set(std::uint32_t key, std::uint32_t index) {
        if (key >= entries_.size()) entries_.resize(key + key / 2 + 64);
        entries_[key] = {block_, index};
    }

  private:
    struct Entry {
        std::uint32_t block = 0;
        std::uint32_t index = 0;
    };
    std::uint32_t block_ = 0;
    std::vector<Entry> entries_;
};

} // namespace pyasm::assembler
