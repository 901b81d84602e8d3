#include "disassembler/pins.hpp"

#include "disassembler/stated.hpp"
#include "program/derived.hpp"

#include <algorithm>

/// What a block states of its variables: the inverse of assembler/variables.cpp.
namespace pyasm::disassembler {

using objects::ValueId;

/// Up to 3.10: three tables.
void PinWriter::write_separate_variables() {
    const std::uint32_t count = tables_->local_count();
    if (head(facts_->locals, count, parameters_) != parameters_) {
        state(pins_->locals, list_of(unit_.values.children(code_->varnames)));
        if (!tables_->all_locals_plain()) pins_->unchecked = true;
    }
    if (code_->nlocals < 0 || static_cast<std::uint32_t>(code_->nlocals) != count)
        state(pins_->nlocals, code_->nlocals);
    write_separate_derefs();
}

/// Names that a function in this block may capture.
const std::vector<std::string_view>& PinWriter::owned_by(std::size_t block) {
    auto& owned = owned_[block];
    if (owned_known_[block]) return owned;
    owned_known_[block] = true;
    for (const ValueId table : {code_of(block).varnames, code_of(block).cellvars, code_of(block).freevars})
        for (const ValueId name : unit_.values.children(table)) owned.push_back(unit_.values.text(name));
    std::sort(owned.begin(), owned.end());
    return owned;
}

bool PinWriter::enclosing_owns(std::string_view name) {
    for (std::int32_t outer = block_->parent; outer >= 0;
         outer = unit_.blocks[static_cast<std::size_t>(outer)].parent) {
        const auto index = static_cast<std::size_t>(outer);
        if (!program::is_function(unit_.blocks[index])) continue;
        const auto& owned = owned_by(index);
        if (std::binary_search(owned.begin(), owned.end(), name)) return true;
    }
    return false;
}

void PinWriter::write_separate_derefs() {
    const std::uint32_t count = tables_->deref_count();
    if (count == 0 && facts_->derefs.empty()) return;
    const auto cells = unit_.values.children(code_->cellvars);
    const auto frees = unit_.values.children(code_->freevars);
    const auto first_free = static_cast<std::uint32_t>(cells.size());
    used_.assign(count, 0);
    bool scopes_tell = true; // which are cells, and which free
    for (const std::uint32_t slot : facts_->derefs) {
        if (slot >= count) continue;
        used_[slot] = 1;
        scopes_tell = scopes_tell && enclosing_owns(tables_->deref(slot)) == (slot >= first_free);
    }
    const auto follows = [&](std::uint32_t from, std::uint32_t to) { // used, and in the order of names
        for (std::uint32_t slot = from; slot < to; ++slot)
            if (!used_[slot] || (slot > from && !(tables_->deref(slot - 1) < tables_->deref(slot))))
                return false;
        return true;
    };
    const bool once = tables_->all_derefs_plain();
    const bool cells_follow = once && follows(0, first_free);
    const bool frees_follow = once && follows(first_free, count);
    if (scopes_tell && cells_follow && frees_follow) return;
    // Where one of the two is stated, all others are of the other kind.
    if (!frees_follow || cells_follow) state(pins_->freevars, list_of(frees));
    if (!cells_follow) state(pins_->cellvars, list_of(cells));
    if (!once) pins_->unchecked = true;
}

std::uint8_t PinWriter::argument_kind(std::uint32_t slot) const {
    namespace kind = objects::local_kind;
    if (!target_.code.argument_kinds) return 0;
    std::int64_t at = slot;
    const auto within = [&at](std::int64_t size) {
        const bool inside = at >= 0 && at < size;
        at -= std::max<std::int64_t>(size, 0);
        return inside;
    };
    const isa::CodeFlagBits& bits = target_.flag_bits;
    const std::int32_t posonly = std::min(code_->posonlyargcount, code_->argcount);
    if (within(posonly)) return kind::positional_argument;
    if (within(std::int64_t{code_->argcount} - std::max(posonly, 0)))
        return kind::positional_argument | kind::keyword_argument;
    if (within(code_->kwonlyargcount)) return kind::keyword_argument;
    if (within((flags_ & bits.varargs) != 0)) return kind::variadic_argument | kind::positional_argument;
    if (within((flags_ & bits.varkeywords) != 0)) return kind::variadic_argument | kind::keyword_argument;
    return 0;
}

/// From 3.11: one table, locals first, then cells that are no locals, then free variables.
void PinWriter::write_localsplus() {
    if (derives_localsplus()) return;
    pins_->locals = {};
    pins_->cellvars = {};
    pins_->freevars = {};
    pins_->hidden = {};
    state(pins_->localsplusnames, code_->localsplusnames);
    state(pins_->localspluskinds, code_->localspluskinds);
}

/// False where only stating the table outright is certain to give it.
bool PinWriter::derives_localsplus() {
    namespace kind = objects::local_kind;
    const std::uint32_t count = tables_->local_count();
    if (!tables_->all_locals_plain()) return false;
    const auto names = unit_.values.children(code_->localsplusnames);
    const std::string_view kinds = unit_.values.text(code_->localspluskinds);
    if (kinds.size() != count) return false;
    const std::uint32_t locals = proper_locals_;
    std::uint32_t first_free = locals;
    program::PinnedList hidden;
    bool late_cell = false; // a local that is a cell and no parameter
    for (std::uint32_t slot = 0; slot < count; ++slot) {
        auto bits = static_cast<std::uint8_t>(kinds[slot]);
        if ((bits & kind::hidden) && target_.code.hidden_locals) {
            hidden.values.push_back(names[slot]);
            bits &= static_cast<std::uint8_t>(~kind::hidden);
        }
        if (slot < locals) {
            if ((bits & ~kind::cell) != (kind::local | argument_kind(slot))) return false;
            late_cell |= slot >= parameters_ && (bits & kind::cell);
        } else if (bits == kind::cell && first_free == slot) {
            ++first_free;
        } else if (bits != kind::free) {
            return false;
        }
    }
    for (const std::uint32_t slot : facts_->derefs)
        if (!(static_cast<std::uint8_t>(kinds[slot]) & (kind::cell | kind::free))) return false;
    for (const std::uint32_t slot : facts_->made_cells)
        if (!(static_cast<std::uint8_t>(kinds[slot]) & kind::cell)) return false;
    write_cells_and_frees(locals, first_free);
    if (late_cell || head(facts_->locals, locals, parameters_) != parameters_)
        state(pins_->locals, list_of(names.first(locals)));
    if (!hidden.values.empty()) state(pins_->hidden, std::move(hidden));
    return true;
}

/// Slots from `first_free` on are free, those from `first_cell` on cells, and so are some of the locals
/// before.
void PinWriter::write_cells_and_frees(std::uint32_t first_cell, std::uint32_t first_free) {
    namespace kind = objects::local_kind;
    const std::uint32_t count = tables_->local_count();
    const std::string_view kinds = unit_.values.text(code_->localspluskinds);
    const auto names = unit_.values.children(code_->localsplusnames);
    const auto is_cell = [&](std::uint32_t slot) {
        return (static_cast<std::uint8_t>(kinds[slot]) & kind::cell) != 0;
    };
    const auto in_order = [&](std::uint32_t from, std::uint32_t to) {
        for (std::uint32_t slot = from + 1; slot < to; ++slot)
            if (!(tables_->local(slot - 1) < tables_->local(slot))) return false;
        return true;
    };
    used_.assign(count, 0);
    for (const std::uint32_t slot : facts_->made_cells) used_[slot] = 1;
    bool cells_follow = in_order(first_cell, first_free);
    for (std::uint32_t slot = 0; slot < first_free; ++slot)
        cells_follow = cells_follow && (!is_cell(slot) || used_[slot]);
    for (const std::uint32_t slot : facts_->derefs) {
        // Without a MAKE_CELL or `.cellvars` it is taken for a free variable.
        if (is_cell(slot) && !used_[slot]) cells_follow = false;
        if (slot >= first_free) used_[slot] = 1;
    }
    bool frees_follow = in_order(first_free, count);
    for (std::uint32_t slot = first_free; slot < count; ++slot) frees_follow = frees_follow && used_[slot];
    if (!frees_follow) state(pins_->freevars, list_of(names.subspan(first_free)));
    if (cells_follow) return;
    program::PinnedList cells;
    for (std::uint32_t slot = 0; slot < first_free; ++slot)
        if (is_cell(slot)) cells.values.push_back(names[slot]);
    state(pins_->cellvars, std::move(cells));
}

} // namespace pyasm::disassembler
