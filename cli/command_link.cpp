#include "cli/commands.hpp"
#include "cli/depfile.hpp"
#include "cli/findings.hpp"
#include "cli/link_errors.hpp"
#include "cli/link_inputs.hpp"
#include "cli/link_map.hpp"
#include "cli/link_passes.hpp"
#include "cli/link_splice.hpp"
#include "cli/outputs.hpp"
#include "objects/pyc.hpp"
#include "runtime-stubs/stubs.hpp"
#include "support/memory.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <ostream>

namespace pyasm::cli {
namespace {

namespace fs = std::filesystem;
using linker::InputIndex;
using linker::no_input;

int fail(const Console& console, const std::string& message) {
    console.error(message);
    return status_system_at_fault;
}

int list_stubs(const Console& console) {
    bool first = true;
    for (const runtime_stubs::Stub& stub : runtime_stubs::all()) {
        console.out << (first ? "" : "\n") << runtime_stubs::documentation(stub);
        first = false;
    }
    return status_done;
}

/// What is wrong with the names of inputs and output; empty where nothing is.
std::string wrong_names(const Arguments& arguments) {
    if (arguments.words.empty()) return "no input file (see pyasm link --help)";
    const auto& output = arguments.value(OptionId::Output);
    if (!output || output->empty()) return "name the program with -o OUT.pyc";
    if (output->ends_with('/') || (*output != "-" && fs::is_directory(*output)))
        return fmt::format("{} is a folder; name the program with -o OUT.pyc", *output);
    std::map<std::string, std::string> seen;
    for (const std::string& input : arguments.words) {
        if (input.empty()) return "an input's name is empty";
        const auto [known, is_new] = seen.emplace(input == "-" ? "-" : identity(input), input);
        if (!is_new) return fmt::format("{} is named twice", input);
    }
    if (const auto& map = arguments.value(OptionId::Map); map && map->empty())
        return "--map needs a file for the map, or - for standard output";
    return {};
}

/// All that is written.
std::vector<OutputFile> outputs_of(const Arguments& arguments) {
    const std::string& output = *arguments.value(OptionId::Output);
    std::vector<OutputFile> outputs{{"-o", output}};
    if (const auto& map = arguments.value(OptionId::Map)) outputs.push_back({"--map", *map});
    if (arguments.has(OptionId::Depfile))
        outputs.push_back({depfile_option(arguments), depfile_path(arguments, output)});
    return outputs;
}

class Link {
  public:
    /// `original`: what --splice names, which lives as long as this; null without.
    Link(const Arguments& arguments, AssembleRequest common, const std::optional<SpliceRequest>& splice,
         PycInput* original, const Console& console)
        : arguments_(arguments), console_(console), output_(*arguments.value(OptionId::Output)),
          outputs_(outputs_of(arguments)), linker_(common.target),
          inputs_(linker_, noting_files(std::move(common)), console), splice_(splice), original_(original) {
        if (original) inputs_.set_fallback(original->file.target);
    }

    int run() {
        std::vector<std::string> named = arguments_.words;
        if (splice_) named.push_back(splice_->path);
        if (!check_outputs(outputs_, named, console_) || !check_output_names(outputs_, console_))
            return status_system_at_fault;
        if (splice_)
            for (const SpliceRequest::Replacement& one : splice_->replacements)
                linker_.want_code(one.symbol, fmt::format("--replace {}", one.name));
        InputIndex main = no_input;
        if (!find_main(main)) return status_system_at_fault;
        const bool whole = inputs_.add_files(arguments_.words);
        if (!whole || !add_libraries()) return failed();
        if (!splice_ && main == no_input && !linker_.has_unit_body() && linker_.defines_code("main")) {
            main = inputs_.add_stub("start");
            calls_main_ = true;
            if (main == no_input || !search_libraries()) return failed();
        }
        // Also what was only looked into, such as the members of a library that nothing is taken of.
        if (!check_outputs(outputs_, inputs_.files_read(), console_) ||
            !check_outputs(outputs_, included_, console_))
            return status_system_at_fault;
        auto program =
            linker_.finish({main, !splice_, library_names(), library_files(), calls_main_,
                            [this](std::string_view symbol) { return inputs_.passed_over(symbol); }});
        if (!program) {
            errors_ = report_link_errors(inputs_, linker_.errors());
            return failed();
        }
        if (!splice_) return write(*program);
        program = splice_program(*splice_, *original_, std::move(*program), console_, errors_);
        return program ? write(*program) : failed();
    }

