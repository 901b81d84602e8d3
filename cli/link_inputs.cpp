#include "cli/link_inputs.hpp"

#include "linker/object_file.hpp"
#include "program/outline.hpp"
#include "program/qualified_names.hpp"
#include "runtime-stubs/stubs.hpp"
#include "support/files.hpp"
#include "support/render.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <system_error>

namespace pyasm::cli {
namespace {

namespace fs = std::filesystem;
using linker::Input;
using linker::InputIndex;
using linker::InputKind;
using support::Result;

constexpr std::string_view stub_library_name = "stubs";

bool begins_as_bytecode(std::string_view content) {
    return content.size() >= 4 && content.substr(2, 2) == "\r\n";
}

std::string error_text(const support::Error& error) {
    return error.offset ? fmt::format("at byte {}: {}", *error.offset, error.message) : error.message;
}

bool belongs_in_library(std::string_view name) {
    for (const std::string_view ending : {".pyasm", ".pyasmo", ".pyc", ".pyo"})
        if (name.size() > ending.size() && name.ends_with(ending)) return true;
    return false;
}

/// The stub behind an input's path; null if it is a file.
const runtime_stubs::Stub* stub_of(const Input& input) {
    if (input.library != stub_library_name || !input.path.starts_with('<')) return nullptr;
    return runtime_stubs::find(std::string_view(input.path).substr(1, input.path.size() - 2));
}

std::string path_of_stub(std::string_view name) { return fmt::format("<{}>", name); }

} // namespace

std::optional<InputKind> LinkInputs::kind_of(const std::string& path, const std::string& content) {
    if (begins_as_bytecode(content)) return InputKind::Bytecode;
    if (linker::is_object_file(content)) return InputKind::Object;
    if (path.ends_with(".pyc") || path.ends_with(".pyo")) {
        report_input(path, content.empty() ? "is empty" : "is no .pyc: it does not begin with a magic number",
                     {}, console_);
    } else if (path.ends_with(".py")) {
        report_input(path, "is Python source", "Compile it first: python -m py_compile FILE.", console_);
    } else if (path.ends_with(".pyasmo")) {
        report_input(path, "is no object file: it does not begin with #!pyasm-object",
                     "Make one with pyasm asm -c.", console_);
    } else if (path.ends_with(".pyasm") || is_text(content)) {
        return InputKind::Source;
    } else {
        report_input(path, content.empty() ? "is empty" : "is neither assembly text nor a .pyc", {},
                     console_);
    }
    (void)fail(status_input_at_fault);
    return std::nullopt;
}

Result<std::string> LinkInputs::read(const std::string& path) {
    if (path != "-") return support::read_file(path, input_limit);
    if (!standard_input_) {
        Result<std::string> content = read_input(path, console_);
        if (!content) return content;
        standard_input_ = std::move(*content);
    }
    return *standard_input_;
}

bool LinkInputs::add_files(const std::vector<std::string>& paths) {
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const std::string& path = paths[i];
        Result<std::string> content = read(path);
        if (!content) {
            report_input(path, content.error().message, {}, console_);
            (void)fail(status_system_at_fault);
            continue;
        }
        if (path != "-") files_read_.push_back(path);
        const std::string name = display_name(path);
        const auto kind = kind_of(name, *content);
        if (!kind) continue;
        if (add({name, *kind, {}}, *content) != Added::TargetIsMissing) continue;
        fallback_ = target_of_others(std::span(paths).subspan(i + 1));
        (void)add({name, *kind, {}}, *content);
    }
    return errors_ == 0;
}

/// The target that one of these files names, for a source in front of them that names none; the newest, where
/// none does.
const isa::Target* LinkInputs::target_of_others(std::span<const std::string> paths) {
    for (const std::string& path : paths) {
        const Result<std::string> content = read(path);
        if (!content) continue;
        const isa::Target* target = nullptr;
        if (begins_as_bytecode(*content)) {
            const auto low = static_cast<unsigned char>((*content)[0]),
                       high = static_cast<unsigned char>((*content)[1]);
            target = isa::target_of_magic(static_cast<std::uint16_t>(low | high << 8));
        } else if (linker::is_object_file(*content)) {
            if (const auto header = linker::read_object_header(*content)) target = header->target;
        } else if (content->find(".target") != std::string::npos) {
            target = stated_target(unit_request({path, InputKind::Source, {}}, *content));
        }
        if (target) return target;
    }
    return &isa::newest_target();
}

