#pragma once

#include "objects/value.hpp"
#include "program/unit.hpp"

#include <span>
#include <utility>

namespace pyasm::disassembler {

/// Sets a pin, which has no place in a text yet.
template <class T> void state(program::Pin<T>& pin, T value) {
    pin.value = std::move(value);
    pin.set = true;
}

/// A list of these values, which have no places either.
[[nodiscard]] inline program::PinnedList list_of(std::span<const objects::ValueId> values) {
    return {{values.begin(), values.end()}, {}};
}

} // namespace pyasm::disassembler
