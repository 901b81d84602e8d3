// Joining units, where what matters is no message.
#include "linker/link.hpp"

#include "isa/target.hpp"
#include "tests/support/command.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

using namespace pyasm;
using objects::ValueId;
using objects::ValueKind;

namespace {

/// Constants c0, c1... of two units in turn, each of which is the next one by name; the last one is 7. With
/// `circle`, it is the first one. The module body of the first unit is c0 in a tuple.
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

namespace {

/// `count` tuples round a text.
std::string nested(std::size_t count, const std::string& inner) {
    std::string close;
    for (std::size_t i = 0; i < count; ++i) close += ",)";
    return std::string(count, '(') + inner + close;
}

/// Links a module whose constant has another file's in it, at `outer` levels and with `inner` of its own.
tests::Outcome link_nested(const tests::TemporaryFolder& folder, const std::string& version,
                           std::size_t outer, std::size_t inner, const std::string& first = "None") {
    const std::string target = ".target " + version + "\n";
    tests::write_text(folder.file("a.pyasm"), target + ".extern DEEP\n.module\n.unchecked\nLOAD_CONST " +
                                                  first + "\nLOAD_CONST " + nested(outer, "const(DEEP)") +
                                                  "\nRETURN_VALUE\n.end\n");
    tests::write_text(folder.file("b.pyasm"),
                      target + ".global DEEP\n.constant DEEP " + nested(inner, "1") + "\n");
    std::filesystem::remove(folder.file("o.pyc"));
    return tests::run_pyasm(
        {"link", folder.file("a.pyasm"), folder.file("b.pyasm"), "-o", folder.file("o.pyc")});
}

} // namespace

TEST_CASE("link: constants that are too deep together name the files that they come from") {
    const tests::TemporaryFolder folder;
    for (const isa::Target& target : isa::all_targets()) {
        const std::string version(target.name);
        INFO(version);
        // Of 2,000 levels, code and its table take two, and the number in the middle one.
        CHECK_EQ(link_nested(folder, version, 1000, 997).status, 0);
        CHECK(std::filesystem::exists(folder.file("o.pyc")));
        const tests::Outcome deep = link_nested(folder, version, 1000, 998);
        CHECK_EQ(deep.status, 1);
        CHECK_FALSE(std::filesystem::exists(folder.file("o.pyc")));
        CHECK(deep.err.find("b.pyasm:3:11: error: constants are nested deeper than the 2000 levels that "
                            "marshal reads: <module> in ") != std::string::npos);
        CHECK(deep.err.find(" -> .constant DEEP in ") != std::string::npos);
        // What was written before is a reference, where the version has those.
        const tests::Outcome again = link_nested(folder, version, 1000, 998, "const(DEEP)");
        CHECK_EQ(again.status, target.marshal.references ? 0 : 1);
        CHECK_EQ(again.err.empty(), target.marshal.references);
    }
}

TEST_CASE("link: a hundred thousand undefined symbols are told in no time") {
    linker::Linker linker;
    program::ObjectModule unit;
    unit.pyc.target = isa::find_target("3.13");
    std::vector<std::string> names, others;
    for (int i = 0; i < 100'000; ++i) names.push_back(fmt::format("a_name_{}_of_some_length", i));
    for (int i = 0; i < 5'000; ++i) others.push_back(fmt::format("a_nume_{}_of_sime_length_and_more", i));
    for (const std::string& name : names) unit.externs.push_back({name, false, {}, ".module"});
    for (const std::string& name : others)
        unit.globals.push_back({name, unit.pyc.pool.add_int(1), false, {}});
    linker.add({"a.pyasm", linker::InputKind::Source, {}}, unit);
    const auto before = std::chrono::steady_clock::now();
    CHECK_FALSE(linker.finish());
    CHECK(linker.errors().size() >= names.size());
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
}
