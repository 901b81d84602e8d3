#pragma once

#include "program/outline.hpp"
#include "program/unit.hpp"

#include <vector>

namespace pyasm::disassembler {

/// Which code objects become which blocks, and how constants name them.
class Outline {
  public:
    using Entry = program::Outline::Entry;

    /// Code objects inside containers are replaced by CodeSymbol values in place; those directly in constants
    /// stay as they are.
    Outline(program::Unit& unit, objects::ValueId top);

    /// A nested entry follows its parent; siblings in the order of the parent's constants.
    [[nodiscard]] const std::vector<Entry>& entries() const { return outline_.entries(); }
    /// The CodeSymbol value with which constants of any block name this code object. A CodeSymbol is itself.
    [[nodiscard]] objects::ValueId symbol_of(objects::ValueId code);

  private:
    objects::ValuePool& pool_;
    program::Outline outline_;
    std::vector<objects::ValueId> symbols_; // by entry
};

} // namespace pyasm::disassembler
