#pragma once

#include "assembler/context.hpp"

namespace pyasm::assembler {

/// Reports a mnemonic that is no instruction of the target, or none that may stand in a file: what it is
/// elsewhere, what took its place, what was probably meant.
void report_unknown_instruction(UnitContext& context, std::string_view mnemonic, support::Span span);

/// Reports an instruction that only the interpreter itself may use.
void report_internal_instruction(UnitContext& context, const isa::OpInfo& op, support::Span span);

} // namespace pyasm::assembler
