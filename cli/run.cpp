#include "cli/run.hpp"

#include "cli/assemble_file.hpp"
#include "cli/commands.hpp"
#include "cli/generate.hpp"
#include "cli/help.hpp"
#include "cli/parse_arguments.hpp"
#include "support/text.hpp"

#include <filesystem>
#include <new>
#include <ostream>
#include <system_error>

namespace pyasm::cli {
namespace {

bool exists(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

/// `pyasm help [COMMAND]`.
int show_help(const Arguments& arguments, const Console& console) {
    if (arguments.words.empty()) {
        console.out << help_text(program(), console.width);
        return status_done;
    }
    const CommandSpec* spec = find_command(arguments.words.front());
    if (spec == nullptr) {
        console.error("unknown command '" + support::printable(arguments.words.front()) +
                      "' (see pyasm --help)");
        return status_system_at_fault;
    }
    console.out << help_text(*spec, console.width);
    return status_done;
}

/// Without a command: options of the program itself.
int run_program(const Arguments& arguments, const Console& console) {
    if (arguments.has(OptionId::Version)) {
        console.out << version_text();
        return status_done;
    }
    if (const auto& what = arguments.value(OptionId::Generate)) {
        const auto text = generate(*what);
        if (!text) {
            console.error("cannot generate '" + support::printable(*what) +
                          "'; there are man, bash, zsh and fish");
            return status_system_at_fault;
        }
        console.out << *text;
        return status_done;
    }
    console.err << help_text(program(), console.width);
    return status_system_at_fault;
}

int dispatch(const Arguments& arguments, const Console& console) {
    if (arguments.has(OptionId::Help)) {
        console.out << help_text(command(arguments.command), console.width);
        return status_done;
    }
    switch (arguments.command) {
    case CommandId::Asm: return run_asm(arguments, console);
    case CommandId::Link: return run_link(arguments, console);
    case CommandId::Run: return run_run(arguments, console);
    case CommandId::Fmt: return run_fmt(arguments, console);
    case CommandId::Targets: return run_targets(arguments, console);
    case CommandId::Ops: return run_ops(arguments, console);
    case CommandId::Help: return show_help(arguments, console);
    case CommandId::Dis: return run_dis(arguments, console);
    case CommandId::Show: return run_show(arguments, console);
    case CommandId::Verify: return run_verify(arguments, console);
    case CommandId::None: break;
    }
    return run_program(arguments, console);
}

} // namespace

int run(std::span<const std::string> args, std::istream& in, std::ostream& out, std::ostream& err) {
    const support::Result<Arguments> arguments = parse_arguments(args, exists);
    if (!arguments) {
        make_console(in, out, err, "auto").error(arguments.error().message);
        return status_system_at_fault;
    }
    const std::string when = arguments->value(OptionId::Color).value_or("auto");
    const Console console = make_console(in, out, err, when);
    if (when != "auto" && when != "always" && when != "never") {
        console.error("option --color takes auto, always or never, not '" + support::printable(when) + "'");
        return status_system_at_fault;
    }
    int status = status_system_at_fault;
    try {
        status = dispatch(*arguments, console);
    } catch (const std::bad_alloc&) {
        console.error("this takes more memory than there is");
    }
    out.flush();
    if (!out) {
        console.error("cannot write to standard output");
        return status_system_at_fault;
    }
    return status;
}

} // namespace pyasm::cli
