#pragma once

#include "isa/target.hpp"
#include "objects/code_object.hpp"
#include "objects/exception_table.hpp"
#include "program/decode.hpp"
#include "verifier/report.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace pyasm::verifier {

/// A code object taken apart, and the checks that need no control flow: fields, tables, whole instructions,
/// operands in range, targets that are instructions. Keeps its buffers.
class Structure {
  public:
    static constexpr std::uint32_t nowhere = 0xFFFF'FFFF;
    /// Locals and stack together: a frame beyond it is asked for in vain at every call. Any compiler's is far
    /// below.
    static constexpr std::int64_t most_frame_slots = 1 << 24;

    Structure(const isa::Target& its_target, const objects::ValuePool& its_pool)
        : target(its_target), pool(its_pool) {}

    /// Looks at a code object. False where control cannot be followed in it; `report` then has the reason.
    bool take(objects::ValueId id, Report& report);

    /// The index of the instruction that starts at a byte offset; `nowhere` if none does.
    [[nodiscard]] std::uint32_t index_at(std::int64_t offset) const;
    [[nodiscard]] std::uint32_t offset_of(std::uint32_t index) const { return decoded.starts[index]; }
    [[nodiscard]] std::size_t count() const { return decoded.items.size(); }
    [[nodiscard]] objects::ValueId const_at(std::uint32_t index) const { return consts[index]; }
    /// Whether a slot among the locals (3.11+) has this bit of objects::local_kind.
    [[nodiscard]] bool local_is(std::uint32_t index, std::uint8_t kind) const {
        return index < kinds.size() && (static_cast<std::uint8_t>(kinds[index]) & kind) != 0;
    }
    /// Whether co_flags have one of these bits.
    [[nodiscard]] bool has_flags(std::uint32_t bits) const {
        return (static_cast<std::uint32_t>(code->flags) & bits) != 0;
    }
    /// Name of a local (up to 3.10: of co_varnames), empty where it has none.
    [[nodiscard]] std::string_view local_name(std::uint32_t index) const;

    const isa::Target& target;
    const objects::ValuePool& pool;

    // What `take` found, of use where it returned true.
    const objects::CodeObject* code = nullptr;
    program::DecodedCode decoded; ///< `destination` of jumps is the index of the instruction they lead to
    std::vector<objects::ExceptionEntry> handlers; ///< sorted, disjoint; `target` is an instruction's offset
    std::span<const objects::ValueId> consts;
    std::span<const objects::ValueId> local_names;
    std::string_view kinds;               ///< localspluskinds (3.11+)
    std::uint32_t locals = 0;             ///< slots: co_varnames, or localsplusnames from 3.11 on
    std::uint32_t arguments = 0;          ///< the first of them, which are bound at the start
    std::uint32_t names = 0;              ///< entries of co_names
    std::uint32_t cells = 0;              ///< slots that operands of cells can name, up to 3.10
    std::uint32_t free_first = 0;         ///< first free variable among the locals (3.11+)
    std::uint32_t frees = 0;              ///< free variables
    std::uint32_t generator_at = nowhere; ///< the first RETURN_GENERATOR

  private:
    bool take_fields(Report& report);
    bool take_names(Report& report);
    bool take_counts(Report& report);
    bool take_kinds(Report& report);
    bool take_flags(Report& report);
    void check_prologue(Report& report);
    bool take_instructions(Report& report);
    bool take_instruction(std::uint32_t index, Report& report);
    bool check_last(Report& report) const;
    bool check_opcode(const program::Instruction& item, std::uint32_t offset, Report& report);
    bool check_caches(const program::Instruction& item, std::uint32_t offset, Report& report);
    bool check_operand(const program::Instruction& item, std::uint32_t offset, Report& report);
    bool check_index(const program::Instruction& item, std::uint64_t index, std::uint64_t count,
                     std::string_view table, std::uint32_t offset, Report& report);
    bool take_targets(Report& report);
    bool take_handlers(Report& report);
    bool check_locations(Report& report);
    bool is_text(objects::ValueId id) const;
    bool is_tuple_of_texts(objects::ValueId id) const;

    std::vector<std::uint32_t> index_at_; ///< by code unit
};

/// How many free variables a code object has, as far as its tables can be read.
[[nodiscard]] std::uint32_t free_count(const isa::Target& target, const objects::ValuePool& pool,
                                       const objects::CodeObject& code);

} // namespace pyasm::verifier
