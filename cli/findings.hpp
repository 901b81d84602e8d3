#pragma once

#include "assembler/places.hpp"
#include "cli/finding_words.hpp"
#include "objects/pyc.hpp"
#include "support/diagnostics.hpp"
#include "verifier/finding.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the verifier found, as it is told to people.
namespace pyasm::cli {

/// Verifies all code objects of a file but those in `unchecked`, which are sorted. The top object of a file
/// without a header need not be one that can run.
[[nodiscard]] std::vector<verifier::Finding> find_faults(const objects::PycFile& file,
                                                         std::span<const objects::ValueId> unchecked = {});
/// The code objects with errors, sorted.
[[nodiscard]] std::vector<objects::ValueId> code_with_errors(const objects::PycFile& file);

[[nodiscard]] std::size_t count_errors(std::span<const verifier::Finding> findings);

/// Findings in a `.pyc` as text:
///
///     hello.pyc: error: f at 12 (line 7): takes 2 items from a stack that has 1 [stack-underflow]
///         12  BINARY_ADD
///         stack: list
///         reached: jump 4 -> 12
///         the interpreter can crash here
///
/// Of more than `most_errors` errors, and as many warnings, the first ones; the others are counted.
[[nodiscard]] std::string findings_text(std::string_view path, const objects::PycFile& file,
                                        std::span<const verifier::Finding> findings, std::size_t most_errors,
                                        bool color);

/// Findings in what was assembled, at the statements that they are about.
void report_findings(const objects::PycFile& file, std::span<const verifier::Finding> findings,
                     const assembler::Places& places, std::string_view path,
                     support::Diagnostics& diagnostics);

} // namespace pyasm::cli
