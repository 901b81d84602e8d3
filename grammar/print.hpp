#pragma once

#include "objects/value.hpp"
#include "program/unit.hpp"
#include "support/bytes.hpp"

#include <string_view>

/// The printer: the parser's inverse. What it prints parses to the same unit, and nothing in a unit can
/// escape its literal, its quoted name or its comment: what is not printable ASCII or a letter is escaped.
namespace pyasm::grammar {

struct PrintOptions {
    std::size_t width = 100; ///< longer strings and lists are wrapped
};

/// Prints a whole unit.
void print(const program::Unit& unit, const PrintOptions& options, support::ByteWriter& out);

/// Prints one value as a literal on one line, as the unit's target spells it. `most` bounds the bytes,
/// roughly; what is longer is cut with "..." (and then does not parse). Mutable or cyclic values that stand
/// in several places are not given anchors here: a value inside itself is printed as "...".
void print_value(const objects::ValuePool& pool, objects::ValueId id, const isa::Target& target,
                 std::size_t most, support::ByteWriter& out);

/// A name as an operand or in a list: bare where that parses to it, else a string literal.
void print_name(std::string_view name, const isa::Target& target, support::ByteWriter& out);

} // namespace pyasm::grammar
