#pragma once

#include "linker/map.hpp"

#include <string>

/// The map of a linked program, as it is written.
namespace pyasm::cli {

/// A table for people: inputs, and code objects with their sizes, where they come from and who wants them.
[[nodiscard]] std::string map_text(const linker::LinkMap& map, const std::string& output,
                                   const isa::Target& target);
/// JSON, schema "pyasm-map/1": see docs/linking.md.
[[nodiscard]] std::string map_json(const linker::LinkMap& map, const std::string& output,
                                   const isa::Target& target);

} // namespace pyasm::cli
