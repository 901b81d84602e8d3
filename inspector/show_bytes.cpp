#include "inspector/byte_walker.hpp"
#include "inspector/code_tree.hpp"
#include "inspector/show.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::inspector {
namespace {

/// Deeper objects are not moved further to the right.
constexpr unsigned deepest_indent = 16;
constexpr std::size_t hex_columns = row_bytes * 3 - 1;

void put_row(const ByteRow& row, support::Bytes bytes, int offset_digits, Output& out) {
    static constexpr char digits[] = "0123456789abcdef";
    for (std::size_t at = 0; at < row.size; at += row_bytes) {
        const support::Bytes part = bytes.subspan(row.offset + at, std::min(row_bytes, row.size - at));
        std::string line = fmt::format("{:0{}x}  ", row.offset + at, offset_digits);
        for (const std::uint8_t byte : part) {
            line += digits[byte >> 4];
            line += digits[byte & 15];
            line += ' ';
        }
        if (at == 0 && !row.text.empty()) {
            line.append(hex_columns + 2 - (part.size() * 3 - 1), ' ');
            line.append(2 * std::min(row.depth, deepest_indent), ' ');
            line += row.text;
        }
        while (line.back() == ' ') line.pop_back();
        out.line(line);
    }
}

} // namespace

void show_bytes(const Subject& subject, Output& out) {
    const CodeTree tree(subject.file);
    const Context context{subject.file, tree};
    const int offset_digits = subject.bytes.size() > 0xFF'FFFF ? 8 : 6;
    out.line(fmt::format("{}: {}CPython {}, {} bytes", support::printable(subject.name, 200),
                         subject.file.header.absent ? "marshal data of " : "", context.target().name,
                         subject.bytes.size()));
    out.line(fmt::format("{:<{}}  {:<{}}  {}", "offset", offset_digits, "bytes", hex_columns, "meaning"));
    ByteWalker walker(context, subject.bytes,
                      [&](const ByteRow& row) { put_row(row, subject.bytes, offset_digits, out); });
    walker.run();
}

} // namespace pyasm::inspector
