#pragma once

#include "objects/code_object.hpp"
#include "objects/pyc.hpp"

#include <span>
#include <vector>

/// Makes code objects that were copied into a file at home there, so that the file is written with as few
/// changes as there can be.
namespace pyasm::linker {

/// A code object that takes the place of another.
struct Transplant {
    objects::ValueId place; ///< the code object of the file that it replaces
    objects::ValueId code;  ///< what it shall be: a code object among the values that were added
};

/// Puts each transplant in its place: all that refers to `place` then gets its new fields. Values of the file
/// from `added` on are those that came with the transplants.
///
/// What is the same as what stood in the replaced code object, or in front of it in the file, becomes that
/// very value; a transplant that is all the same changes nothing. What is met twice gets FLAG_REF, so that it
/// is one object when it is loaded; and other new values get it until there are as many marks as in what was
/// replaced, so that references behind it keep their numbers. Linear in the file. Says of each transplant
/// whether it changed something.
std::vector<bool> settle(objects::PycFile& file, std::span<const Transplant> transplants,
                         objects::ValueId added);

} // namespace pyasm::linker
