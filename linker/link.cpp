#include "linker/link.hpp"

#include "linker/parts.hpp"
#include "program/outline.hpp"
#include "program/qualified_names.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace pyasm::linker {

using objects::no_value;
using objects::ValueId;
using objects::ValueKind;

Linker::Linker(const isa::Target* target) : parts_(std::make_unique<Parts>(target)) {}
Linker::~Linker() = default;

const std::vector<Input>& Linker::inputs() const { return parts_->program.inputs; }
const isa::Target* Linker::target() const { return parts_->common_target; }
const std::vector<LinkError>& Linker::errors() const { return parts_->errors; }

InputIndex Linker::Parts::begin(Input input, const isa::Target& target) {
    const auto index = static_cast<InputIndex>(program.inputs.size());
    definitions.add_file(input.path);
    program.inputs.push_back(std::move(input));
    facts.push_back({});
    facts.back().target = &target;
    if (!common_target) common_target = &target;
    if (common_target != &target) targets_differ = true;
    if (!graft) graft.emplace(program.file.pool);
    return index;
}

ValueId Linker::Parts::copy_top(InputIndex input, const objects::PycFile& file) {
    InputFacts& fact = facts[input];
    if (file.top == no_value) return no_value;
    fact.header = file.header;
    fact.trailing = support::as_bytes(program.file.pool.arena().copy(support::as_text(file.trailing)));
    return fact.top = graft->copy(file.top);
}

void Linker::Parts::note_codes(InputIndex input) {
    for (const Graft::Code& code : graft->codes()) program.codes.push_back({code.copy, input, code.original});
}

void Linker::Parts::report_two(const Definition& first, const Definition& second) {
    error({second.input, second.span},
          fmt::format("the symbol '{}' is defined twice", support::printable(second.name)),
          "Export it from one of them only, or give one another name.")
        .notes.push_back({{first.input, first.span}, "first defined here"});
}

void Linker::Parts::want(const Wanted& one) {
    const auto [place, is_new] = wanted_index.try_emplace(
        program::ScopedName{one.wants_code ? 1U : 0U, one.name}, static_cast<std::uint32_t>(wanted.size()));
    if (is_new) wanted.push_back(one);
}

InputIndex Linker::add(Input input, const program::ObjectModule& module) {
    Parts& parts = *parts_;
    const InputIndex index = parts.begin(std::move(input), *module.pyc.target);
    if (parts.targets_differ) return index;
    auto& arena = parts.program.file.pool.arena();
    Graft& graft = *parts.graft;
    graft.begin(module.pyc.pool);
    const ValueId top = parts.copy_top(index, module.pyc);
    parts.facts[index].top_span = module.top_span;
    if (top != no_value) parts.definitions.add({"<module>", index, top, true, true, module.top_span, 0});
    for (const program::GlobalSymbol& global : module.globals) {
        const Definition definition{
            arena.copy(global.name), index, graft.copy(global.value), global.is_code, false, global.span, 0};
        if (const Definition* first = parts.definitions.strong(definition.name))
            parts.report_two(*first, definition);
        else
            parts.definitions.add(definition);
    }
    for (const program::ExternSymbol& symbol : module.externs)
        parts.want({arena.copy(symbol.name),
                    symbol.wants_code,
                    {index, symbol.span},
                    symbol.wanted_by,
                    no_value,
                    no_input});
    parts.note_codes(index);
    // A block of a unit that nothing leads to has no copy.
    const auto& codes = graft.codes();
    std::vector<Graft::Code> by_original(codes.begin(), codes.end());
    if (!module.unchecked.empty()) std::ranges::sort(by_original, {}, &Graft::Code::original);
    for (const ValueId id : module.unchecked) {
        const auto found = std::ranges::lower_bound(by_original, id, {}, &Graft::Code::original);
        if (found != by_original.end() && found->original == id)
            parts.program.unchecked.push_back(found->copy);
    }
    return index;
}

