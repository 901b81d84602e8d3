#pragma once

#include "objects/line_table.hpp"

/// The codecs behind `encode_line_table` and `decode_line_table`, one pair for each kind of table.
namespace pyasm::objects {

using DecodedRuns = support::Result<std::vector<PositionRun>>;

/// `lines_are_signed`: 3.6 - 3.9; else 2.7.
void encode_lnotab(bool lines_are_signed, std::int32_t firstlineno, std::span<const PositionRun> runs,
                   support::ByteWriter& out);
[[nodiscard]] DecodedRuns decode_lnotab(bool lines_are_signed, std::int32_t firstlineno, support::Bytes table,
                                        std::uint32_t code_size);

void encode_line_ranges(std::int32_t firstlineno, std::span<const PositionRun> runs,
                        support::ByteWriter& out);
[[nodiscard]] DecodedRuns decode_line_ranges(std::int32_t firstlineno, support::Bytes table);

/// `merges`: neighbours with equal positions share entries (3.12+).
void encode_locations(bool merges, std::int32_t firstlineno, std::span<const PositionRun> runs,
                      support::ByteWriter& out);
[[nodiscard]] DecodedRuns decode_locations(std::int32_t firstlineno, support::Bytes table);

/// Line numbers are C ints in the interpreter; the sum wraps as its does.
[[nodiscard]] constexpr std::int32_t step_line(std::int32_t line, std::int64_t step) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(line) + static_cast<std::uint32_t>(step));
}

} // namespace pyasm::objects
