#pragma once

#include "isa/target.hpp"
#include "objects/value.hpp"

#include <vector>

namespace pyasm::linker {

/// Copies values with all that is below them into another pool. What is one value there is one here; texts
/// are copied, too, so that the source can be freed. How a value stood in a file is forgotten. No recursion;
/// linear in what is copied.
class DeepCopy {
  public:
    /// Both pools hold values of `target`, and live as long as this.
    DeepCopy(const objects::ValuePool& from, objects::ValuePool& to, const isa::Target& target)
        : from_(from), to_(to), target_(target), copies_(from.size(), objects::no_value) {}

    /// The copy of a value of `from`, the same one each time. What is missing there is missing here.
    objects::ValueId operator()(objects::ValueId id);

  private:
    objects::ValueId place(objects::ValueId id);
    objects::ValueId atom(const objects::Value& value);

    const objects::ValuePool& from_;
    objects::ValuePool& to_;
    const isa::Target& target_;
    std::vector<objects::ValueId> copies_;  // by value of `from`
    std::vector<objects::ValueId> waiting_; // copies whose members are still those of `from`
};

} // namespace pyasm::linker
