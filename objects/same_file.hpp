#pragma once

#include "objects/pyc.hpp"

#include <optional>
#include <string>

namespace pyasm::objects {

/// Where two values or files differ first, and how.
struct Difference {
    /// The way from the top object: "co_consts[3].co_names[0]"; "header.mtime", "trailing bytes", "target";
    /// of the top object itself "top object". Cut in the middle if it is very long.
    std::string path;
    std::string what; ///< in words: "an int against a float"
};

/// The first difference between two values, if there is one: fields of code objects, types, bits, order of
/// members (of sets, too), and what is the same object among lists, dicts, sets and code objects. Whether
/// equal immutable values are one object does not matter, nor do hints. Depth, cycles and sharing do no harm:
/// it takes time in proportion to the values, and no recursion. `left` and `right` are of files for `target`.
[[nodiscard]] std::optional<Difference> difference(const ValuePool& left_pool, ValueId left,
                                                   const ValuePool& right_pool, ValueId right,
                                                   const isa::Target& target);

/// The same for files: target, what the target's header has, the top object, and trailing bytes.
[[nodiscard]] std::optional<Difference> difference(const PycFile& left, const PycFile& right);

} // namespace pyasm::objects
