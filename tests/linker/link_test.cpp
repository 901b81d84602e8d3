// Joining units, where what matters is no message.
#include "linker/link.hpp"

#include "isa/target.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace pyasm;
using objects::ValueId;
using objects::ValueKind;

namespace {

/// Constants c0, c1... of two units in turn, each of which is the next one by name; the last one is 7. With `circle`, it
/// is the first one. The module body of the first unit is c0 in a tuple.
class Aliases {
  public:
    Aliases(std::size_t count, bool circle) {
        for (std::size_t i = 0; i < count; ++i) names_.push_back(fmt::format("c{}", i));
        for (std::size_t i = 0; i < count; ++i) {
            program::ObjectModule& unit = units_[i % 2];
            const bool last = i + 1 == count;
            const ValueId value = last && !circle ? unit.pyc.pool.add_int(7) : name(unit, last ? 0 : i + 1);
            unit.globals.push_back({names_[i], value, false, {}});
            if (!last || circle) unit.externs.push_back({names_[last ? 0 : i + 1], false, {}, ".constant"});
        }
        for (program::ObjectModule& unit : units_) unit.pyc.target = isa::find_target("3.8");
        const ValueId member = name(units_[0], 0);
        units_[0].pyc.top = units_[0].pyc.pool.add_container(ValueKind::Tuple, std::vector{member});
        units_[0].externs.push_back({names_[0], false, {}, ".value"});
    }

    void add_to(linker::Linker& linker) const {
        linker.add({"a.pyasm", linker::InputKind::Source, {}}, units_[0]);
        linker.add({"b.pyasm", linker::InputKind::Source, {}}, units_[1]);
    }

  private:
    ValueId name(program::ObjectModule& unit, std::size_t index) const {
        return unit.pyc.pool.add_text(ValueKind::ConstSymbol, names_[index]);
    }

    std::vector<std::string> names_;
    program::ObjectModule units_[2];
};

} // namespace

TEST_CASE("link: a hundred thousand constants, each another's name, take no time") {
    linker::Linker linker;
    Aliases(100'000, false).add_to(linker);
    const auto program = linker.finish();
    REQUIRE(program);
    const objects::ValuePool& pool = program->file.pool;
    const auto members = pool.children(program->file.top);
    REQUIRE(members.size() == 1);
    CHECK(pool[members[0]].kind == ValueKind::Int);
    CHECK(pool[members[0]].integer == 7);
}

TEST_CASE("link: constants that are one another's names are a circle, told short") {
    linker::Linker linker;
    Aliases(100'000, true).add_to(linker);
    CHECK(!linker.finish());
    REQUIRE(linker.errors().size() == 1);
    CHECK(linker.errors()[0].message == "constants go round in a circle: "
                                        "c1 -> c2 -> c3 -> c4 -> c5 -> c6 -> c7 -> c8 -> ... -> c1");
    linker::Linker small;
    Aliases(2, true).add_to(small);
    CHECK(!small.finish());
    REQUIRE(small.errors().size() == 1);
    CHECK(small.errors()[0].message == "constants go round in a circle: c1 -> c0 -> c1");
}
