#include "support/hash.hpp"

#include <chrono>

namespace pyasm::support {

std::uint64_t hash_seed() {
    // Where the system put the program, and when: nobody who writes an input knows both.
    static const std::uint64_t seed = [] {
        static const char place = 0;
        const auto now = std::chrono::system_clock::now().time_since_epoch().count();
        const auto since_start = std::chrono::steady_clock::now().time_since_epoch().count();
        std::uint64_t state = reinterpret_cast<std::uintptr_t>(&place);
        for (const auto word : {static_cast<std::uint64_t>(now), static_cast<std::uint64_t>(since_start)}) {
            state = (state ^ word) * 0x9E37'79B9'7F4A'7C15;
            state ^= state >> 32;
        }
        return state | 1;
    }();
    return seed;
}

} // namespace pyasm::support
