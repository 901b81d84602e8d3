#pragma once

#include "disassembler/disassemble.hpp"
#include "disassembler/items.hpp"
#include "disassembler/labels.hpp"
#include "disassembler/operands.hpp"
#include "disassembler/outline.hpp"
#include "disassembler/positions.hpp"
#include "disassembler/regions.hpp"
#include "disassembler/remarks.hpp"
#include "disassembler/source_lines.hpp"
#include "disassembler/tables.hpp"
#include "program/derived.hpp"
#include "program/encode.hpp"
#include "program/stack_depth.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pyasm::disassembler {

/// What a body says to the derivation of its block's fields: all indices through operands that are written
/// symbolically, each once, in the order of first use. It lives until the next body is written.
struct BodyFacts {
    std::span<const std::uint32_t> constants;
    /// What an instruction in front of all of these has in itself, of the first that has something.
    std::optional<program::ImpliedConstant> implied;
    std::span<const std::uint32_t> names;
    std::span<const std::uint32_t> locals; ///< slots, by instructions for locals (both of a pair, in order)
    std::span<const std::uint32_t> derefs; ///< slots, by instructions for cells and free variables
    std::span<const std::uint32_t> made_cells; ///< slots that a MAKE_CELL names
    bool copies_free_vars = false;             ///< has a COPY_FREE_VARS
    program::BodyTraits traits;
    bool unchecked = false; ///< something in the body assembles only with `.unchecked`
    /// What the assembler will derive from the body; meaningless where `*_needs_pin`.
    std::int64_t greatest_height = 0;
    bool line_table_needs_pin = false; ///< the body's positions do not encode to the code object's table
    bool exception_table_needs_pin = false;
    bool has_positions = false;  ///< the body has a `.line`
    std::int32_t first_line = 0; ///< line of the first `.line` that has one, where `has_positions`
    bool has_first_line = false;
};

/// Writes the statements of a block: instructions with symbolic operands, labels in order of appearance,
/// positions where they change, exception regions, comments. Buffers are kept between blocks.
class BodyWriter {
  public:
    BodyWriter(program::Unit& unit, Outline& outline, const DisassembleOptions& options);

    /// Fills `unit.blocks[block].body`, and `unit.positions`, `except_rows` and `comments` behind what is
    /// there.
    BodyFacts write(std::uint32_t block, const objects::CodeObject& code, const CodeTables& tables);

  private:
    void find_labels();
    void split_entered_prefixes();
    void check_prefixed_jumps();
    void write_rows();
    void write_items();
    void write_marks(std::uint32_t item, std::size_t& mark);
    void write_position(const objects::Position& position);
    void write_item(std::uint32_t item);
    void write_mnemonic(std::uint32_t item);
    void write_jump(std::uint32_t item, program::Operand& operand);
    void write_bytes(std::uint32_t begin, std::uint32_t size);
    void write_caches(std::uint32_t item);
    void collect_facts();

    program::Statement& add(program::StatementKind kind);
    void comment_item(std::uint32_t item);

    program::Unit& unit_;
    const isa::Target& target_;
    const DisassembleOptions& options_;
    const isa::OpInfo* const copy_free_vars_; // null where the target has none
    Items items_;
    Labels labels_;
    Regions regions_;
    Positions positions_;
    OperandWriter operands_;
    Remarks remarks_;
    SourceLines sources_;
    program::StackDepth depths_;
    program::Encoder encoder_;
    program::InstructionList list_; // of a body whose jumps have prefixes

    std::uint32_t block_ = 0;
    std::vector<program::Statement>* body_ = nullptr;
    std::size_t next_jump_ = 0; // in the items' jumps
    const CodeTables* tables_ = nullptr;
    BodyFacts facts_;
    std::int32_t shown_line_ = 0; // of the source, in a comment
    std::string remark_;          // of the item at hand
};

} // namespace pyasm::disassembler
