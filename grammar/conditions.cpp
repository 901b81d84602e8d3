#include "grammar/macro_scope.hpp"

#include <fmt/format.h>

#include <algorithm>

/// `.if`, `.elif`, `.else` and `.endif`, and what they can ask of a name.
namespace pyasm::grammar {

using program::Block;
using program::BlockKind;

void State::commit_condition() {
    const DirectiveId id = line_.directive->id;
    auto& conditions = macros_.conditions;
    if (id == DirectiveId::If) {
        const auto text = arguments();
        const auto value = text ? evaluate(*text) : std::nullopt;
        Condition& condition = conditions.emplace_back();
        condition.span = line_.directive_span;
        condition.taken = value && value->truth();
        if (!condition.taken) seek_branch(condition, true);
        return;
    }
    if (conditions.size() == macros_.readings.back().conditions) {
        context_.error(line_.directive_span, fmt::format("'.{}' without '.if'", directive_name()));
        return;
    }
    Condition& condition = conditions.back();
    if (id == DirectiveId::EndIf) {
        conditions.pop_back();
        return;
    }
    if (condition.other.known()) {
        report_branch(line_.directive_span, directive_name(), condition.other);
        return seek_branch(condition, true);
    }
    if (id == DirectiveId::Else) condition.other = line_.directive_span;
    if (!condition.seeking) return seek_branch(condition, true);
    condition.seeking = false;
    if (id == DirectiveId::Else) {
        condition.taken = true;
        return;
    }
    const auto text = arguments();
    const auto value = text ? evaluate(*text) : std::nullopt;
    condition.taken = value && value->truth();
    if (!condition.taken) seek_branch(condition, true);
}

/// A branch stands behind the last one.
void State::report_branch(support::Span place, std::string_view word, support::Span other) {
    context_
        .error(place, fmt::format("'.{}' stands after the '.else' of its '.if'", word),
               "The .else comes last.")
        .notes.push_back({other, "the '.else' is here"});
}

/// Goes on at the next `.elif`, `.else` or `.endif` of the condition.
void State::seek_branch(Condition& condition, bool branches) {
    const char* const here = context_.begin + (line_.directive_span.begin - context_.file->base);
    const char* const from = line_.directive->shape == Shape::Raw ? macros_.raw_next : behind_line(here);
    const BodyEnd found = find_end(from, DirectiveId::If, branches, nullptr);
    condition.seeking = !condition.taken;
    if (found.at) return jump(found.at);
    report_no_end(condition.span, DirectiveId::If, found);
    macros_.conditions.pop_back();
}

/// At the end of a text: conditions that were opened in it end in it.
void State::close_conditions() {
    auto& conditions = macros_.conditions;
    while (conditions.size() > macros_.readings.back().conditions) {
        const Condition& condition = conditions.back();
        if (!macros_.leaving && !macros_.exhausted && !context_.swallowed)
            context_.error(condition.span, "'.if' without '.endif'");
        conditions.pop_back();
    }
}

/// "local", "cell", "free", "global" or "name": what the innermost block has said of a name so far. Empty
/// outside of blocks.
std::string_view State::kind_of(std::string_view name) {
    if (!depth_) return {};
    const auto& blocks = unit().blocks;
    const auto lists = [&](const program::Pin<program::PinnedList>& list) {
        return std::ranges::any_of(list.value.values,
                                   [&](objects::ValueId id) { return unit().values.text(id) == name; });
    };
    const auto is_function = [](const Block& block) {
        return block.kind == BlockKind::Function || block.kind == BlockKind::Code;
    };
    const Block& block = blocks[open_[depth_ - 1].index];
    if (lists(block.pins.freevars)) return "free";
    if (lists(block.pins.cellvars)) return "cell";
    const bool parameter = std::ranges::any_of(
        block.parameters, [&](const program::Parameter& one) { return one.name == name; });
    if (parameter || lists(block.pins.locals)) return "local";
    if (!is_function(block)) return "name";
    for (std::int32_t around = block.parent; around >= 0;
         around = blocks[static_cast<std::size_t>(around)].parent) {
        const Block& outer = blocks[static_cast<std::size_t>(around)];
        if (is_function(outer) && (lists(outer.pins.cellvars) || lists(outer.pins.freevars))) return "free";
    }
    return "global";
}

} // namespace pyasm::grammar
