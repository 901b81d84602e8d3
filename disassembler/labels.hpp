#pragma once

#include "disassembler/items.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace pyasm::disassembler {

/// The labels of a body: L1, L2... in order of appearance. Places are asked for first, then numbered.
class Labels {
  public:
    explicit Labels(program::Unit& unit) : unit_(unit) {}

    /// For a body of so many items.
    void begin(std::size_t items) { numbers_.assign(items + 1, 0); }
    /// Something leads to this item, or to a place in it.
    void want(std::uint32_t item) { numbers_[item] = 1; }
    /// Gives every wanted item its number.
    void number();

    /// Whether something leads there.
    [[nodiscard]] bool wanted(std::uint32_t item) const { return numbers_[item] != 0; }
    /// How many there are, once they are numbered.
    [[nodiscard]] std::size_t count() const { return count_; }
    /// The label in front of an item (the number of items: at the end); empty where there is none.
    [[nodiscard]] std::string_view at(std::uint32_t item) const {
        return numbers_[item] == 0 ? std::string_view() : names_[numbers_[item] - 1];
    }
    /// The label of the item that holds an offset, and how many code units behind it that is.
    [[nodiscard]] program::ExceptRow::LabelRef refer(Items& items, std::uint32_t offset) const;

  private:
    program::Unit& unit_;
    std::vector<std::uint32_t> numbers_;  // by item: 0 for none
    std::vector<std::string_view> names_; // L1, L2..., of all bodies
    std::size_t count_ = 0;
};

} // namespace pyasm::disassembler
