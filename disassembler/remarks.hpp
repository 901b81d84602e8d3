#pragma once

#include "disassembler/items.hpp"
#include "disassembler/outline.hpp"
#include "disassembler/tables.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <string>

namespace pyasm::disassembler {

/// Says in words what a listing would not show otherwise; empty where there is nothing to say.
class Remarks {
  public:
    Remarks(program::Unit& unit, Outline& outline) : unit_(unit), outline_(outline) {}

    /// Of an instruction that is written as `.op`: its name, or that it has none.
    [[nodiscard]] std::string opcode(std::uint8_t number) const;
    /// Of an argument that is written as it is: what it means.
    [[nodiscard]] std::string argument(const CodeTables& tables, const isa::OpInfo& op,
                                       std::uint32_t argument);
    /// Of a jump that no label can say.
    [[nodiscard]] std::string destination(std::int64_t offset, std::uint32_t code_size) const;
    /// Of a jump to a place `distance` bytes behind the start of an item.
    [[nodiscard]] std::string inside(const Items& items, std::uint32_t item, std::uint32_t distance) const;

  private:
    [[nodiscard]] std::string constant(const CodeTables& tables, std::uint32_t index);
    [[nodiscard]] std::string name(std::string_view what, std::string_view name, std::uint32_t index,
                                   std::uint32_t count) const;
    [[nodiscard]] std::string local(const CodeTables& tables, std::uint32_t slot) const;

    program::Unit& unit_;
    Outline& outline_;
};

} // namespace pyasm::disassembler
