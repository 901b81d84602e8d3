#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pyasm::program {

/// Whether a dot in a name stays in its symbol, where it would separate the parts of a path.
enum class Dots : bool { Kept, Replaced };

/// `name` as (a part of) a symbol: what a symbol cannot hold is `_`, `$`, which begins a number, too; of
/// letters, only those stay that nobody takes for something else. Cut at `longest` bytes, between characters;
/// `_` where nothing is left.
[[nodiscard]] std::string symbol_text(std::string_view name, std::size_t longest, Dots dots);

} // namespace pyasm::program
