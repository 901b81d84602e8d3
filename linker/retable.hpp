#pragma once

#include "isa/target.hpp"
#include "objects/code_object.hpp"
#include "objects/exception_table.hpp"
#include "program/decode.hpp"
#include "program/encode.hpp"
#include "program/instruction.hpp"

#include <cstdint>
#include <vector>

namespace pyasm::linker {

/// Changes the tables of constants and names of a code object, and the instructions that refer to them with
/// it: the code is taken apart, encoded anew, and with it the tables of lines and exceptions where
/// instructions have moved. Code that no compiler writes (bytes that are no instruction, jumps between two)
/// is left alone. Buffers are kept between code objects.
class Retable {
  public:
    Retable(const isa::Target& target, objects::ValuePool& pool)
        : target_(target), pool_(pool), encoder_(target) {}

    /// An instruction that refers to a table.
    struct Use {
        std::uint32_t item;  ///< its index in `items()`
        std::uint32_t index; ///< in the table
        bool is_constant;    ///< co_consts; else co_names
    };

    /// Takes a code object apart; false where it is to be left alone.
    [[nodiscard]] bool load(objects::ValueId code);
    [[nodiscard]] const std::vector<program::Instruction>& items() const { return decoded_.items; }

    // What may be changed until `store`. A constant that is added goes to the end; indices of uses are kept
    // in range.
    std::vector<objects::ValueId> constants, names;
    std::vector<Use> uses; ///< in the order of the instructions

    /// How many uses each constant, or name, has.
    [[nodiscard]] std::vector<std::uint32_t> count_uses(bool of_constants) const;
    /// Drops what `keep` says false of; nothing of that may have a use.
    void keep_constants(const std::vector<bool>& keep) { keep_only(constants, keep, true); }
    void keep_names(const std::vector<bool>& keep) { keep_only(names, keep, false); }

    /// Puts code and tables into the code object that was loaded. False, and nothing is changed, where they
    /// cannot be encoded.
    [[nodiscard]] bool store();

  private:
    [[nodiscard]] bool read_tables();
    [[nodiscard]] bool read_instructions();
    [[nodiscard]] bool note_use(std::uint32_t item);
    [[nodiscard]] bool note_jump(std::uint32_t item);
    [[nodiscard]] bool starts_item(std::int64_t offset, std::uint32_t& item) const;
    void keep_only(std::vector<objects::ValueId>& table, const std::vector<bool>& keep, bool is_constants);
    void apply_uses();
    [[nodiscard]] bool move_lines(objects::CodeObject& code);
    [[nodiscard]] bool move_regions(objects::CodeObject& code);
    [[nodiscard]] bool moved(std::uint32_t offset, std::uint32_t& to) const;
    [[nodiscard]] objects::ValueId bytes_of(support::Bytes bytes);

    const isa::Target& target_;
    objects::ValuePool& pool_;
    objects::ValueId code_ = objects::no_value;
    std::vector<objects::ValueId> old_constants_, old_names_;
    program::DecodedCode decoded_;
    program::InstructionList list_;
    program::Encoder encoder_;
};

} // namespace pyasm::linker
