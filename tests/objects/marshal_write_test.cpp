#include "tests/objects/hex.hpp"

#include "objects/code_object.hpp"

#include <bit>
#include <doctest/doctest.h>

using namespace pyasm;
using namespace pyasm::tests;
using objects::no_value;
using objects::Value;
using objects::ValueId;
using objects::ValueKind;
using objects::ValuePool;

namespace {

std::string write(const ValuePool& pool, ValueId top, std::string_view target) {
    support::ByteWriter out;
    const auto written = write_marshal(pool, top, target_named(target), out);
    return written ? to_hex(out.view()) : "error: " + written.error().message;
}

ValueId tuple(ValuePool& pool, std::initializer_list<ValueId> members) {
    return pool.add_container(ValueKind::Tuple, std::span(members.begin(), members.size()));
}

std::string hex(std::string_view text) { return to_hex(from_hex(text)); }

} // namespace

TEST_CASE("the canonical form shares equal constants and flags only what is referred to") {
    // Twice 5 and twice 'a b', not shared in the file; a needless flag on 6.
    CHECK(canonical_hex("29 05 69 05000000 69 05000000 7a 03 612062 7a 03 612062 e9 06000000", "3.13") ==
          hex("29 05 e9 05000000 72 00000000 fa 03 612062 72 01000000 69 06000000"));
    // Equal tuples and frozensets; the members of the second are not met again.
    CHECK(canonical_hex("29 02 29 01 69 05000000 29 01 69 05000000", "3.13") ==
          hex("29 02 a9 01 69 05000000 72 00000000"));
    CHECK(canonical_hex("29 02 3e 01000000 4e 3e 01000000 4e", "3.13") ==
          hex("29 02 be 01000000 4e 72 00000000"));
    // Lists by identity only.
    CHECK(canonical_hex("29 02 5b 00000000 5b 00000000", "3.13") == hex("29 02 5b 00000000 5b 00000000"));
    CHECK(canonical_hex("29 02 db 00000000 72 00000000", "3.13") == hex("29 02 db 00000000 72 00000000"));
    // Singletons are never flagged.
    CHECK(canonical_hex("29 02 ce 4e", "3.13") == hex("29 02 4e 4e"));
}

TEST_CASE("constants that only look equal stay apart") {
    ValuePool pool;
    const ValueId top = tuple(
        pool, {pool.add_int(1), ValuePool::singleton(ValueKind::True), pool.add_float(1.0),
               pool.add_float(0.0), pool.add_float(-0.0), pool.add_complex(1, 0), pool.add_complex(1, -0.0),
               pool.add_text(ValueKind::Str, "1"), pool.add_text(ValueKind::Bytes, "1"),
               pool.add_float(std::bit_cast<double>(std::uint64_t{0x7FF8000000000001})),
               pool.add_float(std::bit_cast<double>(std::uint64_t{0x7FF8000000000002}))});
    CHECK(write(pool, top, "3.13").find("72") == std::string::npos);
    const ValueId list = pool.add_container(ValueKind::List, std::uint32_t{0});
    CHECK(write(pool, tuple(pool, {tuple(pool, {pool.add_int(1)}), tuple(pool, {pool.add_float(1.0)}), list}),
                "3.13") == hex("29 03 29 01 69 01000000 29 01 67 000000000000f03f 5b 00000000"));
}

