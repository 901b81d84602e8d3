#include "cli/link_errors.hpp"

#include "cli/findings.hpp"
#include "support/render.hpp"

#include <fmt/format.h>

#include <map>
#include <ostream>
#include <utility>

namespace pyasm::cli {
namespace {

using linker::Input;
using linker::InputIndex;
using linker::InputKind;
using linker::LinkError;
using linker::no_input;
using support::Span;
using verifier::Finding;

/// The texts of several inputs in one `Sources`, each read when it is first needed.
class Texts {
  public:
    explicit Texts(const LinkInputs& inputs) : inputs_(inputs) {}

    /// A place of an input as a span in `sources()`; unknown for what has none.
    [[nodiscard]] Span span_of(const linker::Place& place) {
        if (place.input == no_input || !place.span.known()) return {};
        const std::uint32_t base = base_of(place.input);
        if (base == 0) return {};
        // By itself, an input's first byte has the offset 1.
        return {place.span.begin + base - 1, place.span.end + base - 1};
    }
    [[nodiscard]] const std::string& path_of(InputIndex input) const {
        return inputs_.linker().inputs()[input].path;
    }
    [[nodiscard]] const support::Sources& sources() const { return sources_; }

  private:
    [[nodiscard]] std::uint32_t base_of(InputIndex index) {
        const auto [place, is_new] = bases_.try_emplace(index, 0);
        if (!is_new) return place->second;
        const Input& input = inputs_.linker().inputs()[index];
        auto content = inputs_.content(input);
        if (content && input.kind != InputKind::Bytecode)
            place->second = add_unit_texts(inputs_.unit_request(input, std::move(*content)), sources_);
        return place->second;
    }

    const LinkInputs& inputs_;
    support::Sources sources_;
    std::map<InputIndex, std::uint32_t> bases_; // 0: it cannot be shown
};

/// Findings in one input, as they are in its own code objects.
std::vector<Finding> in_original(const linker::LinkedProgram& program, InputIndex input,
                                 std::span<const Finding> findings) {
    std::vector<Finding> own;
    for (const Finding& finding : findings) {
        const linker::CodeOrigin* origin = program.origin_of(finding.code);
        if ((origin ? origin->input : program.main) != input) continue;
        own.push_back(finding);
        own.back().code = origin ? origin->original : objects::no_value;
    }
    return own;
}

std::size_t report_in_unit(const LinkInputs& inputs, const Input& input, std::string text,
                           std::span<const Finding> findings) {
    UnitRequest request = inputs.unit_request(input, std::move(text));
    request.wants_places = true;
    const std::unique_ptr<UnitText> work = assemble_unit(std::move(request));
    if (!work->module) return 0; // it has changed since
    support::Diagnostics diagnostics;
    report_findings(work->module->pyc, findings, work->places, input.path, diagnostics);
    diagnostics.sort(work->sources);
    inputs.console().err << support::render(diagnostics, work->sources, inputs.console().color);
    return diagnostics.error_count();
}

std::size_t report_in_bytecode(const LinkInputs& inputs, const Input& input, std::string content,
                               std::span<const Finding> findings) {
    constexpr std::size_t most_errors = 1000;
    PycInput pyc;
    pyc.content = std::move(content);
    parse_pyc_input(input.path, nullptr, inputs.console(), pyc);
    if (pyc.status != status_done) return 0;
    inputs.console().err << findings_text(input.path, pyc.file, findings, most_errors,
                                          inputs.console().color);
    return count_errors(findings);
}

} // namespace

std::size_t report_link_errors(const LinkInputs& inputs, std::span<const LinkError> errors) {
    Texts texts(inputs);
    support::Diagnostics diagnostics;
    for (const LinkError& error : errors) {
        const Span span = texts.span_of(error.place);
        support::Diagnostic& diagnostic = diagnostics.error(span, error.message, error.help);
        if (!span.known())
            diagnostic.path = error.place.input == no_input ? "pyasm" : texts.path_of(error.place.input);
        for (const linker::PlacedNote& note : error.notes) {
            const Span place = texts.span_of(note.place);
            const bool whole_file = !place.known() && note.place.input != no_input;
            diagnostic.notes.push_back(
                {place, whole_file ? fmt::format("{}: {}", texts.path_of(note.place.input), note.message)
                                   : note.message});
        }
    }
    inputs.console().err << support::render(diagnostics, texts.sources(), inputs.console().color);
    return diagnostics.error_count();
}

std::size_t report_program_findings(const LinkInputs& inputs, const linker::LinkedProgram& program,
                                    std::span<const Finding> findings) {
    std::size_t errors = 0;
    for (InputIndex index = 0; index < program.inputs.size(); ++index) {
        const std::vector<Finding> own = in_original(program, index, findings);
        if (own.empty()) continue;
        const Input& input = program.inputs[index];
        std::size_t shown = 0;
        if (auto content = inputs.content(input))
            shown = input.kind == InputKind::Bytecode
                        ? report_in_bytecode(inputs, input, std::move(*content), own)
                        : report_in_unit(inputs, input, std::move(*content), own);
        if (shown == 0 && count_errors(own) != 0)
            report_input(input.path,
                         "has code that could crash the interpreter, and cannot be read again to show it", {},
                         inputs.console());
        errors += count_errors(own);
    }
    return errors;
}

} // namespace pyasm::cli
