#pragma once

#include "objects/pyc.hpp"

#include <cstddef>
#include <string_view>

namespace pyasm::linker {

/// co_filename of what was stripped. What looks for sources knows from the angle brackets that there is none.
inline constexpr std::string_view stripped_filename = "<stripped>";

struct StripSaved {
    std::size_t docstrings = 0, line_tables = 0;
    std::size_t filenames = 0; ///< different ones
};

/// Takes out what a program needs for people only. Docstrings: those of functions, and those that a module or
/// class body stores in `__doc__` before anything else; all become None. Line tables: all code of a function
/// is in its first line, by an empty table up to 3.9 and by the shortest one that covers the code later,
/// where tracebacks ask for an entry for each instruction. File names: `stripped_filename`. The layout of the
/// file is lost: it is to be written canonically. Linear.
StripSaved strip(objects::PycFile& file);

} // namespace pyasm::linker
