#include "cli/completions.hpp"

#include "cli/options.hpp"
#include "isa/target.hpp"

#include <fmt/format.h>

#include <set>

namespace pyasm::cli {
namespace {

template <class Words> std::string joined(const Words& words) {
    std::string result;
    for (const auto& word : words) {
        if (!result.empty()) result += ' ';
        result += word;
    }
    return result;
}

std::string target_words() {
    std::vector<std::string_view> names;
    for (const isa::Target& target : isa::all_targets()) names.push_back(target.name);
    return joined(names);
}

std::string instruction_words() {
    std::set<std::string_view> names;
    for (const isa::OpInfo& op : isa::all_opcodes()) names.insert(op.name);
    return joined(names);
}

std::string command_words() {
    std::vector<std::string_view> names;
    for (const CommandSpec& entry : all_commands()) names.push_back(entry.name);
    names.push_back("help");
    return joined(names);
}

std::vector<OptionId> options_of(const CommandSpec& spec) {
    std::vector<OptionId> ids;
    for (const OptionId id : spec.options) {
        if (!option(id).hidden) ids.push_back(id);
    }
    ids.insert(ids.end(), common_options().begin(), common_options().end());
    return ids;
}

std::string option_words(const CommandSpec& spec) {
    std::vector<std::string_view> words;
    for (const OptionId id : options_of(spec)) {
        if (!option(id).short_name.empty()) words.push_back(option(id).short_name);
        words.push_back(option(id).long_name);
    }
    return joined(words);
}

/// The case pattern of an option in a shell: "-o|--output".
std::string pattern(const OptionSpec& spec) {
    if (spec.short_name.empty()) return std::string(spec.long_name);
    return fmt::format("{}|{}", spec.short_name, spec.long_name);
}

/// The words a shell offers for a fixed set; empty for files, programs and the like.
std::string fixed_words(Completion kind) {
    switch (kind) {
    case Completion::Target: return target_words();
    case Completion::Color: return "auto always never";
    case Completion::Instruction: return instruction_words();
    case Completion::Command: return command_words();
    default: return {};
    }
}

std::string bash_reply(Completion kind) {
    switch (kind) {
    case Completion::None: return "COMPREPLY=()";
    case Completion::File: return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")";
    case Completion::Source:
        return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -X '!*.pyasm' -- \"$cur\"; "
               "compgen -d -- \"$cur\")";
    case Completion::Bytecode:
        return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -X '!*.py[co]' -- \"$cur\"; "
               "compgen -d -- \"$cur\")";
    case Completion::SourceOrBytecode:
        return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -X '!*.@(pyasm|py[co])' -- "
               "\"$cur\"; "
               "compgen -d -- \"$cur\")";
    case Completion::BytecodeOrObject:
        return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -X '!*.@(pyasmo|py[co])' -- "
               "\"$cur\"; "
               "compgen -d -- \"$cur\")";
    case Completion::LinkInput:
        return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -X '!*.@(pyasm|pyasmo|py[co])' -- "
               "\"$cur\"; compgen -d -- \"$cur\")";
    case Completion::Folder: return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")";
    case Completion::Program: return "mapfile -t COMPREPLY < <(compgen -c -- \"$cur\")";
    default:
        // Instructions are found in lower case, too.
        return fmt::format("mapfile -t COMPREPLY < <(compgen -W '{}' -- \"{}\")", fixed_words(kind),
                           kind == Completion::Instruction ? "${cur^^}" : "$cur");
    }
}

std::string quoted(std::string_view text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

/// Text inside the brackets or colons of a zsh specification, which is itself in single quotes.
std::string zsh_text(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\'') {
            result += "'\\''";
        } else {
            if (c == ':' || c == '[' || c == ']' || c == '\\') result += '\\';
            result += c;
        }
    }
    return result;
}

std::string zsh_action(Completion kind) {
    switch (kind) {
    case Completion::None: return " ";
    case Completion::File: return "_files";
    case Completion::Source: return "_files -g \"*.pyasm\"";
    case Completion::Bytecode: return "_files -g \"*.py[co]\"";
    case Completion::SourceOrBytecode: return "_files -g \"*.(pyasm|pyc|pyo)\"";
    case Completion::BytecodeOrObject: return "_files -g \"*.(pyasmo|pyc|pyo)\"";
    case Completion::LinkInput: return "_files -g \"*.(pyasm|pyasmo|pyc|pyo)\"";
    case Completion::Folder: return "_files -/";
    case Completion::Program: return "_command_names -e";
    default: return fmt::format("({})", fixed_words(kind));
    }
}

std::string zsh_option(const OptionSpec& spec) {
    const std::string value =
        spec.value.empty() ? std::string{} : fmt::format(":{}:{}", spec.value, zsh_action(spec.completion));
    const std::string text = fmt::format("'[{}]{}'", zsh_text(spec.help), value);
    const std::string_view equals = spec.value.empty() ? "" : "=";
    if (spec.short_name.empty()) return fmt::format("'{}{}'{}", spec.long_name, equals, text);
    if (spec.repeats)
        return fmt::format("'*'{{{}{},{}{}}}{}", spec.short_name, spec.value.empty() ? "" : "+",
                           spec.long_name, equals, text);
    return fmt::format("'({} {})'{{{}{},{}{}}}{}", spec.short_name, spec.long_name, spec.short_name,
                       spec.value.empty() ? "" : "+", spec.long_name, equals, text);
}

std::string fish_value(Completion kind) {
    switch (kind) {
    case Completion::None: return " -x";
    case Completion::File:
    case Completion::Source:
    case Completion::Bytecode:
    case Completion::BytecodeOrObject:
    case Completion::LinkInput:
    case Completion::SourceOrBytecode: return " -r -F";
    case Completion::Folder: return " -x -a '(__fish_complete_directories)'";
    case Completion::Program: return " -x -a '(__fish_complete_command)'";
    default: return fmt::format(" -x -a '{}'", fixed_words(kind));
    }
}

std::string fish_option(const OptionSpec& spec, std::string_view condition) {
    std::string line = fmt::format("complete -c pyasm -n {}", quoted(condition));
    if (!spec.short_name.empty())
        line += fmt::format(" -{} {}", spec.short_name.size() > 2 ? 'o' : 's', spec.short_name.substr(1));
    line += fmt::format(" -l {}", spec.long_name.substr(2));
    if (!spec.value.empty()) line += fish_value(spec.completion);
    return line + fmt::format(" -d {}\n", quoted(spec.help));
}

} // namespace

