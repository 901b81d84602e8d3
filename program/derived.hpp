#pragma once

#include "isa/target.hpp"
#include "program/instruction.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <string_view>

/// What follows from a block where no directive states it: one place for the assembler, which derives, and for the
/// disassembler, which leaves out what would be derived.
namespace pyasm::program {

/// What a body shows about the kind of function it is.
struct BodyTraits {
    bool yields = false;          ///< has an instruction that makes a generator
    bool yields_in_async = false; ///< has one that makes an asynchronous generator
};

} // namespace pyasm::program
