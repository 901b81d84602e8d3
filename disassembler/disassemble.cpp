#include "disassembler/disassemble.hpp"

#include "disassembler/body.hpp"
#include "disassembler/listing_size.hpp"
#include "disassembler/outline.hpp"
#include "disassembler/pins.hpp"
#include "disassembler/stated.hpp"
#include "disassembler/tables.hpp"
#include "objects/marshal_layout.hpp"

#include <algorithm>
#include <utility>

namespace pyasm::disassembler {
namespace {

using objects::PycFile;
using objects::ValueId;
using objects::ValueKind;
using program::BlockKind;
using program::Unit;

bool says_something(const objects::PycHeader& header) {
    return header.absent || header.flags != 0 || header.mtime != 0 || header.source_size != 0;
}

/// What stands at file level, but for the top object.
void write_file_level(Unit& unit, const PycFile& file, std::string_view layout) {
    state(unit.target_directive, file.target->name);
    if (says_something(file.header)) state(unit.header.header, file.header);
    if (!file.trailing.empty())
        state(unit.trailing, unit.values.add_text(ValueKind::Bytes, support::as_text(file.trailing)));
    if (!layout.empty())
        state(unit.layout, unit.values.add_text(ValueKind::Str, unit.values.arena().copy(layout)));
}

} // namespace

support::Result<Unit> disassemble(PycFile file, const DisassembleOptions& options) {
    Unit unit;
    unit.target = file.target;
    const std::string layout = options.exact ? objects::record_layout(file) : std::string();
    unit.values = std::move(file.pool);
    write_file_level(unit, file, layout);

    Outline outline(unit, file.top);
    std::vector<ValueId> codes;
    for (const Outline::Entry& entry : outline.entries()) codes.push_back(entry.code);
    if (const auto checked = check_listing_size(unit.values, codes); !checked) return checked.error();
    unit.blocks.reserve(outline.entries().size());
    for (const Outline::Entry& entry : outline.entries()) {
        program::Block& block = unit.blocks.emplace_back();
        block.kind = entry.kind;
        block.symbol = entry.symbol;
        block.parent = entry.parent;
    }
    const bool module_on_top = !unit.blocks.empty() && unit.blocks.front().kind == BlockKind::Module &&
                               outline.entries().front().code == file.top;
    if (!module_on_top)
        state(unit.top,
              unit.values[file.top].kind == ValueKind::Code ? outline.symbol_of(file.top) : file.top);

    BodyWriter bodies(unit, outline, options);
    PinWriter pins(unit, outline);
    CodeTables tables;
    for (std::uint32_t i = 0; i < unit.blocks.size(); ++i) {
        // A copy: writing the block adds values to the pool.
        const objects::CodeObject code = unit.values.code(outline.entries()[i].code);
        tables.begin(unit, code);
        BodyFacts facts = bodies.write(i, code, tables);
        facts.unchecked |=
            std::binary_search(options.unchecked.begin(), options.unchecked.end(), outline.entries()[i].code);
        pins.write(i, code, tables, facts);
    }
    return unit;
}

} // namespace pyasm::disassembler
