#pragma once

#include "objects/line_table.hpp"

/// The codecs behind `encode_line_table` and `decode_line_table`, one pair for each kind of table.
namespace pyasm::objects {

/// Holds what an encoder writes against a table, without writing it.
class TableMatcher {
  public:
    explicit TableMatcher(support::Bytes table) : at_(table.data()), end_(at_ + table.size()) {}

    void u8(std::uint8_t byte) {
        if (at_ != end_ && *at_ == byte)
            ++at_;
        else
            differs_ = true;
    }
    /// Once everything is written.
    [[nodiscard]] bool matches() const { return !differs_ && at_ == end_; }

  private:
    const std::uint8_t* at_;
    const std::uint8_t* end_;
    bool differs_ = false;
};

// Encoders, for `Out` a support::ByteWriter or a TableMatcher. Decoders put their runs behind those that are
// there.

/// `lines_are_signed`: 3.6 - 3.9; else 2.7.
template <class Out>
void encode_lnotab(bool lines_are_signed, std::int32_t firstlineno, std::span<const PositionRun> runs,
                   Out& out);
[[nodiscard]] support::Result<void> decode_lnotab(bool lines_are_signed, std::int32_t firstlineno,
                                                  support::Bytes table, std::uint32_t code_size,
                                                  std::vector<PositionRun>& runs);

template <class Out>
void encode_line_ranges(std::int32_t firstlineno, std::span<const PositionRun> runs, Out& out);
[[nodiscard]] support::Result<void> decode_line_ranges(std::int32_t firstlineno, support::Bytes table,
                                                       std::vector<PositionRun>& runs);

/// `merges`: neighbours with equal positions share entries (3.12+).
template <class Out>
void encode_locations(bool merges, std::int32_t firstlineno, std::span<const PositionRun> runs, Out& out);
[[nodiscard]] support::Result<void> decode_locations(std::int32_t firstlineno, support::Bytes table,
                                                     std::vector<PositionRun>& runs);

/// Line numbers are C ints in the interpreter; the sum wraps as its does.
[[nodiscard]] constexpr std::int32_t step_line(std::int32_t line, std::int64_t step) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(line) + static_cast<std::uint32_t>(step));
}

} // namespace pyasm::objects
