#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::tests {

/// A code object put together by hand, with three constants (None, 7, "text"), two names (print, len) and two
/// locals (a, b).
struct BodyCase {
    std::string target;
    std::vector<std::uint8_t> code;
    std::vector<std::uint8_t> lines{};      ///< the line table
    std::vector<std::uint8_t> exceptions{}; ///< the exception table, where the target has one
    std::int32_t firstlineno = 1;

    /// The file that holds it, written canonically.
    [[nodiscard]] std::string file() const;
    /// Its listing.
    [[nodiscard]] std::string listing() const;
    /// The file that its listing assembles to, or the first message.
    [[nodiscard]] std::string back() const;
};

/// The lines of a listing that are in the body: what stands behind the last directive for the block's fields,
/// each with single blanks and without `.line`.
[[nodiscard]] std::string body_of(const std::string& listing);

} // namespace pyasm::tests
