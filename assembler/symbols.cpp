#include "assembler/symbols.hpp"

#include "objects/code_object.hpp"
#include "objects/marshal.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pyasm::assembler {

using objects::no_value;
using objects::ValueId;
using objects::ValueKind;
using program::Block;
using program::BlockKind;
using support::Span;

namespace {

constexpr int most_parts = 16; ///< heads of a dotted name that are tried as symbols of a scope
constexpr std::size_t most_candidates = 4096;

std::string_view directive(BlockKind kind) {
    switch (kind) {
    case BlockKind::Module: return ".module";
    case BlockKind::Function: return ".function";
    case BlockKind::Class: return ".class";
    case BlockKind::Code: break;
    }
    return ".code";
}

std::size_t at(std::int32_t block) { return static_cast<std::size_t>(block); }

} // namespace

std::string Symbols::title(const Block& block) {
    if (block.symbol.empty()) return std::string(directive(block.kind));
    return fmt::format("{} {}", directive(block.kind), support::printable(block.symbol));
}

std::string Symbols::title_of(Node node) const {
    if (is_block(node)) return title(unit_.blocks[at(node)]);
    if (node == value_root()) return ".value";
    return fmt::format(".constant {}", support::printable(unit_.constants[at(node - value_root() - 1)].name));
}

Span Symbols::place_of(Node node) const {
    if (is_block(node)) {
        const Block& block = unit_.blocks[at(node)];
        return block.symbol_span.known() ? block.symbol_span : block.span;
    }
    return node == value_root() ? unit_.top.span : unit_.constants[at(node - value_root() - 1)].span;
}

void Symbols::enter_blocks(bool is_object) {
    is_object_ = is_object;
    const auto& blocks = unit_.blocks;
    depths_.assign(blocks.size() + 1 + unit_.constants.size(), 1);
    for (std::size_t i = 0; i < unit_.constants.size(); ++i)
        constants_.try_emplace(unit_.constants[i].name, constant_node(i));
    for (const program::SymbolName& name : unit_.externs) others_.try_emplace(name.name);
    longest_.assign(blocks.size() + 1, 0);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Block& block = blocks[i];
        const auto index = static_cast<std::int32_t>(i);
        codes_.push_back(unit_.values.add_code({}));
        if (block.kind == BlockKind::Module || block.symbol.empty()) continue;
        const auto [first, is_new] = members_.try_emplace(key(block.parent, block.symbol), index);
        std::size_t& longest = longest_[at(block.parent + 1)];
        longest = std::max(longest, block.symbol.size());
        if (is_new || text_had_errors_) continue;
        diagnostics_
            .error(place_of(index),
                   fmt::format("the symbol '{}' stands twice in the same scope",
                               support::printable(block.symbol)),
                   "Give one of them another symbol; `.name` and `.qualname` say what the code object is "
                   "called.")
            .notes.push_back({place_of(first->second), "first defined here"});
    }
}

std::int32_t Symbols::find_top() {
    const auto& blocks = unit_.blocks;
    std::int32_t module = -1, only = -1, second = -1;
    bool failed = false;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const auto index = static_cast<std::int32_t>(i);
        const Block& block = blocks[i];
        if (block.kind != BlockKind::Module) {
            if (block.parent < 0) (only < 0 ? only : second) = index;
        } else if (block.parent >= 0 || module >= 0) {
            failed = true;
            if (text_had_errors_) continue;
            if (block.parent >= 0)
                diagnostics_.error(block.span, "a .module stands at file level only",
                                   "Close the block around it first.");
            else
                diagnostics_.error(block.span, "a file has one .module only")
                    .notes.push_back({blocks[at(module)].span, "the first one"});
        } else {
            module = index;
        }
    }
    if (failed) return -1;
    if (unit_.top) {
        if (module < 0) return value_root();
        diagnostics_
            .error(unit_.top.span,
                   "the file's top object is stated, and it has a .module, which would be that",
                   "Leave one of them out, or make the module a .code that the value leads to.")
            .notes.push_back({blocks[at(module)].span, "the module"});
        return -1;
    }
    if (module >= 0 || is_object_) return module;
    if (only >= 0 && second < 0) return only;
    if (only >= 0 && !text_had_errors_) {
        diagnostics_
            .error(place_of(second), "a file without .module must have exactly one block at file level",
                   unit_.globals.empty() && unit_.externs.empty()
                       ? "Add a .module that refers to them by code(NAME), or nest one in the other."
                       : "As a part of a program it needs none: join the files with pyasm link, or make an "
                         "object "
                         "file with pyasm asm -c.")
            .notes.push_back({place_of(only), "the first one"});
    }
    return -1;
}

