#pragma once

#include "disassembler/items.hpp"
#include "disassembler/labels.hpp"
#include "objects/exception_table.hpp"
#include "program/stack_depth.hpp"
#include "program/unit.hpp"
#include "support/hash.hpp"

#include <tsl/robin_map.h>

#include <cstdint>
#include <span>
#include <vector>

namespace pyasm::disassembler {

/// The exception table of a body as `.try` regions and `.except` rows, which the assembler makes the same
/// table of. Buffers are kept between bodies.
class Regions {
  public:
    /// Where a region begins or ends.
    struct Mark {
        std::uint32_t item = 0;
        bool opens = false;
        std::uint32_t region = 0; ///< where it opens: index in `regions()`
    };
    struct Region {
        objects::ExceptionEntry row; ///< of a `.try` the first one, up to its `.endtry`
        bool is_try = false;
        bool states_depth = false;
    };

    explicit Regions(const isa::Target& target) : target_(target) {}

    /// Reads the table (empty for a target that has none) and asks for the labels that it needs. Rows that
    /// cannot be said leave no region, and the table to a pin.
    void begin(support::Bytes table, Items& items, Labels& labels);
    /// Finds the heights of the stack as the assembler will, and states the depths that it would not derive.
    void settle(const Items& items, program::StackDepth& depths);

    [[nodiscard]] bool needs_pin() const { return needs_pin_; }
    /// Those of `.try`, outer ones first, then those of `.except`.
    [[nodiscard]] std::span<const Region> regions() const { return regions_; }
    /// In the order in which they stand in the body. At one item, regions end before others begin.
    [[nodiscard]] std::span<const Mark> marks() const { return marks_; }

  private:
    struct Key {
        std::uint32_t target, depth;
        bool lasti;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const {
            const std::uint64_t number = std::uint64_t{key.depth} << 1 | (key.lasti ? 1U : 0U);
            return support::Hasher().number(key.target).number(number).value();
        }
    };
    struct Open {
        std::uint32_t region;
        std::uint32_t key;
    };
    static Key key_of(const objects::ExceptionEntry& row) { return {row.target, row.depth, row.lasti}; }

    [[nodiscard]] bool can_be_said(const Items& items) const;
    [[nodiscard]] std::size_t count_tries(Items& items) const;
    void number_keys(std::size_t tries);
    void nest(std::size_t tries, Items& items);
    void close(std::uint32_t item);
    void want_labels(std::size_t tries, Items& items, Labels& labels) const;
    void analyse(const Items& items, program::StackDepth& depths);
    [[nodiscard]] std::uint32_t derived_depth(std::size_t region, const program::StackDepth& depths) const;
    [[nodiscard]] bool state_differing(const program::StackDepth& depths);

    const isa::Target& target_;
    bool needs_pin_ = false;
    std::vector<objects::ExceptionEntry> rows_;
    std::vector<Region> regions_;
    std::vector<Mark> marks_;
    std::vector<Open> open_;                              // innermost last
    tsl::robin_map<Key, std::uint32_t, KeyHash> numbers_; // of the keys of a body
    std::vector<std::uint32_t> keys_;                     // by row: the number of its key
    std::vector<std::uint32_t> last_rows_;                // by row: the last one with its key in this chain
    std::vector<std::uint32_t> last_by_key_;
    std::vector<bool> is_open_; // by key
    std::vector<program::HandledRegion> handled_;
    support::ByteWriter buffer_;
};

} // namespace pyasm::disassembler
