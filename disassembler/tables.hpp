#pragma once

#include "objects/code_object.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <string_view>

namespace pyasm::disassembler {

/// The tables of one code object, as operands name their entries: which index a literal or a name leads the
/// assembler to. Buffers are kept between code objects.
class CodeTables {
  public:
    void begin(const program::Unit& unit, const objects::CodeObject& code);

    /// Whether an operand that is written as the entry's literal or name means this very entry: it is in the table
    /// and the first of its key (constants: same type and bits; code objects and mutable ones: the same object).
    /// Where not, the operand is written `[n]`.
    [[nodiscard]] bool constant_is_plain(std::uint32_t index) const;
    [[nodiscard]] bool name_is_plain(std::uint32_t index) const;
    /// `slot`: what the argument of an instruction for locals counts (co_varnames, from 3.11 localsplus), or of one
    /// for cells and free variables (co_cellvars + co_freevars, from 3.11 localsplus).
    [[nodiscard]] bool local_is_plain(std::uint32_t slot) const;
    [[nodiscard]] bool deref_is_plain(std::uint32_t slot) const;

    /// Entries that exist; an index beyond makes the block `.unchecked`.
    [[nodiscard]] std::uint32_t constant_count() const;
    [[nodiscard]] std::uint32_t name_count() const;
    [[nodiscard]] std::uint32_t local_count() const;
    [[nodiscard]] std::uint32_t deref_count() const;

    [[nodiscard]] objects::ValueId constant(std::uint32_t index) const;
    [[nodiscard]] std::string_view name(std::uint32_t index) const;
    [[nodiscard]] std::string_view local(std::uint32_t slot) const;
    [[nodiscard]] std::string_view deref(std::uint32_t slot) const;
};

} // namespace pyasm::disassembler
