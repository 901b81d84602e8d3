#pragma once

#include "isa/target.hpp"
#include "program/unit.hpp"
#include "support/diagnostics.hpp"
#include "support/source.hpp"

#include <functional>
#include <string>

namespace pyasm::grammar {

struct ParseOptions {
    /// The target asked for on the command line; null: the file's `.target`, else `fallback`.
    const isa::Target* target = nullptr;
    /// Used where neither the command line nor the file names one; null: the newest.
    const isa::Target* fallback = nullptr;
    /// Reads an included file whole; the path is already resolved against the including file's folder.
    std::function<support::Result<std::string>(const std::string& path)> read_include;
};

/// Parses one file and what it includes. Every mistake found goes to `diagnostics`; the unit holds what was
/// understood. Time and memory are linear in the text; nesting of literals, blocks and includes is limited.
[[nodiscard]] program::Unit parse(const support::SourceFile& file, support::Sources& sources,
                                  const ParseOptions& options, support::Diagnostics& diagnostics);

} // namespace pyasm::grammar
