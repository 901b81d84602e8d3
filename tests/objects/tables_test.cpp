#include "tests/objects/hex.hpp"

#include "objects/exception_table.hpp"
#include "objects/line_table.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace pyasm;
using namespace pyasm::tests;
using objects::ExceptionEntry;
using objects::Position;
using objects::PositionRun;

namespace {

constexpr std::int32_t none = Position::none;

PositionRun line(std::uint32_t begin, std::uint32_t end, std::int32_t number) {
    return {begin, end, {number, none, none, none}};
}

std::string encode(std::string_view target, std::int32_t first, std::vector<PositionRun> runs) {
    support::ByteWriter out;
    objects::encode_line_table(target_named(target), first, runs, out);
    return to_hex(out.view());
}

std::string number(std::int32_t value) { return value == none ? "-" : fmt::format("{}", value); }

std::string decode(std::string_view target, std::int32_t first, std::string_view hex, std::uint32_t size) {
    const auto table = from_hex(hex);
    const auto runs = objects::decode_line_table(target_named(target), first, table, size);
    if (!runs)
        return fmt::format("error at {}: {}", runs.error().offset.value_or(9999), runs.error().message);
    std::string text;
    for (const PositionRun& run : *runs) {
        if (!text.empty()) text += "; ";
        text += fmt::format("{}-{}: {}", run.begin, run.end, number(run.position.line));
        if (run.position.end_line != none)
            text += fmt::format("..{} {}-{}", number(run.position.end_line), number(run.position.column),
                                number(run.position.end_column));
    }
    return text;
}

} // namespace

TEST_CASE("lnotab: steps are split as the compiler splits them") {
    CHECK(encode("2.7", 1, {line(0, 6, 1), line(6, 12, 2), line(12, 20, 2), line(20, 30, 4)}) == "06010e02");
    CHECK(encode("3.6", 10, {line(0, 6, 10), line(6, 12, 8)}) == "06fe");
    CHECK(encode("2.7", 10, {line(0, 6, 10), line(6, 12, 8), line(12, 18, 11)}) == "0c01");
    CHECK(encode("2.7", 1, {line(0, 300, 1), line(300, 301, 2)}) == "ff002d01");
    CHECK(encode("2.7", 1, {line(0, 510, 1), line(510, 511, 2)}) == "ff00ff000001");
    CHECK(encode("2.7", 1, {line(0, 4, 301)}) == "00ff002d");
    CHECK(encode("2.7", 1, {line(0, 4, 1), line(4, 6, 511)}) == "04ff00ff0000");
    CHECK(encode("3.9", 1, {line(0, 4, 1), line(4, 6, 301)}) == "047f007f002e");
    CHECK(encode("3.9", 301, {line(0, 4, 301), line(4, 6, 1)}) == "0480008000d4");
    CHECK(encode("3.9", 1, {line(0, 4, none), line(4, 6, 2)}) == "0401");
}

TEST_CASE("lnotab: decoding") {
    CHECK(decode("2.7", 1, "0601 0e02", 30) == "0-6: 1; 6-20: 2; 20-30: 4");
    CHECK(decode("2.7", 1, "06ff", 30) == "0-6: 1; 6-30: 256");
    CHECK(decode("3.6", 1, "06ff", 30) == "0-6: 1; 6-30: 0");
    CHECK(decode("3.9", 1, "0001 0601 0001", 10) == "0-6: 2; 6-10: 4");
    CHECK(decode("3.9", 1, "0601 ff01", 10) == "0-6: 1; 6-10: 2");
    CHECK(decode("3.9", 1, "", 10) == "0-10: 1");
    CHECK(decode("3.9", 1, "0601 06", 10) == "error at 2: the line table ends inside a pair");
}

TEST_CASE("line ranges of 3.10") {
    CHECK(encode("3.10", 1, {line(0, 4, 1), line(4, 8, 1), line(8, 10, 3)}) == "08000202");
    CHECK(encode("3.10", 1, {line(0, 4, none), line(4, 8, 2)}) == "04800401");
    CHECK(encode("3.10", 1, {line(0, 300, 1), line(300, 302, 301)}) == "fe002e00007f007f022e");
    CHECK(encode("3.10", 1, {line(0, 600, none)}) == "fe80fe805c80");
    CHECK(encode("3.10", 300, {line(0, 2, 1)}) == "0081008102d3");
    CHECK(decode("3.10", 1, "0800 007f 0202 0480 0401", 99) == "0-8: 1; 8-10: 130; 10-14: -; 14-18: 131");
    CHECK(decode("3.10", 1, "08", 8) == "error at 0: the line table ends inside a pair");
}

