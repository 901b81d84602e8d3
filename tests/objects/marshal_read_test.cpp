#include "tests/objects/hex.hpp"

#include "objects/code_object.hpp"

#include <doctest/doctest.h>

using namespace pyasm;
using namespace pyasm::tests;

namespace {

/// A code object without code, of a 3.13 target: nine fields of it are empty.
constexpr std::string_view empty_code_3_13 = "63 00000000 00000000 00000000 01000000 00000000 7300000000 "
                                             "2900 2900 2900 7300000000 7a0166 7a0167 7a0168"
                                             "01000000 7300000000 7300000000";

struct Case {
    std::string target;
    std::string hex;
    std::string expected;
};

void check_all(std::initializer_list<Case> cases) {
    for (const Case& one : cases) {
        CAPTURE(one.target);
        CAPTURE(one.hex);
        CHECK(read_hex(one.hex, one.target) == one.expected);
        // What can be read is written back byte for byte.
        if (!one.expected.starts_with("error"))
            CHECK(exact_hex(one.hex, one.target) == to_hex(from_hex(one.hex)));
    }
}

} // namespace

TEST_CASE("every atom of marshal is read and written back") {
    for (const char* target : {"2.7", "3.6", "3.11", "3.15"})
        check_all({{target, "4e", "None"},
                   {target, "54", "True"},
                   {target, "46", "False"},
                   {target, "2e", "Ellipsis"},
                   {target, "53", "StopIteration"},
                   {target, "69 feffffff", "-2"},
                   {target, "49 0000000001000000", "4294967296"},
                   {target, "66 03 312e35", "float 3ff8000000000000"},
                   {target, "66 05 3165343030", "float 7ff0000000000000"},
                   {target, "66 05 312e35006a", "float 3ff8000000000000"},
                   {target, "67 0000000000000080", "float 8000000000000000"},
                   {target, "67 010000000000f47f", "float 7ff4000000000001"},
                   {target, "78 03 312e35 01 32", "complex 1.5 2"},
                   {target, "79 000000000000f83f 0000000000000040", "complex 1.5 2"},
                   {target, "73 02000000 6162", "b'ab'"},
                   {target, "75 03000000 e282ac", "'\xe2\x82\xac'"},
                   {target, "75 03000000 eda080", "'\xed\xa0\x80'"}});
    check_all({{"2.7", "6c 00000000", "+L"},
               {"2.7", "6c 01000000 0700", "+7.L"},
               {"2.7", "6c feffffff 0700 0100", "-7.1.L"},
               {"2.7", "74 02000000 6162", "b'ab'i"},
               {"3.13", "6c 00000000", "0"},
               {"3.13", "6c ffffffff 0700", "-7"},
               {"3.13", "6c fbffffff 0000 0000 0000 0000 0800", "-9223372036854775808"},
               {"3.13", "6c 05000000 0000 0000 0000 0000 0800", "+0.0.0.0.8.L"},
               {"3.13", "6c 05000000 ff7f ff7f ff7f ff7f 0700", "9223372036854775807"},
               {"3.13", "74 03000000 e282ac", "'\xe2\x82\xac'i"},
               {"3.6", "61 02000000 6162", "'ab'"},
               {"3.6", "41 02000000 6162", "'ab'i"},
               {"3.6", "7a 02 6162", "'ab'"},
               {"3.6", "5a 02 6162", "'ab'i"},
               {"3.6", "7a 02 61e9", "'a\xc3\xa9'"},
               {"3.6", "41 01000000 ff", "'\xc3\xbf'i"},
               {"3.6", "db 00000000", "[]"}});
}

TEST_CASE("every container of marshal is read and written back") {
    for (const char* target : {"2.7", "3.6", "3.15"})
        check_all({{target, "28 02000000 4e 54", "(None, True)"},
                   {target, "5b 01000000 28 00000000", "[()]"},
                   {target, "7b 69 01000000 4e 30", "{1, None}"},
                   {target, "3c 01000000 4e", "set(None)"},
                   {target, "3e 01000000 28 00000000", "frozenset(())"}});
    check_all({{"3.6", "29 01 4e", "(None)"},
               {"3.14", "3a 4e 54 46", "slice(None, True, False)"},
               {"3.15", "7d 69 01000000 4e 30", "frozendict(1, None)"},
               {"3.15", "7d 30", "frozendict()"},
               {"3.13", "fb 69 01000000 4e b0", "{1, None}"},
               // A key whose value is NULL is dropped, even one that could not be hashed.
               {"3.13", "29 02 7b 4e 54 5b00000000 b0 46", "({None, True}, False)"},
               {"2.7", "28 02000000 7b 4e 54 5b00000000 30 46 4e 7b 54 30 30 30 30 46",
                "({None, True, False, None}, False)"},
               {"3.13", std::string(empty_code_3_13), "code g"}});
}

