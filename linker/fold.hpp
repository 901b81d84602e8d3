#pragma once

#include "objects/pyc.hpp"

#include <cstddef>

namespace pyasm::linker {

struct FoldSaved {
    std::size_t codes = 0;     ///< code objects that were the same as another in all fields
    std::size_t constants = 0; ///< further entries of a table of constants for the same one
    std::size_t values = 0;    ///< other values that were the same as another
};

/// Makes code objects that are the same in all fields one, and constants that are. In a table of constants,
/// each then stands once. What may be changed (lists, dicts, sets, which no compiler leaves in constants)
/// stays what it is. 2.7 has no form for one code object in two places: there it is written twice. The layout
/// of the file is lost: it is to be written canonically. Linear.
FoldSaved fold(objects::PycFile& file);

} // namespace pyasm::linker
