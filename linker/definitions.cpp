#include "linker/definitions.hpp"

#include "linker/stems.hpp"
#include "program/derived.hpp"
#include "program/qualified_names.hpp"

#include <fmt/format.h>

#include <algorithm>

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
    for (std::uint32_t at = last == last_.end() ? 0 : last->second; at > table.known; at = all_[at - 1].previous)
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
    enum Fit : int { none, loose, tight, exact };
    int best = none;
    std::vector<const Definition*> found;
    for (const std::uint32_t index : candidates(split.name)) {
        const Definition* one = &all_[index];
        if (!split.stem.empty() && stems_[one->input] != split.stem) continue;
        int fit = none;
        if (!one->weak)
            fit = one->name == split.name ? exact : none;
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
        if (const Definition& one = all_[index]; &one != known && !one.weak && one.name == name) twins.push_back(&one);
    return twins;
}

std::string Definitions::full_name(const Definition& definition) const {
    const std::string plain(definition.name), numbered = program::with_numbers(plain);
    // Only the last part has a number in the second one.
    const std::string last = program::without_number(plain).size() == plain.size() ? plain + "$1" : plain;
    const std::string stem = stems_[definition.input] + ":";
    for (const std::string& prefix : {std::string(), stem})
        for (const std::string& name : {plain, last, numbered})
            if (const auto found = find(prefix + name); found.size() == 1 && found[0] == &definition) return prefix + name;
    return stem + numbered; // two files of one stem
}

} // namespace pyasm::linker
