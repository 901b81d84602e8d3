#pragma once

#include "assembler/context.hpp"
#include "assembler/exceptions.hpp"
#include "assembler/flags.hpp"
#include "assembler/labels.hpp"
#include "assembler/operands.hpp"
#include "assembler/positions.hpp"
#include "assembler/tables.hpp"
#include "assembler/variables.hpp"
#include "objects/code_object.hpp"
#include "program/decode.hpp"
#include "program/derived.hpp"
#include "program/encode.hpp"
#include "program/stack_depth.hpp"

#include <tsl/robin_map.h>

#include <string_view>
#include <vector>

namespace pyasm::assembler {

/// Turns blocks into code objects, one after the other, outer ones first. Its buffers are kept between
/// blocks.
class BlockAssembler {
  public:
    explicit BlockAssembler(UnitContext& context);

    /// Fills the code object of a block; reports every mistake in it.
    void assemble(std::int32_t index);

  private:
    void add(const program::Statement& statement);
    void add_instruction(const program::Statement& statement);
    void add_prefix(const program::Statement& statement, const isa::OpInfo& op);
    void add_opcode(const program::Statement& statement);
    void add_bytes(const program::Statement& statement);
    void add_caches(const program::Statement& statement);
    void push(program::Instruction& item);

    void check_pins();
    void check_counts(const ArgumentCounts& counts);
    void build(std::uint32_t stated_flags, const ArgumentCounts& counts);
    [[nodiscard]] ArgumentCounts argument_counts(std::uint32_t stated_flags) const;
    void set_stack_and_exceptions(objects::CodeObject& code);
    void analyse_stack();
    void note_places();
    [[nodiscard]] std::uint32_t outer_flags() const;
    [[nodiscard]] objects::ValueId line_table(std::int32_t firstlineno);
    [[nodiscard]] bool has_room_for_lines(std::uint64_t step_bytes);
    void set_variables(objects::CodeObject& code);
    void set_names(objects::CodeObject& code);
    [[nodiscard]] objects::ValueId filename();
    [[nodiscard]] objects::ValueId source_path();
    [[nodiscard]] bool whole_units();
    [[nodiscard]] objects::ValueId text(std::string_view text) {
        return context_.identifier(context_.strings.intern(text));
    }

    UnitContext& context_;
    Tables tables_;
    Variables variables_;
    Labels labels_;
    program::InstructionList list_;
    Operands operands_;
    Positions positions_;
    Exceptions exceptions_;
    program::Encoder encoder_;
    program::StackDepth depths_;
    program::DecodedCode decoded_; // whose starts `depths_` asks on
    support::ByteWriter buffer_;

    const program::Block* block_ = nullptr;
    std::int32_t index_ = 0;
    program::BodyTraits traits_;
    std::uint32_t pending_prefixes_ = 0;             // written EXTENDED_ARG right before the next item
    bool takes_caches_ = false;                      // the last item is an instruction without `.cache` yet
    bool has_data_ = false;                          // `.bytes`, whose instructions only decoding shows
    std::vector<objects::ValueId> stated_filenames_; // by block; no_value: the path of its file
    std::uint64_t line_step_bytes_ = 0;              // in the line tables so far
    tsl::robin_map<const support::SourceFile*, objects::ValueId> filenames_; // one or a few a unit
};

} // namespace pyasm::assembler
