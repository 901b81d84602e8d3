#include "isa/opcode.hpp"
#include "isa/target.hpp"

#include <algorithm>

namespace pyasm::isa {
namespace {

/// The columns of the targets, for the ranges in replacements.def.
enum Column : std::uint8_t { Py27, Py36, Py37, Py38, Py39, Py310, Py311, Py312, Py313, Py314, Py315 };
static_assert(Py315 + 1 == target_count);

struct Replacement {
    std::string_view name;
    Column first;
    Column last;
    std::string_view words;
};

constexpr Replacement replacements[] = {
#define REPLACED(NAME, FIRST, LAST, WORDS) {#NAME, FIRST, LAST, WORDS},
#include "isa/replacements.def"
#undef REPLACED
};

} // namespace

std::string_view replacement(std::string_view name, const Target& target) {
    const auto found =
        std::find_if(std::begin(replacements), std::end(replacements), [&](const Replacement& r) {
            return r.name == name && r.first <= target.column && target.column <= r.last;
        });
    return found == std::end(replacements) ? std::string_view{} : found->words;
}

} // namespace pyasm::isa
