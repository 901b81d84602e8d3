#pragma once

#include "objects/pyc.hpp"

#include <cstddef>

namespace pyasm::linker {

struct GcSaved {
    std::size_t constants = 0, names = 0; ///< entries of tables
    std::size_t codes = 0;                ///< code objects that only such constants led to
    std::size_t left_alone = 0;           ///< code objects that no compiler writes, which stay as they are
};

/// Drops the constants and names that no instruction refers to, and what is nested in a code object for no
/// other reason. Instructions that refer to others are encoded anew. What is `__doc__` of a function stays
/// that, and nothing else becomes it. The layout of the file is lost: it is to be written canonically.
/// Linear.
GcSaved collect_garbage(objects::PycFile& file);

} // namespace pyasm::linker
