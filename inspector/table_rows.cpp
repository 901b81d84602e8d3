#include "inspector/table_rows.hpp"

#include "inspector/words.hpp"
#include "objects/line_table_codecs.hpp"

#include <fmt/format.h>

#include <optional>

namespace pyasm::inspector {
namespace {

using objects::Position;
using objects::step_line;
using support::Bytes;

/// Pairs of a step in the code and a step in lines. Source: Objects/lnotab_notes.txt, 2.7 - 3.9.
void lnotab_rows(bool lines_are_signed, std::int32_t line, Bytes table, const TableRow& row) {
    std::uint64_t address = 0;
    for (std::size_t at = 0; at + 1 < table.size(); at += 2) {
        const int step = lines_are_signed ? static_cast<std::int8_t>(table[at + 1]) : table[at + 1];
        address += table[at];
        line = step_line(line, step);
        row(at, 2, fmt::format("code +{}, line {:+}: from {} on line {}", table[at], step, address, line));
    }
    if (table.size() % 2 != 0) row(table.size() - 1, 1, "half a pair: the table is cut short");
}

/// Pairs of a length in the code and a step in lines. Source: Objects/lnotab_notes.txt, 3.10.
void range_rows(std::int32_t line, Bytes table, const TableRow& row) {
    constexpr int no_line = -128;
    std::uint64_t address = 0;
    for (std::size_t at = 0; at + 1 < table.size(); at += 2) {
        const int step = static_cast<std::int8_t>(table[at + 1]);
        const std::uint64_t begin = address;
        address += table[at];
        if (step != no_line) line = step_line(line, step);
        const std::string where =
            begin == address ? std::string("no code") : fmt::format("{}-{}", begin, address);
        row(at, 2,
            step == no_line ? fmt::format("{}: no line", where)
                            : fmt::format("{}: line {:+}, line {}", where, step, line));
    }
    if (table.size() % 2 != 0) row(table.size() - 1, 1, "half a pair: the table is cut short");
}

/// Numbers of six bits a byte with `0x40` where more follow.
struct Numbers {
    Bytes table;
    std::size_t at = 0;
    bool cut_short = false;

    std::uint8_t byte() {
        if (at < table.size()) return table[at++];
        cut_short = true;
        return 0;
    }
    /// Least significant bits first; bits beyond 32 are lost, as in the interpreter.
    std::uint32_t little() {
        std::uint32_t value = 0;
        for (unsigned shift = 0;; shift += 6) {
            const std::uint8_t next = byte();
            if (shift < 32) value |= static_cast<std::uint32_t>(next & 0x3F) << shift;
            if (!(next & 0x40)) return value;
        }
    }
    std::int64_t little_signed() {
        const std::uint32_t value = little();
        const std::int64_t magnitude = value >> 1;
        return value & 1 ? -magnitude : magnitude;
    }
    /// Most significant bits first; nothing where it does not fit 32 bits.
    std::optional<std::uint32_t> big() {
        std::uint64_t value = 0;
        bool fits = true;
        for (;;) {
            const std::uint8_t next = byte();
            value = value << 6 | (next & 0x3F);
            if (value > 0xFFFF'FFFFu) fits = false, value = 0;
            if (!(next & 0x40)) break;
        }
        if (!fits) return std::nullopt;
        return static_cast<std::uint32_t>(value);
    }
};

/// Source: Objects/locations.md, 3.11 - 3.15.
class LocationRows {
  public:
    LocationRows(std::int32_t firstlineno, Bytes table) : in_{table}, line_(firstlineno) {}

    void run(const TableRow& row) {
        while (in_.at < in_.table.size()) {
            const std::size_t begin = in_.at;
            std::string text = entry();
            row(begin, in_.at - begin, in_.cut_short ? "an entry that is cut short" : std::move(text));
        }
    }

  private:
    std::string entry() {
        const std::uint8_t first = in_.byte();
        const std::uint64_t begin = address_;
        address_ += 2u * ((first & 7u) + 1);
        const unsigned form = first >> 3 & 15;
        const char* const mark = first & 0x80 ? "" : " (no start bit)";
        const Position at = position(form);
        return fmt::format("{}-{}: {}{}, {}", begin, address_, position_text(at), mark, form_name(form));
    }

    static std::string form_name(unsigned form) {
        if (form < 10) return fmt::format("short form {}", form);
        if (form < 13) return fmt::format("one line, line +{}", form - 10);
        return form == 13 ? "no columns" : form == 14 ? "long form" : "no location";
    }

    Position position(unsigned form) {
        Position at;
        if (form == 15) return at;
        line_ = step_line(line_, form >= 13 ? in_.little_signed() : form >= 10 ? form - 10 : 0);
        at.line = at.end_line = line_;
        if (form == 13) return at;
        if (form == 14) {
            at.end_line = step_line(line_, in_.little());
            at.column = column(in_.little());
            at.end_column = column(in_.little());
        } else if (form >= 10) {
            at.column = in_.byte();
            at.end_column = in_.byte();
        } else {
            const std::uint8_t packed = in_.byte();
            at.column = static_cast<std::int32_t>(form * 8 + (packed >> 4));
            at.end_column = at.column + (packed & 15);
        }
        return at;
    }

    static std::int32_t column(std::uint32_t value) {
        return value == 0 || value > 0x7FFF'FFFF ? Position::none : static_cast<std::int32_t>(value - 1);
    }

    Numbers in_;
    std::uint64_t address_ = 0;
    std::int32_t line_;
};

} // namespace

void line_table_rows(const isa::Target& target, std::int32_t firstlineno, Bytes table, const TableRow& row) {
    switch (target.line_table) {
    case isa::LineTableKind::UnsignedLnotab: return lnotab_rows(false, firstlineno, table, row);
    case isa::LineTableKind::SignedLnotab: return lnotab_rows(true, firstlineno, table, row);
    case isa::LineTableKind::LineTable310: return range_rows(firstlineno, table, row);
    case isa::LineTableKind::LocationTable: return LocationRows(firstlineno, table).run(row);
    }
}

/// Source: Objects/exception_handling_notes.txt, 3.11 - 3.15.
void exception_table_rows(Bytes table, const TableRow& row) {
    Numbers in{table};
    while (in.at < table.size()) {
        const std::size_t begin = in.at;
        const char* const mark = table[begin] & 0x80 ? "" : " (no start bit)";
        const auto start = in.big(), size = in.big(), target = in.big(), depth = in.big();
        std::string text;
        if (in.cut_short) {
            text = "a row that is cut short";
        } else if (!start || !size || !target || !depth) {
            text = "a row with a number that does not fit 32 bits";
        } else {
            text = fmt::format("{}-{} -> {}, depth {}{}{}", std::uint64_t{*start} * 2,
                               (std::uint64_t{*start} + *size) * 2, std::uint64_t{*target} * 2, *depth >> 1,
                               *depth & 1 ? ", lasti" : "", mark);
        }
        row(begin, in.at - begin, std::move(text));
    }
}

} // namespace pyasm::inspector
