#pragma once

#include "assembler/places.hpp"
#include "objects/pyc.hpp"
#include "support/bytes.hpp"
#include "support/source.hpp"
#include "verifier/finding.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace pyasm::cli {

/// What was found in one file, and where.
struct FoundInFile {
    std::string_view path; ///< what the user calls it; any bytes
    const objects::PycFile& file;
    std::span<const verifier::Finding> findings;
    std::size_t code_objects = 0;
    /// Of a source, where its code is written; null for a `.pyc`.
    const assembler::Places* places = nullptr;
    const support::Sources* sources = nullptr;
};

/// One JSON object on one line, as docs/verifier.md says. ASCII only.
void write_findings_json(const FoundInFile& found, support::ByteWriter& out);

} // namespace pyasm::cli
