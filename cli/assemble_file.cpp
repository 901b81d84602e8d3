#include "cli/assemble_file.hpp"

#include "cli/depfile.hpp"

#include "assembler/assemble.hpp"
#include "cli/findings.hpp"
#include "grammar/parse.hpp"
#include "grammar/print.hpp"
#include "grammar/state_places.hpp"
#include "linker/object_file.hpp"
#include "objects/pyc.hpp"
#include "runtime-stubs/stubs.hpp"
#include "support/files.hpp"
#include "support/render.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <ostream>
#include <utility>

namespace pyasm::cli {
namespace {

using support::Error;
using support::Result;

using Text = std::unique_ptr<AssembledText>;

Result<std::string> read_text(const std::string& path) { return support::read_file(path, input_limit); }

/// How a text is to be assembled.
struct Manner {
    const isa::Target* target = nullptr; ///< of the command line
    const isa::Target* fallback = nullptr;
    bool only_if_target_known = false;
    bool verify = true;
    std::size_t error_limit = 0;
    bool expand = false;
    std::vector<std::string> include_folders;
    std::vector<std::string>* files_read = nullptr;
    std::vector<grammar::Definition> definitions;
};

std::optional<std::string_view> find_stub(std::string_view name) {
    const runtime_stubs::Stub* const stub = runtime_stubs::find(name);
    return stub ? std::optional(stub->text) : std::nullopt;
}

std::string_view nearest_stub(std::string_view name) {
    std::vector<std::string_view> names;
    for (const runtime_stubs::Stub& stub : runtime_stubs::all()) names.push_back(stub.name);
    return support::nearest(name, names);
}

std::string_view stub_of_macro(std::string_view macro) {
    const runtime_stubs::Stub* const stub = runtime_stubs::find_macro(macro);
    return stub ? stub->name : std::string_view{};
}

Text assemble(const std::string& path, std::string text, const Manner& manner) {
    auto work = std::make_unique<AssembledText>(manner.error_limit);
    work->bytes_read = text.size();
    const Result<const support::SourceFile*> file = work->sources.add(path, std::move(text));
    if (!file) {
        work->diagnostics.error_in(path, file.error().message);
        return work;
    }
    grammar::ParseOptions options;
    options.target = manner.target;
    options.fallback = manner.fallback;
    options.read_include = read_text;
    options.include_folders = manner.include_folders;
    options.files_read = manner.files_read;
    options.definitions = manner.definitions;
    use_stubs(options);
    program::Unit unit = grammar::parse(*file.value(), work->sources, options, work->diagnostics);
    work->target = unit.target;
    work->layout = unit.layout.span;
    work->source_names_target = unit.target_directive.set;
    work->target_is_guessed = manner.target == nullptr && !work->source_names_target;
    if (work->target_is_guessed && manner.only_if_target_known) return work;
    if (manner.expand) {
        if (work->diagnostics.has_errors()) return work;
        grammar::state_places(unit, work->sources);
        grammar::print(unit, {}, work->expanded.emplace());
        return work;
    }
    assembler::AssembleOptions assembling;
    assembling.read_source = noting(read_text, manner.files_read);
    assembling.unchecked = &work->unchecked;
    if (manner.verify) assembling.places = &work->places;
    // Also after errors of the parser, so that one run tells all that is wrong.
    work->pyc = assembler::assemble(std::move(unit), work->sources, assembling, work->diagnostics);
    if (work->diagnostics.has_errors()) work->pyc.reset();
    return work;
}

/// `.value` may make anything the top object; that no interpreter runs a list need not be said to its author.
void verify(AssembledText& work) {
    work.findings = find_faults(*work.pyc, work.unchecked);
    std::erase_if(work.findings,
                  [](const verifier::Finding& finding) { return finding.code == objects::no_value; });
}

/// Whether a text is an object file that refers to other units, which is then told: what it lacks is no
/// mistake in it.
bool needs_others(const std::string& path, std::string_view text, const Console& console) {
    if (!linker::is_object_file(text)) return false;
    const Result<linker::ObjectHeader> header = linker::read_object_header(text);
    if (!header || header->externs.empty()) return false;
    report_input(path,
                 fmt::format("is an object file that wants symbols of others, such as '{}'",
                             support::printable(header->externs.front().name, 100)),
                 "Make a program of them all with pyasm link.", console);
    return true;
}

} // namespace

void use_stubs(grammar::ParseOptions& options) {
    options.find_stub = find_stub;
    options.nearest_stub = nearest_stub;
    options.stub_of_macro = stub_of_macro;
    options.nearest_stub_macro = runtime_stubs::nearest_macro;
}

int read_source_text(AssembleRequest& request, const Console& console) {
    const std::string path = display_name(request.path);
    if (!request.text) {
        Result<std::string> content = read_input(request.path, console);
        if (!content) {
            report_input(path, content.error().message, {}, console);
            return status_system_at_fault;
        }
        request.text = std::move(*content);
    }
    if (const std::optional<NoSource> other = other_than_source(path, *request.text)) {
        report_input(path, other->message, other->help, console);
        return status_input_at_fault;
    }
    return status_done;
}

Text assemble_text(AssembleRequest request, const Console& console, int& status) {
    status = read_source_text(request, console);
    if (status != status_done) return nullptr;
    const std::string path = display_name(request.path);
    if (!request.expand && needs_others(path, *request.text, console)) {
        status = status_input_at_fault;
        return nullptr;
    }
    Manner manner;
    manner.target = request.target;
    manner.verify = request.verify;
    manner.expand = request.expand;
    manner.include_folders = std::move(request.include_folders);
    manner.files_read = request.files_read;
    manner.definitions = std::move(request.definitions);
    manner.error_limit = request.error_limit;
    manner.only_if_target_known = request.target == nullptr && request.fallback;
    // The fallback costs the start of an interpreter: ask for it only once the source is known to name no
    // target.
    Text work =
        assemble(path, manner.only_if_target_known ? *request.text : std::move(*request.text), manner);
    if (manner.only_if_target_known && work->target_is_guessed) {
        manner.only_if_target_known = false;
        manner.fallback = request.fallback();
        if (manner.fallback == nullptr) {
            status = status_system_at_fault;
            return nullptr;
        }
        work = assemble(path, std::move(*request.text), manner);
    }
    if (manner.verify && work->pyc) verify(*work);
    return work;
}

bool take_macro_options(const Arguments& arguments, AssembleRequest& request, const Console& console) {
    request.include_folders = arguments.list(OptionId::Include);
    const std::vector<std::string>& texts = arguments.list(OptionId::Define);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        Result<grammar::Definition> definition = grammar::parse_definition(texts[i]);
        if (!definition) {
            console.error("option " + arguments.spellings[static_cast<std::size_t>(OptionId::Define)][i] +
                          ": " + definition.error().message);
            return false;
        }
        request.definitions.push_back(std::move(*definition));
    }
    return true;
}

