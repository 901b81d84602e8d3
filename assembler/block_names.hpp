#pragma once

#include "program/unit.hpp"
#include "support/diagnostics.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pyasm::assembler {

/// What the blocks of a unit are called: co_name and co_qualname, stated or derived.
class BlockNames {
  public:
    BlockNames(program::Unit& unit, support::Diagnostics& diagnostics)
        : unit_(unit), diagnostics_(diagnostics), qualnames_(unit.blocks.size()),
          texts_(2 * unit.blocks.size(), objects::no_value) {}

    [[nodiscard]] std::string_view name(std::int32_t block) const;
    /// Of any target: up to 3.10, where code objects have none, it is what MAKE_FUNCTION is given. Bounded in
    /// all, since a path is in the names of all blocks below it; too many are reported once, and are the name
    /// alone.
    [[nodiscard]] std::string_view qualname(std::int32_t block);
    /// `name(NAME)` or `qualname(NAME)`: one value for each block, a `str` of the target.
    [[nodiscard]] objects::ValueId value(std::int32_t block, bool qualified);
    /// The same of a symbol of another file, which tells it: "Outer.method" of helpers:Outer.method$2.
    [[nodiscard]] objects::ValueId value_of_symbol(std::string_view symbol, bool qualified);

  private:
    program::Unit& unit_;
    support::Diagnostics& diagnostics_;
    std::vector<std::string_view> qualnames_; // by block; empty: not asked for
    std::vector<objects::ValueId> texts_;     // by block: name, qualname
    std::size_t bytes_ = 0;                   // of all that were derived
};

} // namespace pyasm::assembler
