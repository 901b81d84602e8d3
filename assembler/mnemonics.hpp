#pragma once

#include "assembler/context.hpp"
#include "program/unit.hpp"

namespace pyasm::assembler {

/// Reports an instruction whose mnemonic is no instruction of the target, or none that may stand in a file:
/// what it is elsewhere, what took its place, what was probably meant.
void report_unknown_instruction(UnitContext& context, const program::Statement& statement);

/// Reports an instruction that only the interpreter itself may use.
void report_internal_instruction(UnitContext& context, const isa::OpInfo& op, support::Span span);

} // namespace pyasm::assembler
