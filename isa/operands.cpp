#include "isa/operand.hpp"

#include <algorithm>

namespace pyasm::isa {
namespace {

const OperandName* find_spelling(std::span<const OperandName> names, std::string_view spelling) {
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](const OperandName& n) { return n.spelling == spelling; });
    return found == names.end() ? nullptr : &*found;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// "defaults|closure" as the sum of its bits; a flag that is named twice counts once.
std::optional<std::uint32_t> flag_set_value(std::span<const OperandName> flags, std::string_view spelling) {
    if (spelling == "0") return 0;
    std::uint32_t value = 0;
    for (bool more = true; more;) {
        const auto bar = spelling.find('|');
        more = bar != std::string_view::npos;
        const OperandName* flag = find_spelling(flags, trimmed(spelling.substr(0, bar)));
        if (flag == nullptr) return std::nullopt;
        value |= flag->value;
        if (more) spelling.remove_prefix(bar + 1);
    }
    return value;
}

std::optional<std::string> flag_set_spelling(std::span<const OperandName> flags, std::uint32_t value) {
    if (value == 0) return "0";
    std::string spelling;
    for (const OperandName& flag : flags) {
        if ((value & flag.value) == 0) continue;
        if (!spelling.empty()) spelling += '|';
        spelling += flag.spelling;
        value &= ~flag.value;
    }
    if (value != 0) return std::nullopt;
    return spelling;
}

} // namespace

std::optional<std::uint32_t> OperandKind::value_of(std::string_view spelling) const {
    if (base == OperandBase::FlagSet) return flag_set_value(flags, spelling);
    if (base != OperandBase::Symbolic) return std::nullopt;
    const OperandName* name = find_spelling(names, spelling);
    if (name == nullptr) return std::nullopt;
    return name->value;
}

std::optional<std::string> OperandKind::spelling_of(std::uint32_t value) const {
    if (base == OperandBase::FlagSet) return flag_set_spelling(flags, value);
    if (base != OperandBase::Symbolic) return std::nullopt;
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const OperandName& n) { return n.value == value; });
    if (found == names.end()) return std::nullopt;
    return std::string(found->spelling);
}

} // namespace pyasm::isa
