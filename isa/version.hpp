#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pyasm::isa {

struct Target;

/// A Python version as sources name it, target or not: "3.13". 3.9 comes before 3.10.
struct Version {
    std::uint32_t major = 0;
    std::uint32_t minor = 0;
    friend constexpr auto operator<=>(const Version&, const Version&) = default;
};

/// Reads MAJOR.MINOR, at most four digits each; nothing for any other text.
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);
[[nodiscard]] Version version_of(const Target& target);
/// As `parse_version` reads it.
[[nodiscard]] std::string to_string(Version version);

} // namespace pyasm::isa
