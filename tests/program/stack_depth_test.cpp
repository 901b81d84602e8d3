#include "program/stack_depth.hpp"
#include "tests/program/body.hpp"

#include <doctest/doctest.h>

namespace pyasm::tests {
namespace {

using program::HandledRegion;
using program::StackDepth;

StackDepth analysed(Body& body, const std::vector<HandledRegion>& regions = {}) {
    REQUIRE_MESSAGE(body.encode(), body.messages());
    StackDepth depths;
    depths.analyse(body.target, body.list.items, body.encoder.starts(), regions);
    return depths;
}

} // namespace

TEST_CASE("the stack size is the greatest height over all ways") {
    Body straight("3.13");
    straight.op("LOAD_CONST").op("LOAD_CONST").op("BUILD_TUPLE", 2).op("RETURN_VALUE");
    CHECK(analysed(straight).greatest() == 2);

    Body branch("3.12"); // the arm behind the jump is the higher one
    branch.op("LOAD_CONST").jump("POP_JUMP_IF_TRUE", 4).op("LOAD_CONST").op("RETURN_VALUE");
    branch.op("LOAD_CONST").op("LOAD_CONST").op("LOAD_CONST").op("BUILD_TUPLE", 3).op("RETURN_VALUE");
    CHECK(analysed(branch).greatest() == 3);

    Body loop("3.12");
    loop.op("LOAD_CONST").op("GET_ITER").jump("FOR_ITER", 5).op("POP_TOP").jump("JUMP_BACKWARD", 2);
    loop.op("END_FOR").op("LOAD_CONST").op("RETURN_VALUE");
    CHECK(analysed(loop).greatest() == 2);
}

TEST_CASE("where ways do not agree, the greater height counts") {
    Body body("3.13"); // the jump comes with 0, the way behind it with 4
    body.op("LOAD_FAST").op("TO_BOOL").jump("POP_JUMP_IF_TRUE", 7);
    for (int i = 0; i < 4; ++i) body.op("LOAD_CONST");
    body.op("LOAD_CONST").op("LOAD_CONST").op("BUILD_TUPLE", 2).op("RETURN_VALUE");
    CHECK(analysed(body).greatest() == 6);
}

TEST_CASE("code that no way leads to does not count") {
    Body body("3.12");
    body.jump("JUMP_FORWARD", 3).op("LOAD_CONST").op("LOAD_CONST").op("LOAD_CONST").op("RETURN_VALUE");
    const StackDepth depths = analysed(body);
    CHECK(depths.greatest() == 1);
    CHECK(depths.height_at(2) == StackDepth::unreached);
    CHECK(depths.height_at(6) == 0);
    CHECK(depths.height_at(5) == StackDepth::unreached); // within an instruction
    CHECK(depths.height_at(100) == StackDepth::unreached);
}

TEST_CASE("heights never fall below zero, and odd bodies end") {
    Body pops("3.12");
    pops.op("POP_TOP").op("POP_TOP").op("LOAD_CONST").op("LOAD_CONST").op("RETURN_VALUE");
    CHECK(analysed(pops).greatest() == 2);
    Body empty("3.12");
    CHECK(analysed(empty).greatest() == 0);
    Body forever("3.12"); // each turn pushes once more
    forever.op("LOAD_CONST").jump("JUMP_BACKWARD", 0);
    CHECK(analysed(forever).greatest() == StackDepth::most_visits);
    Body outside("3.12"); // raw arguments may lead anywhere
    outside.op("JUMP_FORWARD", 5000).op("JUMP_BACKWARD", 5000).op("LOAD_CONST");
    CHECK(analysed(outside).greatest() == 0);
    Body huge("3.12");
    huge.op("LOAD_CONST").op("UNPACK_SEQUENCE", 0xFFFF'FFFF).op("RETURN_VALUE");
    CHECK(analysed(huge).greatest() == 0xFFFF'FFFF);
}

TEST_CASE("handlers of exception tables start above the depth that is kept") {
    Body body("3.13"); // two values on the stack where the region begins
    body.op("LOAD_CONST")
        .op("LOAD_CONST")
        .op("NOP")
        .op("RETURN_VALUE")
        .op("PUSH_EXC_INFO")
        .op("RETURN_VALUE");
    const HandledRegion derived{4, 6, 8, std::nullopt, false};
    StackDepth depths = analysed(body, {derived});
    CHECK(depths.depth_of(derived) == 2);
    CHECK(depths.height_at(8) == 3);
    CHECK(depths.greatest() == 4);
    const HandledRegion lasti{4, 6, 8, std::nullopt, true};
    depths = analysed(body, {lasti});
    CHECK(depths.height_at(8) == 4);
    const HandledRegion stated{4, 6, 8, 7, false};
    depths = analysed(body, {stated});
    CHECK(depths.depth_of(stated) == 7);
    CHECK(depths.height_at(8) == 8);
    Body dead("3.13");
    dead.op("LOAD_CONST").op("RETURN_VALUE").op("NOP").op("PUSH_EXC_INFO").op("RERAISE");
    const HandledRegion unreached{4, 6, 6, std::nullopt, false};
    depths = analysed(dead, {unreached});
    CHECK(depths.depth_of(unreached) == 0);
    CHECK(depths.height_at(6) == 1);
}

TEST_CASE("up to 3.10 the blocks lead to their handlers") {
    Body body("3.9");
    body.jump("SETUP_FINALLY", 4).op("POP_BLOCK").op("LOAD_CONST").op("RETURN_VALUE").op("RERAISE");
    const StackDepth depths = analysed(body);
    CHECK(depths.height_at(8) == 6);
    CHECK(depths.greatest() == 6);
}

} // namespace pyasm::tests
