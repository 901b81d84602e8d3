#pragma once

#include "objects/line_table.hpp"
#include "program/instruction.hpp"
#include "support/bytes.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace pyasm::disassembler {

/// The positions of a body's items from its line table, as `.line` can say them. Buffers are kept between
/// bodies.
class Positions {
  public:
    explicit Positions(const isa::Target& target);

    /// Reads the table of a code object. One that cannot be read leaves every item without a position.
    void begin(std::int32_t firstlineno, support::Bytes table, std::size_t code_size);
    /// For each item in order, code bytes [begin, end): what `.line` says in front of it. Several positions
    /// only where the table has several entries there.
    [[nodiscard]] std::span<const objects::Position> in_front_of(const program::Instruction& item,
                                                                 std::uint32_t begin, std::uint32_t end) {
        if (begin >= settled_until_) return find_in_front_of(item, begin, end);
        add_run(item, begin, end);
        return {};
    }
    /// What `.line` says behind the last item.
    [[nodiscard]] std::span<const objects::Position> at_end(std::uint32_t end);
    /// How many positions the table can make, at most one more than that.
    [[nodiscard]] std::size_t most() const { return decoded_.size() + decoded_entries_.size(); }
    /// After that: whether the assembler would make another table of what `.line` says.
    [[nodiscard]] bool table_differs();

  private:
    [[nodiscard]] std::span<const objects::Position> find_in_front_of(const program::Instruction& item,
                                                                      std::uint32_t begin, std::uint32_t end);
    [[nodiscard]] objects::Position at(std::uint32_t offset);
    [[nodiscard]] objects::Position sayable(objects::Position position) const;
    void state_entries(std::uint32_t offset);
    void state(const objects::Position& position);
    void add_run(const program::Instruction& item, std::uint32_t begin, std::uint32_t end);

    const isa::Target& target_;
    const bool has_columns_;   // the format has columns and last lines
    const bool has_entries_;   // it has entries that may repeat a line
    const bool merges_;        // neighbours with equal positions are written as one
    const std::uint32_t unit_; // bytes of a code unit, a power of two
    std::int32_t firstlineno_ = 0;
    support::Bytes table_;
    std::vector<objects::PositionRun> decoded_;
    std::vector<objects::LineEntry> decoded_entries_;
    std::size_t next_ = 0;            // run or entry that the next item is looked for in
    std::uint32_t settled_until_ = 0; // what starts before this has the current position
    bool stated_ = false;
    bool open_ = false; // the last run is a prefix of the instruction to come
    objects::Position current_;
    std::vector<objects::Position> due_;
    std::vector<objects::PositionRun> runs_; // as the assembler will have them
    std::vector<objects::LineEntry> entries_;
};

} // namespace pyasm::disassembler
