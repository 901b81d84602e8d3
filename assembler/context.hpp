#pragma once

#include "assembler/block_names.hpp"
#include "assembler/constants.hpp"
#include "assembler/lines.hpp"
#include "assembler/places.hpp"
#include "assembler/strings.hpp"
#include "assembler/symbols.hpp"
#include "isa/target.hpp"
#include "program/unit.hpp"
#include "support/diagnostics.hpp"
#include "support/source.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace pyasm::assembler {

/// What the parts of the assembler share while a unit is assembled.
struct UnitContext {
    UnitContext(program::Unit& the_unit, const support::Sources& the_sources,
                support::Diagnostics& the_diagnostics)
        : unit(the_unit), target(*the_unit.target), sources(the_sources), diagnostics(the_diagnostics),
          symbols(the_unit, the_diagnostics), names(the_unit, the_diagnostics),
          constants(the_unit, symbols, names, the_diagnostics), lines(the_sources),
          text_had_errors(the_diagnostics.has_errors()) {}

    /// Names, attribute names, file names: `str` of the target (a byte string in 2.7).
    [[nodiscard]] objects::ValueKind text_kind() const {
        return target.literals == isa::LiteralDialect::Python2 ? objects::ValueKind::Bytes
                                                               : objects::ValueKind::Str;
    }
    /// The value of a name, the same for the same name.
    [[nodiscard]] objects::ValueId identifier(std::uint32_t string) {
        if (string >= identifiers.size())
            identifiers.resize(strings.size() + strings.size() / 2, objects::no_value);
        objects::ValueId& id = identifiers[string];
        if (id == objects::no_value)
            id = unit.values.add_text(text_kind(), strings.text(string), objects::Value::interned);
        return id;
    }
    [[nodiscard]] objects::ValueId tuple(const std::vector<objects::ValueId>& parts) {
        if (!parts.empty()) return unit.values.add_container(objects::ValueKind::Tuple, parts);
        if (empty_tuple == objects::no_value)
            empty_tuple = unit.values.add_container(objects::ValueKind::Tuple, std::uint32_t{0});
        return empty_tuple;
    }
    [[nodiscard]] objects::ValueId bytes(support::Bytes content) {
        return unit.values.add_text(objects::ValueKind::Bytes,
                                    unit.values.arena().copy(support::as_text(content)));
    }
    /// Whether a value is text of some kind, so that `unit.values.text` may be asked.
    [[nodiscard]] bool is_text(objects::ValueId id) const {
        const objects::ValueKind kind = unit.values[id].kind;
        return kind == objects::ValueKind::Str || kind == objects::ValueKind::Bytes;
    }
    /// Whether a likely correction is worth looking for: only for messages that are kept.
    [[nodiscard]] bool suggests() const { return diagnostics.dropped() == 0; }

    program::Unit& unit;
    const isa::Target& target;
    const support::Sources& sources;
    support::Diagnostics& diagnostics;
    Strings strings;
    Symbols symbols;
    BlockNames names;
    Constants constants;
    Lines lines;
    /// The parser has reported errors, and with them what it checks by itself (labels and symbols that stand
    /// twice, open regions): that is told once, and so again only to those who made their unit without it.
    bool text_had_errors;
    Places* places = nullptr;                  ///< to be filled; null: nobody asks
    std::vector<objects::ValueId> identifiers; // by string
    objects::ValueId empty_tuple = objects::no_value;
};

} // namespace pyasm::assembler
