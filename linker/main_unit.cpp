// Whose module body is the program's.

#include "linker/parts.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

namespace pyasm::linker {

using objects::no_value;

namespace {
constexpr std::size_t most_listed = 8;
} // namespace

std::string Linker::Parts::list(const std::vector<InputIndex>& which) const {
    std::string result;
    for (std::size_t i = 0; i < which.size() && i < most_listed; ++i)
        result += fmt::format("{}{}", i == 0 ? "" : ", ", support::printable(program.inputs[which[i]].path, 200));
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
        LinkError& two = error({units[1], facts[units[1]].top_span}, "a second module body, and a program has one",
                               "Make one of them a function, or choose with --main FILE.");
        two.notes.push_back({{units[0], facts[units[0]].top_span}, "the first one"});
        return no_input;
    }
    if (compiled.size() == 1) return compiled[0];
    if (compiled.size() > 1)
        error({}, fmt::format("several module bodies, and a program has one: {}", list(compiled)),
              "Choose with --main FILE.");
    else
        error({}, "no input has a module body",
              "Add a .module to one; or a function main that .global exports, which the stub start then calls.");
    return no_input;
}

} // namespace pyasm::linker