TEST_CASE("references follow the reader's numbering") {
    check_all(
        {{"3.6", "a9 01 72 00000000", "(((...)))"},
         {"3.6", "db 01000000 72 00000000", "[[[...]]]"},
         {"3.6", "fb e9 01000000 72 00000000 30", "{1, {1, {1, ...}}}"},
         {"3.6", "a9 02 e9 05000000 72 01000000", "(5, 5)"},
         {"3.6", "29 03 be 01000000 e9 05000000 72 00000000 72 01000000", "(frozenset(5), frozenset(5), 5)"},
         // FLAG_REF on a singleton or a reference takes no number.
         {"3.6", "29 03 ce e9 05000000 72 00000000", "(None, 5, 5)"},
         {"3.6", "29 03 e9 05000000 f2 00000000 72 00000000", "(5, 5, 5)"},
         {"3.14", "29 03 ba e9 05000000 4e 4e 72 00000000 72 01000000",
          "(slice(5, None, None), slice(5, None, None), 5)"},
         {"2.7", "28 03000000 74 01000000 61 73 01000000 62 52 00000000", "(b'a'i, b'b', b'a'i)"}});
    CHECK(read_hex("72 00000000", "3.6") == "error at 0: reference to object 0 where 0 are known");
    CHECK(read_hex("29 01 72 ffffffff", "3.6") == "error at 2: reference to object -1 where 0 are known");
    CHECK(read_hex("be 01000000 72 00000000", "3.6") == "error at 5: object 0 refers to itself from inside");
    CHECK(read_hex("ba 72 00000000 4e 4e", "3.14") == "error at 1: object 0 refers to itself from inside");
    CHECK(read_hex("52 00000000", "2.7") == "error at 0: reference to object 0 where 0 are known");
}

TEST_CASE("what the interpreter's reader refuses is refused, with the offset") {
    check_all(
        {{"3.6", "", "error at 0: the marshal data ends where an object should start"},
         {"3.6", "30", "error at 0: NULL (type '0') stands at the top"},
         {"3.6", "29 01 30", "error at 2: NULL (type '0') stands in a container"},
         {"3.6", "51", "error at 0: byte 0x51 is no type of marshal in this version"},
         {"3.6", "52 00000000", "error at 0: byte 0x52 is no type of marshal in this version"},
         {"2.7", "e9 01000000", "error at 0: byte 0xe9 is no type of marshal in this version"},
         {"2.7", "7a 01 61", "error at 0: byte 0x7a is no type of marshal in this version"},
         {"2.7", "29 00", "error at 0: byte 0x29 is no type of marshal in this version"},
         {"3.13", "3a 4e 4e 4e", "error at 0: byte 0x3a is no type of marshal in this version"},
         {"3.14", "7d 30", "error at 0: byte 0x7d is no type of marshal in this version"},
         {"3.6", "28 ffffffff", "error at 0: a tuple has the negative size -1"},
         {"3.6", "73 ffffffff", "error at 0: a byte string has the negative size -1"},
         {"3.6", "6c 02000000 0100 0000", "error at 0: a long int is not normalised: its top digit is 0"},
         {"3.6", "6c 01000000 0080", "error at 0: a long int has a digit above 15 bits"},
         {"3.6", "66 03 785979", "error at 0: \"xYy\" is no number"},
         {"3.6", "66 00", "error at 0: \"\" is no number"},
         {"3.6", "66 04 325f3030", "error at 0: \"2_00\" is no number"},
         {"3.6", "29 01 75 02000000 c328", "error at 7: a string is not valid UTF-8"},
         {"3.6", "3c 01000000 5b 00000000", "error at 5: an unhashable object is a member of a set"},
         {"3.6", "3e 01000000 29 01 5b 00000000", "error at 5: an unhashable object is a member of a set"},
         {"3.6", "7b 7b 30 4e 30", "error at 1: an unhashable object is a key of a dict"},
         {"3.6", "bc 01000000 72 00000000", "error at 5: an unhashable object is a member of a set"}});
}

