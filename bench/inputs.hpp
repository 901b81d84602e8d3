#pragma once

#include <cstddef>
#include <string>

namespace pyasm::bench {

/// About `size` bytes of assembly for 3.13 as a person or a compiler writes it: functions with labels, jumps,
/// constants, names, calls and comments. The same size gives the same text.
[[nodiscard]] std::string make_assembly(std::size_t size);

/// About `size` bytes of WebAssembly text of the same nature, for `wat2wasm`.
[[nodiscard]] std::string make_wat(std::size_t size);

/// The simplest work that touches each byte and finds each token: runs of blanks, words, strings, comments
/// and other characters. Returns the number of tokens; the yardstick for what any tokenizing parser must pay.
[[nodiscard]] std::size_t count_tokens(const std::string& text);

} // namespace pyasm::bench
