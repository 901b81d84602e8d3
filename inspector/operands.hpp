#pragma once

#include "inspector/words.hpp"
#include "program/decode.hpp"

#include <cstdint>
#include <string>

namespace pyasm::inspector {

/// The row that says what an opcode's argument means: its own, for a specialised one that of its plain form;
/// null for an undefined one.
[[nodiscard]] const isa::OpInfo* meaning_of(const isa::Target& target, std::uint8_t opcode);

/// Cache bytes that the interpreter skips behind an opcode.
[[nodiscard]] inline std::uint32_t skipped_bytes(const isa::Target& target, std::uint8_t opcode) {
    const isa::OpInfo* op = meaning_of(target, opcode);
    return op ? op->caches * 2U : 0;
}

/// What the argument of an instruction means in its code object: "print + NULL", "'Hello'", "x, y", "to 24",
/// "<="; empty where it is a plain number; "out of range" and such in words. `next` is the offset behind the
/// instruction and its caches. Constants and names are cut at about `most` bytes.
[[nodiscard]] std::string operand_text(const Context& context, const objects::CodeObject& code,
                                       const program::Instruction& item, std::uint32_t next,
                                       std::size_t most);

} // namespace pyasm::inspector
