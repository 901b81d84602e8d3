#include "assembler/mnemonics.hpp"

#include "support/text.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

namespace pyasm::assembler {
namespace {

using isa::HiddenOpcode;
using isa::OpInfo;
using isa::Target;

/// "2.7, 3.6 - 3.10": the targets that have a true entry.
std::string ranges(const std::array<bool, isa::target_count>& has) {
    const std::span<const Target> targets = isa::all_targets();
    std::string text;
    for (std::size_t first = 0; first < targets.size(); ++first) {
        if (!has[targets[first].column]) continue;
        std::size_t last = first;
        while (last + 1 < targets.size() && has[targets[last + 1].column]) ++last;
        if (!text.empty()) text += ", ";
        text += targets[first].name;
        if (last > first) text += fmt::format("{}{}", last == first + 1 ? ", " : " - ", targets[last].name);
        first = last;
    }
    return text;
}

/// The targets that have an instruction, in any of its meanings.
std::string homes(std::string_view name) {
    std::array<bool, isa::target_count> has{};
    for (const OpInfo& op : isa::all_opcodes()) {
        if (op.name != name) continue;
        for (std::size_t i = 0; i < has.size(); ++i) has[i] |= op.numbers[i] != isa::no_opcode;
    }
    return ranges(has);
}

std::string nearest_help(const UnitContext& context, std::string_view mnemonic) {
    const std::string_view near = support::nearest(mnemonic, context.target.mnemonics());
    return near.empty() ? std::string("`pyasm ops` lists the instructions.")
                        : fmt::format("Did you mean {}?", near);
}

/// The instruction that a form belongs to, by its name: BINARY_OP for BINARY_OP_ADD_INT, RESUME for
/// INSTRUMENTED_RESUME; empty where the name does not tell.
std::string_view plain_form(const Target& target, std::string_view mnemonic) {
    constexpr std::string_view instrumented = "INSTRUMENTED_";
    if (mnemonic.starts_with(instrumented)) mnemonic.remove_prefix(instrumented.size());
    while (!target.find(mnemonic)) {
        const std::size_t end = mnemonic.rfind('_');
        if (end == std::string_view::npos) return {};
        mnemonic = mnemonic.substr(0, end);
    }
    return mnemonic;
}

bool report_hidden(UnitContext& context, std::string_view mnemonic, support::Span span) {
    const HiddenOpcode* found = nullptr;
    for (const HiddenOpcode& hidden : isa::hidden_opcodes())
        if (hidden.name == mnemonic && (!found || hidden.numbers[context.target.column] != isa::no_opcode))
            found = &hidden;
    if (!found) return false;
    const std::int16_t number = found->numbers[context.target.column];
    std::string_view what = "is a form of an instruction that the interpreter makes for itself while it runs";
    if (found->why == HiddenOpcode::Why::Instrumented)
        what = "is a form of an instruction that the interpreter makes for monitoring tools";
    if (found->why == HiddenOpcode::Why::Pseudo) what = "exists only inside the compiler";
    const std::string_view plain = plain_form(context.target, mnemonic);
    std::string help = plain.empty() ? std::string("Write the instruction that it stands for")
                                     : fmt::format("Write {}", plain);
    if (number >= 0 && number <= 255) help += fmt::format(", or `.op {}` for the byte as it is", number);
    context.diagnostics.error(span, fmt::format("{} {}, and cannot stand in a file", mnemonic, what),
                              help + ".");
    return true;
}

} // namespace

void report_unknown_instruction(UnitContext& context, const program::Statement& statement) {
    const std::string_view mnemonic = statement.text;
    const support::Span span = statement.span;
    if (!context.suggests()) {
        context.diagnostics.error(span, {});
        return;
    }
    const std::string where = homes(mnemonic);
    if (!where.empty()) {
        const std::string_view instead = isa::replacement(mnemonic, context.target);
        constexpr std::string_view nothing = "nothing: ";
        std::string help;
        if (instead.starts_with(nothing))
            help = fmt::format("Leave it out: {}.", instead.substr(nothing.size()));
        else if (!instead.empty())
            help = fmt::format("Use {}.", instead);
        context.diagnostics.error(
            span, fmt::format("{} is not in {}; it is in {}", mnemonic, context.target.name, where),
            std::move(help));
        return;
    }
    if (report_hidden(context, mnemonic, span)) return;
    const OpInfo* spaced =
        statement.operand.form == program::OperandForm::None
            ? nullptr
            : context.target.find_spaced(context.sources.text(support::join(span, statement.operand.span)));
    context.diagnostics.error(span, fmt::format("unknown instruction '{}'", support::printable(mnemonic)),
                              spaced ? fmt::format("Did you mean {}?", spaced->name)
                                     : nearest_help(context, mnemonic));
}

void report_internal_instruction(UnitContext& context, const OpInfo& op, support::Span span) {
    context.diagnostics.error(
        span, fmt::format("{} is for the interpreter itself, and cannot stand in a file", op.name),
        fmt::format("`.op {}` writes the byte as it is.", context.target.number(op)));
}

} // namespace pyasm::assembler
