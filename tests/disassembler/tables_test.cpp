#include "disassembler/tables.hpp"

#include "tests/disassembler/code_maker.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace pyasm;
using disassembler::CodeTables;
using objects::ValueId;
using objects::ValueKind;
using tests::CodeMaker;

namespace {

/// Which entries of a table are the first of their key, as a text of 1 and 0.
template <class IsPlain> std::string plain(std::uint32_t count, IsPlain&& is_plain) {
    std::string text;
    for (std::uint32_t i = 0; i < count; ++i) text += is_plain(i) ? '1' : '0';
    return text;
}

} // namespace

TEST_CASE("tables: constants are the same by type and bits") {
    CodeMaker maker("3.13");
    auto& pool = maker.file.pool;
    const double nan = std::nan("");
    const ValueId code = maker.add(maker.function("f"));
    const std::vector<ValueId> consts = {pool.add_int(1),
                                         pool.add_float(1.0),
                                         objects::ValuePool::singleton(ValueKind::True),
                                         pool.add_int(1),
                                         pool.add_float(0.0),
                                         pool.add_float(-0.0),
                                         pool.add_float(nan),
                                         pool.add_float(nan),
                                         maker.tuple({pool.add_int(1)}),
                                         maker.tuple({pool.add_float(1)}),
                                         maker.tuple({pool.add_int(1)}),
                                         maker.text("x"),
                                         maker.bytes("x"),
                                         maker.text("x"),
                                         code,
                                         maker.add(maker.function("f")),
                                         code,
                                         pool.add_container(ValueKind::List, std::uint32_t{0}),
                                         pool.add_container(ValueKind::List, std::uint32_t{0})};
    objects::CodeObject object = maker.function("g", consts);
    object.names = maker.names({"a", "b", "a", ""});
    object.localsplusnames = maker.names({"x", "y", "x"});
    program::Unit unit;
    unit.target = maker.file.target;
    unit.values = std::move(pool);
    CodeTables tables;
    tables.begin(unit, object);
    CHECK(plain(tables.constant_count(), [&](std::uint32_t i) { return tables.constant_is_plain(i); }) ==
          "1110111011011011010");
    CHECK(plain(tables.name_count(), [&](std::uint32_t i) { return tables.name_is_plain(i); }) == "1101");
    // From 3.11 a name of several slots means another one for each use.
    CHECK(plain(tables.local_count(), [&](std::uint32_t i) { return tables.local_is_plain(i); }) == "010");
    CHECK_FALSE(tables.constant_is_plain(1000));
}

TEST_CASE("tables: a container inside itself is only itself, and what is around it is told by content") {
    CodeMaker maker("3.13");
    auto& pool = maker.file.pool;
    const auto inside_itself = [&] {
        const ValueId list = pool.add_container(ValueKind::List, std::uint32_t{1});
        const ValueId tuple = maker.tuple({list});
        pool.children(list)[0] = tuple;
        return tuple;
    };
    const ValueId one = inside_itself(), other = inside_itself();
    const std::vector<ValueId> consts = {
        one, other, one, maker.tuple({one}), maker.tuple({other}), maker.tuple({one})};
    const objects::CodeObject object = maker.function("g", consts);
    program::Unit unit;
    unit.target = maker.file.target;
    unit.values = std::move(pool);
    CodeTables tables;
    tables.begin(unit, object);
    CHECK(plain(tables.constant_count(), [&](std::uint32_t i) { return tables.constant_is_plain(i); }) ==
          "110110");
}
