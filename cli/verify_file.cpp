#include "cli/verify_file.hpp"

#include "cli/assemble_file.hpp"
#include "cli/explain.hpp"
#include "cli/findings.hpp"
#include "cli/findings_json.hpp"
#include "cli/input.hpp"
#include "support/render.hpp"
#include "verifier/verify.hpp"

#include <ostream>
#include <utility>

namespace pyasm::cli {
namespace {

bool is_bytecode_name(std::string_view path) { return path.ends_with(".pyc") || path.ends_with(".pyo"); }

bool is_source(const VerifyRequest& request, std::string_view content) {
    if (request.marshal_target || is_bytecode_name(request.path)) return false;
    return request.path.ends_with(".pyasm") || is_text(content);
}

/// What can be told of any file, and what it comes to.
void tell(const VerifyRequest& request, const FoundInFile& found, VerifyCounts& counts, Converted& result) {
    counts.code_objects = found.code_objects;
    const std::size_t errors = count_errors(found.findings);
    counts.warnings = found.findings.size() - errors;
    if (errors != 0) result.status = status_input_at_fault;
    if (request.json) write_findings_json(found, result.output.emplace());
    if (request.explain) write_explanation(found.path, found.file, request.is_first, result.output.emplace());
}

void verify_source(const VerifyRequest& request, std::string text, const Console& console,
                   VerifyCounts& counts, Converted& result) {
    AssembleRequest assembling;
    assembling.path = request.path;
    assembling.text = std::move(text);
    assembling.target = request.target;
    assembling.include_folders = request.include_folders;
    assembling.definitions = request.definitions;
    assembling.error_limit = request.error_limit;
    const auto work = assemble_text(std::move(assembling), console, result.status);
    if (!work) {
        result.errors = 1;
        return;
    }
    const std::string path = display_name(request.path);
    if (work->pyc) {
        tell(request,
             {path, *work->pyc, work->findings, verifier::code_objects(*work->pyc).size(), &work->places,
              &work->sources},
             counts, result);
        if (!request.json) report_findings(*work->pyc, work->findings, work->places, path, work->diagnostics);
    } else {
        result.status = status_input_at_fault;
    }
    work->diagnostics.sort(work->sources);
    console.err << support::render(work->diagnostics, work->sources, console.color);
    result.errors = work->diagnostics.error_count();
}

void verify_pyc(const VerifyRequest& request, PycInput& input, const Console& console, VerifyCounts& counts,
                Converted& result) {
    parse_pyc_input(request.path, request.marshal_target, console, input);
    result.status = input.status;
    result.errors = input.errors;
    if (result.status != status_done) return;
    const std::string path = display_name(request.path);
    const auto findings = find_faults(input.file);
    tell(request, {path, input.file, findings, verifier::code_objects(input.file).size(), nullptr, nullptr},
         counts, result);
    if (request.json) return;
    result.errors = count_errors(findings);
    console.err << findings_text(path, input.file, findings, request.error_limit, console.color);
}

} // namespace

Converted verify_file(const VerifyRequest& request, const Console& console, VerifyCounts& counts) {
    Converted result;
    auto content = read_input(request.path, console);
    if (!content) {
        report_input(request.path, content.error().message, {}, console);
        result.status = status_system_at_fault;
        result.errors = 1;
        return result;
    }
    result.bytes_read = content->size();
    if (is_source(request, *content)) {
        verify_source(request, std::move(*content), console, counts, result);
    } else {
        PycInput input;
        input.content = std::move(*content);
        verify_pyc(request, input, console, counts, result);
    }
    return result;
}

} // namespace pyasm::cli
