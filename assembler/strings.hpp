#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace pyasm::assembler {

/// A 64-bit hash of bytes: eight at a time, mixed by multiplication.
[[nodiscard]] inline std::uint64_t hash_bytes(const char* bytes, std::size_t size) {
    constexpr std::uint64_t factor = 0x9E37'79B9'7F4A'7C15;
    std::uint64_t hash = size * factor;
    const auto mix = [&hash](std::uint64_t word) {
        hash = (hash ^ word) * factor;
        hash ^= hash >> 32;
    };
    for (; size >= 8; bytes += 8, size -= 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes, 8);
        mix(word);
    }
    if (size) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes, size);
        mix(word);
    }
    return hash * factor;
}
[[nodiscard]] inline std::uint64_t hash_bytes(std::string_view text) {
    return hash_bytes(text.data(), text.size());
}

/// Equality of short texts without a call.
[[nodiscard]] inline bool same_text(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    const char* x = a.data();
    const char* y = b.data();
    std::size_t size = a.size();
    for (; size >= 8; x += 8, y += 8, size -= 8) {
        std::uint64_t one, other;
        std::memcpy(&one, x, 8);
        std::memcpy(&other, y, 8);
        if (one != other) return false;
    }
    for (; size > 0; ++x, ++y, --size)
        if (*x != *y) return false;
    return true;
}

/// A hash table of indices, open addressing, no memory per entry. What an index stands for, and when two are
/// equal, is the owner's business.
class IndexTable {
  public:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    /// The index for which `equal(index)` holds; else `none`, and `add` may follow with the same hash.
    template <class Equal> [[nodiscard]] std::uint32_t find(std::uint64_t hash, Equal equal) const {
        if (slots_.empty()) return none;
        const std::uint32_t tag = tag_of(hash);
        for (std::size_t at = hash & mask_;; at = (at + 1) & mask_) {
            const Slot slot = slots_[at];
            if (slot.index == none) return none;
            if (slot.tag == tag && equal(slot.index)) return slot.index;
        }
    }
    void add(std::uint64_t hash, std::uint32_t index) {
        if ((count_ + 1) * 2 > slots_.size()) grow();
        ++count_;
        place({tag_of(hash), static_cast<std::uint32_t>(hash), index});
    }

  private:
    struct Slot {
        std::uint32_t tag;
        std::uint32_t place; // low half of the hash, so that growing asks nobody
        std::uint32_t index;
    };
    static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
    void place(Slot slot) {
        std::size_t at = slot.place & mask_;
        while (slots_[at].index != none) at = (at + 1) & mask_;
        slots_[at] = slot;
    }
    void grow() {
        std::vector<Slot> old = std::move(slots_);
        slots_.assign(old.empty() ? 256 : old.size() * 2, Slot{0, 0, none});
        mask_ = slots_.size() - 1;
        for (const Slot& slot : old)
            if (slot.index != none) place(slot);
    }

    std::vector<Slot> slots_;
    std::size_t mask_ = 0;
    std::size_t count_ = 0;
};

/// Numbers the different texts of a unit (names, locals, labels), so that the blocks' tables are plain
/// arrays.
class Strings {
  public:
    static constexpr std::uint32_t none = IndexTable::none;

    std::uint32_t intern(std::string_view text) {
        const std::uint64_t hash = hash_bytes(text);
        std::uint32_t id = table_.find(hash, [&](std::uint32_t i) { return same_text(texts_[i], text); });
        if (id != none) return id;
        id = static_cast<std::uint32_t>(texts_.size());
        texts_.push_back(text);
        table_.add(hash, id);
        return id;
    }
    [[nodiscard]] std::uint32_t find(std::string_view text) const {
        return table_.find(hash_bytes(text), [&](std::uint32_t i) { return same_text(texts_[i], text); });
    }
    [[nodiscard]] std::string_view text(std::uint32_t id) const { return texts_[id]; }
    [[nodiscard]] std::size_t size() const { return texts_.size(); }

  private:
    IndexTable table_;
    std::vector<std::string_view> texts_;
};

/// A number for each key of a block, forgotten at once when the next block begins.
class BlockIndex {
  public:
    static constexpr std::uint32_t none = IndexTable::none;

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
