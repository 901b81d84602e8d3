// Whose module body is the program's.

#include "linker/parts.hpp"
#include "program/outline.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::linker {

using objects::no_value;
using objects::ValueId;
using objects::ValueKind;

namespace {
constexpr std::size_t most_listed = 8;
} // namespace

std::string Linker::Parts::list(const std::vector<InputIndex>& which) const {
    std::string result;
    for (std::size_t i = 0; i < which.size() && i < most_listed; ++i)
        result +=
            fmt::format("{}{}", i == 0 ? "" : ", ", support::printable(program.inputs[which[i]].path, 200));
    if (which.size() > most_listed) result += fmt::format(" and {} more", which.size() - most_listed);
    return result;
}

InputIndex Linker::Parts::choose_main(InputIndex asked_for) {
    if (asked_for != no_input) {
        if (facts[asked_for].top != no_value) return asked_for;
        error({asked_for, {}}, "has no module body, which --main asks for",
              "Add a .module, or name another input.");
        return no_input;
    }
    // Units go before compiled modules, and what comes from a library gives none.
    std::vector<InputIndex> units, compiled;
    for (InputIndex i = 0; i < facts.size(); ++i) {
        if (facts[i].top == no_value || !program.inputs[i].library.empty()) continue;
        (program.inputs[i].kind == InputKind::Bytecode ? compiled : units).push_back(i);
    }
    if (units.size() == 1) return units[0];
    if (units.size() > 1) {
        LinkError& two =
            error({units[1], facts[units[1]].top_span}, "a second module body, and a program has one",
                  "Make one of them a function, or choose with --main FILE.");
        two.notes.push_back({{units[0], facts[units[0]].top_span}, "the first one"});
        return no_input;
    }
    if (compiled.size() == 1) return compiled[0];
    if (compiled.size() > 1)
        error({}, fmt::format("several module bodies, and a program has one: {}", list(compiled)),
              "Choose with --main FILE.");
    else
        report_no_body();
    return no_input;
}

void Linker::Parts::report_no_body() {
    const Definition* const main = definitions.strong("main");
    const bool is_value = main && !main->is_code;
    LinkError& none =
        error({}, "no input has a module body",
              is_value ? "Add a .module to one; or make main a function, which the stub start then calls."
                       : "Add a .module to one; or a function main that .global exports, which the "
                         "stub start then calls.");
    if (is_value) none.notes.push_back({{main->input, main->span}, "'main' is a constant here"});
}

/// `start` makes a function of main's code object, without defaults, and calls it with the program's
/// arguments.
void Linker::Parts::check_main() {
    const Definition* const main = definitions.strong("main");
    const auto& pool = program.file.pool;
    if (!main || pool[main->value].kind != ValueKind::Code || can_rebind_main()) return;
    const objects::CodeObject& code = pool.code(main->value);
    const bool takes_more = (static_cast<std::uint32_t>(code.flags) & common_target->flag_bits.varargs) != 0;
    if (code.kwonlyargcount == 0 && (code.argcount == 1 || (code.argcount == 0 && takes_more))) return;
    const auto kind = program::kind_of(pool, *common_target, code, false);
    if (kind == program::BlockKind::Class || kind == program::BlockKind::Code) {
        error({main->input, main->span}, "'main' is no function, and the stub start calls it as one",
              "Write .function main(argv): argv is the list of the program's arguments.");
        return;
    }
    error({main->input, main->span},
          code.kwonlyargcount != 0
              ? "'main' has parameters that can be given by name only, and the stub start calls it with one "
                "argument by position"
              : fmt::format("'main' takes {} arguments, and the stub start calls it with one", code.argcount),
          "Write main(argv): argv is the list of the program's arguments.");
}

/// Whether the function of that name that start calls can be another one: `program_setup` goes first.
bool Linker::Parts::can_rebind_main() const {
    const Definition* const setup = definitions.strong("program_setup");
    const auto& pool = program.file.pool;
    if (!setup || pool[setup->value].kind != ValueKind::Code) return false;
    const ValueId names = pool.code(setup->value).names;
    if (names == no_value || pool[names].kind != ValueKind::Tuple) return true; // who knows
    return std::ranges::any_of(pool.children(names),
                               [&pool](ValueId id) { return id != no_value && pool.text(id) == "main"; });
}

} // namespace pyasm::linker
