#pragma once

#include "linker/program.hpp"
#include "support/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pyasm::linker {

/// A code object of a program as it was written.
struct MapCode {
    /// As in its input (program/qualified_names.hpp): one that another input refers to by a symbol is called
    /// as it refers to it, without the file's name, and what is nested in it follows. Not unique.
    std::string name;
    InputIndex input = no_input; ///< where it comes from
    std::size_t bytes = 0;       ///< what it takes in the file, without the code objects in it
    std::int32_t outer = -1;     ///< index of the code object that it stands in
    /// Who wants it, where that is not the code object around it: the input and the block there that refers
    /// to its symbol first. The module's body is wanted by nobody.
    InputIndex wanted_by = no_input;
    std::string wanted_in;
};

/// What of a program came from where. The sizes add up to that of the file.
struct LinkMap {
    std::vector<Input> inputs;
    InputIndex main = no_input;
    std::vector<MapCode> codes;  ///< outer ones first, as they stand in the file
    std::size_t other_bytes = 0; ///< header, what stands outside of code objects, trailing bytes
    std::size_t total_bytes = 0;
};

/// The map of a program and the bytes that were written of it. A constant counts where it is written: in the
/// first code object that has it. Nothing where the bytes are not those of the program. Linear.
[[nodiscard]] std::optional<LinkMap> make_map(const LinkedProgram& program, support::Bytes written);

} // namespace pyasm::linker
