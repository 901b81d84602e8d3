#include "assembler/symbols.hpp"

#include "objects/code_object.hpp"
#include "objects/marshal.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::assembler {

using objects::no_value;
using objects::ValueId;
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

Span place_of(const Block& block) { return block.symbol_span.known() ? block.symbol_span : block.span; }

} // namespace

std::string Symbols::title(const Block& block) {
    if (block.symbol.empty()) return std::string(directive(block.kind));
    return fmt::format("{} {}", directive(block.kind), support::printable(block.symbol));
}

void Symbols::enter_blocks() {
    const auto& blocks = unit_.blocks;
    depths_.assign(blocks.size() + 1, 1);
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
            .error(place_of(block),
                   fmt::format("the symbol '{}' stands twice in the same scope",
                               support::printable(block.symbol)),
                   "Give one of them another symbol; `.name` and `.qualname` say what the code object is "
                   "called.")
            .notes.push_back({place_of(blocks[at(first->second)]), "first defined here"});
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
            .error(unit_.top.span, "the file's top object is stated, and it has a .module, which would be that",
                   "Leave one of them out, or make the module a .code that the value leads to.")
            .notes.push_back({blocks[at(module)].span, "the module"});
        return -1;
    }
    if (module >= 0) return module;
    if (only >= 0 && second < 0) return only;
    if (only >= 0 && !text_had_errors_) {
        diagnostics_
            .error(place_of(blocks[at(second)]),
                   "a file without .module must have exactly one block at file level",
                   "Add a .module that refers to them by code(NAME), or nest one in the other.")
            .notes.push_back({place_of(blocks[at(only)]), "the first one"});
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

ValueId Symbols::refer(std::string_view name, std::int32_t block, Span place, int level) {
    const std::int32_t found = lookup(name, block);
    if (found >= 0) {
        references_.push_back({block < 0 ? value_root() : block, found, level, place});
        return code_of(found);
    }
    report_unknown(name, place);
    return no_value;
}

void Symbols::report_unknown(std::string_view name, Span place) {
    const std::string_view near = nearest_symbol(name);
    std::string help;
    if (near == name)
        help =
            "It stands in another block: write the way to it (code(outer.inner)), or move it to file level.";
    else if (!near.empty())
        help = fmt::format("Did you mean code({})?", near);
    diagnostics_.error(place, fmt::format("no block '{}' is visible here", support::printable(name)),
                       std::move(help));
}

void Symbols::note_depth(std::int32_t block, int depth) {
    int& known = depths_[at(block < 0 ? value_root() : block)];
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
        way += fmt::format("{} -> ", title(unit_.blocks[at(*step)]));
    }
    way += title(unit_.blocks[at(closing.to)]);
    diagnostics_.error(closing.span, fmt::format("code constants go round in a circle: {}", way),
                       "A code object cannot contain itself: marshal has no form for it.");
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

void Symbols::report_depth(std::int32_t block, const std::vector<int>& depth) {
    too_deep_ = true;
    Span place = block == value_root() ? unit_.top.span : unit_.blocks[at(block)].span;
    for (std::uint32_t i = first_reference_[at(block)]; i < first_reference_[at(block) + 1]; ++i) {
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
    const std::size_t count = unit_.blocks.size() + 1; // and the value that is the top object
    std::stable_sort(references_.begin(), references_.end(),
                     [](const Reference& a, const Reference& b) { return a.from < b.from; });
    first_reference_.assign(count + 1, 0);
    for (const Reference& reference : references_) ++first_reference_[at(reference.from) + 1];
    for (std::size_t i = 0; i < count; ++i) first_reference_[i + 1] += first_reference_[i];

    std::vector<std::uint8_t> state(count, 0);
    std::vector<int> depth(count, 0);
    if (top >= 0) visit(top, state, depth);
    for (std::size_t i = 0; i + 1 < count; ++i) {
        if (state[i] != 0) continue;
        const Block& block = unit_.blocks[i];
        if (!diagnostics_.has_errors() && block.kind != BlockKind::Module)
            diagnostics_.warning(
                place_of(block),
                fmt::format("nothing refers to {}: it is left out of the file", title(block)),
                fmt::format("Refer to it by code({}).", block.symbol));
        visit(static_cast<std::int32_t>(i), state, depth);
    }
}

} // namespace pyasm::assembler
