#pragma once

#include "assembler/places.hpp"
#include "cli/console.hpp"
#include "cli/input.hpp"
#include "cli/options.hpp"
#include "grammar/parse.hpp"
#include "isa/target.hpp"
#include "support/bytes.hpp"
#include "support/diagnostics.hpp"
#include "support/source.hpp"
#include "verifier/finding.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pyasm::cli {

/// One source and what it is to be assembled for.
struct AssembleRequest {
    std::string path;                    ///< "-" is the console's input
    std::optional<std::string> text;     ///< its content, where that was read already
    const isa::Target* target = nullptr; ///< that of the command line; null if it names none
    /// Asked only where neither the command line nor the source names a target. Empty: the newest. A null
    /// result has been reported and ends the work with `status_system_at_fault`.
    std::function<const isa::Target*()> fallback;
    std::vector<std::string> include_folders; ///< of -I
    std::vector<std::string>* files_read =
        nullptr;                                  ///< gains the other files that are read for it; may be null
    std::vector<grammar::Definition> definitions; ///< of -D
    bool expand = false;                          ///< to text: see `expand_file`
    bool verify = true;                           ///< all blocks that do not say `.unchecked`
    std::size_t error_limit = 1000;               ///< errors that are shown; the others are counted
};

/// Takes -I and -D into the request; false, and an error on the console, where one of them is wrong.
[[nodiscard]] bool take_macro_options(const Arguments& arguments, AssembleRequest& request,
                                      const Console& console);

/// Lets a source include the embedded stubs.
void use_stubs(grammar::ParseOptions& options);

/// What one source turned into. Owns the texts that its parts point into.
struct AssembledText {
    explicit AssembledText(std::size_t error_limit) : diagnostics(error_limit) {}

    support::Sources sources;
    support::Diagnostics diagnostics;
    std::optional<support::ByteWriter> expanded; ///< the text, where that is what was asked for
    std::optional<objects::PycFile> pyc;         ///< there where nothing is wrong with the text
    const isa::Target* target = nullptr;
    bool source_names_target = false; ///< by .target
    bool target_is_guessed = false;   ///< neither the command line nor the source names it
    std::uint64_t bytes_read = 0;     ///< of the source
    support::Span layout;             ///< of the source's `.marshal`

    std::vector<objects::ValueId> unchecked; ///< code objects whose blocks say `.unchecked`
    std::vector<verifier::Finding> findings; ///< not among the diagnostics: see `report_findings`
    assembler::Places places;                ///< filled where it is verified
};

/// Reads the source's text, unless it is there; refuses what is plainly no assembly text. The status says how
/// that went; what is wrong has gone to the console's `err`.
[[nodiscard]] int read_source_text(AssembleRequest& request, const Console& console);

/// Reads, assembles and verifies one source. Nothing, with a status that says why, where that could not even
/// be tried: what is wrong then has gone to the console's `err`. All else is for the caller to show.
[[nodiscard]] std::unique_ptr<AssembledText> assemble_text(AssembleRequest request, const Console& console,
                                                           int& status);

/// A `.pyc` in memory, or what went wrong.
struct AssembleOutcome {
    int status = status_done;
    std::size_t errors = 0;                 ///< that were reported
    std::optional<support::ByteWriter> pyc; ///< there just if `status` is `status_done`
    const isa::Target* target = nullptr;
    bool source_names_target = false; ///< by .target
    std::uint64_t bytes_read = 0;     ///< of the source
};

/// Reads one source and gives its text with everything expanded, in place of a `.pyc`.
[[nodiscard]] AssembleOutcome expand_file(AssembleRequest request, const Console& console);

/// Reads, assembles and verifies one source; what is wrong goes to the console's `err`.
[[nodiscard]] AssembleOutcome assemble_file(AssembleRequest request, const Console& console);

} // namespace pyasm::cli
