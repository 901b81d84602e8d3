#include "tests/inspector/shown.hpp"

#include "tests/objects/hex.hpp"

#include "objects/pyc.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace pyasm::tests {

std::string show(support::Bytes pyc, Shown what) {
    const auto file = objects::read_pyc(pyc);
    REQUIRE(file);
    std::string text;
    {
        inspector::Output out([&text](std::string_view piece) { text += piece; });
        const inspector::Subject subject{*file, pyc, "test.pyc"};
        switch (what) {
        case Shown::Summary: inspector::show_summary(subject, 0, out); break;
        case Shown::Bytes: inspector::show_bytes(subject, out); break;
        case Shown::Json: inspector::show_json(subject, out); break;
        }
    }
    return text;
}

namespace {

int digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

/// Appends the bytes of a row; false where it does not have the form "OFFSET  XX XX ...", or another offset.
bool add_row(std::string_view line, std::vector<std::uint8_t>& bytes) {
    constexpr std::size_t offset_digits = 6, hex_begin = offset_digits + 2, most = 8;
    std::size_t offset = 0;
    if (line.size() < hex_begin + 2) return false;
    for (const char c : line.substr(0, offset_digits))
        offset = offset * 16 + static_cast<std::size_t>(digit(c));
    if (offset != bytes.size()) return false;
    std::size_t at = hex_begin;
    for (std::size_t i = 0; i < most && at + 1 < line.size() && line[at] != ' '; ++i, at += 3) {
        const int high = digit(line[at]), low = digit(line[at + 1]);
        if (high < 0 || low < 0) return false;
        bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return at > hex_begin && (at >= line.size() || line[at] == ' ');
}

} // namespace

std::vector<std::uint8_t> bytes_in_rows(std::string_view text) {
    constexpr std::size_t heading_lines = 2;
    std::vector<std::uint8_t> bytes;
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        at = end + 1;
        if (number < heading_lines || add_row(line, bytes)) continue;
        FAIL("a row that does not follow the one before it: ", line);
    }
    return bytes;
}

std::vector<std::uint8_t> pyc_of(std::string_view name, std::string_view object) {
    const isa::Target& target = target_named(name);
    std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(target.magic & 0xFF),
                                    static_cast<std::uint8_t>(target.magic >> 8), '\r', '\n'};
    const std::size_t header = target.header == isa::HeaderLayout::Mtime       ? 8
                               : target.header == isa::HeaderLayout::MtimeSize ? 12
                                                                               : 16;
    bytes.resize(header);
    const std::vector<std::uint8_t> rest = from_hex(object);
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
}

} // namespace pyasm::tests
