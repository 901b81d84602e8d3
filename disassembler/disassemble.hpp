#pragma once

#include "objects/pyc.hpp"
#include "program/unit.hpp"
#include "support/result.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Turns a `.pyc` into the same Unit that the parser builds, so that assembling it gives an equal file back.
namespace pyasm::disassembler {

struct DisassembleOptions {
    bool exact = false;   ///< also how marshal wrote the objects: assembles to the same bytes
    bool offsets = false; ///< comments: the byte offset of each instruction
    bool stack = false;   ///< comments: the height of the stack in front of each instruction
    /// Code objects whose blocks shall say `.unchecked`, in the order of their ids. Assembling gives the same
    /// with it.
    std::span<const objects::ValueId> unchecked;
    /// Comments: the source line in front of its instructions. Gives the whole text of a co_filename, or
    /// nothing where it is not found; asked once for each name. Empty: no such comments.
    std::function<std::optional<std::string>(std::string_view filename)> read_source;
};

/// Every value that `read_pyc` gives has a text. It fails only where that would be out of proportion to the
/// file (listing_size.hpp). The bytes that the file was read from must outlive the unit. Time and memory are
/// linear in the file.
[[nodiscard]] support::Result<program::Unit> disassemble(objects::PycFile file,
                                                         const DisassembleOptions& options);

} // namespace pyasm::disassembler