TEST_CASE("the smallest form of each kind is written") {
    ValuePool pool;
    CHECK(write(pool, pool.add_int(-1), "3.13") == hex("69 ffffffff"));
    CHECK(write(pool, pool.add_int(std::int64_t{1} << 31), "3.13") == hex("6c 03000000 0000 0000 0200"));
    CHECK(write(pool, pool.add_int(INT64_MIN), "3.13") == hex("6c fbffffff 0000 0000 0000 0000 0800"));
    CHECK(write(pool, pool.add_int(std::int64_t{1} << 31), "2.7") == hex("49 0000008000000000"));
    const std::uint16_t seven[] = {7};
    CHECK(write(pool, pool.add_long(seven, true), "3.13") == hex("69 f9ffffff"));
    CHECK(write(pool, pool.add_long(seven, true), "2.7") == hex("6c ffffffff 0700"));
    CHECK(write(pool, pool.add_text(ValueKind::Str, "a b"), "3.13") == hex("7a 03 612062"));
    CHECK(write(pool, pool.add_text(ValueKind::Str, "a_b"), "3.13") == hex("5a 03 615f62"));
    CHECK(write(pool, pool.add_text(ValueKind::Str, "\xc3\xa9"), "3.13") == hex("75 02000000 c3a9"));
    const std::string longer(256, '-');
    CHECK(write(pool, pool.add_text(ValueKind::Str, longer), "3.13").starts_with("61000100002d2d"));
    CHECK(write(pool, pool.add_text(ValueKind::Bytes, "ab"), "3.13") == hex("73 02000000 6162"));
    CHECK(write(pool, pool.add_text(ValueKind::Bytes, "ab"), "2.7") == hex("74 02000000 6162"));
    CHECK(write(pool, pool.add_text(ValueKind::Bytes, "a-"), "2.7") == hex("73 02000000 612d"));
    CHECK(write(pool, pool.add_text(ValueKind::Str, "ab"), "2.7") == hex("75 02000000 6162"));
    CHECK(write(pool, tuple(pool, {}), "2.7") == hex("28 00000000"));
    const std::vector<ValueId> many(256, ValuePool::singleton(ValueKind::None));
    CHECK(write(pool, pool.add_container(ValueKind::Tuple, many), "3.13").starts_with("28000100004e4e"));
}

TEST_CASE("2.7 refers to interned strings only") {
    ValuePool pool;
    const ValueId name = pool.add_text(ValueKind::Bytes, "ab"), text = pool.add_text(ValueKind::Bytes, "a-");
    CHECK(write(pool, tuple(pool, {name, text, pool.add_text(ValueKind::Bytes, "ab"), text}), "2.7") ==
          hex("28 04000000 74 02000000 6162 73 02000000 612d 52 00000000 73 02000000 612d"));
    const ValueId none[] = {ValuePool::singleton(ValueKind::None)};
    const ValueId set = pool.add_container(ValueKind::FrozenSet, none);
    CHECK(write(pool, tuple(pool, {set, set}), "2.7") == hex("28 02000000 3e 01000000 4e 3e 01000000 4e"));
}

TEST_CASE("names of code objects are interned whatever they look like") {
    ValuePool pool;
    objects::CodeObject code;
    const ValueId empty = pool.add_text(ValueKind::Bytes, ""), none = tuple(pool, {});
    const ValueId name = pool.add_text(ValueKind::Str, "<lambda>");
    code.code = code.linetable = code.exceptiontable = code.localspluskinds = empty;
    code.names = code.localsplusnames = none;
    code.consts =
        tuple(pool, {pool.add_text(ValueKind::Str, "<lambda>"), pool.add_text(ValueKind::Str, "<x>")});
    code.filename = code.qualname = code.name = name;
    const std::string written = write(pool, pool.add_code(code), "3.13");
    CHECK(written.find(hex("da 08 3c6c616d6264613e")) != std::string::npos); // Z, flagged
    CHECK(written.find(hex("7a 03 3c783e")) != std::string::npos);
    code.filename = no_value;
    CHECK(write(pool, pool.add_code(code), "3.13") == "error: an object is missing");
}

TEST_CASE("the same values give the same bytes, whatever their ids") {
    ValuePool one, two;
    const ValueId a = one.add_int(7), b = one.add_text(ValueKind::Str, "x y");
    const ValueId pair = tuple(one, {a, b});
    const ValueId first = tuple(one, {pair, pair, a});
    const ValueId d = two.add_text(ValueKind::Str, "x y"), c = two.add_int(7), e = two.add_int(7);
    const ValueId left = tuple(two, {c, two.add_text(ValueKind::Str, "x y")}), right = tuple(two, {e, d});
    const ValueId second = tuple(two, {left, right, two.add_int(7)});
    CHECK(write(one, first, "3.13") == write(two, second, "3.13"));
}

TEST_CASE("cyclic graphs are written") {
    for (const std::string cycle : {"a901 7200000000", "db01000000 7200000000", "fb e901000000 7200000000 30",
                                    "a902 db01000000 7200000000 29017201000000"}) {
        CAPTURE(cycle);
        const std::string written = canonical_hex(cycle, "3.13");
        CHECK(written.find("72") != std::string::npos);
        CHECK(canonical_hex(written, "3.13") == written);
    }
    // A list in a tuple in the list: 2.7 has no references, so this has no end.
    ValuePool pool;
    const ValueId list = pool.add_container(ValueKind::List, std::uint32_t{1});
    pool.children(list)[0] = tuple(pool, {list});
    CHECK(write(pool, list, "2.7") == "error: objects are nested deeper than 2000 levels");
    CHECK(write(pool, list, "3.13") == hex("db 01000000 29 01 72 00000000"));
    // No reader takes a frozenset that contains itself.
    const ValueId set = pool.add_container(ValueKind::FrozenSet, std::uint32_t{1});
    pool.children(set)[0] = set;
    CHECK(write(pool, set, "3.13") == "error: an object contains itself in a way that no reader takes");
}

