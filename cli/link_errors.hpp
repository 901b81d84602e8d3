#pragma once

#include "cli/link_inputs.hpp"
#include "linker/program.hpp"
#include "verifier/finding.hpp"

#include <cstddef>
#include <span>

/// What is wrong with a program as a whole, shown in the files that it comes from.
namespace pyasm::cli {

/// Shows why inputs do not make a program; the number of errors.
std::size_t report_link_errors(const LinkInputs& inputs, std::span<const linker::LinkError> errors);

/// Shows what the verifier has found in a program: of a unit at its statements, of a `.pyc` as `pyasm verify`
/// shows it. The number of errors.
std::size_t report_program_findings(const LinkInputs& inputs, const linker::LinkedProgram& program,
                                    std::span<const verifier::Finding> findings);

} // namespace pyasm::cli
