#include "assembler/variables.hpp"

#include "objects/code_object.hpp"
#include "program/derived.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace pyasm::assembler {

using objects::no_value;
using objects::ValueId;
using objects::ValueKind;
using program::Block;
using program::Parameter;
using program::ParameterKind;
using support::Span;

namespace kind = objects::local_kind;

namespace {

/// Positional, keyword-only, *args, **kwargs. Source: Objects/codeobject.c.
std::vector<const Parameter*> in_order_of_slots(const std::vector<Parameter>& parameters) {
    std::vector<const Parameter*> ordered;
    const auto take = [&](auto wanted) {
        for (const Parameter& parameter : parameters)
            if (wanted(parameter.kind)) ordered.push_back(&parameter);
    };
    take(
        [](ParameterKind k) { return k == ParameterKind::PositionalOnly || k == ParameterKind::Positional; });
    take([](ParameterKind k) { return k == ParameterKind::KeywordOnly; });
    take([](ParameterKind k) { return k == ParameterKind::VarArgs; });
    take([](ParameterKind k) { return k == ParameterKind::VarKeywords; });
    return ordered;
}

} // namespace

void Variables::begin(const Block& block, std::int32_t index) {
    block_ = &block;
    index_ = index;
    by_string_.begin_block();
    variables_.clear();
    local_order_.clear();
    for (auto* table : {&locals_, &cells_, &frees_, &names_}) table->clear();
    cell_order_.clear();
    free_order_.clear();
    kinds_.clear();
    stated_localsplus_ = uses_localsplus() && block.pins.localsplusnames.set;
    if (stated_localsplus_) return state_localsplus(block);
    list_locals(block);
    if (block.pins.locals) check_doubles(block.pins.locals.value, ".locals");
    if (block.pins.cellvars) check_doubles(block.pins.cellvars.value, ".cellvars");
    if (block.pins.freevars) check_doubles(block.pins.freevars.value, ".freevars");
    if (block.pins.hidden) check_doubles(block.pins.hidden.value, ".hidden");
    if (block.pins.cellvars) state(block.pins.cellvars.value, true);
    if (block.pins.freevars) state(block.pins.freevars.value, false);
}

std::uint32_t Variables::variable(std::string_view name) {
    const std::uint32_t string = context_.strings.intern(name);
    std::uint32_t index = by_string_.get(string);
    if (index != BlockIndex::none) return index;
    index = static_cast<std::uint32_t>(variables_.size());
    variables_.emplace_back().string = string;
    by_string_.set(string, index);
    return index;
}

/// The head of the locals: `.locals`, or the parameters in the order of their slots.
void Variables::list_locals(const Block& block) {
    const auto enter = [this](ValueId id) {
        const auto slot = static_cast<std::uint32_t>(locals_.size());
        locals_.push_back(id);
        if (!context_.is_text(id)) return;
        Variable& entry = variables_[variable(context_.unit.values.text(id))];
        if (entry.local_slot == no_slot) entry.local_slot = slot;
    };
    if (!block.pins.locals) {
        for (const Parameter* parameter : in_order_of_slots(block.parameters))
            enter(context_.identifier(context_.strings.intern(parameter->name)));
        return;
    }
    for (const ValueId id : block.pins.locals.value.values) enter(id);
    check_parameters(block);
}

/// `.locals` begins with the parameters of the signature.
void Variables::check_parameters(const Block& block) {
    if (block.pins.unchecked) return;
    bool complete = true;
    for (const Parameter& parameter : block.parameters) {
        const std::uint32_t index = variable(parameter.name);
        if (variables_[index].local_slot != no_slot) continue;
        report_missing(parameter.name, parameter.span, "parameter", ".locals", locals_);
        complete = false;
    }
    if (complete) check_parameter_order(block);
}

/// The interpreter gives the first locals what a call passes, whatever they are called.
void Variables::check_parameter_order(const Block& block) {
    const program::PinnedList& list = block.pins.locals.value;
    const std::vector<const Parameter*> wanted = in_order_of_slots(block.parameters);
    for (std::size_t slot = 0; slot < wanted.size() && slot < list.values.size(); ++slot) {
        const ValueId id = list.values[slot];
        if (context_.is_text(id) && context_.unit.values.text(id) == wanted[slot]->name) continue;
        std::string names;
        for (const Parameter* parameter : wanted)
            names += fmt::format("{}{}", names.empty() ? "" : ", ", support::printable(parameter->name));
        const Span place = slot < list.spans.size() ? list.spans[slot] : block.pins.locals.span;
        context_.diagnostics.error(place, "the parameters stand in .locals in another order",
                                   fmt::format("Begin it with {}: positional ones, keyword-only ones, *args, "
                                               "**kwargs.",
                                               names));
        return;
    }
}

