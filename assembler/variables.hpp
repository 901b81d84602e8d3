#pragma once

#include "assembler/context.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace pyasm::assembler {

/// The counts that say which locals are arguments, as the code object will have them.
struct ArgumentCounts {
    std::int32_t argcount = 0;
    std::int32_t posonlyargcount = 0;
    std::int32_t kwonlyargcount = 0;
    bool varargs = false;
    bool varkeywords = false;
};

/// Locals, cells and free variables of the block at hand, and the slots they end up in. Slots are known only
/// when the whole body has been seen, so uses are given a handle and ask for the slot later.
class Variables {
  public:
    explicit Variables(UnitContext& context) : context_(context), owned_(context.unit.blocks.size()) {}

    /// Enters the parameters, or what the directives state in their place.
    void begin(const program::Block& block, std::int32_t index);

    /// A use by an instruction for locals, or by one for cells and free variables; `makes_cell` for
    /// MAKE_CELL.
    [[nodiscard]] std::uint32_t local(std::string_view name, support::Span span);
    [[nodiscard]] std::uint32_t deref(std::string_view name, support::Span span, bool makes_cell);

    /// Decides what each name is and gives out slots. Names that a stated table lacks are reported.
    void finish(const ArgumentCounts& arguments);

    [[nodiscard]] std::uint32_t local_slot(std::uint32_t variable) const {
        return variables_[variable].local_slot;
    }
    [[nodiscard]] std::uint32_t deref_slot(std::uint32_t variable) const {
        return variables_[variable].deref_slot;
    }
    /// How many slots there are: what a raw index must stay below.
    [[nodiscard]] std::size_t local_count() const {
        return uses_localsplus() ? names_.size() : locals_.size();
    }
    [[nodiscard]] std::size_t deref_count() const {
        return uses_localsplus() ? names_.size() : cells_.size() + frees_.size();
    }
    /// How many of them are locals proper: arguments are the first of these.
    [[nodiscard]] std::size_t proper_locals() const;
    [[nodiscard]] bool has_cells_or_frees() const { return !cells_.empty() || !frees_.empty(); }
    [[nodiscard]] std::string_view name_of(std::uint32_t variable) const {
        return context_.strings.text(variables_[variable].string);
    }

    /// Up to 3.10.
    [[nodiscard]] const std::vector<objects::ValueId>& varnames() const { return locals_; }
    [[nodiscard]] const std::vector<objects::ValueId>& cellvars() const { return cells_; }
    [[nodiscard]] const std::vector<objects::ValueId>& freevars() const { return frees_; }
    /// From 3.11.
    [[nodiscard]] const std::vector<objects::ValueId>& localsplusnames() const { return names_; }
    [[nodiscard]] support::Bytes localspluskinds() const { return kinds_; }

    static constexpr std::uint32_t no_slot = 0xFFFF'FFFF;

  private:
    struct Variable {
        std::uint32_t string;
        std::uint32_t local_slot = no_slot;
        std::uint32_t deref_slot = no_slot;
        bool local_use = false;
        bool deref_use = false;
        bool makes_cell = false;
        bool cell = false; // decided, or stated
        bool free = false;
        support::Span first_local, first_deref, made;
    };

    [[nodiscard]] bool uses_localsplus() const { return context_.target.code.localsplus; }
    std::uint32_t variable(std::string_view name);
    void list_locals(const program::Block& block);
    void check_parameters(const program::Block& block);
    void check_parameter_order(const program::Block& block);
    void check_doubles(const program::PinnedList& list, std::string_view directive);
    void state(const program::PinnedList& list, bool cell);
    void state_localsplus(const program::Block& block);
    void check_localsplus(const program::Block& block, std::string_view kinds);
    void classify(Variable& variable);
    [[nodiscard]] bool enclosing_owns(std::uint32_t string) const;
    void sort_by_name(std::vector<std::uint32_t>& variables) const;
    void collect(bool cell, std::vector<objects::ValueId>& table, std::vector<std::uint32_t>& order);
    void add_used_locals();
    void finish_separate();
    void finish_localsplus(const ArgumentCounts& arguments);
    void hide(const program::PinnedList& list);
    void add_argument_kinds(const ArgumentCounts& arguments);
    void add_slot(objects::ValueId name, std::uint8_t kind);
    void remember_owned();
    void report_missing(std::string_view name, support::Span span, std::string_view what,
                        std::string_view directive, const std::vector<objects::ValueId>& table);

    UnitContext& context_;
    const program::Block* block_ = nullptr;
    std::int32_t index_ = 0;
    bool stated_localsplus_ = false;
    BlockIndex by_string_;
    std::vector<Variable> variables_;
    std::vector<std::uint32_t> local_order_; // variables in order of their first use as a local
    std::vector<objects::ValueId> locals_, cells_, frees_, names_;
    std::vector<std::uint32_t> cell_order_, free_order_;
    std::vector<std::uint8_t> kinds_;
    std::vector<std::vector<std::uint32_t>>
        owned_; // by block: sorted strings that a function in it may capture
};

} // namespace pyasm::assembler
