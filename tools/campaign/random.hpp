#pragma once

#include <cstddef>
#include <cstdint>

namespace pyasm::campaign {

/// The same numbers from the same seed on every machine and standard library (SplitMix64).
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    /// A stream of its own for a part of what this seed makes.
    [[nodiscard]] static Random of(std::uint64_t seed, std::uint64_t part) {
        Random mixed(seed);
        return Random(mixed.next() ^ (part * 0xD1B5'4A32'D192'ED03));
    }

    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9E37'79B9'7F4A'7C15;
        z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9;
        z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EB;
        return z ^ (z >> 31);
    }
    /// In [0, end); 0 where there is nothing.
    std::size_t below(std::size_t end) { return end == 0 ? 0 : static_cast<std::size_t>(next() % end); }
    /// True once in `times`.
    bool once_in(std::size_t times) { return below(times) == 0; }
    template <class Range> auto& of(Range& range) { return range[below(range.size())]; }

  private:
    std::uint64_t state_;
};

} // namespace pyasm::campaign
