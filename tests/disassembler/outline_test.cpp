#include "tests/disassembler/code_maker.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pyasm;
using objects::ValueId;
using tests::CodeMaker;
using tests::count_of;

namespace {

constexpr std::string_view targets[] = {"2.7", "3.6", "3.8", "3.10", "3.11", "3.13", "3.14", "3.15"};

/// marshal of 2.7 has no form for a code object in several places.
bool can_share(const CodeMaker& maker) { return maker.file.target->marshal.references; }

} // namespace

TEST_CASE("outline: siblings of one name are numbered in the order of the constants") {
    for (const std::string_view target : targets) {
        CAPTURE(target);
        CodeMaker maker(target);
        const ValueId first = maker.add(maker.function("f", {maker.text("1")}));
        const ValueId second = maker.add(maker.function("f", {maker.text("2")}));
        const ValueId top = maker.add(maker.module({first, second}));
        CHECK(maker.fault(top) == "");
        const std::string listing = maker.listing(top);
        CHECK(count_of("    .function f()", listing) == 1);
        CHECK(count_of("    .function f$2()", listing) == 1);
        CHECK(count_of(".name", listing) == 0);
    }
}

TEST_CASE("outline: code objects that are shared or stand in containers are blocks of the file") {
    for (const std::string_view target : targets) {
        CAPTURE(target);
        CodeMaker maker(target);
        if (!can_share(maker)) continue;
        const ValueId shared = maker.add(maker.function("g", {maker.text("g")}));
        const ValueId boxed = maker.add(maker.function("g", {maker.text("boxed")}));
        const ValueId inner = maker.add(maker.function("g", {shared, maker.tuple({maker.tuple({boxed})})}));
        const ValueId top = maker.add(maker.module({inner, shared}));
        CHECK(maker.fault(top) == "");
        const std::string listing = maker.listing(top);
        CHECK(count_of("\n    .function g()", listing) == 1);
        // Whatever is nested, these numbers mean the blocks of the file.
        CHECK(count_of("\n.function g$2()", listing) == 1);
        CHECK(count_of("\n.function g$3()", listing) == 1);
        // One tuple is the constants of two.
        objects::CodeObject one = maker.function("one", {shared, inner});
        objects::CodeObject two = maker.function("two");
        two.consts = one.consts;
        CHECK(maker.fault(maker.add(maker.module({maker.add(one), maker.add(two)}))) == "");
    }
}

TEST_CASE("outline: what a symbol cannot hold is replaced, and the name stated") {
    for (const std::string_view target : targets) {
        CAPTURE(target);
        CodeMaker maker(target);
        std::vector<ValueId> consts;
        for (const std::string_view name : {"",
                                            ".",
                                            "..",
                                            "a.b",
                                            ".0",
                                            "a b",
                                            "<generic parameters of f>",
                                            "f$2",
                                            "$1",
                                            "x\ny",
                                            "\"",
                                            "#",
                                            "a)",
                                            "\xe2\x80\xae!",
                                            "\xc3\xa9t\xc3\xa9",
                                            "async",
                                            "None",
                                            "1",
                                            "<module>",
                                            "<lambda>",
                                            "code(f)",
                                            "f$2"})
            consts.push_back(maker.add(maker.function(name, {maker.text("x")})));
        consts.push_back(maker.add(maker.function(std::string(5000, 'n'), {maker.text("x")})));
        const ValueId top = maker.add(maker.module(consts));
        CHECK(maker.fault(top) == "");
        CHECK(count_of(".name \"a.b\"", maker.listing(top)) == 1);
    }
}

TEST_CASE("outline: deep nesting goes on at file level") {
    for (const std::string_view target : {"2.7", "3.8", "3.13", "3.15"}) {
        CAPTURE(target);
        CodeMaker maker(target);
        ValueId code = maker.add(maker.function("f", {maker.text("end")}));
        for (int level = 0; level < 250; ++level) code = maker.add(maker.function("f", {code}));
        CHECK(maker.fault(maker.add(maker.module({code}))) == "");
    }
}

TEST_CASE("outline: a top object that is no module is a value") {
    for (const std::string_view target : targets) {
        CAPTURE(target);
        CodeMaker maker(target);
        const ValueId code = maker.add(maker.function("f", {maker.text("end")}));
        CHECK(maker.fault(code) == "");
        CHECK(maker.fault(maker.text("no code at all")) == "");
        const ValueId other = can_share(maker) ? code : maker.add(maker.function("f", {maker.text("other")}));
        CHECK(maker.fault(maker.tuple({code, maker.tuple({other, maker.add(maker.module())})})) == "");
    }
}
