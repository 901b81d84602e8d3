#pragma once

#include "objects/pyc.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

/// Other ways to the same values, for tests of what must not depend on ids and hints.
namespace pyasm::tests {

/// What becomes of equal immutable values.
enum class Sharing {
    AsRead,   ///< one id stays one
    Equal,    ///< all equal ones become one
    Separate, ///< each place gets its own, as far as this makes no more than 100000
};

/// A file with the same target, header, values and trailing bytes, and without hints. Identity of lists,
/// dicts, sets and code objects is kept. The original must outlive it.
objects::PycFile rebuild(const objects::PycFile& file, Sharing sharing);

/// Random marshal data that most likely can be read for this target, in all the forms that there are:
/// needless flags, references, cycles, keys that are dropped, numbers in decimal, types that are not the
/// smallest. At most about `size` objects.
std::vector<std::uint8_t> random_marshal(std::mt19937& random, const isa::Target& target, int size);

} // namespace pyasm::tests
