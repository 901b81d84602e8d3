#include "tests/objects/hex.hpp"
#include "tests/support/interpreters.hpp"

#include "objects/code_object.hpp"
#include "objects/pyc.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

using namespace pyasm;
using namespace pyasm::tests;

namespace {

constexpr std::string_view body_2_7 =
    "63 00000000 00000000 01000000 40000000 7300000000 2800000000 2800000000 2800000000 2800000000 2800000000"
    "7401000000 66 5200000000 01000000 7300000000";
constexpr std::string_view body_3_6 = "63 00000000 00000000 00000000 01000000 40000000 7300000000 2900 2900 "
                                      "2900 2900 2900 7a0166 7a0167 01000000"
                                      "7300000000";
constexpr std::string_view body_3_13 = "63 00000000 00000000 00000000 01000000 00000000 7300000000 2900 2900 "
                                       "2900 7300000000 7a0166 7a0167 7a0168"
                                       "01000000 7300000000 7300000000";

std::string error_of(std::string_view hex) {
    const auto bytes = from_hex(hex);
    const auto file = objects::read_pyc(bytes);
    if (file) return "no error";
    return fmt::format("{}: {}", file.error().offset.value_or(9999), file.error().message);
}

} // namespace

TEST_CASE("headers of all layouts are read and written") {
    struct Case {
        const char* target;
        std::string header;
        std::string_view body;
        objects::PycHeader expected;
    };
    const Case cases[] = {
        {"2.7", "03f30d0a 01020304", body_2_7, {0, 0x04030201, 0, {}}},
        {"3.6", "330d0d0a 01020304 05000000", body_3_6, {0, 0x04030201, 5, {}}},
        {"3.13", "f30d0d0a 00000000 01020304 05000000", body_3_13, {0, 0x04030201, 5, {}}},
        {"3.13", "f30d0d0a 03000000 0102030405060708", body_3_13, {3, 0, 0, {1, 2, 3, 4, 5, 6, 7, 8}}},
        {"3.13", "f30d0d0a 02000000 01020304 05000000", body_3_13, {2, 0x04030201, 5, {}}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.header);
        const auto bytes = from_hex(one.header + std::string(one.body) + "6a756e6b");
        const auto file = objects::read_pyc(bytes);
        REQUIRE(file);
        CHECK(file->target->name == one.target);
        CHECK(file->header.flags == one.expected.flags);
        CHECK(file->header.mtime == one.expected.mtime);
        CHECK(file->header.source_size == one.expected.source_size);
        CHECK(file->header.hash == one.expected.hash);
        CHECK(support::as_text(file->trailing) == "junk");
        support::ByteWriter out;
        REQUIRE(write_pyc_exact(*file, out));
        CHECK(to_hex(out.view()) == to_hex(bytes));
        support::ByteWriter canonical;
        REQUIRE(write_pyc(*file, canonical));
        CHECK(canonical.text().ends_with("junk"));
        CHECK(objects::read_pyc(canonical.view()).ok());
    }
}

TEST_CASE("what is no .pyc file is refused with the reason") {
    CHECK(error_of("") == "0: the file is too short for a .pyc file");
    CHECK(error_of("f30d0d") == "0: the file is too short for a .pyc file");
    CHECK(error_of("f30d0d0d 00") == "0: this is no .pyc file: no magic number of Python at its start");
    CHECK(error_of("f30d0d0a 0000") == "6: the file ends inside the header of a .pyc file of Python 3.13");
    CHECK(error_of("f30d0d0a 00000000 00000000 00000000") ==
          "16: the marshal data ends where an object should start");
    CHECK(error_of("f30d0d0a 00000000 00000000 00000000 2901 51") ==
          "18: byte 0x51 is no type of marshal in this version");
    const std::string old = error_of("ee0c0d0a 00000000"); // 3310: Python 3.4
    CHECK(old.starts_with("0: magic number 3310 belongs to Python 3.4"));
    CHECK(old.find("supported: 2.7, 3.6") != std::string::npos);
    CHECK(error_of("01000d0a 00000000").starts_with("0: magic number 1 belongs to no known Python"));
}