  private:
    AssembleRequest noting_files(AssembleRequest common) {
        common.files_read = &included_;
        return common;
    }

    /// The input that --main names.
    bool find_main(InputIndex& main) {
        const auto& wanted = arguments_.value(OptionId::Main);
        if (!wanted) return true;
        main = 0;
        for (const std::string& word : arguments_.words) {
            const bool same =
                word == *wanted || (word != "-" && *wanted != "-" && identity(word) == identity(*wanted));
            if (same) return true;
            ++main; // inputs are added in their order
        }
        console_.error(fmt::format("--main names {}, which is no input", *wanted));
        return false;
    }

    bool add_libraries() {
        std::vector<std::string> folders = arguments_.list(OptionId::LibraryPath);
        if (folders.empty()) folders.emplace_back(".");
        for (const std::string& name : arguments_.list(OptionId::Library)) {
            bool found = false;
            for (const std::string& folder : folders) {
                auto library = inputs_.read_library(name, (fs::path(folder) / name).string());
                if (!library) continue;
                libraries_.push_back(std::move(*library));
                found = true;
                break;
            }
            if (!found) {
                report_missing(name, folders);
                return false;
            }
        }
        if (inputs_.errors() != 0) return false;
        return search_libraries();
    }

    void report_missing(const std::string& name, const std::vector<std::string>& folders) {
        std::string list;
        std::vector<std::string> names;
        for (const std::string& folder : folders) {
            std::error_code error;
            list += fmt::format("{}{}{}", list.empty() ? "" : ", ", folder,
                                fs::is_directory(folder, error) ? "" : " (no such folder)");
            for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
                 at.increment(error)) {
                std::error_code ignored;
                if (at->is_directory(ignored)) names.push_back(at->path().filename().string());
            }
        }
        std::sort(names.begin(), names.end());
        const std::vector<std::string_view> views(names.begin(), names.end());
        const std::string_view near = support::nearest(name, views);
        console_.error(fmt::format("no library '{}' in {}{}", name, list,
                                   near.empty() ? std::string() : fmt::format("; did you mean {}?", near)));
        status_ = status_system_at_fault;
    }

    bool search_libraries() {
        const auto load = [this](const linker::Library& library, const linker::Library::Member& member) {
            return inputs_.add_member(library, member);
        };
        if (!linker::take_needed(linker_, libraries_, load)) return false;
        if (linker_.undefined().empty() || has_stubs_) return true;
        // Only where something is missing: their texts are looked through for it.
        has_stubs_ = true;
        libraries_.push_back(inputs_.stub_library());
        return linker::take_needed(linker_, libraries_, load);
    }

    [[nodiscard]] std::vector<std::string> library_names() const {
        std::vector<std::string> names;
        for (const linker::Library& library : libraries_)
            for (std::string& name : library.names()) names.push_back(std::move(name));
        return names;
    }

    [[nodiscard]] std::vector<std::string> library_files() const {
        std::vector<std::string> files;
        for (const linker::Library& library : libraries_)
            for (const linker::Library::Member& member : library.members())
                if (is_file_path(member.path)) files.push_back(member.path);
        return files;
    }

