#pragma once

#include "assembler/places.hpp"
#include "cli/console.hpp"
#include "grammar/parse.hpp"
#include "isa/target.hpp"
#include "program/object_module.hpp"
#include "support/diagnostics.hpp"
#include "support/source.hpp"
#include "verifier/finding.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pyasm::cli {

/// A unit of a program of several files: a source, or an object file, which is one with everything expanded.
struct UnitRequest {
    std::string path;                         ///< as messages name it
    std::string text;                         ///< its content
    const isa::Target* target = nullptr;      ///< of the command line; null: the text's own
    const isa::Target* fallback = nullptr;    ///< where neither names one; null: it is not assembled then
    std::vector<std::string> include_folders; ///< of -I
    std::vector<std::string>* files_read =
        nullptr;                                  ///< gains the other files that are read for it; may be null
    std::vector<grammar::Definition> definitions; ///< of -D
    bool is_object = false;                       ///< it refers to no other files
    bool wants_listing = false;
    bool wants_places = false;
    std::size_t error_limit = 1000;
};

/// What became of it. Owns the texts that its parts point into.
struct UnitText {
    explicit UnitText(std::size_t error_limit) : diagnostics(error_limit) {}

    support::Sources sources;
    support::Diagnostics diagnostics;
    std::optional<program::ObjectModule> module; ///< there where nothing is wrong with the text
    bool target_is_missing = false;              ///< neither the request nor the text names one
    bool states_target = false;                  ///< the text does
    std::string listing;                         ///< everything expanded, and places stated
    assembler::Places places;
};

/// Parses and assembles a unit.
[[nodiscard]] std::unique_ptr<UnitText> assemble_unit(UnitRequest request);

/// Parses a unit for its texts alone, into sources that others may have been added to: messages show places
/// in it. The offset of its first byte, or 0 where there is no room.
std::uint32_t add_unit_texts(const UnitRequest& request, support::Sources& sources);

/// The target that a text names by `.target`; null if it names none.
[[nodiscard]] const isa::Target* stated_target(const UnitRequest& request);

/// What a text gives to others.
struct Exports {
    std::vector<std::string> names;      ///< those of `.global`, as far as the text is understood
    std::vector<std::string> hidden;     ///< blocks and constants that no `.global` names
    bool has_errors = false;             ///< in what the parser looks at: there may be more names
    const isa::Target* target = nullptr; ///< that it names by `.target`; null if it names none
};
[[nodiscard]] Exports exports_of(const UnitRequest& request);

/// Verifies the code objects of a unit that can be reached, but those of `.unchecked` blocks. What depends on
/// another unit's constants is left to the program's verification.
[[nodiscard]] std::vector<verifier::Finding> find_unit_faults(program::ObjectModule& module);

} // namespace pyasm::cli