TEST_CASE("a file cut short anywhere is refused, with an offset in it") {
    struct Case {
        std::string header;
        std::string_view body;
        std::size_t magic, start; ///< where the header's rest and the object begin
    };
    const Case cases[] = {{"03f30d0a 01020304", body_2_7, 4, 8},
                          {"330d0d0a 01020304 05000000", body_3_6, 4, 12},
                          {"f30d0d0a 00000000 01020304 05000000", body_3_13, 4, 16},
                          {"f30d0d0a 03000000 0102030405060708", body_3_13, 4, 16}};
    for (const Case& one : cases) {
        CAPTURE(one.header);
        const auto bytes = from_hex(one.header + std::string(one.body));
        REQUIRE(objects::read_pyc(bytes));
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            CAPTURE(size);
            // A copy of that size, so that a sanitizer sees any step beyond it.
            const std::vector<std::uint8_t> part(bytes.begin(),
                                                 bytes.begin() + static_cast<std::ptrdiff_t>(size));
            const auto file = objects::read_pyc(part);
            REQUIRE_FALSE(file);
            REQUIRE(file.error().offset.has_value());
            CHECK(*file.error().offset <= size);
            const bool in_header = size >= one.magic && size < one.start;
            CHECK((file.error().message.find("inside the header") != std::string::npos) == in_header);
            if (size >= one.start) CHECK(*file.error().offset >= one.start);
        }
    }
}

TEST_CASE("a million nested objects are refused at the depth that is too much") {
    // A dict's key stands before the next dict, and as deep.
    for (const auto& [one, offset] :
         {std::pair{"29 01", 2 * 2000}, {"5b 01000000", 5 * 2000}, {"7b 4e", 2 * 2000 - 1}}) {
        std::vector<std::uint8_t> bytes = from_hex("f30d0d0a 00000000 00000000 00000000");
        const auto level = from_hex(one);
        for (int i = 0; i < 1'000'000; ++i) bytes.insert(bytes.end(), level.begin(), level.end());
        const auto file = objects::read_pyc(bytes);
        REQUIRE_FALSE(file);
        CHECK(file.error().message == "objects are nested deeper than 2000 levels");
        CHECK(file.error().offset == 16 + static_cast<std::uint64_t>(offset));
    }
}

TEST_CASE("any flags word is kept") {
    for (const char* header : {"f30d0d0a ffffffff 0102030405060708", "f30d0d0a feffffff 01020304 05000000",
                               "420d0d0a 00000080 01020304 05000000"}) {
        const auto bytes = from_hex(std::string(header) + "4e");
        const auto file = objects::read_pyc(bytes);
        REQUIRE(file);
        support::ByteWriter out;
        REQUIRE(write_pyc(*file, out));
        CHECK(to_hex(out.view()) == to_hex(bytes));
    }
}

TEST_CASE("the top object may be any value, and a file may be without header") {
    const auto list = from_hex("f30d0d0a 00000000 00000000 00000000 5b 01000000 4e 21");
    const auto file = objects::read_pyc(list);
    REQUIRE(file);
    CHECK(describe(file->pool, file->top) == "[None]");
    CHECK_FALSE(file->header.absent);
    support::ByteWriter out;
    REQUIRE(write_pyc(*file, out));
    CHECK(to_hex(out.view()) == to_hex(list));

    const auto bare = from_hex("5b 01000000 4e 21");
    const auto read = objects::read_marshal_file(bare, target_named("3.13"));
    REQUIRE(read);
    CHECK(read->header.absent);
    CHECK(support::as_text(read->trailing) == "!");
    support::ByteWriter canonical, exact;
    REQUIRE(write_pyc(*read, canonical));
    REQUIRE(write_pyc_exact(*read, exact));
    CHECK(to_hex(canonical.view()) == to_hex(bare));
    CHECK(to_hex(exact.view()) == to_hex(bare));
    const auto cut = objects::read_marshal_file(support::Bytes(bare).first(5), target_named("3.13"));
    REQUIRE_FALSE(cut);
    CHECK(cut.error().offset == 0);
}

TEST_CASE("the hash of a source text is the interpreter's") {
    const std::string texts[] = {
        "", "x", "x = 1\n", "12345678", std::string(1000, 'q'), "\xc3\xa9\0\xff tail"};
    for (const Interpreter& python : interpreters()) {
        const isa::Target& target = target_named(python.version);
        if (target.source_hash == isa::SourceHash::None) continue;
        std::string input, expected;
        for (const std::string& text : texts) {
            input += to_hex(support::as_bytes(text)) + "\n";
            expected += to_hex(objects::source_hash(target, support::as_bytes(text))) + "\n";
        }
        const RunResult result = run_python(python,
                                            {"-c", "import sys, importlib.util as u\nfor l in sys.stdin: "
                                                   "print(u.source_hash(bytes.fromhex(l)).hex())"},
                                            input);
        CAPTURE(python.version);
        CAPTURE(result.err);
        CHECK(result.out == expected);
    }
}
