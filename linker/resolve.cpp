// Which definition each symbol means.

#include "linker/parts.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::linker {

using objects::no_value;
using objects::ValueId;
using objects::ValueKind;

namespace {

constexpr std::size_t most_candidates = 4096; ///< names that are looked at for a suggestion
constexpr std::size_t most_suggestions =
    1000; ///< symbols that a name is suggested for; no more errors are shown
constexpr std::size_t most_listed = 8;

std::string_view kind_of(bool is_code) { return is_code ? "a code object" : "a constant"; }
std::string_view function_of(bool is_code) { return is_code ? "code" : "const"; }

} // namespace

void Linker::Parts::resolve_all(const FinishOptions& options) {
    std::vector<std::string_view> names;
    for (const Definition& one : definitions.all()) {
        if (names.size() == most_candidates) break;
        names.push_back(one.name);
    }
    for (const std::string& name : options.known_names) {
        if (names.size() == most_candidates) break;
        names.push_back(name);
    }
    for (Wanted& one : wanted) resolve(one, names, options);
}

void Linker::Parts::resolve(Wanted& one, const std::vector<std::string_view>& names,
                            const FinishOptions& options) {
    const std::vector<const Definition*> found = definitions.find(one.name);
    if (found.empty()) return report_undefined(one, names, options);
    if (found.size() > 1) return report_ambiguous(one, found);
    if (found[0]->is_code != one.wants_code) return report_kind(one, *found[0]);
    one.value = found[0]->value;
    one.input = found[0]->input;
}

void Linker::Parts::report_undefined(const Wanted& one, const std::vector<std::string_view>& names,
                                     const FinishOptions& options) {
    const bool suggests = errors.size() < most_suggestions;
    const SplitSymbol split = split_symbol(one.name);
    MissingInFile missing;
    if (suggests && !split.stem.empty()) missing = missing_in_file(split, options);
    std::string_view near = suggests && split.stem.empty() ? support::nearest(one.name, names) : missing.near;
    std::string help;
    if (near.empty() && suggests && split.stem.empty()) {
        // A method is asked for without its class, perhaps.
        const auto ends = [&](std::string_view name) {
            return name.size() > one.name.size() + 1 && name.ends_with(one.name) &&
                   name[name.size() - one.name.size() - 1] == '.';
        };
        const auto longer = std::ranges::find_if(names, ends);
        if (longer != names.end()) near = *longer;
    }
    if (!near.empty()) help = fmt::format("Did you mean {}?", support::printable(near));
    LinkError& error =
        this->error(one.place,
                    fmt::format("undefined symbol '{}', which {} wants{}", support::printable(one.name),
                                support::printable(one.wanted_in, 200), missing.reason),
                    std::move(help));
    if (!options.about_undefined) return;
    for (std::string& note : options.about_undefined(one.name)) {
        if (error.notes.size() == most_listed) break;
        error.notes.push_back({{}, std::move(note)});
    }
}

void Linker::Parts::report_ambiguous(const Wanted& one, const std::vector<const Definition*>& found) {
    const bool several_files =
        std::ranges::any_of(found, [&](const Definition* other) { return other->input != found[0]->input; });
    std::vector<std::string> names, notes;
    bool nameless = false;
    for (std::size_t i = 0; i < found.size() && i < most_listed; ++i) {
        if (const auto name = definitions.full_name(*found[i], several_files)) {
            names.push_back(support::printable(*name, 100));
            notes.push_back(fmt::format("{} is here", names.back()));
        } else {
            nameless = true;
            notes.push_back(fmt::format("'{}' is here", support::printable(found[i]->name)));
        }
    }
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i)
        list += fmt::format("{}{}",
                            i == 0                                                 ? ""
                            : i + 1 == names.size() && found.size() <= most_listed ? " or "
                                                                                   : ", ",
                            names[i]);
    if (found.size() > most_listed) list += ", ...";
    std::string help = list.empty() ? "Rename one of the files: no symbol tells them apart."
                       : nameless
                           ? fmt::format("Write {}; or rename a file: no symbol means the other alone.", list)
                           : fmt::format("Write {}.", list);
    const bool all_code = std::ranges::all_of(found, &Definition::is_code);
    LinkError& error = this->error(one.place,
                                   fmt::format("'{}' can mean several {}", support::printable(one.name),
                                               all_code ? "code objects" : "symbols"),
                                   std::move(help));
    for (std::size_t i = 0; i < notes.size(); ++i)
        error.notes.push_back({{found[i]->input, found[i]->span}, std::move(notes[i])});
}

