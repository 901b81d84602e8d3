#include "objects/exception_table.hpp"

#include <fmt/format.h>
#include <optional>

namespace pyasm::objects {

namespace {

// Source: Objects/exception_handling_notes.txt and Python/assemble.c (3.11: Python/compile.c).
constexpr std::uint8_t entry_start = 0x80;
constexpr std::uint8_t more = 0x40;

/// Six bits a byte, most significant first. `first` is set in the first byte.
void write_number(std::uint64_t number, std::uint8_t first, support::ByteWriter& out) {
    int shift = 0;
    while (number >> shift >> 6 != 0) shift += 6;
    for (; shift >= 0; shift -= 6) {
        out.u8(static_cast<std::uint8_t>(first | (shift ? more : 0) | (number >> shift & 0x3F)));
        first = 0;
    }
}

struct Cursor {
    support::Bytes table;
    std::size_t at = 0;
    std::optional<support::Error> error{};

    /// A number of at most 32 bits.
    std::uint64_t number() {
        std::uint64_t result = 0;
        for (;;) {
            if (at == table.size()) return fail("a row of the exception table is cut short");
            const std::uint8_t byte = table[at++];
            result = result << 6 | (byte & 0x3F);
            if (result > 0xFFFF'FFFFu) return fail("a number in the exception table is too large");
            if (!(byte & more)) return result;
        }
    }
    std::uint64_t fail(const char* message) {
        if (!error) error = support::Error{message, at};
        return 0;
    }
};

} // namespace

void encode_exception_table(std::span<const ExceptionEntry> entries, support::ByteWriter& out) {
    for (const ExceptionEntry& entry : entries) {
        write_number(entry.begin / 2, entry_start, out);
        write_number((entry.end - entry.begin) / 2, 0, out);
        write_number(entry.target / 2, 0, out);
        write_number(std::uint64_t{entry.depth} << 1 | (entry.lasti ? 1 : 0), 0, out);
    }
}

support::Result<std::vector<ExceptionEntry>> decode_exception_table(support::Bytes table) {
    std::vector<ExceptionEntry> entries;
    if (auto done = decode_exception_table(table, entries); !done) return done.error();
    return entries;
}

support::Result<void> decode_exception_table(support::Bytes table, std::vector<ExceptionEntry>& entries) {
    entries.clear();
    Cursor cursor{table};
    while (cursor.at < table.size()) {
        const std::size_t row = cursor.at;
        const std::uint64_t begin = cursor.number() * 2;
        const std::uint64_t end = begin + cursor.number() * 2;
        const std::uint64_t target = cursor.number() * 2;
        const std::uint64_t depth = cursor.number();
        if (cursor.error) return *cursor.error;
        if (end > 0xFFFF'FFFFu || target > 0xFFFF'FFFFu)
            return support::Error{"a row of the exception table reaches beyond 4 GiB", row};
        entries.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
                           static_cast<std::uint32_t>(target), static_cast<std::uint32_t>(depth >> 1),
                           (depth & 1) != 0});
    }
    return {};
}

} // namespace pyasm::objects
