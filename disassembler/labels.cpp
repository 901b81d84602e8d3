#include "disassembler/labels.hpp"

#include <fmt/format.h>

#include <iterator>

namespace pyasm::disassembler {

void Labels::number() {
    std::uint32_t last = 0;
    for (std::uint32_t& number : numbers_)
        if (number != 0) number = ++last;
    count_ = last;
    while (names_.size() < last) {
        char text[16];
        const char* end = fmt::format_to(text, "L{}", names_.size() + 1);
        names_.push_back(unit_.values.arena().copy({text, static_cast<std::size_t>(end - text)}));
    }
}

program::ExceptRow::LabelRef Labels::refer(Items& items, std::uint32_t offset) const {
    const std::uint32_t item = items.item_at(offset);
    return {at(item), (offset - items.starts()[item]) / program::code_unit(*unit_.target), {}};
}

} // namespace pyasm::disassembler
