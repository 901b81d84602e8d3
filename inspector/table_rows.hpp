#pragma once

#include "isa/target.hpp"
#include "support/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

/// The tables of a code object split into their entries, whatever they hold: an entry that makes no sense is
/// worded so, and the rest of a table that is cut short is an entry of its own.
namespace pyasm::inspector {

/// An entry: its offset and size in the table, and what it says. Entries come in order, without gaps.
using TableRow = std::function<void(std::size_t offset, std::size_t size, std::string text)>;

void line_table_rows(const isa::Target& target, std::int32_t firstlineno, support::Bytes table,
                     const TableRow& row);
void exception_table_rows(support::Bytes table, const TableRow& row);

} // namespace pyasm::inspector
