#include "disassembler/pins.hpp"

#include "disassembler/stated.hpp"
#include "program/derived.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace pyasm::disassembler {

using objects::CodeObject;
using objects::no_value;
using objects::ValueId;
using objects::ValueKind;
using program::BlockKind;
using program::ParameterKind;

PinWriter::PinWriter(program::Unit& unit, Outline& outline)
    : unit_(unit), outline_(outline), target_(*unit.target), owned_(outline.entries().size()),
      owned_known_(outline.entries().size()) {
    if (!outline.entries().empty()) state(unit.filename, code_of(0).filename);
}

void PinWriter::write(std::uint32_t block, const CodeObject& code, const CodeTables& tables,
                      const BodyFacts& facts) {
    block_ = &unit_.blocks[block];
    pins_ = &block_->pins;
    code_ = &code;
    tables_ = &tables;
    facts_ = &facts;
    flags_ = static_cast<std::uint32_t>(code.flags);
    pins_->unchecked = facts.unchecked;
    write_called();
    write_signature();
    write_constants();
    write_names();
    if (target_.code.localsplus)
        write_localsplus();
    else
        write_separate_variables();
    write_flags();
    write_rest();
    check_counts();
}

// ------------------------------------------------------------------------------------------------ what it is
// called

std::string_view PinWriter::qualname_of(std::size_t block) const {
    if (unit_.blocks[block].kind == BlockKind::Module && !unit_.blocks[block].pins.qualname)
        return "<module>";
    return unit_.values.text(code_of(block).qualname);
}

void PinWriter::write_called() {
    const auto& pool = unit_.values;
    if (pool.text(code_->name) != program::derived_name(*block_)) state(pins_->name, code_->name);
    if (target_.code.qualname) {
        const program::DerivedQualname derived = program::derive_qualname(
            unit_, *block_, [this](std::size_t outer) { return qualname_of(outer); });
        const bool same = derived.is(pool.text(code_->qualname));
        if (same && derived.size() != derived.name.size()) qualname_bytes_ += derived.size();
        if (!same || qualname_bytes_ > program::most_qualname_bytes) state(pins_->qualname, code_->qualname);
    }
    const ValueId outer = block_->parent < 0 ? unit_.filename.value
                                             : code_of(static_cast<std::size_t>(block_->parent)).filename;
    if (!same_text(code_->filename, outer)) state(pins_->filename, code_->filename);
}

// --------------------------------------------------------------------------------------------------- the
// signature

bool PinWriter::counts_make_a_signature() const {
    const isa::CodeFlagBits& bits = target_.flag_bits;
    const std::int64_t variadic = ((flags_ & bits.varargs) != 0) + ((flags_ & bits.varkeywords) != 0);
    if (code_->argcount < 0 || code_->kwonlyargcount < 0 || code_->posonlyargcount < 0) return false;
    if (code_->posonlyargcount > code_->argcount) return false;
    const std::int64_t count = std::int64_t{code_->argcount} + code_->kwonlyargcount + variadic;
    if (count > proper_locals_) return false;
    // Each name once: those that are plain are.
    for (std::uint32_t slot = 0; slot < count; ++slot)
        if (!tables_->local_is_plain(slot)) return false;
    return true;
}

void PinWriter::write_signature() {
    proper_locals_ = tables_->local_count();
    if (target_.code.localsplus) {
        const std::string_view kinds = unit_.values.text(code_->localspluskinds);
        const auto is_local = [](char bits) {
            return (static_cast<std::uint8_t>(bits) & objects::local_kind::local) != 0;
        };
        const auto leading = std::ranges::find_if_not(kinds, is_local) - kinds.begin();
        proper_locals_ = std::min(proper_locals_, static_cast<std::uint32_t>(leading));
    }
    parameters_ = 0;
    const isa::CodeFlagBits& bits = target_.flag_bits;
    const bool varargs = (flags_ & bits.varargs) != 0, varkeywords = (flags_ & bits.varkeywords) != 0;
    block_->has_signature = block_->kind == BlockKind::Function;
    if (block_->kind == BlockKind::Function)
        block_->is_async = (flags_ & (bits.coroutine | bits.async_generator)) != 0;
    const bool takes = code_->argcount != 0 || code_->posonlyargcount != 0 || code_->kwonlyargcount != 0 ||
                       varargs || varkeywords;
    if (!takes) return;
    if (block_->kind == BlockKind::Module || block_->kind == BlockKind::Class || !counts_make_a_signature())
        return state_counts();
    block_->has_signature = true;
    // In the order of the text: *args stands in front of what is keyword-only, and its slot behind.
    const auto add = [&](ParameterKind kind, std::uint32_t slot) {
        block_->parameters.push_back({kind, tables_->local(slot), {}, no_value});
    };
    const auto positional = static_cast<std::uint32_t>(code_->argcount);
    const std::uint32_t named = positional + static_cast<std::uint32_t>(code_->kwonlyargcount);
    for (std::uint32_t slot = 0; slot < positional; ++slot)
        add(slot < static_cast<std::uint32_t>(code_->posonlyargcount) ? ParameterKind::PositionalOnly
                                                                      : ParameterKind::Positional,
            slot);
    if (varargs) add(ParameterKind::VarArgs, named);
    for (std::uint32_t slot = positional; slot < named; ++slot) add(ParameterKind::KeywordOnly, slot);
    if (varkeywords) add(ParameterKind::VarKeywords, named + varargs);
    parameters_ = named + varargs + varkeywords;
}

/// For counts that are no signature.
void PinWriter::state_counts() {
    if (code_->argcount != 0) state(pins_->argcount, code_->argcount);
    if (code_->posonlyargcount != 0) state(pins_->posonlyargcount, code_->posonlyargcount);
    if (code_->kwonlyargcount != 0) state(pins_->kwonlyargcount, code_->kwonlyargcount);
}

