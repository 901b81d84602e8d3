#pragma once

#include "objects/value.hpp"
#include "support/hash.hpp"
#include "support/span.hpp"

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pyasm::grammar {

/// Index of an anchor in an `AnchorTable`.
using AnchorId = std::uint32_t;
inline constexpr AnchorId no_anchor = 0xFFFF'FFFF;

/// The anchors that have been read: `&1 VALUE` defines one, `*1` is the same value. The value's id is given
/// out before it has been read, so that it may stand in itself.
class AnchorTable {
  public:
    struct Entry {
        std::uint64_t number = 0;
        objects::ValueId value = objects::no_value;
        support::Span span; ///< the `&1`
        bool open = true;   ///< its value is being read
    };

    /// The anchor with this number; `no_anchor` where there is none.
    [[nodiscard]] AnchorId find(std::uint64_t number) const {
        const auto found = by_number_.find(number);
        return found == by_number_.end() ? no_anchor : found->second;
    }
    /// The number must be new. `value` is the id that the anchor's value will have.
    AnchorId define(std::uint64_t number, objects::ValueId value, support::Span span) {
        const auto id = static_cast<AnchorId>(entries_.size());
        entries_.push_back({number, value, span, true});
        by_number_.emplace(number, id);
        values_.insert(static_cast<std::uint32_t>(value));
        open_.push_back(id);
        return id;
    }
    [[nodiscard]] const Entry& operator[](AnchorId id) const { return entries_[id]; }
    [[nodiscard]] bool is_anchored(objects::ValueId value) const {
        return !values_.empty() && values_.contains(static_cast<std::uint32_t>(value));
    }
    /// Its value has been read. Anchors close in the reverse order of their definitions.
    void close(AnchorId id) {
        entries_[id].open = false;
        if (!open_.empty() && open_.back() == id) open_.pop_back();
    }
    /// Forgets the anchors that stand behind an offset: they were defined last.
    void forget_from(std::uint32_t offset) {
        close_all();
        while (!entries_.empty() && entries_.back().span.begin >= offset) {
            by_number_.erase(entries_.back().number);
            values_.erase(static_cast<std::uint32_t>(entries_.back().value));
            entries_.pop_back();
        }
    }
    /// A new literal begins: what an unreadable one has left open is closed.
    void close_all() {
        for (const AnchorId id : open_) entries_[id].open = false;
        open_.clear();
    }

  private:
    std::vector<Entry> entries_;
    std::vector<AnchorId> open_;
    tsl::robin_map<std::uint64_t, AnchorId, support::NumberHash> by_number_;
    tsl::robin_set<std::uint32_t, support::NumberHash> values_;
};

} // namespace pyasm::grammar
