#include "disassembler/outline.hpp"

namespace pyasm::disassembler {

using objects::no_value;
using objects::ValueId;
using objects::ValueKind;

Outline::Outline(program::Unit& unit, ValueId top)
    : pool_(unit.values), outline_(unit.values, *unit.target, top, unit.values.arena()),
      symbols_(outline_.entries().size(), no_value) {
    for (const program::Outline::CodePlace& place : outline_.in_containers()) {
        const ValueId symbol = symbol_of(pool_.children(place.container)[place.member]);
        pool_.children(place.container)[place.member] = symbol;
    }
}

ValueId Outline::symbol_of(ValueId code) {
    if (pool_[code].kind == ValueKind::CodeSymbol) return code;
    const std::int32_t entry = outline_.entry_of(code);
    if (entry < 0) return no_value;
    ValueId& symbol = symbols_[static_cast<std::size_t>(entry)];
    if (symbol == no_value)
        symbol = pool_.add_text(ValueKind::CodeSymbol, entries()[static_cast<std::size_t>(entry)].symbol);
    return symbol;
}

} // namespace pyasm::disassembler