AssembleOutcome expand_file(AssembleRequest request, const Console& console) {
    AssembleOutcome outcome;
    request.expand = true;
    const Text work = assemble_text(std::move(request), console, outcome.status);
    if (!work) {
        outcome.errors = 1;
        return outcome;
    }
    outcome.bytes_read = work->bytes_read;
    work->diagnostics.sort(work->sources);
    console.err << support::render(work->diagnostics, work->sources, console.color);
    outcome.errors = work->diagnostics.error_count();
    outcome.pyc = std::move(work->expanded);
    if (!outcome.pyc) outcome.status = status_input_at_fault;
    return outcome;
}

AssembleOutcome assemble_file(AssembleRequest request, const Console& console) {
    const std::string path = display_name(request.path);
    AssembleOutcome outcome;
    const Text work = assemble_text(std::move(request), console, outcome.status);
    if (!work) {
        outcome.errors = outcome.status == status_done ? 0 : 1;
        return outcome;
    }
    outcome.target = work->target;
    outcome.source_names_target = work->source_names_target;
    outcome.bytes_read = work->bytes_read;
    if (work->pyc) report_findings(*work->pyc, work->findings, work->places, path, work->diagnostics);
    if (work->pyc && !work->diagnostics.has_errors()) {
        support::ByteWriter bytes;
        const Result<void> written = objects::write_pyc(*work->pyc, bytes);
        if (written) {
            outcome.pyc = std::move(bytes);
        } else if (work->layout.known()) {
            // What fails then is that the layout does not fit what is written.
            work->diagnostics.error(
                work->layout, fmt::format("the layout does not fit the values: {}", written.error().message),
                "Where they were changed since, leave .marshal out: the file is then written canonically.");
        } else {
            work->diagnostics.error_in(path, written.error().message);
        }
    }
    work->diagnostics.sort(work->sources);
    console.err << support::render(work->diagnostics, work->sources, console.color);
    outcome.errors = work->diagnostics.error_count();
    if (!outcome.pyc) outcome.status = status_input_at_fault;
    return outcome;
}

} // namespace pyasm::cli
