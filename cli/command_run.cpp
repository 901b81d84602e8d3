#include "cli/assemble_file.hpp"
#include "cli/commands.hpp"
#include "cli/interpreter.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/temporary.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <istream>
#include <iterator>
#include <ostream>
#include <system_error>

namespace pyasm::cli {
namespace {

namespace fs = std::filesystem;

/// What the program sees as sys.argv[0]: "hello.pyc" for dir/hello.pyasm.
std::string program_name(const std::string& source) {
    if (source == "-") return "stdin.pyc";
    const fs::path path(source);
    const std::string stem = path.extension() == ".pyasm" ? path.stem().string() : path.filename().string();
    return (stem.empty() ? std::string("program") : stem) + ".pyc";
}

/// PYTHONPATH with the source's folder in front: a script imports from its own folder, and the .pyc that runs
/// stands in another one. Nothing for standard input, and for a folder whose name a path list cannot hold.
std::optional<std::string> import_path(const std::string& source) {
    if (source == "-") return std::nullopt;
    std::error_code error;
    const std::string folder = fs::absolute(source, error).parent_path().string();
    if (error || folder.find(':') != std::string::npos) return std::nullopt;
    const char* old = std::getenv("PYTHONPATH");
    return old != nullptr && *old != '\0' ? folder + ':' + old : folder;
}

/// Whether the interpreter is one for the target; an error on the console if not.
bool matches(const Interpreter& interpreter, const isa::Target& target, const Console& console) {
    if (interpreter.magic == target.magic) return true;
    console.error(fmt::format("{} cannot run a program for CPython {} (magic number {})",
                              describe(interpreter), target.name, target.magic));
    return false;
}

support::ProcessRequest make_request(const Interpreter& interpreter, const std::string& pyc,
                                     const Arguments& arguments, const Console& console) {
    support::ProcessRequest request;
    request.argv = {interpreter.path, pyc};
    request.argv.insert(request.argv.end(), arguments.program_arguments.begin(),
                        arguments.program_arguments.end());
    if (auto path = import_path(arguments.words.front())) {
        request.environment.emplace_back("PYTHONPATH", std::move(*path));
    }
    if (!console.standard_in) {
        request.input_from = support::ProcessRequest::Input::Text;
        request.input.assign(std::istreambuf_iterator<char>(console.in), {});
    }
    if (!console.standard_out) request.output_to = support::ProcessRequest::Output::Capture;
    return request;
}

int report(const support::ProcessResult& result, const Console& console) {
    console.out << result.out;
    console.err << result.err;
    if (result.overflowed) console.error("the program wrote too much and was stopped");
    if (result.signal == 0) return result.status;
    // An interrupt from the keyboard needs no words: the interpreter has shown its KeyboardInterrupt.
    if (result.signal != SIGINT && !result.overflowed) {
        const bool crashed = result.signal == SIGSEGV || result.signal == SIGBUS || result.signal == SIGILL ||
                             result.signal == SIGABRT || result.signal == SIGFPE;
        console.error(
            fmt::format("the interpreter died by {}{}", support::signal_name(result.signal),
                        crashed ? ": CPython does not check bytecode, so a wrong instruction, operand or "
                                  "stack height can end it"
                                : ""));
    }
    return 128 + result.signal;
}

/// Writes the `.pyc` into a temporary folder and runs it.
int execute(const Interpreter& interpreter, support::Bytes pyc, const Arguments& arguments,
            const Console& console) {
    const auto folder = support::TemporaryFolder::create("pyasm-");
    if (!folder) {
        console.error(folder.error().message);
        return status_system_at_fault;
    }
    const std::string path = folder->path() + "/" + program_name(arguments.words.front());
    if (const auto written = support::write_file(path, pyc); !written) {
        console.error(fmt::format("{}: {}", path, written.error().message));
        return status_system_at_fault;
    }
    console.out.flush();
    console.err.flush();
    const auto result = support::run_process(make_request(interpreter, path, arguments, console));
    if (!result) {
        console.error(result.error().message);
        return status_system_at_fault;
    }
    return report(*result, console);
}

} // namespace

int run_run(const Arguments& arguments, const Console& console) {
    if (arguments.words.empty()) {
        console.error("no input file (see pyasm run --help)");
        return status_system_at_fault;
    }
    AssembleRequest request;
    request.path = arguments.words.front();
    request.verify = !arguments.has(OptionId::NoVerify);
    if (!take_macro_options(arguments, request, console)) return status_system_at_fault;
    if (const auto& name = arguments.value(OptionId::Target)) {
        request.target = target_by_name(*name, console);
        if (request.target == nullptr) return status_system_at_fault;
    }
    std::optional<Interpreter> interpreter;
    if (const auto& name = arguments.value(OptionId::Python)) {
        interpreter = named_interpreter(*name, console);
        if (!interpreter) return status_system_at_fault;
    }
    request.fallback = [&]() -> const isa::Target* {
        if (!interpreter) return default_target(console);
        const isa::Target* target = isa::target_of_magic(interpreter->magic);
        if (target == nullptr) {
            console.error(describe(*interpreter) +
                          " is of no version that can be assembled for (see pyasm targets)");
        }
        return target;
    };
    const AssembleOutcome outcome = assemble_file(std::move(request), console);
    if (outcome.errors > 1) console.err << outcome.errors << " errors\n";
    if (!outcome.pyc) return outcome.status;
    if (interpreter && !matches(*interpreter, *outcome.target, console)) return status_system_at_fault;
    if (!interpreter) {
        // With another --target than the .target of the source, it would not be assembled.
        interpreter = matching_interpreter(*outcome.target,
                                           outcome.source_names_target
                                               ? "name one with --python EXE, or change the .target"
                                               : "name one with --python EXE, or choose another version with "
                                                 "--target",
                                           console);
    }
    if (!interpreter) return status_system_at_fault;
    return execute(*interpreter, outcome.pyc->view(), arguments, console);
}

} // namespace pyasm::cli
