#include "cli/assemble_file.hpp"
#include "cli/commands.hpp"
#include "cli/ops_reference.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace pyasm::cli {
namespace {

using Rows = std::vector<const isa::OpInfo*>;

bool is_of(const isa::OpInfo& op, const isa::Target* target) {
    return target == nullptr || op.numbers[target->column] != isa::no_opcode;
}

/// The rows that match a name or pattern; without a target, of all targets.
Rows find_rows(std::string_view pattern, const isa::Target* target) {
    Rows rows;
    for (const isa::OpInfo& op : isa::all_opcodes()) {
        if (is_of(op, target) && matches_pattern(op.name, pattern)) rows.push_back(&op);
    }
    return rows;
}

const isa::HiddenOpcode* find_hidden(std::string_view name) {
    for (const isa::HiddenOpcode& hidden : isa::hidden_opcodes()) {
        if (matches_pattern(hidden.name, name)) return &hidden;
    }
    return nullptr;
}

int report_unknown(const std::string& name, const isa::Target* target, const Console& console) {
    const Rows elsewhere = find_rows(name, nullptr);
    if (target != nullptr && !elsewhere.empty()) {
        std::array<std::int16_t, isa::target_count> numbers = elsewhere.front()->numbers;
        for (const isa::OpInfo* op : elsewhere) {
            for (std::size_t i = 0; i < numbers.size(); ++i)
                numbers[i] = std::max(numbers[i], op->numbers[i]);
        }
        const std::string_view known = elsewhere.front()->name;
        const std::string_view instead = isa::replacement(known, *target);
        console.error(fmt::format("{} is not an instruction of {}; it is one of {}{}{}", known, target->name,
                                  versions_of(numbers), instead.empty() ? "" : "; here write ", instead));
        return status_input_at_fault;
    }
    std::vector<std::string_view> names;
    for (const isa::OpInfo& op : isa::all_opcodes()) {
        if (is_of(op, target)) names.push_back(op.name);
    }
    const std::string_view near = support::nearest(name, names);
    console.error(fmt::format("unknown instruction '{}'{}", support::printable(name),
                              near.empty() ? std::string(" (pyasm ops lists all)")
                                           : fmt::format("; did you mean {}?", near)));
    return status_input_at_fault;
}

int show_pattern(const std::string& pattern, const isa::Target* target, const Console& console) {
    const Rows rows = find_rows(pattern, target);
    if (rows.empty()) {
        console.error(fmt::format("no instruction matches '{}'{}", support::printable(pattern),
                                  target ? fmt::format(" in {}", target->name) : ""));
        return status_input_at_fault;
    }
    console.out << list_instructions(rows, target, console.width);
    return status_done;
}

int show_one(const std::string& name, const isa::Target* target, const Console& console) {
    const Rows rows = find_rows(name, target);
    if (!rows.empty()) {
        console.out << describe_instruction(rows, console.width);
        return status_done;
    }
    const isa::HiddenOpcode* hidden = find_hidden(name);
    // A name that is pseudo here and an instruction elsewhere (LOAD_METHOD) is better answered with what to
    // write.
    if (hidden != nullptr && find_rows(name, nullptr).empty() &&
        (target == nullptr || hidden->numbers[target->column] != isa::no_opcode)) {
        console.out << describe_hidden(*hidden, console.width);
        return status_done;
    }
    return report_unknown(name, target, console);
}

} // namespace

int run_ops(const Arguments& arguments, const Console& console) {
    const isa::Target* target = nullptr;
    if (const auto& name = arguments.value(OptionId::Target)) {
        target = target_by_name(*name, console);
        if (target == nullptr) return status_system_at_fault;
    }
    if (arguments.words.empty()) {
        Rows rows = find_rows("*", target);
        std::erase_if(rows, [](const isa::OpInfo* op) { return op->is(isa::OpFlag::Internal); });
        console.out << list_instructions(rows, target, console.width);
        return status_done;
    }
    int status = status_done;
    for (const std::string& name : arguments.words) {
        if (&name != arguments.words.data()) console.out << '\n';
        const bool is_pattern = name.find_first_of("*?") != std::string::npos;
        status = std::max(status,
                          is_pattern ? show_pattern(name, target, console) : show_one(name, target, console));
    }
    return status;
}

} // namespace pyasm::cli
