#include "assembler/assemble.hpp"

#include "assembler/block.hpp"
#include "assembler/context.hpp"
#include "assembler/header.hpp"

#include <cassert>
#include <utility>

namespace pyasm::assembler {

namespace {

/// `.value` as the top object. Code in it is found from the file level, and so before any block can be the first
/// to name an anchored value of it; or after them, where it stands behind them.
objects::ValueId prepare_top(UnitContext& context) {
    const auto& pin = context.unit.top;
    const objects::ValueId value = context.constants.prepare(pin.value, -1, pin.span);
    if (value != objects::no_value && context.unit.values[value].kind != objects::ValueKind::Code)
        context.symbols.note_depth(-1, context.constants.depth(value));
    return value;
}

bool has_blocks(UnitContext& context) {
    if (!context.unit.blocks.empty() || context.unit.top) return true;
    const support::SourceFile* file = context.sources.file_at(1);
    context.diagnostics.error_in(file ? std::string_view(file->path) : std::string_view(),
                                 "there is no block in it",
                                 "A file needs a .module, or one .function, .class or .code.");
    return false;
}

void note_unchecked(const UnitContext& context, std::vector<objects::ValueId>& codes) {
    const auto& blocks = context.unit.blocks;
    for (std::size_t i = 0; i < blocks.size(); ++i)
        if (blocks[i].pins.unchecked) codes.push_back(context.symbols.code_of(static_cast<std::int32_t>(i)));
}

} // namespace

std::optional<objects::PycFile> assemble(program::Unit unit, const support::Sources& sources,
                                         const AssembleOptions& options, support::Diagnostics& diagnostics) {
    assert(unit.target);
    if (unit.target_is_wrong) return std::nullopt;
    const std::size_t errors = diagnostics.error_count();
    UnitContext context(unit, sources, diagnostics);
    context.places = options.places;
    context.symbols.enter_blocks();
    const std::int32_t top = context.symbols.find_top();
    if (errors == 0) (void)has_blocks(context);
    const bool value_first =
        unit.top && (unit.blocks.empty() || unit.top.span.begin < unit.blocks.front().span.begin);
    objects::ValueId value = value_first ? prepare_top(context) : objects::no_value;
    BlockAssembler blocks(context);
    for (std::size_t i = 0; i < unit.blocks.size(); ++i) blocks.assemble(static_cast<std::int32_t>(i));
    if (options.unchecked) note_unchecked(context, *options.unchecked);
    if (unit.top && !value_first) value = prepare_top(context);
    context.symbols.check_references(top);
    const objects::PycHeader header = make_header(context, options);
    if (diagnostics.error_count() != errors || top < 0) return std::nullopt;

    objects::PycFile file;
    file.target = unit.target;
    file.header = header;
    file.top = unit.top ? value : context.symbols.code_of(top);
    if (unit.trailing) file.trailing = support::as_bytes(unit.values.text(unit.trailing.value));
    if (unit.layout) file.layout = unit.values.text(unit.layout.value);
    file.pool = std::move(unit.values);
    return file;
}

} // namespace pyasm::assembler
