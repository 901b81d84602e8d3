#include "cli/compile_object.hpp"

#include "cli/findings.hpp"
#include "cli/unit_text.hpp"
#include "linker/object_file.hpp"
#include "support/render.hpp"

#include <ostream>
#include <utility>

namespace pyasm::cli {

AssembleOutcome compile_object(AssembleRequest request, const Console& console) {
    AssembleOutcome outcome;
    const std::string path = display_name(request.path);
    outcome.status = read_source_text(request, console);
    if (outcome.status != status_done) {
        outcome.errors = 1;
        return outcome;
    }
    outcome.bytes_read = request.text->size();
    UnitRequest unit;
    unit.path = path;
    unit.text = std::move(*request.text);
    unit.target = request.target;
    unit.fallback = &isa::newest_target();
    unit.include_folders = std::move(request.include_folders);
    unit.files_read = request.files_read;
    unit.definitions = std::move(request.definitions);
    unit.wants_listing = true;
    unit.wants_places = request.verify;
    unit.error_limit = request.error_limit;
    const std::unique_ptr<UnitText> work = assemble_unit(std::move(unit));
    if (work->module && request.verify)
        report_findings(work->module->pyc, find_unit_faults(*work->module), work->places, path,
                        work->diagnostics);
    if (work->module && !work->diagnostics.has_errors()) {
        outcome.target = work->module->pyc.target;
        linker::write_object(*work->module, path, '\n' + work->listing, outcome.pyc.emplace());
    }
    work->diagnostics.sort(work->sources);
    console.err << support::render(work->diagnostics, work->sources, console.color);
    outcome.errors = work->diagnostics.error_count();
    if (!outcome.pyc) outcome.status = status_input_at_fault;
    return outcome;
}

} // namespace pyasm::cli