LinkInputs::Added LinkInputs::add(Input input, std::string& content) {
    if (input.kind == InputKind::Bytecode)
        return add_bytecode(std::move(input), std::move(content)) ? Added::Yes : Added::Failed;
    if (input.kind == InputKind::Object && !check_object(input, content)) return Added::Failed;
    return add_unit(std::move(input), content);
}

bool LinkInputs::add_bytecode(Input input, std::string content) {
    PycInput pyc;
    pyc.content = std::move(content);
    parse_pyc_input(input.path, nullptr, console_, pyc);
    if (pyc.status != status_done) return fail(pyc.status);
    linker_.add(std::move(input), pyc.file);
    return true;
}

bool LinkInputs::check_object(const Input& input, const std::string& content) {
    const auto header = linker::read_object(content);
    if (header) return true;
    report_input(input.path, error_text(header.error()), "Make it again with pyasm asm -c.", console_);
    return fail(status_input_at_fault);
}

UnitRequest LinkInputs::unit_request(const Input& input, std::string text) const {
    UnitRequest request;
    request.path = input.path;
    request.text = std::move(text);
    request.target = input.kind == InputKind::Object ? nullptr : common_.target;
    request.include_folders = common_.include_folders;
    // A stub is the same whatever is defined for the program's own sources.
    if (!stub_of(input)) request.definitions = common_.definitions;
    request.fallback = linker_.target() ? linker_.target() : fallback_;
    request.is_object = input.kind == InputKind::Object;
    if (request.is_object && !request.fallback) request.fallback = &isa::newest_target();
    return request;
}

LinkInputs::Added LinkInputs::add_unit(Input input, std::string& content) {
    UnitRequest request = unit_request(input, {});
    request.files_read = common_.files_read;
    const bool may_ask_again = !request.target && !request.fallback && !request.is_object;
    request.text = may_ask_again ? content : std::move(content);
    const std::unique_ptr<UnitText> work = assemble_unit(std::move(request));
    if (work->target_is_missing && may_ask_again) return Added::TargetIsMissing;
    if (work->module && input.kind == InputKind::Object) {
        const std::string_view text = work->sources.file_at(1)->text;
        if (const auto wrong = linker::contradiction(linker::read_object_header(text).value(), *work->module))
            work->diagnostics.error_in(input.path, error_text(*wrong), "Make it again with pyasm asm -c.");
    }
    // An object file's warnings were given when it was made.
    const bool failed = work->diagnostics.has_errors() || !work->module;
    if (input.kind != InputKind::Object || failed) report_texts(*work);
    if (failed) return Added::Failed;
    input.states_target = work->states_target;
    linker_.add(std::move(input), *work->module);
    return Added::Yes;
}

/// Shows what is said of a unit, and counts its errors.
void LinkInputs::report_texts(UnitText& work) {
    work.diagnostics.sort(work.sources);
    console_.err << support::render(work.diagnostics, work.sources, console_.color);
    if (!work.diagnostics.has_errors() && work.module) return;
    (void)fail(status_input_at_fault);
    errors_ += std::max<std::size_t>(work.diagnostics.error_count(), 1) - 1;
}

bool LinkInputs::add_member(const linker::Library& library, const linker::Library::Member& member) {
    if (library.name() == stub_library_name && member.path.starts_with('<'))
        return add_stub(std::string_view(member.path).substr(1, member.path.size() - 2)) != linker::no_input;
    Result<std::string> content = support::read_file(member.path, input_limit);
    if (!content) {
        report_input(member.path, content.error().message, {}, console_);
        return fail(status_system_at_fault);
    }
    return add({member.path, member.kind, library.name()}, *content) == Added::Yes;
}

InputIndex LinkInputs::add_stub(std::string_view name) {
    const runtime_stubs::Stub* stub = runtime_stubs::find(name);
    const auto index = static_cast<InputIndex>(linker_.inputs().size());
    Input input{path_of_stub(name), InputKind::Source, std::string(stub_library_name)};
    std::string text(stub ? stub->text : "");
    return stub && add(std::move(input), text) == Added::Yes ? index : linker::no_input;
}

Result<std::string> LinkInputs::content(const Input& input) const {
    if (const runtime_stubs::Stub* stub = stub_of(input)) return std::string(stub->text);
    if (input.path == display_name("-") && standard_input_) return *standard_input_;
    return support::read_file(input.path, input_limit);
}

// ------------------------------------------------------------------------------------------------- libraries