TEST_CASE("code objects with fields of wrong types are refused") {
    const std::string code(empty_code_3_13);
    const auto with = [&code](std::string_view from, std::string_view to) {
        std::string changed = code;
        const std::size_t at = changed.find(from);
        REQUIRE(at != std::string::npos);
        return read_hex(changed.replace(at, from.size(), to), "3.13");
    };
    CHECK(with("7a0167", "4e") == "error at 40: field name of a code object is not a string");
    CHECK(with("7300000000", "2900") == "error at 21: field code of a code object is not a byte string");
    CHECK(with("2900 2900 2900", "4e 2900 2900") ==
          "error at 26: field consts of a code object is not a tuple");
    CHECK(with("2900 2900 2900", "2900 29014e 2900")
              .ends_with("field names of a code object is not a tuple of strings"));
    CHECK(with("2900 7300000000", "29017a0161 7300000000") ==
          "error at 0: a code object has 1 localsplusnames and 0 localspluskinds");
    CHECK(with("7a0167", "30").ends_with("NULL (type '0') stands in a code object"));
}

TEST_CASE("input cut short anywhere is refused") {
    const std::string sample =
        "28 07000000 69 01000000 6c 02000000 0100 0100 66 03 312e35 79 000000000000f83f 0000000000000040"
        "7b 73 01000000 61 75 01000000 62 30 3e 01000000 4e" +
        std::string("5b 01000000 49 0000000001000000");
    for (const char* target : {"2.7", "3.6", "3.15"}) {
        const auto bytes = from_hex(sample);
        objects::ValuePool pool;
        REQUIRE(objects::read_marshal(bytes, target_named(target), pool));
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            CAPTURE(size);
            objects::ValuePool other;
            // A copy of that size, so that a sanitizer sees any step beyond it.
            const std::vector<std::uint8_t> part(bytes.begin(),
                                                 bytes.begin() + static_cast<std::ptrdiff_t>(size));
            CHECK_FALSE(objects::read_marshal(part, target_named(target), other));
        }
    }
    const auto code = from_hex(empty_code_3_13);
    for (std::size_t size = 0; size < code.size(); ++size) {
        objects::ValuePool pool;
        const std::vector<std::uint8_t> part(code.begin(), code.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK_FALSE(objects::read_marshal(part, target_named("3.13"), pool));
    }
}

TEST_CASE("huge counts allocate nothing") {
    for (const std::string hex : {"28 ffffff7f", "5b ffffff7f 4e", "3c ffffff7f", "73 ffffff7f",
                                  "6c ffffff7f", "6c 00000080", "75 ffffff7f 61"}) {
        CAPTURE(hex);
        CHECK(read_hex(hex, "3.13").starts_with("error at 0: "));
    }
    // Each level alone could hold what it announces; all together cannot.
    std::vector<std::uint8_t> nested;
    for (int i = 0; i < 1000; ++i) nested.insert(nested.end(), {0x28, 0x00, 0x08, 0x00, 0x00});
    nested.resize(nested.size() + 2048, 'N');
    objects::ValuePool pool;
    CHECK_FALSE(objects::read_marshal(nested, target_named("3.13"), pool));
}

TEST_CASE("nesting is read and written to the interpreter's limit") {
    for (int depth : {1999, 2000}) {
        std::vector<std::uint8_t> bytes;
        for (int i = 0; i < depth; ++i) bytes.insert(bytes.end(), {0x29, 0x01});
        bytes.push_back('N');
        objects::ValuePool pool;
        const auto read = objects::read_marshal(bytes, target_named("3.13"), pool);
        CHECK(read.ok() == (depth == 1999));
        if (!read) CHECK(read.error().message == "objects are nested deeper than 2000 levels");

        objects::ValueId top = objects::ValuePool::singleton(objects::ValueKind::None);
        for (int i = 0; i < depth; ++i)
            top = pool.add_container(objects::ValueKind::List, std::span(&top, 1));
        support::ByteWriter out;
        CHECK(objects::write_marshal(pool, top, target_named("3.13"), out).ok() == (depth == 1999));
        CHECK(objects::write_marshal_exact(pool, top, {}, target_named("3.13"), out).ok() == (depth == 1999));
    }
}
