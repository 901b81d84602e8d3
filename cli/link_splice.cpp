#include "cli/link_splice.hpp"

#include "linker/codes.hpp"
#include "linker/splice.hpp"
#include "support/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace pyasm::cli {
namespace {

using linker::CodeOrigin;
using linker::LinkedProgram;
using objects::ValueId;

bool wrong(const Console& console, const std::string& message) {
    console.error(message);
    return false;
}

ValueId value_of(const LinkedProgram& program, std::string_view symbol) {
    const auto found = std::ranges::find_if(program.symbols, [symbol](const linker::ResolvedSymbol& one) {
        return one.is_code && one.name == symbol;
    });
    return found == program.symbols.end() ? objects::no_value : found->value;
}

void report(const SpliceRequest& request, const std::vector<linker::SpliceError>& errors,
            const Console& console) {
    support::Diagnostics diagnostics;
    for (const linker::SpliceError& error : errors) {
        support::Diagnostic& diagnostic = diagnostics.error_in(request.path, error.message, error.help);
        for (const std::string& note : error.notes) diagnostic.notes.push_back({{}, note});
    }
    console.err << support::render(diagnostics, {}, console.color);
}

/// Where each code object of the patched file comes from.
void note_origins(const linker::SpliceResult& result, const LinkedProgram& from, LinkedProgram& to) {
    for (const ValueId code : linker::code_objects(to.file)) {
        CodeOrigin origin{code, to.main, code};
        const auto spliced = std::ranges::lower_bound(result.codes, code, {}, &linker::SplicedCode::code);
        const bool is_new = spliced != result.codes.end() && spliced->code == code;
        const bool unchanged = std::ranges::any_of(
            result.done, [code](const linker::Spliced& one) { return one.code == code && !one.changed; });
        if (is_new && !unchanged) {
            if (const CodeOrigin* known = from.origin_of(spliced->original))
                origin = {code, known->input, known->original};
            if (std::ranges::binary_search(from.unchecked, spliced->original)) to.unchecked.push_back(code);
        }
        to.codes.push_back(origin);
    }
    std::ranges::sort(to.codes, {}, &CodeOrigin::code);
    std::ranges::sort(to.unchecked);
}

} // namespace

bool take_splice_options(const Arguments& arguments, const Console& console,
                         std::optional<SpliceRequest>& request) {
    const auto& original = arguments.value(OptionId::Splice);
    const std::vector<std::string>& replacements = arguments.list(OptionId::Replace);
    if (!original)
        return replacements.empty() ||
               wrong(console, "--replace needs --splice ORIGINAL.pyc, whose code it replaces");
    if (replacements.empty())
        return wrong(console, "--splice needs --replace QUALNAME=SYMBOL: what to replace, and by what");
    if (*original == "-") return wrong(console, "--splice needs a file; standard input is taken for a FILE");
    if (arguments.has(OptionId::Main))
        return wrong(console, "--main and --splice do not go together: the original's module body stays");
    request.emplace().path = *original;
    for (const std::string& text : replacements) {
        const std::size_t sign = text.rfind('=');
        if (sign == std::string::npos || sign == 0 || sign + 1 == text.size())
            return wrong(
                console,
                fmt::format("--replace {}: write QUALNAME=SYMBOL, such as Encoder.encode=fast_encode", text));
        request->replacements.push_back({text.substr(0, sign), text.substr(sign + 1)});
    }
    return true;
}

std::optional<LinkedProgram> splice_program(const SpliceRequest& request, PycInput& original,
                                            LinkedProgram program, const Console& console,
                                            std::size_t& errors) {
    if (program.file.target != original.file.target) {
        report_input(request.path,
                     fmt::format("is for {}, and what is to be put into it is for {}",
                                 original.file.target->name, program.file.target->name),
                     "Code runs only in the version that it was made for.", console);
        ++errors;
        return std::nullopt;
    }
    std::vector<linker::Replacement> replacements;
    for (const SpliceRequest::Replacement& one : request.replacements)
        replacements.push_back({one.name, one.symbol, &program.file.pool, value_of(program, one.symbol)});
    LinkedProgram patched;
    patched.file = std::move(original.file);
    const linker::SpliceResult result = linker::splice(patched.file, replacements);
    if (!result.errors.empty()) {
        report(request, result.errors, console);
        errors += result.errors.size();
        return std::nullopt;
    }
    for (const linker::Spliced& one : result.done)
        if (!one.changed) console.note(fmt::format("--replace {}: it is the same already", one.name));
    patched.inputs = program.inputs;
    patched.main = static_cast<linker::InputIndex>(patched.inputs.size());
    patched.inputs.push_back({request.path, linker::InputKind::Bytecode, {}});
    note_origins(result, program, patched);
    for (std::size_t i = 0; i < result.done.size(); ++i)
        patched.symbols.push_back({request.replacements[i].symbol, true, result.done[i].code,
                                   linker::no_input, linker::no_input,
                                   fmt::format("--replace {}", request.replacements[i].name)});
    return patched;
}

} // namespace pyasm::cli
