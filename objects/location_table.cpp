// co_linetable of 3.11+ (PEP 657). Source: Objects/locations.md (3.11: Objects/locations.md,
// Python/compile.c, write_location_info_*; 3.12+: Python/assemble.c) and advance_with_locations in
// Objects/codeobject.c.

#include "objects/line_table_codecs.hpp"

#include <optional>

namespace pyasm::objects {

namespace {

constexpr std::uint32_t max_units = 8;

enum Code : std::uint8_t { one_line_0 = 10, no_columns = 13, long_form = 14, no_location = 15 };

template <class Out> class LocationEncoder {
  public:
    LocationEncoder(std::int32_t firstlineno, Out& out) : line_(firstlineno), out_(out) {}

    void location(std::uint32_t units, const Position& position) {
        for (; units > max_units; units -= max_units) entry(max_units, position);
        if (units) entry(units, position);
    }

  private:
    void start(std::uint32_t code, std::uint32_t units) {
        out_.u8(static_cast<std::uint8_t>(0x80 | code << 3 | (units - 1)));
    }

    void entry(std::uint32_t units, const Position& at) {
        const std::int32_t step = step_line(at.line, -std::int64_t{line_});
        // A step over 2^31 lines is one more than an entry can say.
        if (at.line == Position::none || step == INT32_MIN) return start(no_location, units);
        // An end that the format cannot say, before the start or without a column, is left out.
        const std::int64_t lines = at.end_line > at.line ? std::int64_t{at.end_line} - at.line : 0;
        const std::int32_t column = at.column < 0 ? -1 : at.column;
        const std::int32_t end_column = at.end_column < 0 ? -1 : at.end_column;
        line_ = at.line;
        if (lines == 0 && (column < 0 || end_column < 0)) {
            start(no_columns, units);
            return signed_number(step);
        }
        if (lines == 0 && one_line(units, step, column, end_column)) return;
        start(long_form, units);
        signed_number(step);
        number(static_cast<std::uint64_t>(lines));
        number(static_cast<std::uint64_t>(std::int64_t{column} + 1));
        number(static_cast<std::uint64_t>(std::int64_t{end_column} + 1));
    }

    /// The forms for a location within one line, of one or two bytes behind the first.
    bool one_line(std::uint32_t units, std::int32_t step, std::int32_t column, std::int32_t end_column) {
        if (step == 0 && column < 80 && end_column >= column && end_column - column < 16) {
            start(static_cast<std::uint32_t>(column) / 8, units);
            out_.u8(static_cast<std::uint8_t>((column % 8) << 4 | (end_column - column)));
            return true;
        }
        if (step < 0 || step > 2 || column >= 128 || end_column >= 128) return false;
        start(one_line_0 + static_cast<std::uint32_t>(step), units);
        out_.u8(static_cast<std::uint8_t>(column));
        out_.u8(static_cast<std::uint8_t>(end_column));
        return true;
    }

    /// Six bits a byte, least significant first.
    void number(std::uint64_t value) {
        for (; value >= 64; value >>= 6) out_.u8(static_cast<std::uint8_t>(0x40 | (value & 0x3F)));
        out_.u8(static_cast<std::uint8_t>(value));
    }
    void signed_number(std::int64_t value) {
        number(value < 0 ? static_cast<std::uint64_t>(-value) << 1 | 1
                         : static_cast<std::uint64_t>(value) << 1);
    }

    std::int32_t line_;
    Out& out_;
};

class LocationDecoder {
  public:
    LocationDecoder(std::int32_t firstlineno, support::Bytes table) : table_(table), line_(firstlineno) {}

    support::Result<void> run(std::vector<PositionRun>& runs) {
        // Each byte is worth 16 bytes of code at most.
        if (table_.size() > 0xFFFF'FFFFu / 16)
            return support::Error{"the line table describes more than 4 GiB of code"};
        std::uint32_t address = 0;
        while (at_ < table_.size() && !error_) {
            const std::uint8_t first = table_[at_++];
            const std::uint32_t end = address + 2 * ((first & 7u) + 1);
            runs.push_back({address, end, position(first >> 3 & 15)});
            address = end;
        }
        if (error_) return *error_;
        return {};
    }

  private:
    Position position(std::uint8_t code) {
        Position result;
        if (code == no_location) return result;
        if (code >= no_columns)
            line_ = step_line(line_, signed_number());
        else if (code >= one_line_0)
            line_ = step_line(line_, code - one_line_0);
        result.line = result.end_line = line_;
        if (code == no_columns) return result;
        if (code == long_form) {
            result.end_line = step_line(line_, number());
            result.column = column();
            result.end_column = column();
        } else if (code >= one_line_0) {
            result.column = byte();
            result.end_column = byte();
        } else {
            const std::uint8_t packed = byte();
            result.column = code * 8 + (packed >> 4);
            result.end_column = result.column + (packed & 15);
        }
        return result;
    }

    std::uint8_t byte() {
        if (at_ < table_.size()) return table_[at_++];
        return fail("the line table ends inside an entry"), std::uint8_t{0};
    }
    /// Modulo 2^32, as the interpreter's unsigned int has it.
    std::uint32_t number() {
        std::uint32_t value = 0;
        for (int shift = 0;; shift += 6) {
            const std::uint8_t next = byte();
            if (shift > 30 && (next & 0x3F)) return fail("a number in the line table is too large"), 0;
            if (shift <= 30) value |= static_cast<std::uint32_t>(next & 0x3F) << shift;
            if (!(next & 0x40) || error_) return value;
        }
    }
    std::int64_t signed_number() {
        const std::uint32_t value = number();
        const std::int64_t magnitude = value >> 1;
        return value & 1 ? -magnitude : magnitude;
    }
    /// Columns are written plus 1; 0 is none.
    std::int32_t column() {
        const std::uint32_t value = number();
        if (value > 0x7FFF'FFFFu) fail("a column in the line table is too large");
        return value == 0 || error_ ? Position::none : static_cast<std::int32_t>(value - 1);
    }
    void fail(const char* message) {
        if (!error_) error_ = support::Error{message, at_};
    }

    support::Bytes table_;
    std::size_t at_ = 0;
    std::int32_t line_;
    std::optional<support::Error> error_;
};

} // namespace

template <class Out>
void encode_locations(bool merges, std::int32_t firstlineno, std::span<const PositionRun> runs, Out& out) {
    LocationEncoder encoder(firstlineno, out);
    for (std::size_t i = 0; i < runs.size();) {
        const PositionRun& first = runs[i];
        std::uint32_t end = first.end;
        for (++i; merges && i < runs.size() && runs[i].position == first.position; ++i) end = runs[i].end;
        encoder.location((end - first.begin) / 2, first.position);
    }
}

template void encode_locations(bool, std::int32_t, std::span<const PositionRun>, support::ByteWriter&);
template void encode_locations(bool, std::int32_t, std::span<const PositionRun>, TableMatcher&);

support::Result<void> decode_locations(std::int32_t firstlineno, support::Bytes table,
                                       std::vector<PositionRun>& runs) {
    return LocationDecoder(firstlineno, table).run(runs);
}

} // namespace pyasm::objects
