#pragma once

#include "objects/code_object.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace pyasm::disassembler {

/// Which code objects become which blocks. A code object that stands directly in the constants of exactly one other
/// becomes a block nested in that one's, up to a depth that the language allows; every other (inside a container, in
/// the constants of several, the top object, nested too deep) stands at file level under a symbol that no other
/// block has.
class Outline {
  public:
    struct Entry {
        objects::ValueId code;
        std::int32_t parent = -1; ///< index of the enclosing entry
        program::BlockKind kind = program::BlockKind::Code;
        std::string_view symbol; ///< unique among its siblings, at file level in the whole file: `f`, `f$2`
    };

    /// Walks the values under `top` without recursion. Code objects inside containers are replaced by
    /// CodeSymbol values in place; those directly in constants stay as they are.
    Outline(program::Unit& unit, objects::ValueId top);

    /// A nested entry follows its parent; siblings in the order of the parent's constants.
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    /// The CodeSymbol value with which constants of any block name this code object.
    [[nodiscard]] objects::ValueId symbol_of(objects::ValueId code);

  private:
    std::vector<Entry> entries_;
};

} // namespace pyasm::disassembler