TEST_CASE("a graph that shares much is written in linear time, or not at all") {
    ValuePool pool;
    ValueId top = pool.add_container(ValueKind::List, std::uint32_t{0});
    for (int i = 0; i < 100; ++i) top = tuple(pool, {top, top});
    CHECK(write(pool, top, "3.13").size() < 3000);
    CHECK(write(pool, top, "2.7")
              .starts_with("error: the marshal data would be larger than 32 MiB: what stands"));
    // Much that stands in few places has room.
    const ValueId text = pool.add_text(ValueKind::Str, pool.arena().copy(std::string(20'000'000, '-')));
    support::ByteWriter out;
    CHECK(write_marshal(pool, tuple(pool, {text, text, text}), target_named("2.7"), out));
    CHECK(out.size() > 60'000'000);
}

TEST_CASE("very deep graphs fail instead of overflowing the stack") {
    ValuePool pool;
    ValueId top = tuple(pool, {});
    for (int i = 0; i < 1'000'000; ++i) top = tuple(pool, {top});
    CHECK(write(pool, top, "3.13") == "error: objects are nested deeper than 2000 levels");
}

TEST_CASE("what a target cannot hold is refused") {
    ValuePool pool;
    const ValueId none = ValuePool::singleton(ValueKind::None);
    const ValueId slice = pool.add_container(ValueKind::Slice, std::vector<ValueId>(3, none));
    const ValueId dict = pool.add_container(ValueKind::FrozenDict, std::uint32_t{0});
    CHECK(write(pool, slice, "3.13") == "error: Python 3.13 cannot marshal a slice");
    CHECK(write(pool, slice, "3.14") == hex("3a 4e4e4e"));
    CHECK(write(pool, dict, "3.14") == "error: Python 3.14 has no frozendict");
    CHECK(write(pool, dict, "3.15") == hex("7d 30"));
    CHECK(write(pool, pool.add_text(ValueKind::CodeSymbol, "f"), "3.13") ==
          "error: code(f) stands for a code object that was never assembled");
    CHECK(write(pool, pool.add_container(ValueKind::Dict, std::vector<ValueId>(1, none)), "3.13") ==
          "error: a dict has a key without a value");
    CHECK(write(pool, pool.add_container(ValueKind::List, std::uint32_t{1}), "3.13") ==
          "error: an object is missing");
}

TEST_CASE("a hint that no longer suits its value is not followed") {
    ValuePool pool;
    const auto bytes = from_hex("29 03 7a 01 61 fa 01 e9 69 01000000");
    const auto read = objects::read_marshal(bytes, target_named("3.13"), pool);
    REQUIRE(read);
    const auto change = [&](std::size_t member, std::string_view text) {
        Value& value = pool[pool.children(read->top)[member]];
        value.text = text.data();
        value.size = static_cast<std::uint32_t>(text.size());
    };
    change(0, "\xc3\xa9");
    change(1, "\xe2\x82\xac");
    pool[pool.children(read->top)[2]].integer = std::int64_t{1} << 31;
    support::ByteWriter out;
    REQUIRE(objects::write_marshal_exact(pool, read->top, read->hints, target_named("3.13"), out));
    CHECK(to_hex(out.view()) == hex("29 03 75 02000000 c3a9 f5 03000000 e282ac 6c 03000000 0000 0000 0200"));
}

TEST_CASE("values without hints are written in their smallest form beside those with") {
    ValuePool pool;
    const auto bytes = from_hex("5b 02000000 6c 01000000 0700 78 01 31 01 32");
    const auto read = objects::read_marshal(bytes, target_named("3.13"), pool);
    REQUIRE(read);
    const ValueId top = tuple(pool, {read->top, pool.add_text(ValueKind::Str, "ab", Value::interned)});
    support::ByteWriter out;
    REQUIRE(objects::write_marshal_exact(pool, top, read->hints, target_named("3.13"), out));
    CHECK(to_hex(out.view()) == hex("29 02 5b 02000000 6c 01000000 0700 78 01 31 01 32 5a 02 6162"));
}
