#include "cli/unit_text.hpp"

#include "cli/depfile.hpp"

#include "assembler/assemble.hpp"
#include "cli/assemble_file.hpp"
#include "cli/input.hpp"
#include "grammar/parse.hpp"
#include "grammar/print.hpp"
#include "grammar/state_places.hpp"
#include "objects/code_object.hpp"
#include "support/files.hpp"
#include "verifier/verify.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace pyasm::cli {
namespace {

using objects::no_value;
using objects::ValueId;
using objects::ValueKind;
using support::Result;

Result<std::string> read_text(const std::string& path) { return support::read_file(path, input_limit); }

/// An object file may come from anywhere, and is all there is.
Result<std::string> read_nothing(const std::string&) {
    return support::Error{"an object file refers to no other files"};
}

grammar::ParseOptions parse_options(const UnitRequest& request) {
    grammar::ParseOptions options;
    options.target = request.target;
    options.fallback = request.fallback;
    options.read_include = request.is_object ? read_nothing : read_text;
    if (request.is_object) return options;
    options.include_folders = request.include_folders;
    options.files_read = request.files_read;
    options.definitions = request.definitions;
    use_stubs(options);
    return options;
}

assembler::AssembleOptions assemble_options(const UnitRequest& request) {
    assembler::AssembleOptions options;
    options.read_source = request.is_object ? read_nothing : noting(read_text, request.files_read);
    return options;
}

bool refers_to_constants(const objects::ValuePool& pool, const objects::CodeObject& code) {
    if (code.consts == no_value || !objects::is_container(pool[code.consts].kind)) return false;
    return std::ranges::any_of(pool.children(code.consts), [&pool](ValueId id) {
        return id != no_value && pool[id].kind == ValueKind::ConstSymbol;
    });
}

/// Whether all that is wrong with a text is that there is nothing in it but macros and settings: the parser
/// says that of the file as a whole.
bool is_for_include(const program::Unit& unit, const support::Diagnostics& diagnostics) {
    return unit.blocks.empty() && unit.globals.empty() && diagnostics.error_count() == 1 &&
           std::ranges::none_of(diagnostics.all(), [](const support::Diagnostic& one) {
               return one.severity == support::Severity::Error && one.span.known();
           });
}

} // namespace

std::unique_ptr<UnitText> assemble_unit(UnitRequest request) {
    auto unit_text = std::make_unique<UnitText>(request.error_limit);
    UnitText& work = *unit_text;
    const auto file = work.sources.add(request.path, std::move(request.text));
    if (!file) {
        work.diagnostics.error_in(request.path, file.error().message);
        return unit_text;
    }
    program::Unit unit =
        grammar::parse(*file.value(), work.sources, parse_options(request), work.diagnostics);
    work.states_target = unit.target_directive.set;
    work.target_is_missing = !request.target && !request.fallback && !unit.target_directive;
    if (work.target_is_missing) return unit_text;
    assembler::AssembleOptions options = assemble_options(request);
    if (request.wants_places) options.places = &work.places;
    if (request.wants_listing && !work.diagnostics.has_errors()) {
        assembler::state_header(unit, work.sources, options, work.diagnostics);
        grammar::state_places(unit, work.sources);
        support::ByteWriter listing;
        grammar::print(unit, {}, listing);
        work.listing = listing.text();
    }
    // Also after errors of the parser, so that one run tells all that is wrong.
    work.module = assembler::assemble_object(std::move(unit), work.sources, options, work.diagnostics);
    if (work.diagnostics.has_errors()) work.module.reset();
    return unit_text;
}

std::uint32_t add_unit_texts(const UnitRequest& request, support::Sources& sources) {
    const auto file = sources.add(request.path, request.text);
    if (!file) return 0;
    support::Diagnostics ignored;
    (void)grammar::parse(*file.value(), sources, parse_options(request), ignored);
    return file.value()->base;
}

const isa::Target* stated_target(const UnitRequest& request) {
    support::Sources sources;
    support::Diagnostics ignored;
    const auto file = sources.add(request.path, request.text);
    if (!file) return nullptr;
    const program::Unit unit = grammar::parse(*file.value(), sources, parse_options(request), ignored);
    return unit.target_directive && !unit.target_is_wrong ? unit.target : nullptr;
}

Exports exports_of(const UnitRequest& request) {
    support::Sources sources;
    support::Diagnostics ignored;
    const auto file = sources.add(request.path, request.text);
    if (!file) return {};
    const program::Unit unit = grammar::parse(*file.value(), sources, parse_options(request), ignored);
    Exports exports;
    if (unit.target_directive && !unit.target_is_wrong) exports.target = unit.target;
    exports.has_errors = ignored.has_errors() && !is_for_include(unit, ignored);
    for (const program::SymbolName& global : unit.globals) exports.names.emplace_back(global.name);
    const std::set<std::string_view> known(exports.names.begin(), exports.names.end());
    const auto hide = [&](std::string_view name) {
        if (!name.empty() && !known.contains(name)) exports.hidden.emplace_back(name);
    };
    for (const program::Block& block : unit.blocks)
        if (block.parent < 0) hide(block.symbol);
    for (const program::NamedConstant& constant : unit.constants) hide(constant.name);
    return exports;
}

std::vector<verifier::Finding> find_unit_faults(program::ObjectModule& module) {
    objects::PycFile& file = module.pyc;
    std::vector<ValueId> roots;
    const ValueId top = file.top;
    if (top != no_value) roots.push_back(top);
    for (const program::GlobalSymbol& global : module.globals)
        if (global.value != no_value) roots.push_back(global.value);
    file.top = file.pool.add_container(ValueKind::Tuple, roots);
    const std::vector<ValueId> codes = verifier::code_objects(file);
    file.top = top;
    std::vector<verifier::Finding> findings;
    verifier::Verifier verifier(*file.target, file.pool);
    for (const ValueId code : codes) {
        if (std::ranges::binary_search(module.unchecked, code)) continue;
        const std::size_t first = findings.size();
        verifier.verify(code, findings);
        if (!refers_to_constants(file.pool, file.pool.code(code))) continue;
        const auto hangs_on_value = [](const verifier::Finding& finding) {
            return finding.rule == verifier::Rule::StackKind || finding.rule == verifier::Rule::Operand;
        };
        findings.erase(std::remove_if(findings.begin() + static_cast<std::ptrdiff_t>(first), findings.end(),
                                      hangs_on_value),
                       findings.end());
    }
    return findings;
}

} // namespace pyasm::cli
