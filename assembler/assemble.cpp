#include "assembler/assemble.hpp"

#include "assembler/block.hpp"
#include "assembler/context.hpp"
#include "assembler/header.hpp"
#include "support/hash.hpp"

#include <tsl/robin_set.h>

#include <cassert>
#include <utility>

namespace pyasm::assembler {

namespace {

/// `.value` as the top object. Code in it is found from the file level, and so before any block can be the
/// first to name an anchored value of it; or after them, where it stands behind them.
objects::ValueId prepare_top(UnitContext& context) {
    const auto& pin = context.unit.top;
    const objects::ValueId value = context.constants.prepare(pin.value, -1, pin.span);
    if (value != objects::no_value && context.unit.values[value].kind != objects::ValueKind::Code)
        context.symbols.note_depth(-1, context.constants.depth(value));
    return value;
}

bool has_something(UnitContext& context, bool is_object) {
    const auto& unit = context.unit;
    if (!unit.blocks.empty() || unit.top || (is_object && !unit.constants.empty())) return true;
    const support::SourceFile* file = context.sources.file_at(1);
    context.diagnostics.error_in(file ? std::string_view(file->path) : std::string_view(),
                                 is_object ? "there is neither a block nor a constant in it"
                                           : "there is no block in it",
                                 "A file needs a .module, or one .function, .class or .code.");
    return false;
}

void note_unchecked(const UnitContext& context, std::vector<objects::ValueId>& codes) {
    const auto& blocks = context.unit.blocks;
    for (std::size_t i = 0; i < blocks.size(); ++i)
        if (blocks[i].pins.unchecked) codes.push_back(context.symbols.code_of(static_cast<std::int32_t>(i)));
}

/// The layout of one whole file fits no other.
void check_object(UnitContext& context) {
    const auto& pin = context.unit.layout;
    if (pin)
        context.diagnostics.error(pin.span,
                                  "'.marshal' says how one whole file is written, and this one is a part",
                                  "Leave it out.");
}

void export_symbols(const UnitContext& context, program::ObjectModule& module) {
    const Symbols::Node first_constant = context.symbols.constant_node(0);
    tsl::robin_set<std::string_view, support::TextHash> known;
    for (const program::SymbolName& name : context.unit.globals) {
        if (!known.insert(name.name).second) continue;
        const Symbols::Node node = context.symbols.find_exported(name.name);
        const bool is_code = node < first_constant;
        const auto index = static_cast<std::size_t>(node - first_constant);
        module.globals.push_back({name.name,
                                  is_code ? context.symbols.code_of(node) : context.constants.constant(index),
                                  is_code, context.symbols.place_of(node)});
    }
}

/// What both kinds of result are made of. `module`: of the unit as a part of a program; null: it is one by
/// itself.
std::optional<objects::PycFile> assemble_unit(program::Unit& unit, const support::Sources& sources,
                                              const AssembleOptions& options,
                                              support::Diagnostics& diagnostics,
                                              program::ObjectModule* module) {
    assert(unit.target);
    if (unit.target_is_wrong) return std::nullopt;
    const std::size_t errors = diagnostics.error_count();
    UnitContext context(unit, sources, diagnostics);
    context.places = options.places;
    context.symbols.enter_blocks(module != nullptr);
    const std::int32_t top = context.symbols.find_top();
    if (errors == 0) (void)has_something(context, module != nullptr);
    context.constants.prepare_constants();
    const bool value_first =
        unit.top && (unit.blocks.empty() || unit.top.span.begin < unit.blocks.front().span.begin);
    objects::ValueId value = value_first ? prepare_top(context) : objects::no_value;
    BlockAssembler blocks(context);
    for (std::size_t i = 0; i < unit.blocks.size(); ++i) blocks.assemble(static_cast<std::int32_t>(i));
    if (options.unchecked) note_unchecked(context, *options.unchecked);
    if (unit.top && !value_first) value = prepare_top(context);
    context.symbols.check_references(top);
    const objects::PycHeader header = make_header(context, options);
    if (module) check_object(context);
    if (diagnostics.error_count() != errors || (top < 0 && !module)) return std::nullopt;

    objects::PycFile file;
    file.target = unit.target;
    file.header = header;
    file.top = unit.top ? value : top >= 0 ? context.symbols.code_of(top) : objects::no_value;
    if (unit.trailing) file.trailing = support::as_bytes(unit.values.text(unit.trailing.value));
    if (unit.layout) file.layout = unit.values.text(unit.layout.value);
    if (module) {
        if (top >= 0) module->top_span = context.symbols.place_of(top);
        export_symbols(context, *module);
        module->externs = context.symbols.take_externs();
        note_unchecked(context, module->unchecked);
    }
    file.pool = std::move(unit.values);
    return file;
}

} // namespace

void state_header(program::Unit& unit, const support::Sources& sources, const AssembleOptions& options,
                  support::Diagnostics& diagnostics) {
    if (unit.header.hash_of_file.empty()) return;
    UnitContext context(unit, sources, diagnostics);
    const std::size_t errors = diagnostics.error_count();
    const objects::PycHeader header = make_header(context, options);
    if (diagnostics.error_count() != errors) return;
    unit.header.header.value = header;
    unit.header.header.set = true;
    unit.header.hash_of_file = {};
}

std::optional<objects::PycFile> assemble(program::Unit unit, const support::Sources& sources,
                                         const AssembleOptions& options, support::Diagnostics& diagnostics) {
    return assemble_unit(unit, sources, options, diagnostics, nullptr);
}

std::optional<program::ObjectModule> assemble_object(program::Unit unit, const support::Sources& sources,
                                                     const AssembleOptions& options,
                                                     support::Diagnostics& diagnostics) {
    program::ObjectModule module;
    auto file = assemble_unit(unit, sources, options, diagnostics, &module);
    if (!file) return std::nullopt;
    module.pyc = std::move(*file);
    return module;
}

} // namespace pyasm::assembler
