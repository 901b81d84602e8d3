#include "objects/line_table.hpp"

#include "objects/line_table_codecs.hpp"

namespace pyasm::objects {

namespace {

template <class Out>
void put_line_table(const isa::Target& target, std::int32_t firstlineno, std::span<const PositionRun> runs,
                    Out& out) {
    switch (target.line_table) {
    case isa::LineTableKind::UnsignedLnotab: return encode_lnotab(false, firstlineno, runs, out);
    case isa::LineTableKind::SignedLnotab: return encode_lnotab(true, firstlineno, runs, out);
    case isa::LineTableKind::LineTable310: return encode_line_ranges(firstlineno, runs, out);
    case isa::LineTableKind::LocationTable:
        return encode_locations(target.conventions.merges_locations, firstlineno, runs, out);
    }
}

} // namespace

void encode_line_table(const isa::Target& target, std::int32_t firstlineno, std::span<const PositionRun> runs,
                       support::ByteWriter& out) {
    put_line_table(target, firstlineno, runs, out);
}

bool line_table_is_of(const isa::Target& target, std::int32_t firstlineno, std::span<const PositionRun> runs,
                      support::Bytes table) {
    TableMatcher matcher(table);
    put_line_table(target, firstlineno, runs, matcher);
    return matcher.matches();
}

bool has_line_entries(const isa::Target& target) {
    return target.line_table == isa::LineTableKind::UnsignedLnotab ||
           target.line_table == isa::LineTableKind::SignedLnotab;
}

namespace {

std::uint64_t step_bytes(std::int64_t step) {
    return static_cast<std::uint64_t>(step < 0 ? -step : step) / 127 * 2;
}

} // namespace

std::uint64_t long_step_bytes(std::int32_t firstlineno, std::span<const LineEntry> entries) {
    std::uint64_t bytes = 0;
    std::int64_t line = firstlineno;
    for (const LineEntry& entry : entries) {
        bytes += step_bytes(entry.line - line);
        line = entry.line;
    }
    return bytes;
}

std::uint64_t long_step_bytes(const isa::Target& target, std::int32_t firstlineno,
                              std::span<const PositionRun> runs) {
    if (target.line_table == isa::LineTableKind::LocationTable) return 0;
    std::uint64_t bytes = 0;
    std::int64_t line = firstlineno;
    for (const PositionRun& run : runs) {
        if (run.position.line == Position::none) continue;
        bytes += step_bytes(run.position.line - line);
        line = run.position.line;
    }
    return bytes;
}

std::vector<PositionRun> join_runs(std::span<const PositionRun> runs) {
    std::vector<PositionRun> joined;
    for (const PositionRun& run : runs) {
        if (!joined.empty() && joined.back().position == run.position)
            joined.back().end = run.end;
        else
            joined.push_back(run);
    }
    return joined;
}

support::Result<std::vector<PositionRun>> decode_line_table(const isa::Target& target,
                                                            std::int32_t firstlineno, support::Bytes table,
                                                            std::uint32_t code_size) {
    std::vector<PositionRun> runs;
    if (auto done = decode_line_table(target, firstlineno, table, code_size, runs); !done)
        return done.error();
    return runs;
}

support::Result<void> decode_line_table(const isa::Target& target, std::int32_t firstlineno,
                                        support::Bytes table, std::uint32_t code_size,
                                        std::vector<PositionRun>& runs) {
    runs.clear();
    switch (target.line_table) {
    case isa::LineTableKind::UnsignedLnotab: return decode_lnotab(false, firstlineno, table, code_size, runs);
    case isa::LineTableKind::SignedLnotab: return decode_lnotab(true, firstlineno, table, code_size, runs);
    case isa::LineTableKind::LineTable310: return decode_line_ranges(firstlineno, table, runs);
    case isa::LineTableKind::LocationTable: break;
    }
    return decode_locations(firstlineno, table, runs);
}

} // namespace pyasm::objects
