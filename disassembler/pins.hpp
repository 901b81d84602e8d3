#pragma once

#include "disassembler/body.hpp"
#include "disassembler/outline.hpp"
#include "disassembler/tables.hpp"
#include "program/unit.hpp"

namespace pyasm::disassembler {

/// States the fields of a block that the assembler would derive differently, and only those.
class PinWriter {
  public:
    PinWriter(program::Unit& unit, Outline& outline);

    /// Fills the signature and `pins` of `unit.blocks[block]`, whose parents are filled already.
    void write(std::uint32_t block, const objects::CodeObject& code, const CodeTables& tables, const BodyFacts& facts);
};

} // namespace pyasm::disassembler
