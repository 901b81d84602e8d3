#pragma once

#include <cstdint>

/// Marshal's type bytes. Source: Python/marshal.c, 2.7 - 3.15 (TYPE_* and FLAG_REF).
namespace pyasm::objects::type_code {

inline constexpr std::uint8_t null = '0';
inline constexpr std::uint8_t none = 'N';
inline constexpr std::uint8_t false_ = 'F';
inline constexpr std::uint8_t true_ = 'T';
inline constexpr std::uint8_t stop_iteration = 'S';
inline constexpr std::uint8_t ellipsis = '.';
inline constexpr std::uint8_t int32 = 'i';
inline constexpr std::uint8_t int64 = 'I';
inline constexpr std::uint8_t long_ = 'l';
inline constexpr std::uint8_t decimal_float = 'f';
inline constexpr std::uint8_t binary_float = 'g';
inline constexpr std::uint8_t decimal_complex = 'x';
inline constexpr std::uint8_t binary_complex = 'y';
inline constexpr std::uint8_t string = 's';
inline constexpr std::uint8_t interned = 't';
inline constexpr std::uint8_t interned_reference = 'R'; // 2.7
inline constexpr std::uint8_t unicode = 'u';
inline constexpr std::uint8_t ascii = 'a';
inline constexpr std::uint8_t ascii_interned = 'A';
inline constexpr std::uint8_t short_ascii = 'z';
inline constexpr std::uint8_t short_ascii_interned = 'Z';
inline constexpr std::uint8_t tuple = '(';
inline constexpr std::uint8_t small_tuple = ')';
inline constexpr std::uint8_t list = '[';
inline constexpr std::uint8_t dict = '{';
inline constexpr std::uint8_t set = '<';
inline constexpr std::uint8_t frozenset = '>';
inline constexpr std::uint8_t slice = ':';      // 3.14+
inline constexpr std::uint8_t frozendict = '}'; // 3.15+
inline constexpr std::uint8_t code = 'c';
inline constexpr std::uint8_t reference = 'r'; // 3.x
inline constexpr std::uint8_t flag_ref = 0x80; // 3.x

} // namespace pyasm::objects::type_code