/// What the assembler asks of the counts (assembler/block.cpp), unless the block is `.unchecked`.
void PinWriter::check_counts() {
    const isa::CodeFlagBits& bits = target_.flag_bits;
    std::int64_t locals = proper_locals_;
    if (!target_.code.localsplus) {
        locals = code_->nlocals;
    } else if (pins_->localsplusnames) {
        locals = 0;
        for (const char kind : unit_.values.text(code_->localspluskinds))
            locals += (static_cast<std::uint8_t>(kind) & objects::local_kind::local) != 0;
    }
    const std::int64_t arguments = std::int64_t{code_->argcount} + code_->kwonlyargcount +
                                   ((flags_ & bits.varargs) != 0) + ((flags_ & bits.varkeywords) != 0);
    const bool negative = std::min({code_->argcount, code_->posonlyargcount, code_->kwonlyargcount,
                                    code_->nlocals, code_->stacksize}) < 0;
    if (negative || arguments > locals || code_->posonlyargcount > code_->argcount) pins_->unchecked = true;
}

// ---------------------------------------------------------------------------------------------- constants
// and names

std::uint32_t PinWriter::head(std::span<const std::uint32_t> uses, std::uint32_t size, std::uint32_t given) {
    constexpr std::uint32_t unused = 0xFFFF'FFFF;
    position_.assign(size, unused);
    for (std::uint32_t i = 0; i < uses.size(); ++i)
        if (uses[i] < size) position_[uses[i]] = i;
    std::uint32_t result = size;
    while (result > given && position_[result - 1] != unused &&
           (result == size || position_[result - 1] < position_[result]))
        --result;
    return result;
}

/// Whether the first constant is written as `.doc`.
bool PinWriter::has_docstring() const {
    if (block_->kind != BlockKind::Function || tables_->constant_count() == 0) return false;
    const ValueKind kind = unit_.values[tables_->constant(0)].kind;
    const bool python2 = target_.literals == isa::LiteralDialect::Python2;
    if (kind != ValueKind::Str && !(python2 && kind == ValueKind::Bytes)) return false;
    const std::uint32_t bit = target_.flag_bits.has_docstring;
    return bit != 0 ? (flags_ & bit) != 0 : program::none_comes_first(unit_, *block_);
}

void PinWriter::write_constants() {
    const std::uint32_t count = tables_->constant_count();
    const bool doc = has_docstring();
    std::optional<program::ImpliedConstant> first; // beside what the instructions refer to
    if (!doc && program::none_comes_first(unit_, *block_)) first.emplace();
    if (!doc && program::first_constant_is_implied(unit_, *block_)) {
        first = facts_->implied;
        if (!first && facts_->constants.empty()) first.emplace();
    }
    const bool starts_right = !first || (count != 0 && first->is(unit_.values, tables_->constant(0)));
    const std::uint32_t given = doc || first ? 1 : 0;
    const std::uint32_t stated = head(facts_->constants, count, starts_right ? given : 0);
    const bool pinned = !starts_right || stated > given;
    if (doc) state(pins_->doc, tables_->constant(0));
    if (!pinned) return;
    program::PinnedList list;
    for (std::uint32_t i = doc ? 1 : 0; i < stated; ++i) {
        const ValueId id = tables_->constant(i);
        list.values.push_back(unit_.values[id].kind == ValueKind::Code ? outline_.symbol_of(id) : id);
    }
    state(pins_->consts, std::move(list));
}

void PinWriter::write_names() {
    const std::uint32_t stated = head(facts_->names, tables_->name_count(), 0);
    if (stated != 0) state(pins_->names, list_of(unit_.values.children(code_->names).first(stated)));
}

// ---------------------------------------------------------------------------------------------------------
// the rest

void PinWriter::write_flags() {
    const bool has_cells_or_frees = !target_.code.localsplus && tables_->deref_count() != 0;
    const std::uint32_t outer =
        block_->parent < 0
            ? 0
            : static_cast<std::uint32_t>(code_of(static_cast<std::size_t>(block_->parent)).flags);
    if (program::derive_flags(unit_, *block_, facts_->traits, has_cells_or_frees, outer) == flags_) return;
    std::string text;
    std::uint32_t left = flags_;
    for (const isa::CodeFlag& flag : target_.flags) {
        if (!(left & flag.bit)) continue;
        left &= ~flag.bit;
        text += fmt::format("{}{}", text.empty() ? "" : "|", flag.name);
    }
    if (left != 0 || flags_ == 0) text = flags_ == 0 ? "0" : fmt::format("{:#x}", flags_);
    state(pins_->flags, unit_.values.arena().copy(text));
}

void PinWriter::write_rest() {
    const bool line_known = block_->kind == BlockKind::Module || facts_->has_first_line;
    const std::int32_t line = block_->kind == BlockKind::Module ? 1 : facts_->first_line;
    if (!line_known || line != code_->firstlineno) state(pins_->firstlineno, code_->firstlineno);
    if (facts_->line_table_needs_pin) state(pins_->linetable, code_->linetable);
    const bool table_pinned = target_.code.exceptiontable && facts_->exception_table_needs_pin;
    if (table_pinned) state(pins_->exceptiontable, code_->exceptiontable);
    const std::int64_t least = target_.conventions.least_stacksize;
    const std::int64_t derived_stack = std::max(facts_->greatest_height, least);
    if (table_pinned || derived_stack != code_->stacksize) state(pins_->stacksize, code_->stacksize);
}

} // namespace pyasm::disassembler
