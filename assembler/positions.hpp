#pragma once

#include "assembler/context.hpp"
#include "assembler/text_lines.hpp"
#include "objects/line_table.hpp"
#include "program/instruction.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace pyasm::assembler {

/// Which position each instruction of the block at hand has: from `.line`, else the lines of the text.
class Positions {
  public:
    explicit Positions(UnitContext& context) : context_(context), lines_(context.sources, context.lines) {}

    void begin(const program::Block& block);
    /// `.line` in front of the item numbered `item`.
    void line(const program::Statement& statement, std::uint32_t item);
    /// co_firstlineno where it is not stated.
    [[nodiscard]] std::int32_t firstlineno();
    /// The line table's runs, one for each instruction with its prefixes.
    [[nodiscard]] std::span<const objects::PositionRun> runs(const program::InstructionList& list,
                                                             std::span<const std::uint32_t> starts,
                                                             std::int32_t firstlineno);
    /// Whether the line table has an entry for each `.line`: in a block that has some, where the format can.
    [[nodiscard]] bool has_entries() const { return stated_ && objects::has_line_entries(context_.target); }
    /// These entries.
    [[nodiscard]] std::span<const objects::LineEntry> entries(std::span<const std::uint32_t> starts);

  private:
    struct Change {
        std::uint32_t item;
        objects::Position position;
    };
    void add(std::uint32_t begin, std::uint32_t end, const objects::Position& position);
    static objects::Position of_line(std::int32_t line) {
        objects::Position position;
        position.line = position.end_line = line;
        return position;
    }

    UnitContext& context_;
    const program::Block* block_ = nullptr;
    TextLines lines_;
    bool stated_ = false; // the block has a `.line`
    bool open_ = false;   // the last run is a prefix of the instruction to come
    std::vector<Change> changes_;
    std::vector<objects::PositionRun> runs_;
    std::vector<objects::LineEntry> entries_;
};

} // namespace pyasm::assembler
