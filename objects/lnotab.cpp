// co_lnotab: pairs of an address step and a line step. Source: Objects/lnotab_notes.txt; the splitting of big
// steps is that of assemble_lnotab in Python/compile.c (2.7; 3.6 - 3.9).

#include "objects/line_table_codecs.hpp"

namespace pyasm::objects {

namespace {

constexpr std::int32_t most_step(bool lines_are_signed) { return lines_are_signed ? 127 : 255; }
constexpr std::int32_t least_step(bool lines_are_signed) { return lines_are_signed ? -128 : 0; }

constexpr std::int32_t line_step_of(std::uint8_t byte, bool lines_are_signed) {
    return lines_are_signed ? static_cast<std::int8_t>(byte) : byte;
}

template <class Out> class LnotabEncoder {
  public:
    LnotabEncoder(bool lines_are_signed, std::int32_t firstlineno, Out& out)
        : signed_(lines_are_signed), line_(firstlineno), out_(out) {}

    void start_line(std::uint32_t address, std::int32_t line) {
        if (line != line_) entry(address, line);
    }

    void entry(std::uint32_t address, std::int32_t line) {
        std::int64_t line_step = std::int64_t{line} - line_;
        std::uint32_t step = address - address_;
        // The code starts in its first line anyway. 2.7 cannot go back: such code belongs to the line before
        // it.
        if ((address == 0 && line_step == 0 && !started_) || (!signed_ && line_step < 0)) return;
        started_ = true;
        address_ = address;
        line_ = line;
        if (step > 255) {
            for (std::uint32_t count = step / 255; count > 0; --count) pair(255, 0);
            step %= 255;
        }
        const std::int64_t most = most_step(signed_), least = least_step(signed_);
        // The address step goes with the first part of the line step; what is left of it follows, even if it
        // is 0.
        if (line_step > most || line_step < least) {
            const std::int64_t part = line_step < 0 ? least : most;
            for (std::int64_t count = line_step / part; count > 0; --count, step = 0) pair(step, part);
            line_step %= part;
        }
        pair(step, line_step);
    }

  private:
    void pair(std::uint32_t step, std::int64_t line_step) {
        out_.u8(static_cast<std::uint8_t>(step));
        out_.u8(static_cast<std::uint8_t>(line_step));
    }

    const bool signed_;
    std::int32_t line_;
    std::uint32_t address_ = 0;
    bool started_ = false; // something is written
    Out& out_;
};

template <class Out>
void put_entries(const isa::Target& target, std::int32_t firstlineno, std::span<const LineEntry> entries,
                 Out& out) {
    LnotabEncoder encoder(target.line_table == isa::LineTableKind::SignedLnotab, firstlineno, out);
    for (const LineEntry& entry : entries) encoder.entry(entry.begin, entry.line);
}

void end_run(std::vector<PositionRun>& runs, std::uint32_t begin, std::uint64_t end, std::int32_t line,
             std::uint32_t code_size) {
    if (end > code_size) end = code_size;
    if (begin >= end) return;
    PositionRun run{begin, static_cast<std::uint32_t>(end), {}};
    run.position.line = line;
    runs.push_back(run);
}

} // namespace

template <class Out>
void encode_lnotab(bool lines_are_signed, std::int32_t firstlineno, std::span<const PositionRun> runs,
                   Out& out) {
    LnotabEncoder encoder(lines_are_signed, firstlineno, out);
    for (const PositionRun& run : runs)
        if (run.position.line != Position::none && run.begin != run.end)
            encoder.start_line(run.begin, run.position.line);
}
template void encode_lnotab(bool, std::int32_t, std::span<const PositionRun>, support::ByteWriter&);
template void encode_lnotab(bool, std::int32_t, std::span<const PositionRun>, TableMatcher&);

void encode_line_entries(const isa::Target& target, std::int32_t firstlineno,
                         std::span<const LineEntry> entries, support::ByteWriter& out) {
    put_entries(target, firstlineno, entries, out);
}

bool line_table_is_of(const isa::Target& target, std::int32_t firstlineno, std::span<const LineEntry> entries,
                      support::Bytes table) {
    TableMatcher matcher(table);
    put_entries(target, firstlineno, entries, matcher);
    return matcher.matches();
}

void decode_line_entries(const isa::Target& target, std::int32_t firstlineno, support::Bytes table,
                         std::vector<LineEntry>& entries) {
    const bool is_signed = target.line_table == isa::LineTableKind::SignedLnotab;
    const std::size_t size = table.size() / 2 * 2;
    LineEntry entry{0, firstlineno};
    for (std::size_t at = 0; at < size; at += 2) {
        entry.begin += table[at];
        std::int32_t step = line_step_of(table[at + 1], is_signed);
        if (table[at] == 255 && step == 0 && at + 2 < size) continue; // more of the way to come
        entry.line = step_line(entry.line, step);
        // A step that is too large for one pair goes on until one is not full.
        const std::int32_t full = step < 0 ? least_step(is_signed) : most_step(is_signed);
        while (step == full && at + 2 < size && table[at + 2] == 0) {
            step = line_step_of(table[at + 3], is_signed);
            if ((step < 0) != (full < 0) && step != 0) break;
            entry.line = step_line(entry.line, step);
            at += 2;
        }
        entries.push_back(entry);
    }
}

support::Result<void> decode_lnotab(bool lines_are_signed, std::int32_t firstlineno, support::Bytes table,
                                    std::uint32_t code_size, std::vector<PositionRun>& runs) {
    if (table.size() % 2 != 0) return support::Error{"the line table ends inside a pair", table.size() - 1};
    std::uint32_t begin = 0;
    std::uint64_t address = 0;
    std::int32_t line = firstlineno;
    for (std::size_t at = 0; at < table.size() && begin < code_size; at += 2) {
        if (table[at] != 0) {
            address += table[at];
            end_run(runs, begin, address, line, code_size);
            begin = address < code_size ? static_cast<std::uint32_t>(address) : code_size;
        }
        line = step_line(line, line_step_of(table[at + 1], lines_are_signed));
    }
    end_run(runs, begin, code_size, line, code_size);
    return {};
}

} // namespace pyasm::objects
