#pragma once

#include "objects/pyc.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Puts code objects in the place of others in a file that was read.
namespace pyasm::linker {

struct Replacement {
    std::string_view name;                    ///< what to replace: a name as in program/qualified_names.hpp
    std::string_view symbol;                  ///< what the new code object is called, for messages
    const objects::ValuePool* pool = nullptr; ///< where it is; not the file's own. Its symbols are resolved
    objects::ValueId code = objects::no_value;
};

/// Why a replacement cannot be made, in words for who asked for it.
struct SpliceError {
    std::size_t replacement = 0; ///< index of the one at fault
    std::string message;
    std::string help; ///< a sentence, or empty
    std::vector<std::string> notes;
};

/// What was done.
struct Spliced {
    std::string name;                          ///< the whole name of what was replaced
    objects::ValueId code = objects::no_value; ///< in the file
    bool changed = false;                      ///< false: it was the same already
};

/// Where a code object that is new in the file comes from.
struct SplicedCode {
    objects::ValueId code;       ///< in the file
    std::size_t replacement = 0; ///< it came with this one
    objects::ValueId original;   ///< in the replacement's pool
};

struct SpliceResult {
    std::vector<Spliced> done; ///< in the order of the replacements; empty where there are errors
    std::vector<SplicedCode>
        codes; ///< sorted by `code`; also of such as turned out to be the same as old ones
    std::vector<SpliceError> errors;
};

/// Makes all replacements, or none where one cannot be made: where its name means nothing or several code
/// objects, where the new code object does not fit (linker/fit.hpp), or where it would be lost in another
/// one.
///
/// A new code object gets what the place gives: co_name and co_qualname (the qualified names of what is
/// nested in it follow), and the flags NESTED, METHOD and those of `from __future__`. Nothing else in the
/// file changes: `write_pyc_exact` writes the same bytes but for those of the replaced code objects, for what
/// was written first in them and stands in the file again, and for numbers of references. Linear in the file
/// and in what is put in.
[[nodiscard]] SpliceResult splice(objects::PycFile& file, std::span<const Replacement> replacements);

} // namespace pyasm::linker