/// Names that stand twice in a list: the second one could never be meant.
void Variables::check_doubles(const program::PinnedList& list, std::string_view directive) {
    if (block_->pins.unchecked || list.spans.size() != list.values.size()) return;
    std::map<std::string_view, Span> first;
    for (std::size_t i = 0; i < list.values.size(); ++i) {
        if (!context_.is_text(list.values[i])) continue;
        const std::string_view name = context_.unit.values.text(list.values[i]);
        const auto [known, is_new] = first.try_emplace(name, list.spans[i]);
        if (is_new) continue;
        context_.diagnostics
            .error(list.spans[i], fmt::format("'{}' stands twice in {}", support::printable(name), directive),
                   "`.unchecked` in the block takes it as it is.")
            .notes.push_back({known->second, "first defined here"});
    }
}

/// `.cellvars` or `.freevars`.
void Variables::state(const program::PinnedList& list, bool cell) {
    for (const ValueId id : list.values) {
        (cell ? cells_ : frees_).push_back(id);
        std::uint32_t index = no_slot;
        if (context_.is_text(id)) {
            index = variable(context_.unit.values.text(id));
            (cell ? variables_[index].cell : variables_[index].free) = true;
        }
        (cell ? cell_order_ : free_order_).push_back(index);
    }
}

/// `.localsplusnames` and `.localspluskinds`: the table is theirs; a name is looked up by what the
/// instruction is for.
void Variables::state_localsplus(const Block& block) {
    const auto& pool = context_.unit.values;
    const ValueId names = block.pins.localsplusnames.value;
    if (pool[names].kind != ValueKind::Tuple) return;
    std::string_view kinds;
    if (block.pins.localspluskinds && pool[block.pins.localspluskinds.value].kind == ValueKind::Bytes)
        kinds = pool.text(block.pins.localspluskinds.value);
    names_.assign(pool.children(names).begin(), pool.children(names).end());
    kinds_.assign(kinds.begin(), kinds.end());
    check_localsplus(block, kinds);
    for (std::uint32_t slot = 0; slot < names_.size(); ++slot) {
        if (!context_.is_text(names_[slot])) continue;
        const auto bits = static_cast<std::uint8_t>(slot < kinds.size() ? kinds[slot] : '\0');
        Variable& entry = variables_[variable(pool.text(names_[slot]))];
        if ((bits & kind::local) && entry.local_slot == no_slot) entry.local_slot = slot;
        if ((bits & (kind::cell | kind::free)) && entry.deref_slot == no_slot) entry.deref_slot = slot;
        if (bits & kind::cell) cells_.push_back(names_[slot]);
        if (bits & kind::free) frees_.push_back(names_[slot]);
    }
    for (std::uint32_t slot = 0; slot < names_.size(); ++slot) {
        if (!context_.is_text(names_[slot])) continue;
        Variable& entry = variables_[variable(pool.text(names_[slot]))];
        if (entry.local_slot == no_slot) entry.local_slot = slot;
        if (entry.deref_slot == no_slot) entry.deref_slot = slot;
    }
}

/// What an interpreter asks of the two, or it does not load the file. Source: _PyCode_Validate in
/// Objects/codeobject.c, 3.11.
void Variables::check_localsplus(const Block& block, std::string_view kinds) {
    if (block.pins.unchecked) return;
    constexpr std::string_view help = "`.unchecked` in the block takes it as it is.";
    if (block.pins.localspluskinds && kinds.size() != names_.size())
        context_.diagnostics.error(block.pins.localspluskinds.span,
                                   fmt::format(".localspluskinds has a byte for each name: {} bytes for {}",
                                               kinds.size(),
                                               names_.size() == 1 ? std::string("one name")
                                                                  : fmt::format("{} names", names_.size())),
                                   std::string(help));
    for (const ValueId id : names_) {
        if (context_.unit.values[id].kind == context_.text_kind()) continue;
        const Span own = context_.unit.span_of(id);
        context_.diagnostics.error(own.known() ? own : block.pins.localsplusnames.span,
                                   "a variable's name is a str", std::string(help));
        return;
    }
}

std::size_t Variables::proper_locals() const {
    if (!uses_localsplus()) return locals_.size();
    return static_cast<std::size_t>(
        std::ranges::count_if(kinds_, [](std::uint8_t bits) { return (bits & kind::local) != 0; }));
}

