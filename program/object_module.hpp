#pragma once

#include "objects/pyc.hpp"
#include "objects/value.hpp"
#include "support/span.hpp"

#include <string>
#include <string_view>
#include <vector>

/// A unit of a program of several files: assembled, but for what it refers to in others. What the assembler
/// makes and the linker takes.
namespace pyasm::program {

/// What a unit gives to others: a block or a `.constant` that `.global` names.
struct GlobalSymbol {
    std::string_view name;
    objects::ValueId value =
        objects::no_value; ///< may be a CodeSymbol or ConstSymbol, where it is one of another unit
    bool is_code = false;  ///< a block's; else a constant's
    support::Span span;    ///< of the name where it is defined
};

/// What a unit wants of others: a symbol that `.extern` declares and a literal uses.
struct ExternSymbol {
    std::string_view name;
    bool wants_code = false; ///< code(NAME); else const(NAME). One that is wanted as both has two entries
    support::Span span;      ///< of its first use
    std::string wanted_by;   ///< the block of that: ".function f"; ".value" or ".constant c" at file level
};

/// Texts are views into the unit's sources, or into the arena of its pool.
struct ObjectModule {
    /// Values of kind CodeSymbol and ConstSymbol stand for symbols of other units. `top` is `no_value` where
    /// the unit has neither a `.module` nor a `.value`.
    objects::PycFile pyc;
    support::Span top_span; ///< of the `.module` or `.value`
    std::vector<GlobalSymbol> globals;
    std::vector<ExternSymbol> externs;
    std::vector<objects::ValueId> unchecked; ///< code objects whose blocks say `.unchecked`, sorted
};

} // namespace pyasm::program