std::int32_t Symbols::member(std::int32_t scope, std::string_view name) const {
    if (name.size() > longest_[at(scope + 1)]) return -1;
    const auto found = members_.find(key(scope, name));
    return found == members_.end() ? -1 : found->second;
}

/// Takes the longest symbol of a scope from the head of `name`: all of it, or what ends at a dot (which goes,
/// too). -1 where there is none.
std::int32_t Symbols::take_symbol(std::int32_t scope, std::string_view& name) const {
    std::int32_t found = member(scope, name);
    if (found >= 0) {
        name = {};
        return found;
    }
    // No symbol is longer than the scope's longest: the rest of a long name is not looked at.
    const std::string_view head = name.substr(0, longest_[at(scope + 1)] + 1);
    std::size_t dot = std::min(head.size(), name.empty() ? 0 : name.size() - 1);
    for (int parts = 0; parts < most_parts && dot != 0; ++parts) {
        dot = head.rfind('.', dot - 1);
        if (dot == std::string_view::npos) return -1;
        found = member(scope, head.substr(0, dot));
        if (found < 0) continue;
        name.remove_prefix(dot + 1);
        return found;
    }
    return -1;
}

/// The first scope outward that has the head of a name decides, as with Python's names.
std::int32_t Symbols::lookup(std::string_view name, std::int32_t block) const {
    if (!is_block(block)) block = -1; // at file level
    std::int32_t found = take_symbol(block, name);
    for (std::int32_t scope = block; found < 0 && scope >= 0;) {
        scope = unit_.blocks[at(scope)].parent;
        found = take_symbol(scope, name);
    }
    while (found >= 0 && !name.empty()) found = take_symbol(found, name);
    return found;
}

std::string_view Symbols::nearest_symbol(std::string_view name) const {
    if (diagnostics_.dropped() != 0) return {};
    std::vector<std::string_view> candidates;
    for (const Block& block : unit_.blocks) {
        if (!block.symbol.empty()) candidates.push_back(block.symbol);
        if (candidates.size() == most_candidates) break;
    }
    return support::nearest(name, candidates);
}

ValueId Symbols::refer(std::string_view name, Node block, Span place, int level) {
    const Node from = block < 0 ? value_root() : block;
    const std::int32_t found = lookup(name, block);
    if (found >= 0) {
        references_.push_back({from, found, level, place});
        return code_of(found);
    }
    if (others_.contains(name)) return other_units(name, true, from, place);
    report_unknown(name, place);
    return no_value;
}

Symbols::Constant Symbols::refer_constant(std::string_view name, Node block, Span place, int level) {
    const Node from = block < 0 ? value_root() : block;
    if (const auto found = constants_.find(name); found != constants_.end()) {
        references_.push_back({from, found->second, level, place});
        return {found->second - value_root() - 1, no_value};
    }
    if (others_.contains(name) && member(-1, name) < 0) return {-1, other_units(name, false, from, place)};
    report_unknown_constant(name, place);
    return {};
}