    int write(linker::LinkedProgram& program) {
        if (wants_passes(arguments_)) run_passes(arguments_, program.file, console_);
        if (!arguments_.has(OptionId::NoVerify)) {
            const auto findings = find_faults(program.file, program.unchecked);
            errors_ = report_program_findings(inputs_, program, findings);
            if (errors_ != 0) return failed();
        }
        support::ByteWriter bytes;
        bytes.reserve(objects::most_bytes(program.file.pool));
        // What is spliced stays as it was; a layout that a pass has changed does not fit any more.
        const bool exact = splice_ && !wants_passes(arguments_);
        const auto written =
            exact ? objects::write_pyc_exact(program.file, bytes) : objects::write_pyc(program.file, bytes);
        if (!written) {
            report_input(output_, written.error().message, {}, console_);
            return status_input_at_fault;
        }
        if (output_ == "-" && console_.out_is_terminal)
            return fail(console_, "a .pyc is binary and standard output is a terminal; write -o FILE");
        std::optional<Depfile> depfile;
        if (arguments_.has(OptionId::Depfile)) {
            auto text = depfile_text_of(program);
            if (!text) return status_system_at_fault;
            depfile = {depfile_path(arguments_, output_), *std::move(text)};
        }
        // Nothing is left without its map.
        if (!write_map(program, bytes.view()) || !write_output({{}, output_, {}}, {}, bytes.view(), console_))
            return status_system_at_fault;
        return !depfile || write_depfile(*depfile, console_) ? status_done : status_system_at_fault;
    }

    /// Inputs, members of libraries that were taken, and what these include. Nothing after an error.
    std::optional<std::string> depfile_text_of(const linker::LinkedProgram& program) const {
        std::vector<std::string> named, found;
        for (const linker::Input& input : program.inputs)
            (input.library.empty() ? named : found).push_back(input.path);
        found.insert(found.end(), included_.begin(), included_.end());
        return depfile_text(output_, named, found, console_);
    }

    bool write_map(const linker::LinkedProgram& program, support::Bytes bytes) const {
        const auto& path = arguments_.value(OptionId::Map);
        if (!path) return true;
        const auto map = linker::make_map(program, bytes);
        if (!map) return fail(console_, fmt::format("there is no map of {}", output_)), false;
        const isa::Target& target = *program.file.target;
        const std::string text =
            path->ends_with(".json") ? map_json(*map, output_, target) : map_text(*map, output_, target);
        return write_output({{}, *path, {}}, {}, support::as_bytes(text), console_);
    }

    int failed() {
        errors_ += inputs_.errors();
        if (errors_ > 1) console_.err << errors_ << " errors\n";
        return std::max({status_, inputs_.status(), errors_ != 0 ? status_input_at_fault : status_done});
    }

    const Arguments& arguments_;
    const Console& console_;
    std::string output_;
    std::vector<OutputFile> outputs_; ///< that one, and what is written beside it
    linker::Linker linker_;
    LinkInputs inputs_;
    const std::optional<SpliceRequest>& splice_;
    PycInput* original_;
    std::vector<linker::Library> libraries_;
    std::vector<std::string> included_; ///< by the sources among the inputs
    bool has_stubs_ = false;
    bool calls_main_ = false; ///< the module body is that of the stub start
    int status_ = status_done;
    std::size_t errors_ = 0;
};

} // namespace

int run_link(const Arguments& arguments, const Console& console) {
    if (arguments.has(OptionId::ListStubs)) return list_stubs(console);
    if (const std::string wrong = wrong_names(arguments); !wrong.empty()) return fail(console, wrong);
    if (!check_depfile_options(arguments, 1, *arguments.value(OptionId::Output) == "-", console))
        return status_system_at_fault;
    AssembleRequest common;
    if (const auto& name = arguments.value(OptionId::Target)) {
        common.target = target_by_name(*name, console);
        if (common.target == nullptr) return status_system_at_fault;
    }
    if (!take_macro_options(arguments, common, console)) return status_system_at_fault;
    std::optional<SpliceRequest> splice;
    if (!take_splice_options(arguments, console, splice)) return status_system_at_fault;
    PycInput original;
    if (splice) {
        read_pyc_input(splice->path, nullptr, console, original);
        if (original.status != status_done) return original.status;
    }
    support::return_large_blocks();
    return Link(arguments, std::move(common), splice, splice ? &original : nullptr, console).run();
}

} // namespace pyasm::cli
