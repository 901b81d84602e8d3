#pragma once

#include "support/bytes.hpp"
#include "support/result.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace pyasm::objects {

/// A row of co_exceptiontable (3.11+). Offsets in bytes of co_code; the table has them in 2-byte units, so
/// they are even.
struct ExceptionEntry {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t target = 0;
    std::uint32_t depth = 0; ///< stack height that is kept
    bool lasti = false;      ///< the raising instruction's offset is pushed below the exception
    friend bool operator==(const ExceptionEntry&, const ExceptionEntry&) = default;
};

/// Rows in the order given (Objects/exception_handling_notes.txt; varints of 6 bits, most significant first).
void encode_exception_table(std::span<const ExceptionEntry> entries, support::ByteWriter& out);

/// Fails with the offset in the table where a row is cut short or a number does not fit.
[[nodiscard]] support::Result<std::vector<ExceptionEntry>> decode_exception_table(support::Bytes table);
/// The same into a buffer that is kept: the rows up to the one that cannot be read.
[[nodiscard]] support::Result<void> decode_exception_table(support::Bytes table,
                                                           std::vector<ExceptionEntry>& entries);

} // namespace pyasm::objects
