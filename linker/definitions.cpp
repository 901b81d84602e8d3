#include "linker/definitions.hpp"

#include "program/qualified_names.hpp"

#include <fmt/format.h>

namespace pyasm::linker {

using program::NameMatch;

void Definitions::add(Definition definition) {
    const auto index = static_cast<std::uint32_t>(all_.size());
    if (!definition.weak) strong_.try_emplace(definition.name, index);
    const std::string plain = program::plain_name(definition.name);
    auto last = last_.find(plain);
    if (last == last_.end()) last = last_.try_emplace(keys_.copy(plain), 0).first;
    definition.previous = last->second;
    last.value() = index + 1;
    all_.push_back(definition);
}

const Definition* Definitions::strong(std::string_view name) const {
    const auto found = strong_.find(name);
    return found == strong_.end() ? nullptr : &all_[found->second];
}

const std::vector<std::uint32_t>& Definitions::candidates(std::string_view symbol) const {
    const std::string plain = program::plain_name(symbol);
    Numbered& table = numbered_[fmt::format("{} {}", plain, program::numbers_at(symbol, plain))];
    const auto last = last_.find(plain);
    std::vector<std::uint32_t> added;
    for (std::uint32_t at = last == last_.end() ? 0 : last->second; at > table.known;
         at = all_[at - 1].previous)
        added.push_back(at - 1);
    if (!added.empty()) table.known = added.front() + 1;
    for (std::size_t i = added.size(); i-- != 0;)
        table.by_numbers[program::numbers_at(symbol, all_[added[i]].name)].push_back(added[i]);
    return table.by_numbers[program::numbers_at(symbol, symbol)];
}

std::vector<const Definition*> Definitions::find(std::string_view symbol) const {
    const SplitSymbol split = split_symbol(symbol);
    if (split.stem.empty())
        if (const Definition* found = strong(split.name)) return {found};
    // How well each fits; the best ones count.
    enum Fit : int { none, loose, tight };
    int best = none;
    std::vector<const Definition*> found;
    for (const std::uint32_t index : candidates(split.name)) {
        const Definition* one = &all_[index];
        if (!split.stem.empty() && !files_[one->input].matches(split.stem)) continue;
        int fit = none;
        if (!one->weak)
            fit = one->name == split.name ? tight : none;
        else if (const NameMatch match = program::match_name(split.name, one->name); match != NameMatch::None)
            fit = match == NameMatch::Tight ? tight : loose;
        if (fit == none || fit < best) continue;
        if (fit > best) found.clear();
        best = fit;
        found.push_back(one);
    }
    return found;
}

std::vector<const Definition*> Definitions::strong_twins(std::string_view name) const {
    std::vector<const Definition*> twins;
    const Definition* known = strong(name);
    if (!known) return twins;
    for (const std::uint32_t index : candidates(name))
        if (const Definition& one = all_[index]; &one != known && !one.weak && one.name == name)
            twins.push_back(&one);
    return twins;
}

std::optional<std::string> Definitions::full_name(const Definition& definition, bool with_file) const {
    constexpr std::size_t most_prefixes = 8;
    const auto is_it = [&](const std::string& symbol) {
        const std::vector<const Definition*> found = find(symbol);
        return found.size() == 1 && found[0] == &definition;
    };
    std::vector<std::string> names{std::string(definition.name)};
    if (definition.weak) {
        // The first of a name has no number, but can be given one.
        names.push_back(names[0] + "$1");
        names.push_back(program::with_numbers(definition.name));
    }
    std::vector<std::string> prefixes;
    if (!with_file) prefixes.emplace_back();
    for (std::string& prefix : files_[definition.input].prefixes(most_prefixes))
        prefixes.push_back(std::move(prefix) + ':');
    if (with_file) prefixes.emplace_back();
    for (const std::string& prefix : prefixes)
        for (const std::string& name : names)
            if (std::string symbol = prefix + name; is_it(symbol)) return symbol;
    return std::nullopt;
}

} // namespace pyasm::linker
