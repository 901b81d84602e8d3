#pragma once

#include <string>
#include <string_view>

namespace pyasm::linker {

/// What comes in front of the colon in `helpers:Class.method`: the file's name without folders, without the ending
/// (`.pyc`, `.pyo`, `.pyasm`, `.pyasmo`) and without what an interpreter puts before it (`.cpython-313.opt-1`). What a
/// symbol cannot hold is replaced by `_`.
[[nodiscard]] std::string stem_of(std::string_view path);

/// The two parts of `helpers:Class.method`; without a colon, `stem` is empty.
struct SplitSymbol {
    std::string_view stem, name;
};
[[nodiscard]] SplitSymbol split_symbol(std::string_view symbol);

} // namespace pyasm::linker
