#include "program/outline.hpp"

#include "program/derived.hpp"
#include "program/scoped_name.hpp"
#include "program/symbol_text.hpp"

#include <fmt/format.h>
#include <tsl/robin_map.h>

#include <algorithm>
#include <string>

namespace pyasm::program {

using objects::CodeObject;
using objects::no_value;
using objects::ValueId;
using objects::ValueKind;

namespace {

bool is_function(const objects::ValuePool& pool, const isa::Target& target, const CodeObject& code) {
    const auto flags = static_cast<std::uint32_t>(code.flags);
    const isa::CodeFlagBits& bits = target.flag_bits;
    if (!(flags & bits.newlocals)) return false;
    if (flags & bits.optimized) return true;
    // 2.7: a function with `exec` in it is not optimized, and only functions have locals and arguments.
    return code.argcount > 0 || (flags & (bits.varargs | bits.varkeywords)) ||
           (code.varnames != no_value && pool[code.varnames].size != 0);
}

} // namespace

BlockKind kind_of(const objects::ValuePool& pool, const isa::Target& target, const CodeObject& code,
                  bool is_top) {
    if (is_function(pool, target, code))
        return is_top && pool.text(code.name) == "<module>" ? BlockKind::Module : BlockKind::Function;
    const auto flags = static_cast<std::uint32_t>(code.flags);
    const bool takes_arguments = code.argcount != 0 || code.kwonlyargcount != 0 ||
                                 (flags & (target.flag_bits.varargs | target.flag_bits.varkeywords));
    const bool newlocals = (flags & target.flag_bits.newlocals) != 0;
    if (takes_arguments || (flags & target.flag_bits.optimized)) return BlockKind::Code;
    const std::string_view name = pool.text(code.name);
    if (is_top && (name == "<module>" || !newlocals)) return BlockKind::Module;
    return newlocals == target.conventions.class_newlocals && !name.starts_with('<') ? BlockKind::Class
                                                                                     : BlockKind::Code;
}

Outline::Outline(const objects::ValuePool& pool, const isa::Target& target, ValueId top,
                 support::Arena& arena)
    : pool_(pool), target_(target), top_(top), arena_(arena), seen_(pool.size(), 0),
      known_(pool.code_count()) {
    reach(top);
    for (std::size_t i = 0; i < roots_.size(); ++i) enter_tree(roots_[i]); // which may add more
    name_entries();
}

/// Finds every code object and the places it stands in.
void Outline::reach(ValueId top) {
    if (static_cast<std::size_t>(top) >= seen_.size()) return;
    meet(top, at_file);
    while (!waiting_.empty()) {
        const ValueId id = waiting_.back();
        waiting_.pop_back();
        if (pool_[id].kind == ValueKind::Code)
            look_into_code(id);
        else
            look_into(id);
    }
}

/// A value in a place: `owner` is the code object in whose constants it stands directly.
void Outline::meet(ValueId id, std::int32_t owner) {
    if (static_cast<std::size_t>(id) >= seen_.size()) return;
    const ValueKind kind = pool_[id].kind;
    if (kind == ValueKind::Code) {
        Known& known = known_[index_of(id)];
        if (known.owner == no_owner) {
            known.owner = owner;
            waiting_.push_back(id);
        } else if (known.owner != owner) {
            known.owner = at_file;
        }
        if (known.owner == at_file) add_root(id);
        return;
    }
    std::uint8_t& seen = seen_[static_cast<std::size_t>(id)];
    if (!objects::is_container(kind) || (seen & as_value)) return;
    seen |= as_value;
    waiting_.push_back(id);
}

void Outline::look_into_code(ValueId code) {
    const ValueId consts = pool_.code(code).consts;
    if (static_cast<std::size_t>(consts) >= seen_.size() || !objects::is_container(pool_[consts].kind))
        return;
    std::uint8_t& seen = seen_[static_cast<std::size_t>(consts)];
    if (seen & as_shared) return;
    const bool again = (seen & as_consts) != 0;
    seen |= again ? as_shared : as_consts;
    const auto owner = again ? at_file : static_cast<std::int32_t>(index_of(code));
    for (const ValueId id : pool_.children(consts)) meet(id, owner);
}

void Outline::look_into(ValueId container) {
    const auto members = pool_.children(container);
    for (std::uint32_t i = 0; i < members.size(); ++i) {
        meet(members[i], at_file);
        if (static_cast<std::size_t>(members[i]) < seen_.size() && pool_[members[i]].kind == ValueKind::Code)
            in_containers_.push_back({container, i});
    }
}

void Outline::add_root(ValueId code) {
    Known& known = known_[index_of(code)];
    if (known.waiting) return;
    known.waiting = true;
    roots_.push_back(code);
}

std::int32_t Outline::enter(ValueId code, std::int32_t parent) {
    const auto index = static_cast<std::int32_t>(entries_.size());
    Entry& entry = entries_.emplace_back();
    entry.code = code;
    entry.parent = parent;
    entry.kind = kind_of(pool_, target_, pool_.code(code), code == top_);
    known_[index_of(code)].entry = index;
    return index;
}

/// A block at file level and those in it, outer ones first.
void Outline::enter_tree(ValueId root) {
    if (known_[index_of(root)].entry >= 0) return;
    frames_.assign(1, {enter(root, -1), 0});
    while (!frames_.empty()) {
        Frame& frame = frames_.back();
        const ValueId code = entries_[static_cast<std::size_t>(frame.entry)].code;
        const ValueId consts = pool_.code(code).consts;
        const auto members = static_cast<std::size_t>(consts) < seen_.size() &&
                                     objects::is_container(pool_[consts].kind) &&
                                     !(seen_[static_cast<std::size_t>(consts)] & as_shared)
                                 ? pool_.children(consts)
                                 : std::span<const ValueId>();
        ValueId child = no_value;
        while (frame.next < members.size() && child == no_value) {
            const ValueId id = members[frame.next++];
            if (static_cast<std::size_t>(id) >= seen_.size() || pool_[id].kind != ValueKind::Code) continue;
            const Known& known = known_[index_of(id)];
            if (known.entry < 0 && known.owner == static_cast<std::int32_t>(index_of(code))) child = id;
        }
        if (child == no_value) {
            frames_.pop_back();
        } else if (frames_.size() == most_levels) {
            add_root(child);
        } else {
            frames_.push_back({enter(child, frame.entry), 0});
        }
    }
}

namespace {

bool is_plain(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '<' || c == '>';
}

} // namespace

/// The name of a code object with what a symbol cannot hold replaced: dots, too, which would be a path, and
/// `$`, which begins a number.
std::string_view Outline::base_symbol(ValueId code) {
    const std::string_view name = pool_.text(pool_.code(code).name);
    if (!name.empty() && name.size() <= longest_symbol && std::ranges::all_of(name, is_plain)) return name;
    return arena_.copy(symbol_text(name, longest_symbol, Dots::Replaced));
}

/// With a path where the qualified name has one that does not come from the blocks around it: 3.15 has the
/// `__annotate__` of a function f beside it as `f.__annotate__`.
std::string_view Outline::nested_symbol(const Entry& entry) {
    const std::string_view base = base_symbol(entry.code);
    const CodeObject& code = pool_.code(entry.code);
    if (!target_.code.qualname || base != pool_.text(code.name)) return base;
    const Entry& parent = entries_[static_cast<std::size_t>(entry.parent)];
    std::string_view path = pool_.text(code.qualname);
    if (parent.kind != BlockKind::Module) {
        const std::string_view outer = pool_.text(pool_.code(parent.code).qualname);
        const std::string_view joint = parent.kind == BlockKind::Class ? "." : ".<locals>.";
        if (!path.starts_with(outer)) return base;
        path.remove_prefix(outer.size());
        if (!path.starts_with(joint)) return base;
        path.remove_prefix(joint.size());
    }
    if (path.size() > longest_symbol || path.size() < base.size() + 2 || !path.ends_with(base)) return base;
    const std::string_view head = path.substr(0, path.size() - base.size());
    const auto is_word = [](unsigned char c) { return is_plain(c) && c != '<' && c != '>'; };
    return head.back() == '.' && std::ranges::all_of(head.substr(0, head.size() - 1), is_word) ? path : base;
}

std::string_view Outline::numbered(std::string_view base, std::uint32_t number) {
    return number < 2 ? base : arena_.copy(fmt::format("{}${}", base, number));
}

/// Nested blocks first: one at file level takes a number that no other block of its name has, so that it is
/// what its symbol means everywhere.
void Outline::name_entries() {
    tsl::robin_map<ScopedName, std::uint32_t, ScopedNameHash> counts;        // by parent
    tsl::robin_map<std::string_view, std::uint32_t, support::TextHash> most; // in any scope
    for (Entry& entry : entries_) {
        if (entry.parent < 0) continue;
        const std::string_view base = nested_symbol(entry);
        const std::uint32_t number = ++counts[{static_cast<std::uint32_t>(entry.parent), base}];
        std::uint32_t& greatest = most[base];
        greatest = std::max(greatest, number);
        entry.symbol = numbered(base, number);
    }
    for (Entry& entry : entries_) {
        if (entry.parent >= 0 || entry.kind == BlockKind::Module) continue;
        const std::string_view base = base_symbol(entry.code);
        entry.symbol = numbered(base, ++most[base]);
    }
}

} // namespace pyasm::program
