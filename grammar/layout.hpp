#pragma once

#include "support/diagnostics.hpp"
#include "support/source.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace pyasm::grammar {

/// Longest text that is laid out, in bytes: what is noted down of its lines takes up to twenty-five times as
/// much.
inline constexpr std::size_t layout_limit = std::size_t{64} << 20;

/// The text in the layout of this project's own sources. Only runs of blanks outside of strings and comments
/// become longer or shorter, at the ends of lines come or go, and line ends become LF: so the lines keep
/// their numbers, and what the text assembles to stays the same. What is laid out already stays as it is.
///
/// Blocks, macros, conditions and repetitions indent by four; labels and regions stand where their block
/// does. Operands stand in one column, which is that of most of them or, where there is none, two behind the
/// longest mnemonic; in macros they may also stand one blank behind their words. Positions, comments, and the
/// arguments of neighbouring directives that stand below one another go on doing so.
///
/// Nothing, with an error, for what is no text, for a string that is not closed and for a text over the
/// limit; other mistakes do not matter. Linear in the text.
[[nodiscard]] std::optional<std::string> lay_out(const support::SourceFile& file,
                                                 support::Diagnostics& diagnostics);

} // namespace pyasm::grammar
