// `pyasm show --bytes`: every byte of a file is in exactly one row, whatever the file holds.

#include "tests/inspector/shown.hpp"
#include "tests/objects/hex.hpp"

#include "objects/pyc.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace pyasm;
using namespace pyasm::tests;

namespace {

/// The text of the rows, with the check that no byte is missing.
std::string rows_of(std::string_view target, std::string_view object) {
    const std::vector<std::uint8_t> pyc = pyc_of(target, object);
    const std::string text = show(pyc, Shown::Bytes);
    CHECK(to_hex(bytes_in_rows(text)) == to_hex(pyc));
    show(pyc, Shown::Summary);
    show(pyc, Shown::Json);
    return text;
}

bool has(std::string_view text, std::string_view part) {
    INFO(part, " is not in:\n", text);
    const bool found = text.find(part) != std::string_view::npos;
    CHECK(found);
    return found;
}

/// A code object of 3.13 with this code, constants, localsplus, line table and exception table.
std::string code_of(std::string_view code, std::string_view consts, std::string_view locals,
                    std::string_view kinds, std::string_view lines, std::string_view exceptions) {
    const auto string = [](std::string_view hex) {
        return fmt::format("73 {:02x}000000 {}", from_hex(hex).size(), hex);
    };
    const std::string zeros(40, '0');
    return fmt::format("63 {} {} {} 2900 {} {} 7a0166 7a016e 7a0171 01000000 {} {}", zeros, string(code),
                       consts, locals, string(kinds), string(lines), string(exceptions));
}

} // namespace

TEST_CASE("atoms and containers have a row for each of their parts") {
    has(rows_of("3.13", "e9 05000000"), "'i' int 5, reference 0");
    has(rows_of("3.13", "49 0000000000000080"), "'I' 64-bit int -9223372036854775808");
    has(rows_of("3.13", "6c feffffff 0000 0100"), "'l' int, 2 digits of 15 bits, negative");
    has(rows_of("3.13", "66 03 312e35"), "'f' float as text 1.5");
    has(rows_of("3.13", "78 01 31 02 2d32"), "'x' complex number as text 1");
    has(rows_of("3.13", "67 000000000000f87f"), "'g' float nan");
    has(rows_of("3.13", "f3 03000000 00ff22"), "\"\\x00\\xff\\\"\"");
    has(rows_of("3.13", "75 06000000 eda0801b5b41"), "\"\\ud800\\x1b[A\"");
    has(rows_of("3.13", "61 02000000 41e9"), "'a' ASCII string, 2 bytes");
    has(rows_of("3.13", "ce"), "'N' None, with a flag that means nothing");
    has(rows_of("2.7", "28 02000000 74 01000000 61 52 00000000"), "1: 'R' reference 0: \"a\"");
    const std::string dict = rows_of("3.13", "7b 4e 54 46 4e 30");
    has(dict, "  key: 'N' None");
    has(dict, "  value: 'T' True");
    has(dict, "  end of the members: '0' NULL");
    has(rows_of("3.13", "7b 54 46 46 30"), "key that readers drop: 'F' False");
    has(rows_of("2.7", "7b 54 30 46 4e 30"), "key that readers drop: 'T' True");
    has(rows_of("3.14", "ba 4e 4e 4e"), "  step: 'N' None");
    has(rows_of("3.15", "7d 4e 4e 30"), "'}' frozendict");
    has(rows_of("3.13", "db 01000000 72 00000000"), "0: 'r' reference 0: [");
}

TEST_CASE("trailing bytes are shown") {
    has(rows_of("3.13", "4e 000102030405060708090a"), "trailing: 11 bytes behind the object");
}

TEST_CASE("headers of all kinds") {
    has(rows_of("2.7", "4e"), "magic number 62211: CPython 2.7");
    has(rows_of("3.6", "4e"), "size of the source: 0 bytes");
    std::vector<std::uint8_t> pyc = pyc_of("3.13", "4e");
    pyc[4] = 3;
    pyc[8] = 0xAB;
    const std::string text = show(pyc, Shown::Bytes);
    CHECK(to_hex(bytes_in_rows(text)) == to_hex(pyc));
    has(text, "hash, which is checked at import");
    has(text, "hash of the source: ab00000000000000");
}

TEST_CASE("code that makes no sense is shown as what it is") {
    // An undefined opcode, an index out of range, a jump behind a prefix, a specialised form, half an
    // instruction.
    const std::string text =
        rows_of("3.13", code_of("ff07 5309 4501 9600 9501 91", "2900", "2900", "", "", ""));
    has(text, "0  <255> 7  [undefined]");
    has(text, "2  LOAD_CONST 9  (out of range)");
    has(text, "10  bytes that are no whole instruction");
    has(rows_of("3.13", code_of("4701 4f01", "2900", "2900", "", "", "")), "EXTENDED_ARG 1");
    has(rows_of("3.13", code_of("4701 4f01", "2900", "2900", "", "", "")), "JUMP_FORWARD 257  (to 518)");
    has(rows_of("3.13", code_of("4701", "2900", "2900", "", "", "")),
        "0  bytes that are no whole instruction");
    has(rows_of("2.7", "63 00000000 00000000 00000000 00000000 73 02000000 6400 28 00000000 28 00000000"
                       "28 00000000 28 00000000 28 00000000 73 01000000 66 73 01000000 6e 01000000"
                       "73 03000000 060105"),
        "half a pair: the table is cut short");
}

TEST_CASE("tables that make no sense are shown as what they are") {
    const std::string text =
        rows_of("3.13", code_of("1e00", "2900", "2903 7a0161 7a0162 7a0163", "0170ff",
                                "8000 ff 0500 f0404040", "80 7f7f7f7f7f7f3f 01 01 8101"));
    has(text, "0 a: 0x01");
    has(text, "2 c: hidden, local, cell, free, 0x0f");
    has(text, "0-2: 1:0-0, short form 0");
    has(text, "2-18: none, no location");
    has(text, "(no start bit)");
    has(text, "an entry that is cut short");
    has(text, "a row with a number that does not fit 32 bits");
    has(text, "a row that is cut short");
}

TEST_CASE("depth and sharing cost no more than their bytes") {
    std::string deep;
    for (int i = 0; i < 1990; ++i) deep += "2901";
    CHECK(rows_of("3.13", deep + "4e").size() < 400'000);
    // Each tuple holds the one before it twice: 2^100 leaves.
    std::string doubled = "5b 65000000 a901 4e";
    for (int i = 0; i < 100; ++i) doubled += fmt::format("a902 72 {0:02x}000000 72 {0:02x}000000", i);
    CHECK(rows_of("3.13", doubled).size() < 100'000);
    const std::vector<std::uint8_t> pyc = pyc_of("3.13", doubled);
    CHECK(show(pyc, Shown::Json).size() < 20'000);
    CHECK(show(pyc, Shown::Summary).size() < 20'000);
}
