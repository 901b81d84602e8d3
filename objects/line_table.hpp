#pragma once

#include "isa/target.hpp"
#include "support/bytes.hpp"
#include "support/result.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace pyasm::objects {

/// Where an instruction comes from. Lines from 1 (any int in fact), columns from 0 in UTF-8 bytes, as
/// co_positions() has them.
struct Position {
    static constexpr std::int32_t none = INT32_MIN; ///< "no line" or "no column"
    std::int32_t line = none;
    std::int32_t end_line = none;
    std::int32_t column = none;
    std::int32_t end_column = none;
    friend bool operator==(const Position&, const Position&) = default;
};

/// Code bytes [begin, end) and their position.
struct PositionRun {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    Position position;
    friend bool operator==(const PositionRun&, const PositionRun&) = default;
};

/// Encodes a line table as the target's compiler does. `runs`: one for each instruction (prefixes, the
/// instruction and its caches together), in order, without gaps, from 0. What the format cannot say is left
/// out: columns and end lines before 3.11, "no line" before 3.10 and going back to an earlier line in 2.7
/// (such code belongs to the line before it).
void encode_line_table(const isa::Target& target, std::int32_t firstlineno, std::span<const PositionRun> runs,
                       support::ByteWriter& out);

/// Whether `encode_line_table` makes this very table of these runs.
[[nodiscard]] bool line_table_is_of(const isa::Target& target, std::int32_t firstlineno,
                                    std::span<const PositionRun> runs, support::Bytes table);

/// An entry of a co_lnotab: from this byte of the code on, this line.
struct LineEntry {
    std::uint32_t begin = 0;
    std::int32_t line = 0;
    friend bool operator==(const LineEntry&, const LineEntry&) = default;
};

/// Whether line tables are made of entries that may repeat a line (up to 3.9): the compilers start one for
/// each statement, and leave several at one place where they took instructions away.
[[nodiscard]] bool has_line_entries(const isa::Target& target);

/// Encodes such a table entry by entry, in the order of their places. One at the start of the code that
/// repeats `firstlineno` says nothing, and is left out.
void encode_line_entries(const isa::Target& target, std::int32_t firstlineno,
                         std::span<const LineEntry> entries, support::ByteWriter& out);

/// Whether `encode_line_entries` makes this very table of these entries.
[[nodiscard]] bool line_table_is_of(const isa::Target& target, std::int32_t firstlineno,
                                    std::span<const LineEntry> entries, support::Bytes table);

/// The entries that `encode_line_entries` makes this table of, if some do; else such that the lines are
/// right. What is left of a table that ends inside a pair says nothing.
void decode_line_entries(const isa::Target& target, std::int32_t firstlineno, support::Bytes table,
                         std::vector<LineEntry>& entries);

/// A bound for the bytes that steps over many lines take in a line table, beyond what its runs take anyway:
/// up to 3.10, a step over n lines takes about n / 64 bytes, so that a few runs can ask for a huge table.
[[nodiscard]] std::uint64_t long_step_bytes(const isa::Target& target, std::int32_t firstlineno,
                                            std::span<const PositionRun> runs);
[[nodiscard]] std::uint64_t long_step_bytes(std::int32_t firstlineno, std::span<const LineEntry> entries);

/// The same runs with neighbours of the same position made one.
[[nodiscard]] std::vector<PositionRun> join_runs(std::span<const PositionRun> runs);

/// Decodes a line table as the target's interpreter does: runs in the table's order, empty ones left out.
/// Fails with the offset in the table where it is cut short. `code_size` ends the last row of a lnotab.
[[nodiscard]] support::Result<std::vector<PositionRun>> decode_line_table(const isa::Target& target,
                                                                          std::int32_t firstlineno,
                                                                          support::Bytes table,
                                                                          std::uint32_t code_size);
/// The same into a buffer that is kept; what it holds after a failure says nothing.
[[nodiscard]] support::Result<void> decode_line_table(const isa::Target& target, std::int32_t firstlineno,
                                                      support::Bytes table, std::uint32_t code_size,
                                                      std::vector<PositionRun>& runs);

} // namespace pyasm::objects
