#pragma once

#include "objects/line_table.hpp"
#include "program/instruction.hpp"
#include "support/bytes.hpp"

#include <cstdint>
#include <vector>

namespace pyasm::disassembler {

/// The positions of a body's items from its line table, as `.line` can say them. Buffers are kept between bodies.
class Positions {
  public:
    explicit Positions(const isa::Target& target);

    /// Reads the table of a code object. One that cannot be read leaves every item without a position.
    void begin(std::int32_t firstlineno, support::Bytes table, std::size_t code_size);
    /// For each item in order, code bytes [begin, end): whether a `.line` stands in front of it. Then it says
    /// `current()`.
    bool changes(const program::Instruction& item, std::uint32_t begin, std::uint32_t end);
    /// Position of the last item.
    [[nodiscard]] const objects::Position& current() const { return current_; }
    /// After the last item: whether the assembler would make another table of what `.line` says.
    [[nodiscard]] bool table_differs();

  private:
    [[nodiscard]] objects::Position at(std::uint32_t offset);
    [[nodiscard]] objects::Position sayable(objects::Position position) const;

    const isa::Target& target_;
    bool has_columns_; // the format has columns and last lines
    bool says_none_;   // and can say that there is no line
    std::int32_t firstlineno_ = 0;
    support::Bytes table_;
    std::vector<objects::PositionRun> decoded_;
    std::size_t next_ = 0; // run that the next item is looked for in
    bool stated_ = false;
    bool open_ = false; // the last run is a prefix of the instruction to come
    objects::Position current_;
    std::vector<objects::PositionRun> runs_; // as the assembler will have them
    support::ByteWriter buffer_;
};

} // namespace pyasm::disassembler
