#pragma once

#include "objects/pyc.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::inspector {

/// The code objects of a file, numbered in the order in which they are met: a code object, then those in its
/// constants, in containers, too.
class CodeTree {
  public:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    struct Entry {
        objects::ValueId code;
        std::uint32_t
            parent; ///< number of the code object whose constants lead here first; `none` for a top one
        std::uint32_t depth; ///< number of its ancestors
    };

    /// Walks all that `file.top` reaches, without recursion.
    explicit CodeTree(const objects::PycFile& file);

    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    /// The number of a code object that `file.top` reaches; `none` for any other value.
    [[nodiscard]] std::uint32_t number_of(objects::ValueId id) const {
        const auto index = static_cast<std::size_t>(id);
        return index < numbers_.size() ? numbers_[index] : none;
    }

  private:
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> numbers_;
};

} // namespace pyasm::inspector