TEST_CASE("location table of 3.11 and later") {
    const Position short_form{5, 5, 9, 20}, one_line{6, 6, 100, 120}, long_form{6, 9, 4, 1},
        back{2, 2, none, none};
    const std::vector<PositionRun> runs = {{0, 2, {}},          {2, 4, short_form}, {4, 6, short_form},
                                           {6, 8, one_line},    {8, 10, long_form}, {10, 12, back},
                                           {12, 40, short_form}};
    const std::string table_3_11 = encode("3.11", 5, runs), table_3_12 = encode("3.12", 5, runs);
    CHECK(table_3_11.starts_with("f8881b881bd86478f000030502e809"));
    CHECK(table_3_12.starts_with("f8891bd86478f000030502e809"));
    CHECK(decode("3.12", 5, table_3_12, 40) == "0-2: -; 2-6: 5..5 9-20; 6-8: 6..6 100-120; 8-10: 6..9 4-1; "
                                               "10-12: 2..2 ---; 12-28: 5..5 9-20; 28-40: "
                                               "5..5 9-20");
    CHECK(decode("3.11", 1, "f0 03 01 01 01", 2) == "0-2: 0..1 0-0");
    CHECK(decode("3.11", 1, "80", 2) == "error at 1: the line table ends inside an entry");
    CHECK(decode("3.11", 1, "f0 03 01", 2) == "error at 3: the line table ends inside an entry");
    CHECK(decode("3.11", 1, "e8 7f7f7f7f7f7f7f7f7f7f01", 2)
              .ends_with("a number in the line table is too large"));
    CHECK(decode("3.11", 1, "e8 40", 2) == "error at 2: the line table ends inside an entry");
    // The interpreter's numbers have 32 bits: what is above is lost.
    CHECK(decode("3.11", 1, "e8 42 40 40 40 40 04", 2) == "0-2: 2..2 ---");
    // So no entry can step over 2^31 lines: it says no line, and those after it are right.
    CHECK(decode("3.13", -2, encode("3.13", -2, {line(0, 2, INT32_MAX - 1), line(2, 4, 1)}), 4) ==
          "0-2: -; 2-4: 1..1 ---");
}

TEST_CASE("positions at the ends of their ranges survive") {
    const std::int32_t least = INT32_MIN + 1, most = INT32_MAX;
    const std::vector<PositionRun> runs = {{0, 2, {most, most, 0, most - 1}},
                                           {2, 4, {least, most, none, none}},
                                           {4, 6, {0, 0, 79, 94}},
                                           {6, 8, {0, 0, 80, 95}},
                                           {8, 10, {0, 0, 127, 127}},
                                           {10, 12, {3, 3, 128, 128}}};
    support::ByteWriter out;
    objects::encode_line_table(target_named("3.13"), least, runs, out);
    const auto again = objects::decode_line_table(target_named("3.13"), least, out.view(), 12);
    REQUIRE(again);
    CHECK(*again == runs);
}

TEST_CASE("exception table") {
    const std::vector<ExceptionEntry> entries = {
        {0, 2, 4, 0, false}, {128, 256, 16384, 3, true}, {2, 2, 0xFFFFFFFE, 9, true}};
    support::ByteWriter out;
    objects::encode_exception_table(entries, out);
    CHECK(to_hex(out.view()).starts_with("80010200c100410042400007"));
    const auto again = objects::decode_exception_table(out.view());
    REQUIRE(again);
    CHECK(*again == entries);
    for (std::size_t size = 1; size < 4; ++size) {
        const auto cut = objects::decode_exception_table(out.view().first(size));
        REQUIRE_FALSE(cut);
        CHECK(cut.error().offset == size);
    }
    CHECK_FALSE(objects::decode_exception_table(from_hex("ff7f7f7f7f7f7f7f3f 00 00 00")));
}
