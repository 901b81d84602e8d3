#pragma once

#include "disassembler/outline.hpp"
#include "disassembler/tables.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace pyasm::disassembler {

/// The indices that a body names symbolically, each once, in the order of first use. Buffers are kept between
/// bodies.
class IndexUses {
  public:
    void begin(std::size_t table_size) {
        order_.clear();
        if (seen_.size() < table_size) seen_.resize(table_size, 0);
        ++stamp_;
    }
    void note(std::uint32_t index) {
        if (seen_[index] == stamp_) return;
        seen_[index] = stamp_;
        order_.push_back(index);
    }
    [[nodiscard]] const std::vector<std::uint32_t>& order() const { return order_; }

  private:
    std::vector<std::uint64_t> seen_; // by index: the body that saw it last
    std::uint64_t stamp_ = 0;
    std::vector<std::uint32_t> order_;
};

/// Writes arguments as operands: symbolically where the assembler gives the same argument back, else as they
/// are. Jumps are not its business.
class OperandWriter {
  public:
    OperandWriter(program::Unit& unit, Outline& outline) : unit_(unit), outline_(outline) {}

    void begin(const CodeTables& tables);
    /// `op` is no jump; `has_argument` as program::Instruction has it.
    void write(const isa::OpInfo& op, std::uint32_t argument, bool has_argument, program::Operand& operand);

    /// `[n]`.
    static void write_raw(std::uint32_t argument, program::Operand& operand);

    [[nodiscard]] const IndexUses& constants() const { return constants_; }
    [[nodiscard]] const IndexUses& names() const { return names_; }
    [[nodiscard]] const IndexUses& locals() const { return locals_; }
    [[nodiscard]] const IndexUses& derefs() const { return derefs_; }
    [[nodiscard]] const IndexUses& made_cells() const { return made_cells_; }
    /// Whether some `[n]` is an index that its table does not have.
    [[nodiscard]] bool out_of_range() const { return out_of_range_; }

  private:
    struct Spelling {
        const isa::OperandKind* kind;
        std::uint32_t value;
        std::string_view text;
    };
    /// A name that an operand is written with; a longer one would be written again at each of its uses.
    static constexpr std::size_t longest_name = 120;

    [[nodiscard]] bool write_constant(std::uint32_t index, program::Operand& operand);
    [[nodiscard]] bool write_name(const isa::OperandKind& kind, std::uint32_t argument,
                                  program::Operand& operand);
    [[nodiscard]] bool can_name_local(std::uint32_t slot) const;
    [[nodiscard]] bool write_local(std::uint32_t slot, program::Operand& operand);
    [[nodiscard]] bool write_pair(std::uint32_t argument, program::Operand& operand);
    [[nodiscard]] bool write_deref(const isa::OpInfo& op, std::uint32_t slot, program::Operand& operand);
    [[nodiscard]] bool write_word(const isa::OperandKind& kind, std::uint32_t argument,
                                  program::Operand& operand);
    [[nodiscard]] bool write_symbolic(const isa::OpInfo& op, std::uint32_t argument,
                                      program::Operand& operand);
    [[nodiscard]] std::optional<std::string_view> suffix(const isa::OperandKind& kind, std::uint32_t bits);
    [[nodiscard]] std::string_view remember(const isa::OperandKind& kind, std::uint32_t value,
                                            std::string_view text);
    [[nodiscard]] const Spelling* known(const isa::OperandKind& kind, std::uint32_t value) const;
    [[nodiscard]] bool has_entry(const isa::OpInfo& op, std::uint32_t argument) const;

    program::Unit& unit_;
    Outline& outline_;
    const CodeTables* tables_ = nullptr;
    IndexUses constants_, names_, locals_, derefs_, made_cells_;
    std::vector<Spelling> spellings_; // the few that are put together from several words
    bool out_of_range_ = false;
};

} // namespace pyasm::disassembler
