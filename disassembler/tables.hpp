#pragma once

#include "disassembler/value_keys.hpp"
#include "objects/code_object.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace pyasm::disassembler {

/// The tables of one code object, as operands name their entries: which index a literal or a name leads the
/// assembler to. Buffers are kept between code objects.
class CodeTables {
  public:
    void begin(const program::Unit& unit, const objects::CodeObject& code);

    /// Whether an operand that is written as the entry's literal or name means this very entry: it is in the
    /// table and the first of its key (constants: same type and bits; code objects: the same one). Where not,
    /// the operand is written `[n]`.
    [[nodiscard]] bool constant_is_plain(std::uint32_t index) const { return is(constants_, index); }
    [[nodiscard]] bool name_is_plain(std::uint32_t index) const { return is(names_, index); }
    /// `slot`: what the argument of an instruction for locals counts (co_varnames, from 3.11 localsplus), or
    /// of one for cells and free variables (co_cellvars + co_freevars, from 3.11 localsplus).
    [[nodiscard]] bool local_is_plain(std::uint32_t slot) const { return is(locals_, slot); }
    [[nodiscard]] bool deref_is_plain(std::uint32_t slot) const { return is(derefs(), slot); }

    /// Entries that exist; an index beyond makes the block `.unchecked`.
    [[nodiscard]] std::uint32_t constant_count() const { return size(constants_); }
    [[nodiscard]] std::uint32_t name_count() const { return size(names_); }
    [[nodiscard]] std::uint32_t local_count() const { return size(locals_); }
    [[nodiscard]] std::uint32_t deref_count() const { return size(derefs()); }

    [[nodiscard]] objects::ValueId constant(std::uint32_t index) const { return constants_.values[index]; }
    [[nodiscard]] std::string_view name(std::uint32_t index) const { return text(names_, index); }
    [[nodiscard]] std::string_view local(std::uint32_t slot) const { return text(locals_, slot); }
    [[nodiscard]] std::string_view deref(std::uint32_t slot) const { return text(derefs(), slot); }

    /// Whether every entry is plain.
    [[nodiscard]] bool all_locals_plain() const { return locals_.repeated == 0; }
    [[nodiscard]] bool all_derefs_plain() const { return derefs().repeated == 0; }
    /// The number that two values share where the assembler might take one for the other.
    [[nodiscard]] std::uint32_t key(objects::ValueId id) { return keys_.key(id); }

  private:
    struct Table {
        std::vector<objects::ValueId> values;
        std::vector<std::uint8_t> plain;
        std::size_t repeated = 0; ///< entries that are not plain
    };

    static bool is(const Table& table, std::uint32_t index) {
        return index < table.plain.size() && table.plain[index] != 0;
    }
    static std::uint32_t size(const Table& table) { return static_cast<std::uint32_t>(table.values.size()); }
    [[nodiscard]] std::string_view text(const Table& table, std::uint32_t index) const {
        return unit_->values.text(table.values[index]);
    }
    [[nodiscard]] const Table& derefs() const { return localsplus_ ? locals_ : derefs_; }
    void clear(Table& table);
    void append(Table& table, objects::ValueId tuple);
    void find_repeated(Table& table, bool all_of_them);

    const program::Unit* unit_ = nullptr;
    bool localsplus_ = false;
    ValueKeys keys_;
    Table constants_, names_, locals_, derefs_;
    struct Seen {
        std::uint32_t table = 0;
        std::uint32_t index = 0;
    };
    std::vector<Seen> seen_; // by key
    std::uint32_t tables_ = 0;
};

} // namespace pyasm::disassembler
