// Which definition each symbol means.

#include "linker/parts.hpp"
#include "linker/stems.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::linker {

using objects::no_value;
using objects::ValueId;
using objects::ValueKind;

namespace {

constexpr std::size_t most_candidates = 4096; ///< names that are looked at for a suggestion
constexpr std::size_t most_listed = 8;

std::string_view kind_of(bool is_code) { return is_code ? "a code object" : "a constant"; }
std::string_view function_of(bool is_code) { return is_code ? "code" : "const"; }

} // namespace

void Linker::Parts::resolve_all(const std::vector<std::string>& known_names) {
    std::vector<std::string_view> names;
    for (const Definition& one : definitions.all()) {
        if (names.size() == most_candidates) break;
        names.push_back(one.name);
    }
    for (const std::string& name : known_names) {
        if (names.size() == most_candidates) break;
        names.push_back(name);
    }
    for (Wanted& one : wanted) resolve(one, names);
}

void Linker::Parts::resolve(Wanted& one, const std::vector<std::string_view>& names) {
    const std::vector<const Definition*> found = definitions.find(one.name);
    if (found.empty()) return report_undefined(one, names);
    if (found.size() > 1) return report_ambiguous(one, found);
    if (found[0]->is_code != one.wants_code) return report_kind(one, *found[0]);
    one.value = found[0]->value;
    one.input = found[0]->input;
}

void Linker::Parts::report_undefined(const Wanted& one, const std::vector<std::string_view>& names) {
    std::string_view near = support::nearest(one.name, names);
    std::string help;
    if (near.empty()) {
        // A method is asked for without its class, perhaps.
        const auto ends = [&](std::string_view name) {
            return name.size() > one.name.size() + 1 && name.ends_with(one.name) &&
                   name[name.size() - one.name.size() - 1] == '.';
        };
        const auto longer = std::ranges::find_if(names, ends);
        if (longer != names.end()) near = *longer;
    }
    if (!near.empty()) help = fmt::format("Did you mean {}?", support::printable(near));
    error(one.place,
          fmt::format("undefined symbol '{}', which {} wants", support::printable(one.name),
                      support::printable(one.wanted_in, 200)),
          std::move(help));
}

void Linker::Parts::report_ambiguous(const Wanted& one, const std::vector<const Definition*>& found) {
    std::string list;
    for (std::size_t i = 0; i < found.size() && i < most_listed; ++i)
        list += fmt::format("{}{}", i == 0 ? "" : i + 1 == found.size() ? " or " : ", ",
                            support::printable(definitions.full_name(*found[i], found), 100));
    if (found.size() > most_listed) list += ", ...";
    LinkError& error = this->error(
        one.place, fmt::format("'{}' can mean several code objects", support::printable(one.name)),
        fmt::format("Write {}.", list));
    for (std::size_t i = 0; i < found.size() && i < most_listed; ++i)
        error.notes.push_back({{found[i]->input, found[i]->span},
                               fmt::format("'{}' is here", support::printable(found[i]->name))});
}

void Linker::Parts::report_kind(const Wanted& one, const Definition& found) {
    error(one.place,
          fmt::format("'{}' is {}, and no {}", support::printable(one.name), kind_of(found.is_code),
                      one.wants_code ? "code object" : "constant"),
          fmt::format("Write {}({}).", function_of(found.is_code), support::printable(one.name)))
        .notes.push_back({{found.input, found.span}, "defined here"});
}

/// Constants that are nothing but names of one another.
void Linker::Parts::check_aliases() {
    const auto& pool = program.file.pool;
    for (const Wanted& one : wanted) {
        if (one.value == no_value || !objects::is_symbol(pool[follow(one.value)].kind)) continue;
        std::string way = support::printable(one.name);
        std::size_t shown = 0;
        for (ValueId id = one.value; shown++ < most_listed;) {
            const auto found = wanted_index.find(program::ScopedName{
                pool[id].kind == ValueKind::CodeSymbol ? 1U : 0U, pool.text(id)});
            if (found == wanted_index.end()) break;
            way += fmt::format(" -> {}", support::printable(pool.text(id)));
            if (pool.text(id) == one.name) break;
            id = wanted[found->second].value;
            if (id == no_value || !objects::is_symbol(pool[id].kind)) break;
        }
        error(one.place, fmt::format("constants go round in a circle: {}", way), "One of them needs a value.");
        return;
    }
}

/// What a value stands for in the end. A symbol that leads back to itself stays.
ValueId Linker::Parts::follow(ValueId id) {
    const auto& pool = program.file.pool;
    std::size_t steps = 0;
    while (id != no_value && objects::is_symbol(pool[id].kind) && steps++ <= wanted.size()) {
        const bool is_code = pool[id].kind == ValueKind::CodeSymbol;
        const auto found = wanted_index.find(program::ScopedName{is_code ? 1U : 0U, pool.text(id)});
        if (found == wanted_index.end()) break; // a symbol in a place where none is looked for
        id = wanted[found->second].value;
    }
    return id;
}

void Linker::Parts::put_in_place() {
    auto& pool = program.file.pool;
    slots = graft->slots();
    std::ranges::sort(slots);
    for (const Graft::Slot& slot : slots) {
        ValueId& child = pool.children(slot.container)[slot.child];
        child = follow(child);
    }
}

void Linker::Parts::check_targets() {
    if (!targets_differ) return;
    // Oldest version first, and the files of each in their order.
    std::string list;
    for (const isa::Target& target : isa::all_targets()) {
        std::vector<InputIndex> of_target;
        for (InputIndex i = 0; i < facts.size(); ++i)
            if (facts[i].target == &target) of_target.push_back(i);
        if (of_target.empty()) continue;
        list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", target.name, this->list(of_target));
    }
    const bool asked = wanted_target != nullptr;
    error({}, asked ? fmt::format("{} was asked for, and not all inputs are for it: {}", wanted_target->name, list)
                    : fmt::format("the inputs are for different versions: {}", list),
          "A program is for one version; a source without .target takes that of the others.");
}

} // namespace pyasm::linker
