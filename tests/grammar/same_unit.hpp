#pragma once

#include "program/unit.hpp"

#include <string>

/// Units as text, to hold two of them against each other.
namespace pyasm::tests {

/// All that a unit says, one thing a line, without spans and comments. What is the same to the assembler is
/// written the same: `None` as a word or a value, a name in quotes or a string. Lists, dicts and sets that
/// stand in several places are numbered, and so is what stands in itself.
std::string describe(const program::Unit& unit);

/// Prints a unit.
std::string print_text(const program::Unit& unit, std::size_t width = 100);

/// Parses, prints and parses again: empty if both units are the same, else what is wrong.
std::string round_trip(std::string_view text, std::string_view target = "");

} // namespace pyasm::tests