std::uint32_t Variables::local(std::string_view name, Span span) {
    const std::uint32_t index = variable(name);
    Variable& entry = variables_[index];
    if (!entry.local_use) {
        entry.local_use = true;
        entry.first_local = span;
        local_order_.push_back(index);
    }
    return index;
}

std::uint32_t Variables::deref(std::string_view name, Span span, bool makes_cell) {
    const std::uint32_t index = variable(name);
    Variable& entry = variables_[index];
    if (!entry.deref_use) {
        entry.deref_use = true;
        entry.first_deref = span;
    }
    if (makes_cell && !entry.makes_cell) {
        entry.makes_cell = true;
        entry.made = span;
    }
    return index;
}

void Variables::finish(const ArgumentCounts& arguments) {
    if (stated_localsplus_) {
        for (const Variable& entry : variables_) {
            if (entry.local_slot != no_slot) continue;
            report_missing(context_.strings.text(entry.string),
                           entry.local_use ? entry.first_local : entry.first_deref, "variable",
                           ".localsplusnames", names_);
        }
        if (block_->pins.hidden)
            context_.diagnostics.error(block_->pins.hidden.span,
                                       ".localspluskinds says which locals are hidden", "Leave .hidden out.");
        return;
    }
    for (Variable& entry : variables_)
        if (entry.deref_use) classify(entry);
    collect(true, cells_, cell_order_);
    collect(false, frees_, free_order_);
    if (uses_localsplus())
        finish_localsplus(arguments);
    else
        finish_separate();
}

/// Cell or free. Source: Python/symtable.c decides by scopes; here the instructions and directives do.
void Variables::classify(Variable& entry) {
    const auto& pins = block_->pins;
    const std::string_view name = context_.strings.text(entry.string);
    if (entry.cell || (entry.free && !entry.makes_cell)) return;
    if (entry.makes_cell) {
        if (pins.cellvars) return report_missing(name, entry.made, "cell", ".cellvars", cells_);
        entry.cell = true;
        return;
    }
    if (uses_localsplus() || pins.cellvars) {
        if (pins.freevars)
            return report_missing(name, entry.first_deref, "free variable", ".freevars", frees_);
        entry.free = true;
        return;
    }
    (pins.freevars || !enclosing_owns(entry.string) ? entry.cell : entry.free) = true;
}

bool Variables::enclosing_owns(std::uint32_t string) const {
    const auto& blocks = context_.unit.blocks;
    for (std::int32_t outer = block_->parent; outer >= 0;
         outer = blocks[static_cast<std::size_t>(outer)].parent) {
        const auto& owned = owned_[static_cast<std::size_t>(outer)];
        if (std::binary_search(owned.begin(), owned.end(), string)) return true;
    }
    return false;
}

void Variables::sort_by_name(std::vector<std::uint32_t>& variables) const {
    std::sort(variables.begin(), variables.end(), [this](std::uint32_t a, std::uint32_t b) {
        return context_.strings.text(variables_[a].string) < context_.strings.text(variables_[b].string);
    });
}

/// Fills the table of cells or free variables, unless a directive has.
void Variables::collect(bool cell, std::vector<ValueId>& table, std::vector<std::uint32_t>& order) {
    if (cell ? block_->pins.cellvars.set : block_->pins.freevars.set) return;
    for (std::uint32_t i = 0; i < variables_.size(); ++i)
        if (cell ? variables_[i].cell : variables_[i].free) order.push_back(i);
    sort_by_name(order);
    for (const std::uint32_t i : order) table.push_back(context_.identifier(variables_[i].string));
}

void Variables::add_used_locals() {
    for (const std::uint32_t index : local_order_) {
        Variable& entry = variables_[index];
        if (entry.local_slot != no_slot) continue;
        if (uses_localsplus() && (entry.cell || entry.free)) continue; // LOAD_FAST of a cell is its slot
        if (block_->pins.locals) {
            report_missing(context_.strings.text(entry.string), entry.first_local, "local", ".locals",
                           locals_);
            continue;
        }
        entry.local_slot = static_cast<std::uint32_t>(locals_.size());
        locals_.push_back(context_.identifier(entry.string));
    }
}

/// Up to 3.10: locals in one table, cells and free variables counted on through two others.
void Variables::finish_separate() {
    add_used_locals();
    std::uint32_t slot = 0;
    for (const auto* order : {&cell_order_, &free_order_})
        for (const std::uint32_t index : *order) {
            if (index != no_slot && variables_[index].deref_slot == no_slot)
                variables_[index].deref_slot = slot;
            ++slot;
        }
    remember_owned();
}

