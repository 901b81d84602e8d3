#include "cli/assemble_file.hpp"

#include "assembler/assemble.hpp"
#include "grammar/parse.hpp"
#include "objects/pyc.hpp"
#include "support/files.hpp"
#include "support/render.hpp"

#include <fmt/format.h>

#include <ostream>

namespace pyasm::cli {
namespace {

using support::Error;
using support::Result;

Result<std::string> read_text(const std::string& path) { return support::read_file(path, input_limit); }

/// The release whose `.pyc` this is, if it is one; an easy slip is to name hello.pyc for hello.pyasm.
std::string_view release_of_pyc(std::string_view text) {
    if (text.size() < 4 || text.substr(2, 2) != "\r\n") return {};
    const auto low = static_cast<unsigned char>(text[0]);
    const auto high = static_cast<unsigned char>(text[1]);
    return isa::release_of_magic(static_cast<std::uint16_t>(low | high << 8));
}

/// What one source turns into; owns the texts that messages point into.
struct Work {
    explicit Work(std::size_t error_limit) : diagnostics(error_limit) {}
    support::Sources sources;
    support::Diagnostics diagnostics;
    support::Span layout; ///< of the source's `.marshal`
    std::optional<objects::PycFile> pyc;
    const isa::Target* target = nullptr;
    bool source_names_target = false;
    std::uint64_t bytes_read = 0;
    bool target_is_guessed = false; ///< neither the command line nor the source names it
};

/// Assembles `text` into `work`.
void assemble_text(Work& work, const std::string& path, std::string text, const isa::Target* target,
                   const isa::Target* fallback, bool only_if_target_known) {
    work.bytes_read = text.size();
    const Result<const support::SourceFile*> file = work.sources.add(path, std::move(text));
    if (!file) {
        work.diagnostics.error_in(path, file.error().message);
        return;
    }
    grammar::ParseOptions options;
    options.target = target;
    options.fallback = fallback;
    options.read_include = read_text;
    program::Unit unit = grammar::parse(*file.value(), work.sources, options, work.diagnostics);
    work.target = unit.target;
    work.layout = unit.layout.span;
    work.source_names_target = unit.target_directive.set;
    work.target_is_guessed = target == nullptr && !work.source_names_target;
    if (work.target_is_guessed && only_if_target_known) return;
    assembler::AssembleOptions assembling;
    assembling.read_source = read_text;
    // Also after errors of the parser, so that one run tells all that is wrong.
    work.pyc = assembler::assemble(std::move(unit), work.sources, assembling, work.diagnostics);
}

AssembleOutcome finish(Work& work, const std::string& path, const Console& console) {
    AssembleOutcome outcome;
    outcome.target = work.target;
    outcome.source_names_target = work.source_names_target;
    outcome.bytes_read = work.bytes_read;
    if (work.pyc && !work.diagnostics.has_errors()) {
        support::ByteWriter bytes;
        const Result<void> written = objects::write_pyc(*work.pyc, bytes);
        if (written) {
            outcome.pyc = std::move(bytes);
        } else {
            // What fails then is that the layout does not fit what is written.
            if (work.layout.known()) {
                work.diagnostics.error(
                    work.layout,
                    fmt::format("the layout does not fit the values: {}", written.error().message),
                    "Where they were changed since, leave .marshal out: the file is then written "
                    "canonically.");
            } else {
                work.diagnostics.error_in(path, written.error().message);
            }
        }
    }
    work.diagnostics.sort(work.sources);
    console.err << support::render(work.diagnostics, work.sources, console.color);
    outcome.errors = work.diagnostics.error_count();
    if (!outcome.pyc) outcome.status = status_input_at_fault;
    return outcome;
}

AssembleOutcome unreadable(const std::string& path, std::string message, std::string help, int status,
                           const Console& console) {
    support::Diagnostics diagnostics;
    diagnostics.error_in(path, std::move(message), std::move(help));
    console.err << support::render(diagnostics, support::Sources{}, console.color);
    AssembleOutcome outcome;
    outcome.errors = 1;
    outcome.status = status;
    return outcome;
}

} // namespace

AssembleOutcome assemble_file(const AssembleRequest& request, const Console& console) {
    const std::string path = display_name(request.path);
    Result<std::string> text = read_input(request.path, console);
    if (!text) return unreadable(path, text.error().message, {}, status_system_at_fault, console);
    if (const std::string_view release = release_of_pyc(*text); !release.empty()) {
        return unreadable(path, fmt::format("is a .pyc of CPython {}, not assembly text", release),
                          "Take it apart with pyasm dis.", status_input_at_fault, console);
    }
    if (path.ends_with(".py")) {
        return unreadable(path, "is Python source, not assembly text",
                          "Compile it with Python, and take the .pyc apart with pyasm dis.",
                          status_input_at_fault, console);
    }
    if (request.target != nullptr || !request.fallback) {
        Work work(request.error_limit);
        assemble_text(work, path, std::move(*text), request.target, nullptr, false);
        return finish(work, path, console);
    }
    // The fallback costs the start of an interpreter: ask for it only once the source is known to name no
    // target.
    {
        Work work(request.error_limit);
        assemble_text(work, path, *text, nullptr, nullptr, true);
        if (!work.target_is_guessed) return finish(work, path, console);
    }
    const isa::Target* fallback = request.fallback();
    if (fallback == nullptr) {
        AssembleOutcome outcome;
        outcome.status = status_system_at_fault;
        return outcome;
    }
    Work work(request.error_limit);
    assemble_text(work, path, std::move(*text), nullptr, fallback, false);
    return finish(work, path, console);
}

} // namespace pyasm::cli