/// A symbol that `.extern` declares. An ordinary file has no others beside it, which is told once: what one
/// of them needs, all need.
ValueId Symbols::other_units(std::string_view name, bool is_code, Node from, Span place) {
    Other& other = others_.find(name).value();
    ValueId& symbol = is_code ? other.code : other.constant;
    if (symbol != no_value) return symbol;
    symbol = unit_.values.add_text(is_code ? ValueKind::CodeSymbol : ValueKind::ConstSymbol, name);
    externs_.push_back({name, is_code, place, title_of(from)});
    if (!is_object_ && externs_.size() == 1)
        diagnostics_.error(place,
                           fmt::format("'{}' stands in another file (.extern), which is not at hand here",
                                       support::printable(name)),
                           "Join the files with pyasm link, or make an object file with pyasm asm -c.");
    return symbol;
}

void Symbols::report_unknown_constant(std::string_view name, Span place) {
    const std::string shown = support::printable(name);
    if (member(-1, name) >= 0) {
        diagnostics_.error(place, fmt::format("'{}' is a block, and no constant", shown),
                           fmt::format("Write code({}).", shown));
        return;
    }
    const std::string_view near = nearest_constant(name);
    diagnostics_.error(place, fmt::format("no .constant '{}' in this file", shown),
                       near.empty() ? fmt::format("If it stands in another file, say .extern {}.", shown)
                                    : fmt::format("Did you mean const({})?", near));
}

std::string_view Symbols::nearest_constant(std::string_view name) const {
    if (diagnostics_.dropped() != 0) return {};
    std::vector<std::string_view> candidates;
    for (const program::NamedConstant& constant : unit_.constants) {
        candidates.push_back(constant.name);
        if (candidates.size() == most_candidates) break;
    }
    for (const program::SymbolName& other : unit_.externs) {
        if (candidates.size() == most_candidates) break;
        candidates.push_back(other.name);
    }
    return support::nearest(name, candidates);
}

void Symbols::report_unknown(std::string_view name, Span place) {
    const std::string shown = support::printable(name);
    if (constants_.contains(name)) {
        diagnostics_.error(place, fmt::format("'{}' is a constant, and no block", shown),
                           fmt::format("Write const({}).", shown));
        return;
    }
    const std::string_view near = nearest_symbol(name);
    std::string help;
    if (near == name)
        help =
            "It stands in another block: write the way to it (code(outer.inner)), or move it to file level.";
    else if (!near.empty())
        help = fmt::format("Did you mean code({})?", near);
    else
        help = fmt::format("If it stands in another file, say .extern {}.", shown);
    diagnostics_.error(place, fmt::format("no block '{}' is visible here", shown), std::move(help));
}

Symbols::Node Symbols::find_exported(std::string_view name) const {
    const auto found = constants_.find(name);
    return found != constants_.end() ? found->second : member(-1, name);
}

Symbols::Node Symbols::exported(const program::SymbolName& global) {
    if (const Node node = find_exported(global.name); node >= 0) return node;
    if (text_had_errors_) return -1; // it may have been meant where the text went wrong
    const std::string shown = support::printable(global.name);
    std::string help;
    if (others_.contains(global.name)) {
        help = "It is declared .extern: the file that has it exports it.";
    } else {
        std::string_view near = nearest_symbol(global.name);
        if (near.empty()) near = nearest_constant(global.name);
        if (near == global.name)
            help = "It stands in another block, and only what stands at file level can be exported.";
        else if (!near.empty())
            help = fmt::format("Did you mean {}?", near);
    }
    diagnostics_.error(global.span,
                       fmt::format("no block or constant '{}' at file level, to export it", shown),
                       std::move(help));
    return -1;
}

void Symbols::note_depth(Node node, int depth) {
    int& known = depths_[at(node < 0 ? value_root() : node)];
    known = std::max(known, depth);
}

void Symbols::report_circle(const std::vector<std::int32_t>& path, const Reference& closing) {
    const auto start = std::find(path.begin(), path.end(), closing.to);
    std::string way;
    std::size_t shown = 0;
    for (auto step = start; step != path.end(); ++step, ++shown) {
        if (shown == 6 && path.end() - step > 2) {
            way += "... -> ";
            step = path.end() - 1;
        }
        way += fmt::format("{} -> ", title_of(*step));
    }
    way += title_of(closing.to);
    diagnostics_.error(closing.span, fmt::format("constants go round in a circle: {}", way),
                       is_block(closing.to)
                           ? "A code object cannot contain itself: marshal has no form for it."
                           : "A constant cannot contain itself; a list can: &1 [*1].");
}