void Variables::add_slot(ValueId name, std::uint8_t bits) {
    names_.push_back(name);
    kinds_.push_back(bits);
}

/// From 3.11: one table. Source: compute_localsplus_info in Python/assemble.c (3.12; compile.c in 3.11).
void Variables::finish_localsplus(const ArgumentCounts& arguments) {
    add_used_locals();
    for (const ValueId name : locals_) add_slot(name, kind::local);
    if (context_.target.code.argument_kinds) add_argument_kinds(arguments);
    for (std::size_t i = 0; i < cell_order_.size(); ++i) {
        Variable* entry = cell_order_[i] == no_slot ? nullptr : &variables_[cell_order_[i]];
        if (entry && entry->deref_slot != no_slot) continue;
        if (entry && entry->local_slot != no_slot) {
            kinds_[entry->local_slot] |= kind::cell;
            entry->deref_slot = entry->local_slot;
            continue;
        }
        if (entry) entry->local_slot = entry->deref_slot = static_cast<std::uint32_t>(names_.size());
        add_slot(cells_[i], kind::cell);
    }
    for (std::size_t i = 0; i < free_order_.size(); ++i) {
        if (free_order_[i] != no_slot) {
            Variable& entry = variables_[free_order_[i]];
            const auto slot = static_cast<std::uint32_t>(names_.size());
            if (entry.deref_slot == no_slot) entry.deref_slot = slot;
            if (entry.local_slot == no_slot) entry.local_slot = slot;
        }
        add_slot(frees_[i], kind::free);
    }
    if (block_->pins.hidden && context_.target.code.hidden_locals) hide(block_->pins.hidden.value);
}

/// Source: compute_localsplus_info in Python/assemble.c, 3.12.
void Variables::hide(const program::PinnedList& list) {
    for (std::size_t i = 0; i < list.values.size(); ++i) {
        if (!context_.is_text(list.values[i])) continue;
        const std::string_view name = context_.unit.values.text(list.values[i]);
        const Variable& entry = variables_[variable(name)];
        const std::uint32_t slot = entry.local_slot != no_slot ? entry.local_slot : entry.deref_slot;
        if (slot != no_slot)
            kinds_[slot] |= kind::hidden;
        else
            context_.diagnostics.error(
                i < list.spans.size() ? list.spans[i] : block_->pins.hidden.span,
                fmt::format("'{}' is no variable of the block", support::printable(name)),
                "A hidden local is used in the block, or stands in .locals.");
    }
}

void Variables::add_argument_kinds(const ArgumentCounts& arguments) {
    std::size_t slot = 0;
    const auto mark = [&](std::int64_t count, std::uint8_t bits) {
        for (; count > 0 && slot < kinds_.size(); --count) kinds_[slot++] |= bits;
    };
    const std::int32_t posonly = std::min(arguments.posonlyargcount, arguments.argcount);
    mark(posonly, kind::positional_argument);
    mark(std::int64_t{arguments.argcount} - std::max(posonly, 0),
         kind::positional_argument | kind::keyword_argument);
    mark(arguments.kwonlyargcount, kind::keyword_argument);
    mark(arguments.varargs, kind::variadic_argument | kind::positional_argument);
    mark(arguments.varkeywords, kind::variadic_argument | kind::keyword_argument);
}

/// What functions inside this one find when they ask whether a name is theirs.
void Variables::remember_owned() {
    const auto& blocks = context_.unit.blocks;
    const auto next = static_cast<std::size_t>(index_) + 1;
    const bool has_inner = next < blocks.size() && blocks[next].parent == index_;
    if (!has_inner || !program::is_function(*block_)) return;
    auto& owned = owned_[static_cast<std::size_t>(index_)];
    for (const Variable& entry : variables_)
        if (entry.cell || entry.free || entry.local_slot != no_slot) owned.push_back(entry.string);
    std::sort(owned.begin(), owned.end());
}

void Variables::report_missing(std::string_view name, Span span, std::string_view what,
                               std::string_view directive, const std::vector<ValueId>& table) {
    std::string help = fmt::format("Add it to {}.", directive);
    if (context_.suggests() && table.size() < 4096) {
        std::vector<std::string_view> candidates;
        for (const ValueId id : table)
            if (context_.is_text(id)) candidates.push_back(context_.unit.values.text(id));
        const std::string_view near = support::nearest(name, candidates);
        if (!near.empty()) help = fmt::format("Did you mean {}?", support::printable(near));
    }
    context_.diagnostics.error(span,
                               fmt::format("{} '{}' is not in {}", what, support::printable(name), directive),
                               std::move(help));
}

} // namespace pyasm::assembler
