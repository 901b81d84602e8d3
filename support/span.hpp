#pragma once

#include <cstdint>

namespace pyasm::support {

/// A half-open byte range [begin, end) in the one offset space that all files of a `Sources` share, so that
/// eight bytes name the file, too. Line and column are computed only when a message is printed.
struct Span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    /// Offset 0 belongs to no file: an all-zero span means "no place in a source".
    [[nodiscard]] constexpr bool known() const { return end != 0; }
    [[nodiscard]] constexpr std::uint32_t size() const { return end - begin; }
    friend constexpr bool operator==(const Span&, const Span&) = default;
};

/// The smallest span that covers both; an unknown span does not count.
[[nodiscard]] constexpr Span join(Span a, Span b) {
    if (!a.known()) return b;
    if (!b.known()) return a;
    return {a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end};
}

} // namespace pyasm::support
