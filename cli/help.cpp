#include "cli/help.hpp"

#include "cli/layout.hpp"
#include "isa/target.hpp"

#include <algorithm>

namespace pyasm::cli {
namespace {

constexpr std::size_t text_column = 24;
constexpr std::size_t widest_text = 100; // longer lines are hard to read

std::string paragraphs(std::string_view text, std::size_t width) {
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find("\n\n"), text.size());
        if (!result.empty()) result += '\n';
        result += wrap(text.substr(0, end), 0, width);
        text.remove_prefix(std::min(end + 2, text.size()));
    }
    return result;
}

std::string options_text(const CommandSpec& spec, std::size_t width) {
    std::string result = "\nOptions:\n";
    const auto list = [&](std::span<const OptionId> ids) {
        for (const OptionId id : ids) {
            const OptionSpec entry = option_of(spec, id);
            if (entry.hidden) continue;
            const std::string term = (entry.short_name.empty() ? "    " : "") + option_term(entry);
            result += definition(term, entry.help, 2, text_column, width);
        }
    };
    list(spec.options);
    list(common_options());
    return result;
}

} // namespace

std::string_view version_number() { return PYASM_VERSION; }

std::string version_text() {
    return "pyasm " + std::string(version_number()) + "\nassembles for CPython " + all_target_ranges() + "\n";
}

std::string option_term(const OptionSpec& spec) {
    std::string result(spec.short_name);
    if (!result.empty()) result += ", ";
    result += spec.long_name;
    if (!spec.value.empty()) result += ' ' + std::string(spec.value);
    return result;
}

std::string target_ranges(std::span<const bool> columns) {
    const auto series = [](std::string_view name) { return name.substr(0, name.rfind('.')); };
    const std::span<const isa::Target> targets = isa::all_targets();
    std::string result;
    for (std::size_t i = 0; i < targets.size();) {
        if (!columns[i]) {
            ++i;
            continue;
        }
        std::size_t last = i; // of the run; a run does not lead from one series to the next (2.7, 3.6)
        while (last + 1 < targets.size() && columns[last + 1] &&
               series(targets[last + 1].name) == series(targets[i].name)) {
            ++last;
        }
        if (!result.empty()) result += ", ";
        result += targets[i].name;
        if (last != i) result += (last == i + 1 ? ", " : "-") + std::string(targets[last].name);
        i = last + 1;
    }
    return result;
}

std::string all_target_ranges() {
    std::array<bool, isa::target_count> all{};
    all.fill(true);
    return target_ranges(all);
}

std::string help_text(const CommandSpec& spec, std::size_t width) {
    width = width == 0 ? 80 : std::clamp<std::size_t>(width, 40, widest_text);
    const bool whole = spec.id == CommandId::None;
    std::string result = "Usage: pyasm ";
    if (!whole) result += std::string(spec.name) + ' ';
    result += std::string(spec.usage) + '\n';
    if (whole) result += "       pyasm [OPTION]... FILE...\n";
    result += '\n' + paragraphs(spec.description, width);
    if (whole) {
        result += "\nCommands:\n";
        for (const CommandSpec& entry : all_commands()) {
            result += definition(entry.name, entry.summary, 2, 12, width);
        }
    }
    if (!spec.operands.empty()) {
        result += "\nArguments:\n";
        for (const OperandSpec& operand : spec.operands) {
            result += definition(operand.name, operand.help, 2, text_column, width);
        }
    }
    result += options_text(spec, width);
    result += "\nExamples:\n";
    for (const Example& example : spec.examples) {
        result += "  " + std::string(example.command) + '\n' + wrap(example.meaning, 6, width);
    }
    return result;
}

} // namespace pyasm::cli
