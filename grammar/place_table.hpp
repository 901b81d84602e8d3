#pragma once

#include "support/span.hpp"

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace pyasm::grammar {

/// Where names of scopes (labels of blocks, symbols of blocks) were first defined. Open addressing, no
/// allocation per name; the hash is seeded, so that no text can make it slow.
class PlaceTable {
  public:
    explicit PlaceTable(std::uint64_t seed) : seed_(seed | 1) {}

    /// The place of an earlier definition; unknown if this is the first, which is then noted.
    [[nodiscard]] support::Span define(std::uint32_t scope, std::string_view name, support::Span place) {
        if ((count_ + 1) * 2 > entries_.size()) grow();
        const std::uint64_t key = hash(scope, name);
        for (std::size_t at = key & mask_;; at = (at + 1) & mask_) {
            Entry& entry = entries_[at];
            if (!entry.place.known()) {
                entry = {key, name, place, scope};
                ++count_;
                return {};
            }
            if (entry.key == key && entry.scope == scope && entry.name == name) return entry.place;
        }
    }

  private:
    struct Entry {
        std::uint64_t key = 0;
        std::string_view name;
        support::Span place;
        std::uint32_t scope = 0;
    };

    [[nodiscard]] std::uint64_t hash(std::uint32_t scope, std::string_view name) const {
        std::uint64_t state = seed_ ^ (std::uint64_t{scope} << 32) ^ name.size();
        const auto mix = [&state](std::uint64_t word) {
            __extension__ using Wide = unsigned __int128;
            const Wide product = static_cast<Wide>(state ^ word) * 0x9E37'79B9'7F4A'7C15U;
            state = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
        };
        while (!name.empty()) {
            std::uint64_t word = 0;
            const std::size_t size = name.size() < 8 ? name.size() : 8;
            std::memcpy(&word, name.data(), size);
            mix(word);
            name.remove_prefix(size);
        }
        mix(seed_);
        return state;
    }

    void grow() {
        std::vector<Entry> old(entries_.empty() ? 64 : entries_.size() * 2);
        old.swap(entries_);
        mask_ = entries_.size() - 1;
        for (const Entry& entry : old) {
            if (!entry.place.known()) continue;
            std::size_t at = entry.key & mask_;
            while (entries_[at].place.known()) at = (at + 1) & mask_;
            entries_[at] = entry;
        }
    }

    std::vector<Entry> entries_;
    std::size_t mask_ = 0;
    std::size_t count_ = 0;
    std::uint64_t seed_;
};

} // namespace pyasm::grammar
