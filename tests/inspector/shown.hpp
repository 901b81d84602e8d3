#pragma once

#include "inspector/show.hpp"
#include "isa/target.hpp"
#include "support/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What `pyasm show` prints, in memory.
namespace pyasm::tests {

enum class Shown { Summary, Bytes, Json };

/// A `.pyc` shown; it must be one that can be read.
std::string show(support::Bytes pyc, Shown what);

/// The bytes that stand in the rows of `show --bytes`. Rows must follow each other without gap and overlap.
std::vector<std::uint8_t> bytes_in_rows(std::string_view text);

/// A header of zeros for this target, and behind it a marshalled object in hexadecimal.
std::vector<std::uint8_t> pyc_of(std::string_view target, std::string_view object);

} // namespace pyasm::tests