std::string bash_completion() {
    std::string values; // options whose value stands in the next word
    std::string value_options;
    for (const OptionSpec& entry : all_options()) {
        if (entry.value.empty() || entry.hidden) continue;
        values += fmt::format("        {}) {}; return ;;\n", pattern(entry), bash_reply(entry.completion));
        if (!value_options.empty()) value_options += '|';
        value_options += pattern(entry);
    }
    std::string words;
    std::string operands;
    for (const CommandSpec& entry : all_commands()) {
        words += fmt::format("            {}) words='{}' ;;\n", entry.name, option_words(entry));
        if (entry.operands.empty()) continue;
        operands += fmt::format("        {}) {} ;;\n", entry.name, bash_reply(entry.operands[0].completion));
    }
    return fmt::format(R"(# Completion of pyasm for bash.
_pyasm() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} command= words= i
    [[ $prev == = ]] && prev=${{COMP_WORDS[COMP_CWORD-2]}}
    [[ $cur == = ]] && cur=
    COMPREPLY=()
    case $prev in
{values}    esac
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${{COMP_WORDS[i]}} in
            {value_options}) ((i++)); [[ ${{COMP_WORDS[i]}} == = ]] && ((i++)) ;;
            -?*) ;;
            {commands}) command=${{COMP_WORDS[i]}}; break ;;
            *) command=asm; break ;;
        esac
    done
    if [[ $cur == -* ]]; then
        case $command in
            '') words='{program_words}' ;;
{words}        esac
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
        return
    fi
    case $command in
        '') {sources}
            mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -W '{command_list}' -- "$cur") ;;
        help) {help} ;;
{operands}    esac
}}
complete -F _pyasm pyasm
)",
                       fmt::arg("values", values), fmt::arg("value_options", value_options),
                       fmt::arg("commands",
                                [] {
                                    std::string names = command_words();
                                    for (char& c : names) c = c == ' ' ? '|' : c;
                                    return names;
                                }()),
                       fmt::arg("program_words", option_words(program())), fmt::arg("words", words),
                       fmt::arg("sources", bash_reply(Completion::Source)),
                       fmt::arg("command_list", command_words()),
                       fmt::arg("help", bash_reply(Completion::Command)), fmt::arg("operands", operands));
}

