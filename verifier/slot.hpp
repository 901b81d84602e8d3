#pragma once

#include "isa/slot_kind.hpp"

#include <cstdint>
#include <string>

namespace pyasm::verifier {

using isa::SlotKinds;
namespace slots = isa::slots;

/// What is known of a local or of an item of the stack: all that it may be, and a number that says more of
/// some kinds.
struct Slot {
    SlotKinds kinds = SlotKinds::Nothing;
    /// 0 where it is not known. Tuple, Code: 1 + the index of the constant; Tuple also what `built` tells.
    /// Object, List: `interpolation`, `exceptions`. Cell: 1 + the local that it is in. Indexed, Index: 1 +
    /// the instruction that made the two. Function, Unready: 1 + the index of the constant that is its code,
    /// and `closure_set`. Closure: 1 + its number among the closures of the code object. ReturnAddress,
    /// ContinueTarget: a set of JumpSets. With Borrowed: 1 + the local that owns the reference.
    std::uint32_t detail = 0;
    bool operator==(const Slot&) const = default;

    static constexpr std::uint32_t built =
        0x8000'0000; ///< Tuple: the rest is its size, as BUILD_TUPLE made it
    static constexpr std::uint32_t interpolations = 0x4000'0000; ///< and all in it are Interpolations
    static constexpr std::uint32_t interpolation = 1;            ///< Object: an Interpolation
    static constexpr std::uint32_t number = 2;                   ///< Object: an int or float
    static constexpr std::uint32_t compared =
        3; ///< Object: of a comparison with a number or text: a bool, unless
           ///<   the other object has an idea of its own
    static constexpr std::uint32_t exceptions = 1; ///< List: nothing but exceptions and None is in it
    static constexpr std::uint32_t closure_set = 0x8000'0000; ///< the function has its closure
    static constexpr std::uint32_t is_code = 0x4000'0000;     ///< Unready: it is code, not yet a function

    /// With Borrowed: 1 + the local; with Indexed too, which needs the detail itself, both in half of it.
    [[nodiscard]] std::uint32_t owner() const {
        return isa::any(kinds & SlotKinds::Indexed) ? detail >> 16 : detail;
    }
    [[nodiscard]] bool may_be(SlotKinds what) const { return isa::any(kinds & what); }
    [[nodiscard]] bool is_within(SlotKinds what) const { return isa::within(kinds, what); }
};

[[nodiscard]] constexpr Slot slot(SlotKinds kinds, std::uint32_t detail = 0) { return {kinds, detail}; }

/// "list", "object or NULL": for messages; never empty.
[[nodiscard]] std::string words_of(SlotKinds kinds);

} // namespace pyasm::verifier
