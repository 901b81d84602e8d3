#pragma once

#include "objects/value.hpp"

#include <cstdint>

namespace pyasm::objects {

/// A code object as marshal has it, complete. Which fields a target has is in `isa::CodeLayout`; the others
/// stay at their defaults. Counts are what the file says, in range or not.
struct CodeObject {
    std::int32_t argcount = 0;
    std::int32_t posonlyargcount = 0; ///< 3.8+
    std::int32_t kwonlyargcount = 0;  ///< 3.x
    std::int32_t nlocals = 0;         ///< <= 3.10
    std::int32_t stacksize = 0;
    std::int32_t flags = 0;
    std::int32_t firstlineno = 1;

    ValueId code = no_value;            ///< Bytes
    ValueId consts = no_value;          ///< Tuple
    ValueId names = no_value;           ///< Tuple
    ValueId varnames = no_value;        ///< Tuple, <= 3.10
    ValueId freevars = no_value;        ///< Tuple, <= 3.10
    ValueId cellvars = no_value;        ///< Tuple, <= 3.10
    ValueId localsplusnames = no_value; ///< Tuple, 3.11+
    ValueId localspluskinds = no_value; ///< Bytes, 3.11+
    ValueId filename = no_value;
    ValueId name = no_value;
    ValueId qualname = no_value;       ///< 3.11+
    ValueId linetable = no_value;      ///< co_lnotab up to 3.9, co_linetable from 3.10
    ValueId exceptiontable = no_value; ///< 3.11+
};

/// Bits of a byte of localspluskinds. Source: Include/internal/pycore_code.h, 3.11 - 3.15.
namespace local_kind {
inline constexpr std::uint8_t positional_argument = 0x02; // 3.14+
inline constexpr std::uint8_t keyword_argument = 0x04;    // 3.14+
inline constexpr std::uint8_t variadic_argument = 0x08;   // 3.14+
inline constexpr std::uint8_t hidden = 0x10;              // 3.12+
inline constexpr std::uint8_t local = 0x20;
inline constexpr std::uint8_t cell = 0x40;
inline constexpr std::uint8_t free = 0x80;
} // namespace local_kind

} // namespace pyasm::objects
