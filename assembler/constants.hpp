#pragma once

#include "objects/value.hpp"
#include "program/unit.hpp"
#include "support/diagnostics.hpp"
#include "support/hash.hpp"

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace pyasm::assembler {

class BlockNames;
class Symbols;

/// Knows which values of a unit are the same constant: mutable ones where they are one object, others by what
/// they are (see objects/same_value.hpp).
class Constants {
  public:
    Constants(program::Unit& unit, Symbols& symbols, BlockNames& names, support::Diagnostics& diagnostics)
        : unit_(unit), pool_(unit.values), symbols_(symbols), names_(names), diagnostics_(diagnostics),
          values_(0, ValueHash{this}, SameValue{this}) {}
    Constants(const Constants&) = delete;
    Constants& operator=(const Constants&) = delete;

    /// A value for an int written as an operand, the same for the same number.
    objects::ValueId integer(std::int64_t number);

    /// Makes a literal of `block` ready to be a constant: `code(NAME)` in it becomes the block's code object,
    /// and what the target's marshal cannot hold is reported, at `place` where the value's own place is not
    /// known. Gives the value itself, or the code object it stands for; `no_value` after an error.
    objects::ValueId prepare(objects::ValueId id, std::int32_t block, support::Span place);
    /// The same of all `.constant`s, at file level; before any block refers to them.
    void prepare_constants();
    /// The value of the unit's `.constant`; `no_value` after an error.
    [[nodiscard]] objects::ValueId constant(std::size_t index) const { return constants_[index].value; }

    /// A prepared value's key: the first value that is the same constant.
    [[nodiscard]] objects::ValueId key(objects::ValueId id) const {
        return key_[static_cast<std::uint32_t>(id)];
    }
    /// Levels of nesting of a prepared value, itself included; code objects count as one, and so does what
    /// has been met before, where marshal has references.
    [[nodiscard]] int depth(objects::ValueId id) const { return depth_[static_cast<std::uint32_t>(id)]; }

  private:
    struct IntegerHash {
        [[nodiscard]] std::size_t operator()(std::int64_t number) const {
            return support::Hasher().number(static_cast<std::uint64_t>(number)).value();
        }
    };
    struct ValueHash {
        const Constants* owner;
        [[nodiscard]] std::size_t operator()(objects::ValueId id) const;
    };
    struct SameValue {
        const Constants* owner;
        [[nodiscard]] bool operator()(objects::ValueId a, objects::ValueId b) const;
    };
    static constexpr bool store_hash = true; // growing need not look at the values again
    static constexpr std::int16_t being_prepared = -1;

    [[nodiscard]] bool prepare_parts(objects::ValueId id, std::int32_t block, support::Span place, int level);
    [[nodiscard]] objects::ValueId resolve(objects::ValueId id, std::int32_t block, support::Span place,
                                           int level);
    [[nodiscard]] objects::ValueId block_name(objects::ValueId id, std::int32_t block, support::Span place);
    [[nodiscard]] objects::ValueId constant_value(std::size_t index, int level);
    [[nodiscard]] bool note_hash(objects::ValueId id, support::Span place);
    [[nodiscard]] bool target_holds(objects::ValueId id, support::Span place);
    [[nodiscard]] bool refers_to_itself(objects::ValueId id, support::Span place);
    void make_room();
    void enter(objects::ValueId id);
    [[nodiscard]] support::Span place_of(objects::ValueId id, support::Span fallback) const;

    program::Unit& unit_;
    objects::ValuePool& pool_;
    Symbols& symbols_;
    BlockNames& names_;
    support::Diagnostics& diagnostics_;
    // The first of those that are the same: ints by their number, all others by themselves.
    tsl::robin_map<std::int64_t, objects::ValueId, IntegerHash> integers_;
    tsl::robin_set<objects::ValueId, ValueHash, SameValue, std::allocator<objects::ValueId>, store_hash>
        values_;
    std::vector<objects::ValueId> key_; // by value; no_value where not prepared
    std::vector<std::int16_t> depth_;   // by value
    struct Named {
        objects::ValueId value = objects::no_value;
        enum : std::uint8_t { fresh, open, done } state = fresh;
    };
    std::vector<Named> constants_; // by `.constant`
};

} // namespace pyasm::assembler
