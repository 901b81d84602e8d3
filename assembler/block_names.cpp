#include "assembler/block_names.hpp"

#include "isa/target.hpp"
#include "program/derived.hpp"

#include <fmt/format.h>

namespace pyasm::assembler {

using objects::no_value;
using objects::ValueId;
using objects::ValueKind;
using program::Block;

namespace {

std::size_t at(std::int32_t block) { return static_cast<std::size_t>(block); }

bool is_text(const program::Unit& unit, const program::Pin<ValueId>& pin) {
    if (!pin) return false;
    const ValueKind kind = unit.values[pin.value].kind;
    return kind == ValueKind::Str || kind == ValueKind::Bytes;
}

ValueKind text_kind(const program::Unit& unit) {
    return unit.target->literals == isa::LiteralDialect::Python2 ? ValueKind::Bytes : ValueKind::Str;
}

} // namespace

std::string_view BlockNames::name(std::int32_t block) const {
    return program::name_of(unit_.values, unit_.blocks[at(block)]);
}

// It asks for the blocks around this one, and blocks nest 100 levels.
std::string_view BlockNames::qualname(std::int32_t index) {
    std::string_view& known = qualnames_[at(index)];
    if (!known.empty()) return known;
    const Block& block = unit_.blocks[at(index)];
    if (is_text(unit_, block.pins.qualname)) return known = unit_.values.text(block.pins.qualname.value);
    const program::DerivedQualname derived = program::derive_qualname(
        unit_, block, [this](std::size_t outer) { return qualname(static_cast<std::int32_t>(outer)); });
    if (derived.size() == derived.name.size()) return known = derived.name;
    const bool fitted = bytes_ <= program::most_qualname_bytes;
    bytes_ += derived.size();
    if (bytes_ <= program::most_qualname_bytes) return known = unit_.values.arena().copy(derived.joined());
    if (fitted)
        diagnostics_.error(block.symbol_span,
                           fmt::format("the qualified names of the blocks have more than {} MiB together",
                                       program::most_qualname_bytes >> 20),
                           "State shorter ones with .qualname.");
    return known = derived.name;
}

ValueId BlockNames::value(std::int32_t block, bool qualified) {
    ValueId& known = texts_[2 * at(block) + qualified];
    if (known == no_value)
        known = unit_.values.add_text(text_kind(unit_), qualified ? qualname(block) : name(block));
    return known;
}

ValueId BlockNames::value_of_symbol(std::string_view symbol, bool qualified) {
    symbol.remove_prefix(symbol.find(':') + 1); // the file's name, if there is one
    Block block;
    block.kind = program::BlockKind::Code;
    block.symbol = symbol;
    const std::string_view whole = program::without_number(symbol);
    const std::string_view name = program::derived_name(block);
    return unit_.values.add_text(text_kind(unit_), qualified ? whole : name);
}

} // namespace pyasm::assembler
