#include "grammar/characters.hpp"
#include "grammar/state.hpp"

#include "isa/target.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <utility>

/// Blocks, their symbols, and the target.
namespace pyasm::grammar {

using program::Block;
using program::BlockKind;
using program::Statement;

void State::outside_block(support::Span place, std::string_view what) {
    // One message for a run of lines that belong to no block.
    if (!outside_reported_) {
        context_.error(place, fmt::format("{} outside of a block", what),
                       "Code stands between .module, .function, .class or .code and its .end.");
    }
    context_.failed = true;
    if (!context_.substitute) outside_reported_ = true;
}

void State::open_block(BlockKind kind) {
    outside_reported_ = false;
    if (skipped_blocks_ || depth_ == max_block_depth) {
        if (!skipped_blocks_++) {
            context_.error(line_.directive_span,
                           fmt::format("blocks nested deeper than {} levels", max_block_depth));
        }
        return;
    }
    auto& blocks = unit().blocks;
    const auto index = static_cast<std::uint32_t>(blocks.size());
    Block& block = blocks.emplace_back();
    block.kind = kind;
    block.symbol = line_.symbol;
    block.span = line_.directive_span;
    block.symbol_span = line_.symbol_span;
    block.parent = depth_ ? static_cast<std::int32_t>(open_[depth_ - 1].index) : -1;
    block.has_signature = kind == BlockKind::Function || line_.has_signature;
    block.is_async = line_.is_async;
    check_signature();
    block.parameters.assign(parameters_.begin(), parameters_.end());
    if (depth_ == open_.size()) open_.emplace_back();
    OpenBlock& open = open_[depth_++];
    open.index = index;
    open.include_depth = includes_.size();
    open.file = context_.file;
    open.body.clear();
    open.tries.clear();
    open.started = open.tables_reported = open.holds_module = false;
    body_ = &open.body;
    if (kind == BlockKind::Module) {
        if (module_span_.known()) {
            context_
                .error(line_.directive_span, "a second '.module' in the file",
                       "Use .code for other code objects.")
                .notes.push_back({module_span_, "the first one is here"});
        } else {
            module_span_ = line_.directive_span;
        }
        return;
    }
    if (line_.symbol.empty()) return;
    const auto scope = static_cast<std::uint32_t>(block.parent + 1);
    (void)define_symbol(scope, block.symbol, block.symbol_span);
}

/// Enters the symbol of a block or a `.constant`; false, and an error, if its scope has it already.
bool State::define_symbol(std::uint32_t scope, std::string_view name, support::Span place) {
    const auto first = symbols_.define(scope, name, place);
    if (!first.known()) return true;
    context_
        .error(place, fmt::format("symbol '{}' is defined twice in the same scope", support::printable(name)),
               fmt::format("Give one of them another symbol, such as {}$2: $ and a number at its end are no "
                           "part of the name.",
                           support::printable(name)))
        .notes.push_back({first, "first defined here"});
    return false;
}

void State::end_block() {
    const bool was_outside = std::exchange(outside_reported_, false);
    if (skipped_blocks_) {
        --skipped_blocks_;
        return;
    }
    if (!depth_ && was_outside) { // the block's beginning is what is missing, as has been reported
        context_.failed = true;
        return;
    }
    if (!depth_ || open_[depth_ - 1].include_depth < includes_.size()) {
        context_.error(line_.directive_span,
                       depth_ ? "'.end' without a block in this file" : "'.end' without a block");
        return;
    }
    if (!misfit_.end.known()) {
        const support::Span opener = unit().blocks[open_[depth_ - 1].index].span;
        const auto there = indentation(opener);
        const auto here = indentation(line_.directive_span);
        if (there && here && *there != *here) misfit_ = {opener, line_.directive_span};
    }
    close_block(line_.directive_span, line_.directive_span);
}

/// The blanks before `place`, in the current file; nothing where it does not begin its line.
std::optional<std::string_view> State::indentation(support::Span place) const {
    if (!context_.file->holds(place.begin)) return std::nullopt;
    const std::string_view text = context_.file->text;
    const std::size_t at = place.begin - context_.file->base;
    std::size_t from = at;
    while (from != 0 && is(text[from - 1], Blank)) --from;
    if (from != 0 && text[from - 1] != '\n') return std::nullopt;
    return text.substr(from, at - from);
}

/// The file ends at `place` inside the innermost open block. Its `.end` may have been taken for that of a
/// block in it, as the indentation shows.
void State::report_missing_end(support::Span place) {
    auto& error = context_.error(place, "the file ends inside a block: '.end' is missing");
    error.notes.push_back({unit().blocks[open_[depth_ - 1].index].span, "the block was opened here"});
    const Misfit misfit = std::exchange(misfit_, {});
    if (!misfit.end.known()) return;
    error.notes.push_back({misfit.end, "this '.end' closes a block that is indented differently"});
    error.notes.push_back({misfit.block, "that block was opened here"});
}

/// Of a `.try` that a macro begin_... writes, the help that names the macro beside it that has the `.endtry`.
std::string State::end_of_try(support::Span place) const {
    std::string_view begin;
    const support::SourceFile* file = sources_.file_at(place.begin);
    for (; file && file->origin.kind != support::Origin::Kind::File;
         file = sources_.file_at(file->origin.from.begin))
        if (file->origin.kind == support::Origin::Kind::Macro) begin = file->origin.name;
    const auto opener = macros_.macros.find(begin);
    if (!begin.starts_with("begin_") || opener == macros_.macros.end()) return {};
    std::string_view end; // the first by name, as the table has another order in each run
    for (const auto& [name, macro] : macros_.macros)
        if (name.starts_with("end_") && macro->body.file == opener->second->body.file &&
            macro->body.text.find(".endtry") != std::string_view::npos && (end.empty() || name < end))
            end = name;
    return end.empty() ? std::string{} : fmt::format("{} is ended by {}, which is missing.", begin, end);
}

/// `end`: the `.end`, if there is one; `place`: where the block is found to end.
void State::close_block(support::Span end, support::Span place) {
    OpenBlock& open = open_[depth_ - 1];
    Block& block = unit().blocks[open.index];
    block.end_span = end;
    for (const support::Span at : open.tries) {
        if (!at.known()) continue;
        context_.error(at, "'.try' without '.endtry'", end_of_try(at))
            .notes.push_back({place, "the block ends here"});
    }
    // Small bodies are copied, so that the buffer stays for the next block; a large one that fills its buffer
    // is handed over.
    const std::size_t size = open.body.size();
    if (size < 16'384 || size < open.body.capacity() / 2)
        block.body.assign(open.body.begin(), open.body.end());
    else
        block.body = std::move(open.body);
    --depth_;
    body_ = depth_ ? &open_[depth_ - 1].body : nullptr;
}

void State::set_target(const isa::Target& target) {
    unit().target = &target;
    context_.dialect = {target.literals, target.underscores_in_numbers};
}

void State::commit_target() {
    auto& pin = unit().target_directive;
    const auto place = line_.text_span;
    if (pin) {
        context_.error(line_.directive_span, "a second '.target' in the file")
            .notes.push_back({pin.span, "the first one is here"});
        return;
    }
    if (macros_.target_asked.known() && isa::find_target(line_.text) != unit().target) {
        unit().target_is_wrong = true;
        context_
            .error(line_.directive_span, "'.target' stands after an expression that asks for the target",
                   "Put it ahead of all other directives.")
            .notes.push_back({macros_.target_asked, "it is asked for here"});
        return;
    }
    if (!unit().blocks.empty()) {
        unit().target_is_wrong = true;
        context_.error(line_.directive_span, "'.target' stands after the first block",
                       "Put it ahead of all blocks.");
        return;
    }
    if (unit().filename || unit().top || unit().trailing || unit().layout || !unit().constants.empty()) {
        unit().target_is_wrong = true;
        context_.error(line_.directive_span, "'.target' stands after a literal, whose language it decides",
                       "Put it ahead of all other directives.");
        return;
    }
    pin = {line_.text, place, true};
    if (const isa::Target* target = isa::find_target(line_.text)) {
        if (!options_.target) return set_target(*target);
        if (target == options_.target) return;
        unit().target_is_wrong = true;
        context_.error(
            place,
            fmt::format("the file is for {}, and {} was asked for", target->name, options_.target->name),
            "Leave out .target or the option --target, or let them agree.");
        return;
    }
    unit().target_is_wrong = true;
    std::vector<std::string_view> names;
    std::string list;
    const isa::Target* near = nullptr;
    for (const isa::Target& target : isa::all_targets()) {
        names.push_back(target.name);
        list += fmt::format("{}{}", list.empty() ? "" : ", ", target.name);
        if (line_.text.find(target.name) != std::string_view::npos) near = &target; // python3.13, 3.13.1
    }
    if (!near) near = isa::find_target(support::nearest(line_.text, names));
    if (near && !options_.target) set_target(*near);
    context_.error(place, fmt::format("unknown target '{}'", support::printable(line_.text)),
                   near ? fmt::format("Did you mean {}? The targets are {}.", near->name, list)
                        : fmt::format("The targets are {}.", list));
}

} // namespace pyasm::grammar
