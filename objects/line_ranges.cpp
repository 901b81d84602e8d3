// co_linetable of 3.10 (PEP 626): pairs of a length in bytes and a line step. Source:
// Objects/lnotab_notes.txt; splitting as assemble_line_range in Python/compile.c has it (3.10).

#include "objects/line_table_codecs.hpp"

namespace pyasm::objects {

namespace {

constexpr std::int8_t no_line = -128;
constexpr std::uint32_t max_length = 254;

template <class Out> class RangeEncoder {
  public:
    RangeEncoder(std::int32_t firstlineno, Out& out) : line_(firstlineno), out_(out) {}

    void range(std::uint32_t length, std::int32_t line) {
        if (length == 0) return;
        std::int64_t step = no_line;
        if (line != Position::none) {
            step = std::int64_t{line} - line_;
            line_ = line;
            for (; step > 127; step -= 127) pair(0, 127);
            for (; step < -127; step += 127) pair(0, -127);
        }
        for (; length > max_length; length -= max_length) {
            pair(max_length, step);
            step = line == Position::none ? no_line : 0;
        }
        pair(length, step);
    }

  private:
    void pair(std::uint32_t length, std::int64_t step) {
        out_.u8(static_cast<std::uint8_t>(length));
        out_.u8(static_cast<std::uint8_t>(step));
    }

    std::int32_t line_;
    Out& out_;
};

} // namespace

template <class Out>
void encode_line_ranges(std::int32_t firstlineno, std::span<const PositionRun> runs, Out& out) {
    RangeEncoder encoder(firstlineno, out);
    std::uint32_t begin = 0, end = 0;
    std::int32_t line = firstlineno;
    for (const PositionRun& run : runs) {
        if (run.position.line != line) {
            encoder.range(end - begin, line);
            begin = end;
            line = run.position.line;
        }
        end = run.end;
    }
    encoder.range(end - begin, line);
}
template void encode_line_ranges(std::int32_t, std::span<const PositionRun>, support::ByteWriter&);
template void encode_line_ranges(std::int32_t, std::span<const PositionRun>, TableMatcher&);

support::Result<void> decode_line_ranges(std::int32_t firstlineno, support::Bytes table,
                                         std::vector<PositionRun>& runs) {
    if (table.size() % 2 != 0) return support::Error{"the line table ends inside a pair", table.size() - 1};
    if (table.size() / 2 > 0xFFFF'FFFFu / 255)
        return support::Error{"the line table describes more than 4 GiB of code"};
    std::uint32_t address = 0;
    std::int32_t line = firstlineno;
    for (std::size_t at = 0; at < table.size(); at += 2) {
        const std::uint32_t end = address + table[at];
        const std::int8_t step = static_cast<std::int8_t>(table[at + 1]);
        if (step != no_line) line = step_line(line, step);
        if (end == address) continue;
        PositionRun run{address, end, {}};
        if (step != no_line) run.position.line = line;
        runs.push_back(run);
        address = end;
    }
    return {};
}

} // namespace pyasm::objects
