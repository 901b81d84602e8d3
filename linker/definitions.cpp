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
    auto known = first_.find(plain);
    if (known == first_.end()) known = first_.try_emplace(keys_.copy(plain), 0).first;
    definition.next = known->second;
    known.value() = index + 1;
    all_.push_back(definition);
}

const Definition* Definitions::strong(std::string_view name) const {
    const auto found = strong_.find(name);
    return found == strong_.end() ? nullptr : &all_[found->second];
}

const Definition* Definitions::first(std::string_view plain) const {
    const auto found = first_.find(plain);
    return found == first_.end() ? nullptr : &all_[found->second - 1];
}

std::vector<const Definition*> Definitions::find(std::string_view symbol) const {
    const SplitSymbol split = split_symbol(symbol);
    if (split.stem.empty())
        if (const Definition* found = strong(split.name)) return {found};
    // How well each fits; the best ones count.
    enum Fit : int { none, loose, tight, exact };
    int best = none;
    std::vector<const Definition*> found;
    for (const Definition* one = first(program::plain_name(split.name)); one;
         one = one->next ? &all_[one->next - 1] : nullptr) {
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
    std::reverse(found.begin(), found.end()); // the chain begins with what was added last
    return found;
}

std::vector<const Definition*> Definitions::strong_twins(std::string_view name) const {
    std::vector<const Definition*> twins;
    const Definition* known = strong(name);
    for (const Definition* one = known ? first(program::plain_name(name)) : nullptr; one;
         one = one->next ? &all_[one->next - 1] : nullptr)
        if (one != known && !one->weak && one->name == name) twins.push_back(one);
    return twins;
}

std::string Definitions::full_name(const Definition& definition,
                                   const std::vector<const Definition*>& several) const {
    const auto same_file = [&](const Definition* one) { return one->input == definition.input; };
    const auto in_file = std::ranges::count_if(several, same_file);
    // The first of a name in one file has no number, but can be given one.
    const bool has_number = program::without_number(definition.name).size() != definition.name.size();
    std::string name(definition.name);
    if (in_file > 1 && !has_number) name += "$1";
    if (static_cast<std::size_t>(in_file) == several.size()) return name;
    return fmt::format("{}:{}", stems_[definition.input], name);
}

} // namespace pyasm::linker