std::optional<linker::Library> LinkInputs::read_library(const std::string& name, const std::string& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) return std::nullopt;
    std::vector<std::string> names;
    for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
         at.increment(error)) {
        std::error_code ignored;
        const std::string file = at->path().filename().string();
        // A pipe could keep us waiting.
        if (belongs_in_library(file) && at->is_regular_file(ignored)) names.push_back(file);
    }
    linker::Library library(name);
    if (error) {
        report_input(folder, "the folder cannot be read: " + error.message(), {}, console_);
        (void)fail(status_system_at_fault);
    }
    std::sort(names.begin(), names.end());
    for (const std::string& file : names) index_member(library, (fs::path(folder) / file).string());
    return library;
}

void LinkInputs::index_member(linker::Library& library, const std::string& path) {
    const auto mapped = support::MappedFile::open(path);
    if (!mapped) {
        report_input(path, mapped.error().message, {}, console_);
        (void)fail(status_system_at_fault);
        return;
    }
    files_read_.push_back(path);
    const std::string_view content = support::as_text(mapped->bytes());
    std::vector<std::string> names;
    if (begins_as_bytecode(content)) {
        const auto file = objects::read_pyc(mapped->bytes());
        if (!file) {
            report_input(path, error_text(file.error()), {}, console_);
            (void)fail(status_input_at_fault);
            return;
        }
        support::Arena arena;
        const program::Outline outline(file->pool, *file->target, file->top, arena);
        const program::QualifiedNames all(outline, file->pool);
        for (std::size_t i = 0; i < all.size(); ++i) names.emplace_back(all[i]);
        add_to(library, path, InputKind::Bytecode, file->target, names);
    } else if (linker::is_object_file(content)) {
        const auto header = linker::read_object_header(content);
        if (!header) {
            report_input(path, error_text(header.error()), "Make it again with pyasm asm -c.", console_);
            (void)fail(status_input_at_fault);
            return;
        }
        for (const linker::ObjectSymbol& symbol : header->globals) names.emplace_back(symbol.name);
        add_to(library, path, InputKind::Object, header->target, names);
    } else {
        const auto kind = kind_of(path, std::string(content));
        if (!kind) return;
        UnitRequest request = unit_request({path, *kind, library.name()}, std::string(content));
        request.files_read = &files_read_;
        request.target = nullptr; // it may be for another one than the command line says
        const Exports exports = exports_of(request);
        const bool fits = add_to(library, path, *kind, exports.target, exports.names);
        if (fits) hidden_.add(path, *kind, exports.hidden);
        if (!fits || !exports.has_errors) return;
        // What it would give is not known, so that another file's symbol could be taken for its own.
        request.files_read = nullptr;
        report_texts(*assemble_unit(std::move(request)));
    }
}

/// What is for another target than the program is set apart: false.
bool LinkInputs::add_to(linker::Library& library, const std::string& path, InputKind kind,
                        const isa::Target* target, const std::vector<std::string>& names) {
    const bool fits = !target || !linker_.target() || target == linker_.target();
    (fits ? library : others_).add(path, kind, names);
    if (!fits) others_targets_.push_back(target);
    return fits;
}

std::vector<std::string> LinkInputs::passed_over(std::string_view symbol) {
    std::vector<std::string> notes;
    for (const std::size_t member : others_.find(symbol))
        notes.push_back(fmt::format("{} has it, but for {}", others_.members()[member].path,
                                    others_targets_[member]->name));
    if (!knows_hidden_) {
        knows_hidden_ = true;
        for (const Input& input : linker_.inputs()) {
            if (input.kind == InputKind::Bytecode || !input.library.empty()) continue;
            if (auto text = content(input))
                hidden_.add(input.path, input.kind, exports_of(unit_request(input, std::move(*text))).hidden);
        }
    }
    const std::string_view name = linker::split_symbol(symbol).name;
    for (const std::size_t member : hidden_.find(symbol))
        notes.push_back(fmt::format("{} has it, and does not export it; add .global {}",
                                    hidden_.members()[member].path, support::printable(name)));
    return notes;
}

linker::Library LinkInputs::stub_library() const {
    linker::Library library{std::string(stub_library_name)};
    for (const runtime_stubs::Stub& stub : runtime_stubs::all()) {
        // Most are for .include alone.
        if (stub.text.find(".global") == std::string_view::npos) continue;
        const Input input{path_of_stub(stub.name), InputKind::Source, std::string(stub_library_name)};
        library.add(input.path, input.kind, exports_of(unit_request(input, std::string(stub.text))).names);
    }
    return library;
}

} // namespace pyasm::cli
