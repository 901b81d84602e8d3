#include "assembler/labels.hpp"

#include "support/text.hpp"

#include <fmt/format.h>

namespace pyasm::assembler {

using support::Span;

void Labels::begin(std::int32_t block) {
    block_ = block;
    by_string_.begin_block();
    labels_.clear();
}

std::uint32_t Labels::refer(std::string_view name) {
    const std::uint32_t string = context_.strings.intern(name);
    std::uint32_t label = by_string_.get(string);
    if (label != BlockIndex::none) return label;
    label = static_cast<std::uint32_t>(labels_.size());
    labels_.push_back({string, undefined, {}});
    by_string_.set(string, label);
    return label;
}

void Labels::define(std::string_view name, std::uint32_t item, Span span) {
    Label& label = labels_[refer(name)];
    if (label.item != undefined) {
        if (context_.text_had_errors) return;
        context_.diagnostics
            .error(span, fmt::format("label '{}' stands twice in this block", support::printable(name)))
            .notes.push_back({label.span, "first defined here"});
        return;
    }
    label.item = item;
    label.span = span;
}

std::uint32_t Labels::item_of(std::uint32_t label, Span span) {
    const Label& entry = labels_[label];
    if (entry.item == undefined) report_undefined(context_.strings.text(entry.string), span);
    return entry.item;
}

void Labels::report_undefined(std::string_view name, Span span) {
    std::string help;
    if (context_.suggests()) {
        std::vector<std::string_view> candidates;
        for (const Label& label : labels_) {
            if (label.item != undefined) candidates.push_back(context_.strings.text(label.string));
            if (candidates.size() == 4096) break;
        }
        const std::string_view near = support::nearest(name, candidates);
        if (!near.empty()) help = fmt::format("Did you mean {}?", near);
        find_homes();
        const std::uint32_t string = context_.strings.find(name);
        const std::int32_t home = string < homes_.size() ? homes_[string] : -1;
        if (help.empty() && home >= 0 && home != block_)
            help = fmt::format("{} has a label of this name; a jump cannot leave its code object.",
                               Symbols::title(context_.unit.blocks[static_cast<std::size_t>(home)]));
    }
    context_.diagnostics.error(span, fmt::format("no label '{}' in this block", support::printable(name)),
                               std::move(help));
}

/// Which block has which label, for the one message that asks; in one pass over the unit.
void Labels::find_homes() {
    if (!homes_.empty()) return;
    homes_.push_back(-1);
    for (std::size_t i = 0; i < context_.unit.blocks.size(); ++i) {
        for (const program::Statement& statement : context_.unit.blocks[i].body) {
            if (statement.kind != program::StatementKind::Label) continue;
            const std::uint32_t string = context_.strings.intern(statement.text);
            if (string >= homes_.size()) homes_.resize(string * 2 + 16, -1);
            homes_[string] = static_cast<std::int32_t>(i);
        }
    }
}

} // namespace pyasm::assembler
