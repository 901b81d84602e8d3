#include "assembler/assemble.hpp"

#include "assembler/block.hpp"
#include "assembler/context.hpp"
#include "assembler/header.hpp"

#include <cassert>
#include <utility>

namespace pyasm::assembler {

std::optional<objects::PycFile> assemble(program::Unit unit, const support::Sources& sources,
                                         const AssembleOptions& options, support::Diagnostics& diagnostics) {
    assert(unit.target);
    if (unit.target_is_wrong) return std::nullopt;
    const std::size_t errors = diagnostics.error_count();
    UnitContext context(unit, sources, diagnostics);
    context.symbols.enter_blocks();
    const std::int32_t top = context.symbols.find_top();
    if (unit.blocks.empty() && errors == 0) {
        const support::SourceFile* file = sources.file_at(1);
        diagnostics.error_in(file ? std::string_view(file->path) : std::string_view(),
                             "there is no block in it",
                             "A file needs a .module, or one .function, .class or .code.");
    }
    BlockAssembler blocks(context);
    for (std::size_t i = 0; i < unit.blocks.size(); ++i) blocks.assemble(static_cast<std::int32_t>(i));
    context.symbols.check_references(top);
    const objects::PycHeader header = make_header(context, options);
    if (diagnostics.error_count() != errors || top < 0) return std::nullopt;

    objects::PycFile file;
    file.target = unit.target;
    file.header = header;
    file.top = context.symbols.code_of(top);
    file.pool = std::move(unit.values);
    return file;
}

} // namespace pyasm::assembler