void Linker::Parts::report_kind(const Wanted& one, const Definition& found) {
    error(one.place,
          fmt::format("'{}' is {}, and no {}", support::printable(one.name), kind_of(found.is_code),
                      one.wants_code ? "code object" : "constant"),
          fmt::format("Write {}({}).", function_of(found.is_code), support::printable(one.name)))
        .notes.push_back({{found.input, found.span}, "defined here"});
}

/// Which wanted symbol a value is; nothing where it is none, or stands where none is looked for.
std::optional<std::uint32_t> Linker::Parts::symbol_at(ValueId id) const {
    const auto& pool = program.file.pool;
    if (id == no_value || !objects::is_symbol(pool[id].kind)) return std::nullopt;
    const std::uint32_t is_code = pool[id].kind == ValueKind::CodeSymbol;
    const auto found = wanted_index.find(program::ScopedName{is_code, pool.text(id)});
    if (found == wanted_index.end()) return std::nullopt;
    return found->second;
}

/// Constants that are nothing but names of others get what those are. Linear: each is followed once.
void Linker::Parts::resolve_aliases() {
    enum State : std::uint8_t { fresh, open, done };
    std::vector<std::uint8_t> states(wanted.size(), fresh);
    std::vector<std::uint32_t> way;
    for (std::uint32_t first = 0; first < wanted.size(); ++first) {
        way.clear();
        std::uint32_t at = first;
        for (std::optional<std::uint32_t> next = first; next && states[at = *next] == fresh;
             next = symbol_at(wanted[at].value)) {
            states[at] = open;
            way.push_back(at);
        }
        if (states[at] == open && symbol_at(wanted[at].value)) return report_aliases(way, at);
        for (const std::uint32_t one : way) {
            wanted[one].value = wanted[at].value;
            states[one] = done;
        }
    }
}

/// The last symbols of `way`, from `first` on, are names of one another.
void Linker::Parts::report_aliases(const std::vector<std::uint32_t>& way, std::uint32_t first) {
    std::string circle;
    const auto begin = std::ranges::find(way, first);
    for (auto at = begin; at != way.end(); ++at) {
        if (static_cast<std::size_t>(at - begin) == most_listed) {
            circle += "... -> ";
            break;
        }
        circle += support::printable(wanted[*at].name) + " -> ";
    }
    error(wanted[first].place,
          fmt::format("constants go round in a circle: {}{}", circle, support::printable(wanted[first].name)),
          "One of them needs a value.");
}

/// What a value stands for in the end, once aliases are resolved.
ValueId Linker::Parts::follow(ValueId id) const {
    const auto symbol = symbol_at(id);
    return symbol ? wanted[*symbol].value : id;
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
    bool has_source = false, has_object = false;
    // Oldest version first, and the files of each in their order.
    std::string list;
    for (const isa::Target& target : isa::all_targets()) {
        std::vector<InputIndex> of_target;
        for (InputIndex i = 0; i < facts.size(); ++i)
            if (facts[i].target == &target && program.inputs[i].states_target) of_target.push_back(i);
        for (const InputIndex i : of_target) {
            has_source |= program.inputs[i].kind == InputKind::Source;
            has_object |= program.inputs[i].kind == InputKind::Object;
        }
        if (of_target.empty()) continue;
        list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", target.name, this->list(of_target));
    }
    std::string help = "A program is for one version";
    if (has_source) help += "; a source without .target takes that of the others";
    if (has_object)
        help += "; an object file is for the one that pyasm asm -c --target names (in CMake: TARGET)";
    if (!has_source && !has_object) help += ": compile all with one CPython";
    const bool asked = wanted_target != nullptr;
    error({},
          asked
              ? fmt::format("{} was asked for, and not all inputs are for it: {}", wanted_target->name, list)
              : fmt::format("the inputs are for different versions: {}", list),
          help + '.');
}

} // namespace pyasm::linker
