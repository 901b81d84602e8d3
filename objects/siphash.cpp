#include "objects/siphash.hpp"

#include <bit>
#include <cstring>

namespace pyasm::objects {

namespace {

struct State {
    std::uint64_t v0, v1, v2, v3;

    void rounds(int count) {
        for (; count > 0; --count) {
            v0 += v1;
            v1 = std::rotl(v1, 13) ^ v0;
            v0 = std::rotl(v0, 32);
            v2 += v3;
            v3 = std::rotl(v3, 16) ^ v2;
            v0 += v3;
            v3 = std::rotl(v3, 21) ^ v0;
            v2 += v1;
            v1 = std::rotl(v1, 17) ^ v2;
            v2 = std::rotl(v2, 32);
        }
    }
    void absorb(std::uint64_t word, int count) {
        v3 ^= word;
        rounds(count);
        v0 ^= word;
    }
};

} // namespace

std::uint64_t siphash(int c, int d, std::uint64_t k0, std::uint64_t k1, support::Bytes data) {
    // "somepseudorandomlygeneratedbytes", as the algorithm's authors chose.
    State state{k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u,
                k1 ^ 0x7465646279746573u};
    std::size_t at = 0;
    for (; at + 8 <= data.size(); at += 8) {
        std::uint64_t word;
        std::memcpy(&word, data.data() + at, 8);
        state.absorb(word, c);
    }
    std::uint64_t last = static_cast<std::uint64_t>(data.size()) << 56;
    if (at < data.size()) std::memcpy(&last, data.data() + at, data.size() - at);
    state.absorb(last, c);
    state.v2 ^= 0xFF;
    state.rounds(d);
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

} // namespace pyasm::objects
