#include "cli/generate.hpp"

#include "cli/completions.hpp"
#include "cli/help.hpp"
#include "cli/options.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::cli {
namespace {

/// Text for roff: hyphens of options stay hyphens, backslashes stay, and a line never starts as a request.
std::string roff(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '-') {
            result += "\\-";
        } else if (c == '\\') {
            result += "\\e";
        } else {
            if ((c == '.' || c == '\'') && (result.empty() || result.back() == '\n')) result += "\\&";
            result += c;
        }
    }
    return result;
}

std::string paragraphs(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find("\n\n"), text.size());
        result += ".PP\n" + roff(text.substr(0, end)) + '\n';
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    return result;
}

std::string man_option(const OptionSpec& spec) {
    std::string term;
    if (!spec.short_name.empty()) term += fmt::format("\\fB{}\\fR, ", roff(spec.short_name));
    term += fmt::format("\\fB{}\\fR", roff(spec.long_name));
    if (!spec.value.empty()) term += fmt::format(" \\fI{}\\fR", roff(spec.value));
    return fmt::format(".TP\n{}\n{}\n", term, roff(spec.help));
}

std::string man_command(const CommandSpec& spec) {
    std::string result =
        fmt::format(".SS \"pyasm {} {}\"\n{}", spec.name, roff(spec.usage), paragraphs(spec.description));
    for (const OperandSpec& operand : spec.operands) {
        result += fmt::format(".TP\n\\fI{}\\fR\n{}\n", roff(operand.name), roff(operand.help));
    }
    for (const OptionId id : spec.options) result += man_option(option_of(spec, id));
    return result;
}

/// Leaves out what the program's own examples show.
std::string man_examples(const CommandSpec& spec) {
    std::string result;
    for (const Example& example : spec.examples) {
        const auto same = [&](const Example& other) { return other.command == example.command; };
        if (&spec != &program() && std::any_of(program().examples.begin(), program().examples.end(), same))
            continue;
        result += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(example.command), roff(example.meaning));
    }
    return result;
}

std::string man_page() {
    std::string page = fmt::format(".TH PYASM 1 \"\" \"pyasm {}\" \"User Commands\"\n"
                                   ".SH NAME\npyasm \\- {}\n"
                                   ".SH SYNOPSIS\n.nf\n",
                                   version_number(), roff(program().summary));
    page += "\\fBpyasm\\fR [\\fIOPTION\\fR]... \\fIFILE\\fR...\n";
    for (const CommandSpec& entry : all_commands()) {
        page += fmt::format("\\fBpyasm {}\\fR {}\n", entry.name, roff(entry.usage));
    }
    page += ".fi\n.SH DESCRIPTION\n" + paragraphs(program().description);
    page += paragraphs(
        "The assembly language is described in the reference that comes with the program, "
        "docs/language.md in its folder of documentation (share/doc/pyasm). The targets are CPython " +
        all_target_ranges() + ".");
    page += ".SH COMMANDS\n";
    for (const CommandSpec& entry : all_commands()) page += man_command(entry);
    page += ".SH OPTIONS\nThese go with every command.\n";
    for (const OptionId id : common_options()) page += man_option(option(id));
    page += ".PP\nWithout a command:\n";
    for (const OptionId id : program().options) {
        if (!option(id).hidden) page += man_option(option(id));
    }
    page += ".SH FILES\n"
            ".TP\n\\fINAME\\fR.pyasm\nA source text in UTF\\-8.\n"
            ".TP\n\\fINAME\\fR.pyc\nThe code object of a module with its header, as CPython loads it.\n"
            ".SH ENVIRONMENT\n"
            ".TP\n\\fBPATH\\fR\nWhere \\fBrun\\fR looks for interpreters.\n"
            ".TP\n\\fBTMPDIR\\fR\nWhere \\fBrun\\fR keeps the program while it runs; else /tmp.\n"
            ".TP\n\\fBNO_COLOR\\fR\nTurns colours off when set and not empty.\n"
            ".SH EXIT STATUS\n";
    for (const ExitStatus& status : exit_statuses()) {
        page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", status.code, roff(status.meaning));
    }
    page += ".PP\nThat of \\fBrun\\fR is the program's own; 128 plus the signal's number when a signal ended "
            "it.\n";
    page += ".SH EXAMPLES\n" + man_examples(program());
    for (const CommandSpec& entry : all_commands()) page += man_examples(entry);
    return page + ".SH SEE ALSO\n\\fBpython\\fR(1)\n";
}

} // namespace

std::optional<std::string> generate(std::string_view what) {
    if (what == "man") return man_page();
    if (what == "bash") return bash_completion();
    if (what == "zsh") return zsh_completion();
    if (what == "fish") return fish_completion();
    return std::nullopt;
}

} // namespace pyasm::cli
