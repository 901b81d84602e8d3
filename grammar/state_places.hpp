#pragma once

#include "program/unit.hpp"
#include "support/source.hpp"

namespace pyasm::grammar {

/// Makes a unit's blocks say by directives what they take from the place of their text: the lines of a block
/// without
/// `.line`, its first line, and the file's name. What is printed of it then assembles to the same bytes,
/// wherever it stands. Lines are those of the file that the block stands in; of included text, the line of
/// the directive that brings it in. `sources` are those that the unit was parsed from.
void state_places(program::Unit& unit, const support::Sources& sources);

} // namespace pyasm::grammar
