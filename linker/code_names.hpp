#pragma once

#include "objects/pyc.hpp"
#include "support/arena.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pyasm::linker {

/// A code object of a `.pyc` under the symbol that refers to it.
struct NamedCode {
    std::string_view name;
    objects::ValueId code;
};

/// The code objects of a file, each once, an outer one in front of those in its constants, in the order of
/// the constants: the top object as `<module>`, the others by the names of program/qualified_names.hpp
/// (`Outer.method`, `outer.<locals>.inner`, `f$2`). Names are views into `arena`. Linear in the file.
[[nodiscard]] std::vector<NamedCode> name_code_objects(const objects::PycFile& file, support::Arena& arena);

/// What comes in front of the colon in `helpers:Class.method`: the file's name without folders, without the
/// ending
/// (`.pyc`, `.pyo`, `.pyasm`, `.pyasmo`) and without what an interpreter puts before it
/// (`.cpython-313.opt-1`). What a symbol cannot hold is replaced by `_`.
[[nodiscard]] std::string stem_of(std::string_view path);

/// `name` with what a symbol cannot hold replaced by `_`; of no more than `longest_code_name` bytes.
[[nodiscard]] std::string as_symbol(std::string_view name);
inline constexpr std::size_t longest_code_name = 1000;

} // namespace pyasm::linker
