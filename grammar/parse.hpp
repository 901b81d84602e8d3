#pragma once

#include "grammar/expression.hpp"
#include "isa/target.hpp"
#include "program/unit.hpp"
#include "support/diagnostics.hpp"
#include "support/source.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::grammar {

/// A symbol of the command line.
struct Definition {
    std::string name;
    Quantity value;
};
/// Reads NAME, which is NAME=1, or NAME=VALUE: an int, a string in quotes, a version, or a bare word, which
/// is a string. The error says what is wrong with it.
[[nodiscard]] support::Result<Definition> parse_definition(std::string_view text);

struct ParseOptions {
    /// The target asked for on the command line; null: the file's `.target`, else `fallback`.
    const isa::Target* target = nullptr;
    /// Used where neither the command line nor the file names one; null: the newest.
    const isa::Target* fallback = nullptr;
    /// Reads an included file whole; the path is already resolved against the including file's folder.
    std::function<support::Result<std::string>(const std::string& path)> read_include;
    /// Where included files are looked for behind the including file's own folder, in this order.
    std::vector<std::string> include_folders;
    /// The text of `.include <name>` where no folder has it; it stays where it is. Nothing: there is no such
    /// stub.
    std::function<std::optional<std::string_view>(std::string_view name)> find_stub;
    /// The name of the stub that a name which is none is like, for a message; empty if there is none.
    std::function<std::string_view(std::string_view name)> nearest_stub;
    /// The name of the stub that defines a macro, for a message; empty if none does.
    std::function<std::string_view(std::string_view macro)> stub_of_macro;
    /// The macro of a stub that a word is likely to be a misspelling of, for a message; empty if none is
    /// near.
    std::function<std::string_view(std::string_view word)> nearest_stub_macro;
    /// Symbols that are set ahead of the first line.
    std::vector<Definition> definitions;
    /// Bytes and number of expansions; who tries out many sources may have less time and memory for each.
    /// Assembling takes up to 16 bytes of memory for each of these.
    std::size_t most_expanded_bytes = std::size_t{32} << 20;
    std::size_t most_expansions = 1'000'000;
    /// Gets the path of each file that was included, as it was opened; may be null.
    std::vector<std::string>* files_read = nullptr;
};

/// Parses one file and what it includes. Every mistake found goes to `diagnostics`; the unit holds what was
/// understood. Time and memory are linear in the text; nesting of literals, blocks and includes is limited.
[[nodiscard]] program::Unit parse(const support::SourceFile& file, support::Sources& sources,
                                  const ParseOptions& options, support::Diagnostics& diagnostics);

} // namespace pyasm::grammar