/// Depth-first without recursion: levels from the leaves up, circles on the way. State: 0 new, 1 on the path,
/// 2 done.
void Symbols::visit(std::int32_t root, std::vector<std::uint8_t>& state, std::vector<int>& depth) {
    struct Frame {
        std::int32_t block;
        std::uint32_t next;
    };
    std::vector<Frame> frames{{root, first_reference_[at(root)]}};
    std::vector<std::int32_t> path{root};
    state[at(root)] = 1;
    depth[at(root)] = own_levels(root) + depths_[at(root)];
    while (!frames.empty()) {
        Frame& frame = frames.back();
        if (frame.next == first_reference_[at(frame.block) + 1]) {
            state[at(frame.block)] = 2;
            if (depth[at(frame.block)] > objects::max_marshal_depth && !too_deep_)
                report_depth(frame.block, depth);
            frames.pop_back();
            path.pop_back();
            continue;
        }
        const Reference& reference = references_[frame.next];
        if (state[at(reference.to)] == 0) {
            state[at(reference.to)] = 1;
            depth[at(reference.to)] = own_levels(reference.to) + depths_[at(reference.to)];
            path.push_back(reference.to);
            frames.push_back({reference.to, first_reference_[at(reference.to)]});
            continue; // comes back to this reference when it is done
        }
        ++frame.next;
        if (state[at(reference.to)] == 1)
            report_circle(path, reference);
        else
            depth[at(frame.block)] =
                std::max(depth[at(frame.block)], levels_of(reference) + depth[at(reference.to)]);
    }
}

void Symbols::report_depth(Node node, const std::vector<int>& depth) {
    too_deep_ = true;
    Span place = is_block(node) ? unit_.blocks[at(node)].span : place_of(node);
    for (std::uint32_t i = first_reference_[at(node)]; i < first_reference_[at(node) + 1]; ++i) {
        const Reference& reference = references_[i];
        if (levels_of(reference) + depth[at(reference.to)] > objects::max_marshal_depth)
            place = reference.span;
    }
    diagnostics_.error(place,
                       fmt::format("constants are nested deeper here than the {} levels that marshal reads",
                                   objects::max_marshal_depth),
                       "A code object takes two levels, a tuple one.");
}

void Symbols::check_references(std::int32_t top) {
    const std::size_t count = depths_.size();
    std::stable_sort(references_.begin(), references_.end(),
                     [](const Reference& a, const Reference& b) { return a.from < b.from; });
    first_reference_.assign(count + 1, 0);
    for (const Reference& reference : references_) ++first_reference_[at(reference.from) + 1];
    for (std::size_t i = 0; i < count; ++i) first_reference_[i + 1] += first_reference_[i];

    std::vector<std::uint8_t> state(count, 0);
    std::vector<int> depth(count, 0);
    if (top >= 0) visit(top, state, depth);
    for (const program::SymbolName& global : unit_.globals) {
        const Node node = exported(global);
        if (node >= 0 && is_object_ && state[at(node)] == 0) visit(node, state, depth);
    }
    visit_rest(state, depth);
}

/// What is left out: circles in it are mistakes, too.
void Symbols::visit_rest(std::vector<std::uint8_t>& state, std::vector<int>& depth) {
    for (std::size_t i = 0; i < state.size(); ++i) {
        const auto node = static_cast<Node>(i);
        if (state[i] != 0 || node == value_root()) continue;
        if (!diagnostics_.has_errors() && is_block(node) && unit_.blocks[i].kind != BlockKind::Module)
            diagnostics_.warning(
                place_of(node),
                fmt::format("nothing refers to {}: it is left out of the file", title_of(node)),
                fmt::format("Refer to it by code({}){}.", unit_.blocks[i].symbol,
                            is_object_ ? ", or export it with .global" : ""));
        visit(node, state, depth);
    }
}

} // namespace pyasm::assembler
