#include "cli/disassemble_file.hpp"

#include "cli/findings.hpp"
#include "cli/input.hpp"
#include "cli/source_finder.hpp"
#include "disassembler/disassemble.hpp"
#include "grammar/print.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace pyasm::cli {

Converted disassemble_file(const DisassembleRequest& request, const Console& console) {
    PycInput input;
    read_pyc_input(request.path, request.marshal_target, console, input);
    Converted result;
    result.status = input.status;
    result.errors = input.errors;
    result.bytes_read = input.content.size();
    if (result.status != status_done) return result;

    const std::vector<objects::ValueId> unchecked = code_with_errors(input.file);
    SourceFinder finder(request.path, input.file.header, *input.file.target);
    disassembler::DisassembleOptions options;
    options.unchecked = unchecked;
    options.exact = request.exact;
    options.offsets = request.offsets;
    options.stack = request.stack;
    if (request.source) {
        options.read_source = [&finder](std::string_view filename) { return finder.find(filename); };
    }
    const auto unit = disassembler::disassemble(std::move(input.file), options);
    if (!unit) {
        report_input(request.path, unit.error().message, {}, console);
        result.status = status_input_at_fault;
        result.errors = 1;
        return result;
    }
    grammar::print(*unit, {}, result.output.emplace());

    result.files_read = finder.files();
    result.lacks_source = request.source && !finder.found_any();
    if (request.source_notes) {
        for (const std::string& note : finder.notes()) {
            console.note(fmt::format("{}: {}", display_name(request.path), note));
        }
    }
    return result;
}

} // namespace pyasm::cli