std::string zsh_completion() {
    std::string result = "#compdef pyasm\n# Completion of pyasm for zsh.\n\n_pyasm() {\n"
                         "    local context state state_descr line\n    typeset -A opt_args\n"
                         "    local -a commands\n    commands=(\n";
    for (const CommandSpec& entry : all_commands()) {
        result += fmt::format("        '{}:{}'\n", entry.name, zsh_text(entry.summary));
    }
    result += "        'help:show the help of a command'\n    )\n    _arguments -C";
    for (const OptionId id : options_of(program()))
        result += fmt::format(" \\\n        {}", zsh_option(option(id)));
    result += " \\\n        '1: :->command' \\\n        '*:: :->rest'\n"
              "    case $state in\n"
              "        command)\n"
              "            _describe -t commands 'command' commands\n"
              "            _files -g \"*.pyasm\" ;;\n"
              "        rest)\n"
              "            case $words[1] in\n";
    for (const CommandSpec& entry : all_commands()) {
        std::string name(entry.name);
        result += fmt::format("                {})\n                    _arguments", name);
        for (const OptionId id : options_of(entry)) {
            result += fmt::format(" \\\n                        {}", zsh_option(option_of(entry, id)));
        }
        for (std::size_t i = 0; i < entry.operands.size(); ++i) {
            const OperandSpec& operand = entry.operands[i];
            const std::string place = i + 1 == entry.operands.size() ? "*" : std::to_string(i + 1);
            result += fmt::format(" \\\n                        '{}:{}:{}'", place, operand.name,
                                  zsh_action(operand.completion));
        }
        result += " ;;\n";
    }
    result += "                help) _describe -t commands 'command' commands ;;\n"
              "                *) _files -g \"*.pyasm\" ;;\n"
              "            esac ;;\n    esac\n}\n\n_pyasm \"$@\"\n";
    return result;
}

std::string fish_completion() {
    const std::string none = fmt::format("not __fish_seen_subcommand_from {}", command_words());
    std::string result = "# Completion of pyasm for fish.\n";
    for (const CommandSpec& entry : all_commands()) {
        result += fmt::format("complete -c pyasm -n {} -a {} -d {}\n", quoted(none), entry.name,
                              quoted(entry.summary));
    }
    result += fmt::format("complete -c pyasm -n {} -a help -d 'show the help of a command'\n", quoted(none));
    for (const OptionId id : options_of(program())) result += fish_option(option(id), none);
    for (const CommandSpec& entry : all_commands()) {
        const std::string inside = fmt::format("__fish_seen_subcommand_from {}", entry.name);
        for (const OptionId id : options_of(entry)) result += fish_option(option_of(entry, id), inside);
        const bool files = !entry.operands.empty() && fixed_words(entry.operands[0].completion).empty();
        if (!files) result += fmt::format("complete -c pyasm -n {} -f\n", quoted(inside));
        if (!entry.operands.empty() && !files) {
            result += fmt::format("complete -c pyasm -n {} -a {}\n", quoted(inside),
                                  quoted(fixed_words(entry.operands[0].completion)));
        }
    }
    return result + fmt::format("complete -c pyasm -n '__fish_seen_subcommand_from help' -f -a '{}'\n",
                                command_words());
}

} // namespace pyasm::cli
