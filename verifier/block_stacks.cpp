#include "verifier/block_stacks.hpp"

#include <algorithm>
#include <iterator>

namespace pyasm::verifier {

std::uint32_t JumpSets::of(std::uint32_t instruction) { return number({instruction}); }

std::uint32_t JumpSets::join(std::uint32_t a, std::uint32_t b) {
    if (a == b) return a;
    if (a == 0 || b == 0) return 0;
    std::vector<std::uint32_t> both;
    std::set_union(sets_[a].begin(), sets_[a].end(), sets_[b].begin(), sets_[b].end(),
                   std::back_inserter(both));
    return both.size() > most_members ? 0 : number(std::move(both));
}

std::uint32_t JumpSets::number(std::vector<std::uint32_t> members) {
    const auto found = std::find(sets_.begin() + 1, sets_.end(), members);
    if (found != sets_.end()) return static_cast<std::uint32_t>(found - sets_.begin());
    if (sets_.size() >= most_sets) return 0;
    sets_.push_back(std::move(members));
    return static_cast<std::uint32_t>(sets_.size() - 1);
}

} // namespace pyasm::verifier
