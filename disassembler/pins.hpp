#pragma once

#include "disassembler/body.hpp"
#include "disassembler/outline.hpp"
#include "disassembler/tables.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace pyasm::disassembler {

/// States the fields of a block that the assembler would derive differently, and only those. What the
/// assembler would make is found out by its own rules (program/derived.hpp; assembler/tables.cpp and
/// variables.cpp): where they are not certain to give the field, it is stated.
class PinWriter {
  public:
    /// States `.filename` for the whole file, where there is a code object.
    PinWriter(program::Unit& unit, Outline& outline);

    /// Fills the signature and `pins` of `unit.blocks[block]`, whose parents are filled already.
    void write(std::uint32_t block, const objects::CodeObject& code, const CodeTables& tables,
               const BodyFacts& facts);

  private:
    void write_signature();
    [[nodiscard]] bool counts_make_a_signature() const;
    void state_counts();
    void write_constants();
    [[nodiscard]] bool has_docstring() const;
    void write_names();
    void write_separate_variables();
    void write_separate_derefs();
    void write_localsplus();
    [[nodiscard]] bool derives_localsplus();
    void write_cells_and_frees(std::uint32_t first_cell, std::uint32_t first_free);
    void write_called();
    void write_flags();
    void write_rest();
    void check_counts();

    /// The least head of a table of `size` entries, at least `given` of them, that must be stated so that
    /// what is used in this order gives the others.
    [[nodiscard]] std::uint32_t head(std::span<const std::uint32_t> uses, std::uint32_t size,
                                     std::uint32_t given);
    [[nodiscard]] bool enclosing_owns(std::string_view name);
    const std::vector<std::string_view>& owned_by(std::size_t block);
    [[nodiscard]] std::string_view qualname_of(std::size_t block) const;
    [[nodiscard]] std::uint8_t argument_kind(std::uint32_t slot) const;
    [[nodiscard]] const objects::CodeObject& code_of(std::size_t block) const {
        return unit_.values.code(outline_.entries()[block].code);
    }
    [[nodiscard]] bool same_text(objects::ValueId a, objects::ValueId b) const {
        return a == b || unit_.values.text(a) == unit_.values.text(b);
    }

    program::Unit& unit_;
    Outline& outline_;
    const isa::Target& target_;

    // Of the block at hand.
    program::Block* block_ = nullptr;
    program::BlockPins* pins_ = nullptr;
    const objects::CodeObject* code_ = nullptr;
    const CodeTables* tables_ = nullptr;
    const BodyFacts* facts_ = nullptr;
    std::uint32_t flags_ = 0;
    std::uint32_t proper_locals_ = 0; ///< slots that arguments may take
    std::uint32_t parameters_ = 0;    ///< those of the signature

    std::vector<std::uint32_t> position_; // by index: when it is used first
    std::vector<std::uint8_t> used_;      // by slot
    std::vector<std::vector<std::string_view>>
        owned_; // by block: sorted names that functions in it may capture
    std::vector<bool> owned_known_;
    std::size_t qualname_bytes_ = 0; // of those that are derived
};

} // namespace pyasm::disassembler
