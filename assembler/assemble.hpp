#pragma once

#include "assembler/places.hpp"
#include "objects/pyc.hpp"
#include "program/object_module.hpp"
#include "program/unit.hpp"
#include "support/diagnostics.hpp"
#include "support/source.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pyasm::assembler {

struct AssembleOptions {
    /// Reads the file that `.hash checked "hello.py"` names; the path is already resolved against the unit's
    /// folder.
    std::function<support::Result<std::string>(const std::string& path)> read_source;
    /// Gains the code objects of blocks that say `.unchecked`. May be null.
    std::vector<objects::ValueId>* unchecked = nullptr;
    /// Gains the places of all blocks. May be null.
    Places* places = nullptr;
};

/// Turns a unit into a `.pyc` in memory: names resolved, tables interned, jumps relaxed, tables derived. The
/// file's top object is the module's code object (or the only block's, where there is no module). Nothing is
/// returned when `diagnostics` has gained an error. The result's strings are views into the unit's sources.
[[nodiscard]] std::optional<objects::PycFile> assemble(program::Unit unit, const support::Sources& sources,
                                                       const AssembleOptions& options,
                                                       support::Diagnostics& diagnostics);
/// The same for a unit of a program of several files: what it refers to in others stays as symbols, and it
/// need not have a top object.
[[nodiscard]] std::optional<program::ObjectModule> assemble_object(program::Unit unit,
                                                                   const support::Sources& sources,
                                                                   const AssembleOptions& options,
                                                                   support::Diagnostics& diagnostics);

/// Puts the hash of the file that `.hash checked "hello.py"` names in its place. Reports what `assemble`
/// would.
void state_header(program::Unit& unit, const support::Sources& sources, const AssembleOptions& options,
                  support::Diagnostics& diagnostics);

} // namespace pyasm::assembler
