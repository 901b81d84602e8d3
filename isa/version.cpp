#include "isa/version.hpp"

#include "isa/target.hpp"

namespace pyasm::isa {
namespace {

std::optional<std::uint32_t> parse_part(std::string_view text) {
    if (text.empty() || text.size() > 4 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
    std::uint32_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return number;
}

} // namespace

std::optional<Version> parse_version(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto major = parse_part(text.substr(0, dot));
    const auto minor = parse_part(text.substr(dot + 1));
    if (!major || !minor) return std::nullopt;
    return Version{*major, *minor};
}

Version version_of(const Target& target) { return parse_version(target.name).value_or(Version{}); }

std::string to_string(Version version) {
    return std::to_string(version.major) + '.' + std::to_string(version.minor);
}

} // namespace pyasm::isa
