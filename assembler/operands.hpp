#pragma once

#include "assembler/context.hpp"
#include "assembler/labels.hpp"
#include "assembler/tables.hpp"
#include "assembler/variables.hpp"
#include "program/instruction.hpp"

#include <cstdint>
#include <vector>

namespace pyasm::assembler {

/// Finds out what the operands of the block at hand mean, and with that the arguments of its instructions.
class Operands {
  public:
    Operands(UnitContext& context, Tables& tables, Variables& variables, Labels& labels,
             program::InstructionList& list)
        : context_(context), tables_(tables), variables_(variables), labels_(labels), list_(list) {}

    void begin(const program::Block& block);

    /// Sets the argument of `item`, which is about to become the list's last; or notes that it follows later,
    /// once slots and labels are known.
    void resolve(const program::Statement& statement, program::Instruction& item);

    /// Fills in what had to wait. Variables are finished by then.
    void finish();

  private:
    /// An argument that waits for the slots of variables.
    struct SlotUse {
        std::uint32_t item;
        std::uint32_t first;  // variable
        std::uint32_t second; // of a pair
        support::Span span;
    };
    struct JumpUse {
        std::uint32_t item;
        std::uint32_t label;
        std::int64_t addend;
        support::Span span;
    };

    /// A raw argument that is an index.
    struct RawUse {
        std::uint32_t item;
        support::Span span;
    };

    [[nodiscard]] bool report_surplus(const program::Statement& statement);
    void resolve_raw(const program::Statement& statement, program::Instruction& item);
    void resolve_const(const program::Statement& statement, program::Instruction& item);
    void resolve_name(const program::Statement& statement, program::Instruction& item);
    void resolve_variable(const program::Statement& statement, program::Instruction& item);
    void resolve_pair(const program::Statement& statement);
    void resolve_jump(const program::Statement& statement);
    void resolve_word(const program::Statement& statement, program::Instruction& item);
    void resolve_integer(const program::Statement& statement, program::Instruction& item);

    void report_constant(const program::Statement& statement);
    [[nodiscard]] std::uint32_t named_constant(const program::Statement& statement);
    [[nodiscard]] std::uint32_t flag_bits(const program::Statement& statement, std::string_view suffix);
    [[nodiscard]] std::string_view plain_name(const program::Operand& operand) const;
    [[nodiscard]] bool number_means_something(const isa::OperandKind& kind, std::int64_t number) const;
    void set(program::Instruction& item, std::uint64_t index, std::uint32_t bits,
             const isa::OperandKind& kind);
    void report_wrong(const program::Statement& statement, std::string help = {});
    void finish_slots();
    void finish_jumps();
    void check_raw();
    [[nodiscard]] std::size_t table_size(isa::OperandBase base) const;
    void check_index(const RawUse& use, std::uint64_t index, std::size_t size);

    UnitContext& context_;
    Tables& tables_;
    Variables& variables_;
    Labels& labels_;
    program::InstructionList& list_;
    bool unchecked_ = false;
    const isa::OpInfo* op_ = nullptr; // of the operand that is being resolved
    std::vector<SlotUse> slots_;
    std::vector<JumpUse> jumps_;
    std::vector<RawUse> raw_;
};

} // namespace pyasm::assembler
