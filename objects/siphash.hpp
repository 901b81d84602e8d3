#pragma once

#include "support/bytes.hpp"

#include <cstdint>

namespace pyasm::objects {

/// SipHash (Aumasson, Bernstein: "SipHash: a fast short-input PRF") with `c` rounds a word and `d` at the
/// end.
[[nodiscard]] std::uint64_t siphash(int c, int d, std::uint64_t k0, std::uint64_t k1, support::Bytes data);

} // namespace pyasm::objects
