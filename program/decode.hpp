#pragma once

#include "program/instruction.hpp"

#include <cstdint>
#include <vector>

namespace pyasm::program {

/// The instructions of a co_code, and where each starts (its prefixes included) with the size of the code
/// last.
struct DecodedCode {
    std::vector<Instruction> items;
    std::vector<std::uint32_t> starts;
};

/// Splits co_code into instructions from its first byte on, as the interpreter walks it. Any bytes can be
/// decoded: an opcode that the target does not define has no `op` and no caches, unless it is a hidden form
/// of an instruction, whose caches it then has; prefixes that no instruction follows and an instruction that
/// is cut short become Data. `prefixes` counts the EXTENDED_ARG in front, `data` is an offset in `code`.
/// In 2.7 and wordcode, bits that further prefixes shift out of the 32 of an argument are lost, as in the
/// interpreter.
[[nodiscard]] DecodedCode decode(const isa::Target& target, support::Bytes code);
/// The same into buffers that are kept.
void decode(const isa::Target& target, support::Bytes code, DecodedCode& result);

} // namespace pyasm::program