InputIndex Linker::add(Input input, const objects::PycFile& file) {
    Parts& parts = *parts_;
    const InputIndex index = parts.begin(std::move(input), *file.target);
    if (parts.targets_differ) return index;
    Graft& graft = *parts.graft;
    graft.begin(file.pool);
    (void)parts.copy_top(index, file);
    auto& arena = parts.program.file.pool.arena();
    const program::Outline outline(file.pool, *file.target, file.top, arena);
    const program::QualifiedNames names(outline, file.pool);
    for (std::size_t i = 0; i < names.size(); ++i)
        parts.definitions.add(
            {arena.copy(names[i]), index, graft.copy(outline.entries()[i].code), true, true, {}, 0});
    parts.note_codes(index);
    return index;
}

std::size_t Linker::wanted_count() const { return parts_->wanted.size(); }

bool Linker::is_defined(std::string_view symbol) const { return !parts_->definitions.find(symbol).empty(); }

std::vector<WantedSymbol> Linker::undefined(std::size_t first) const {
    std::vector<WantedSymbol> result;
    for (std::size_t i = first; i < parts_->wanted.size(); ++i) {
        const Parts::Wanted& one = parts_->wanted[i];
        if (!is_defined(one.name)) result.push_back({one.name, one.wants_code, one.place, one.wanted_in});
    }
    std::ranges::sort(result, [](const WantedSymbol& a, const WantedSymbol& b) {
        return std::pair(a.name, a.wants_code) < std::pair(b.name, b.wants_code);
    });
    return result;
}

bool Linker::has_unit_body() const {
    return std::ranges::any_of(parts_->facts, [&](const Parts::InputFacts& fact) {
        const auto index = static_cast<std::size_t>(&fact - parts_->facts.data());
        const Input& input = parts_->program.inputs[index];
        return fact.top != no_value && input.kind != InputKind::Bytecode && input.library.empty();
    });
}

bool Linker::defines_code(std::string_view name) const {
    const Definition* found = parts_->definitions.strong(name);
    return found && found->is_code;
}

void Linker::want_code(std::string_view symbol, std::string wanted_in) {
    auto& arena = parts_->program.file.pool.arena();
    parts_->want({arena.copy(symbol), true, {}, std::move(wanted_in), no_value, no_input});
}

std::optional<LinkedProgram> Linker::finish(const FinishOptions& options) {
    Parts& parts = *parts_;
    parts.check_targets();
    if (!parts.targets_differ) {
        parts.resolve_all(options);
        if (options.calls_main) parts.check_main();
        if (options.needs_main) parts.program.main = parts.choose_main(options.main);
    }
    const auto in_order = [](const LinkError& a, const LinkError& b) {
        // What is about no input comes first.
        return std::pair(a.place.input + 1, a.place.span.begin) <
               std::pair(b.place.input + 1, b.place.span.begin);
    };
    std::ranges::stable_sort(parts.errors, in_order);
    if (parts.errors.empty()) parts.resolve_aliases();
    if (!parts.errors.empty()) return std::nullopt;

    if (parts.graft) {
        parts.graft->end();
        parts.put_in_place();
    }
    LinkedProgram& program = parts.program;
    program.file.target = parts.common_target;
    if (program.main != no_input) {
        const Parts::InputFacts& fact = parts.facts[program.main];
        program.file.header = fact.header;
        program.file.trailing = fact.trailing;
        program.file.top = parts.follow(fact.top);
    }
    std::ranges::sort(program.codes, {}, &CodeOrigin::code);
    parts.check_circles();
    if (!parts.errors.empty()) return std::nullopt;
    std::ranges::sort(program.unchecked);
    for (const Parts::Wanted& one : parts.wanted)
        program.symbols.push_back({std::string(one.name), one.wants_code, parts.follow(one.value), one.input,
                                   one.place.input, one.wanted_in});
    std::ranges::sort(program.symbols, [](const ResolvedSymbol& a, const ResolvedSymbol& b) {
        return std::pair(std::string_view(a.name), a.is_code) <
               std::pair(std::string_view(b.name), b.is_code);
    });
    LinkedProgram result = std::move(program);
    program.inputs = result.inputs; // for messages about the program
    return result;
}

} // namespace pyasm::linker
