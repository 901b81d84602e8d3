// Code strings that no compiler makes: each comes back from its listing byte for byte.
#include "isa/target.hpp"
#include "tests/disassembler/body_case.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using pyasm::tests::body_of;
using pyasm::tests::BodyCase;

namespace {

std::uint8_t number(const std::string& target, std::string_view name) {
    const pyasm::isa::Target& facts = *pyasm::isa::find_target(target);
    const pyasm::isa::OpInfo* op = facts.find(name);
    REQUIRE_MESSAGE(op, std::string(name));
    return facts.number(*op);
}

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

/// The body's lines, after the round trip was checked.
std::string body(const BodyCase& example) {
    const std::string listing = example.listing();
    INFO(listing);
    CHECK(example.back() == example.file());
    return body_of(listing);
}

} // namespace

TEST_CASE("an argument byte that means nothing is written as it is") {
    for (const std::string target : {"3.8", "3.11", "3.13", "3.15"}) {
        const BodyCase example{target, {number(target, "NOP"), 7, number(target, "RETURN_VALUE"), 0}};
        CHECK(body(example) == "NOP [7] # takes no operand\nRETURN_VALUE\n");
    }
}

TEST_CASE("needless prefixes are written out, with what they say") {
    for (const std::string target : {"3.8", "3.11", "3.13", "3.15"}) {
        const std::uint8_t extended = number(target, "EXTENDED_ARG");
        const std::uint8_t load = number(target, "LOAD_CONST");
        CHECK(body({target, {extended, 0, load, 1}}) == "EXTENDED_ARG 0\nLOAD_CONST 7\n");
        CHECK(body({target, {extended, 0, extended, 1, load, 1}})
                  .starts_with("EXTENDED_ARG 0\nEXTENDED_ARG 1\n"));
        // What the fourth prefix says is lost on an argument of 32 bits.
        CHECK(body({target, {extended, 5, extended, 0, extended, 0, extended, 0, load, 1}})
                  .starts_with(".bytes"));
        CHECK(body({target, {extended, 1, number(target, "NOP"), 0}}) == "NOP [256] # takes no operand\n");
        CHECK(body({target, {extended, 0, number(target, "NOP"), 0}}) == "EXTENDED_ARG 0\nNOP\n");
    }
    CHECK(body({"2.7", {145, 0, 0, 100, 1, 0}}) == "EXTENDED_ARG 0\nLOAD_CONST 7\n");
    CHECK(body({"2.7", {145, 1, 0, 9}}) == "EXTENDED_ARG 1\nNOP\n");
}

TEST_CASE("prefixes without an instruction, and instructions that are cut short") {
    CHECK(body({"3.13", {71, 1, 71, 2}}) == "EXTENDED_ARG 1\nEXTENDED_ARG 2\n");
    CHECK(body({"3.8", {9, 0, 144, 1, 9}}) == "NOP\nEXTENDED_ARG 1\n.bytes b\"\\x09\"\n");
    CHECK(body({"2.7", {9, 145, 1, 0, 100, 1}}) == "NOP\nEXTENDED_ARG 1\n.bytes b\"\\x64\\x01\"\n");
}

TEST_CASE("opcodes that no instruction has, and forms of a running interpreter") {
    CHECK(body({"3.8", {200, 3, 200, 0}}).starts_with(".op 200 3 # 3.8 has no instruction 200\n"));
    CHECK(body({"2.7", {6, 200, 1, 2}}) ==
          ".op 6 # 2.7 has no instruction 6\n.op 200 513 # 2.7 has no instruction 200\n");
    CHECK(body({"3.13", {150, 0, 1, 2, 30, 0}}) ==
          ".op 150 0 # BINARY_OP_ADD_FLOAT, a form of BINARY_OP\n.cache 0x201\nNOP\n");
    CHECK(body({"3.13", {0, 0}}) == ".op 0 # CACHE\n");
}

TEST_CASE("caches that are not zero, missing or cut") {
    const std::uint8_t binary = number("3.11", "BINARY_OP");
    CHECK(body({"3.11", {binary, 0, 0x34, 0x12}}) == "BINARY_OP +\n.cache 0x1234\n");
    CHECK(body({"3.11", {binary, 0}}) == "BINARY_OP +\n.cache\n");
    const std::uint8_t load = number("3.15", "LOAD_ATTR");
    CHECK(body({"3.15", {load, 1, 1, 0, 2, 0}}) == "LOAD_ATTR print + NULL|self\n.cache 1, 2\n");
}

TEST_CASE("jumps into arguments and caches, out of the code, and into each other's prefixes") {
    const std::uint8_t forward = number("3.13", "JUMP_FORWARD"), add = number("3.13", "BINARY_OP");
    CHECK(body({"3.13", {forward, 1, add, 0, 0, 0}}) ==
          "JUMP_FORWARD L1+1 # into the caches of BINARY_OP\nL1:\nBINARY_OP +\n");
    CHECK(body({"3.13", {forward, 9}}) == "JUMP_FORWARD [9] # to byte 20, outside of the code\n");
    CHECK(body({"3.13", {forward, 0}}) == "JUMP_FORWARD L1\nL1:\n");
    CHECK(body({"3.8", {113, 3, 9, 0}}).starts_with("JUMP_ABSOLUTE [3] # to byte 3, within a code unit\n"));
    CHECK(body({"2.7", {113, 1, 0, 9}}).starts_with("L1:\nJUMP_ABSOLUTE L1+1"));
    CHECK(body({"3.13", {71, 0, forward, 0, 71, 0, forward, 0}})
              .starts_with("EXTENDED_ARG 0\nJUMP_FORWARD L1\n"));
}

TEST_CASE("jumps with more prefixes than the fewest that fit") {
    // Without prefixes, both jumps lead to byte 252; with them, to byte 256, for which they need them.
    std::vector<std::uint8_t> pair = {144, 1, 113, 0};
    while (pair.size() < 252) pair.insert(pair.end(), {9, 0});
    pair.insert(pair.end(), {144, 1, 113, 0, 9, 0});
    CHECK(body({"3.8", pair}).starts_with("EXTENDED_ARG 1\nJUMP_ABSOLUTE L1\nNOP\n"));
    // One step further, and there is no other way: then they go without saying.
    pair.insert(pair.begin() + 4, {9, 0, 9, 0});
    pair[1] = pair[257] = 1;
    pair[3] = pair[259] = 4;
    CHECK(body({"3.8", pair}).starts_with("JUMP_ABSOLUTE L1\nNOP\n"));
}

TEST_CASE("indices that no table has") {
    for (const std::string target : {"3.8", "3.11", "3.13", "3.15"}) {
        const std::uint8_t load = number(target, "LOAD_CONST"), local = number(target, "STORE_FAST");
        const std::string text = body({target, {load, 9, local, 8}});
        CHECK(text ==
              "LOAD_CONST [9] # no constant 9: there are 3\nSTORE_FAST [8] # no local 8: there are 2\n");
    }
}

TEST_CASE("line tables of all kinds") {
    // Garbage, none at all, one that ends early, one that goes on behind the code.
    for (const std::string target : {"2.7", "3.6", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.15"}) {
        const bool bytes = target == std::string("2.7");
        const std::vector<std::uint8_t> code =
            bytes ? std::vector<std::uint8_t>{9, 9, 9, 9}
                  : std::vector<std::uint8_t>{number(target, "NOP"), 0, number(target, "NOP"), 0};
        for (const std::vector<std::uint8_t>& table :
             std::vector<std::vector<std::uint8_t>>{{},
                                                    {0xff},
                                                    {0, 0},
                                                    {0, 0, 0, 0},
                                                    {2, 0},
                                                    {2, 0, 0, 0, 0, 1},
                                                    {1, 1},
                                                    {200, 200, 200, 200},
                                                    {2, 0x80},
                                                    {0x80, 0x12},
                                                    {0xe8, 0x42, 0x40},
                                                    {0xf8},
                                                    {0xf9, 0xf8},
                                                    {0, 127, 0, 127, 0, 0, 2, 1},
                                                    {0, 127, 0, 127, 2, 1},
                                                    {0, 255, 2, 1},
                                                    {0xf0, 3, 0, 0, 5},
                                                    {0xf0, 3, 1, 5, 0, 0xf8}}) {
            const BodyCase example{target, code, table, {}, 5};
            CHECK_MESSAGE(example.back() == example.file(), example.listing());
        }
    }
}

TEST_CASE("a lnotab's entries are lines, also those that repeat one") {
    const BodyCase example{"3.8", {9, 0, 9, 0, 9, 0}, {0, 1, 2, 0, 2, 1, 0, 2}, {}, 5};
    const std::string listing = example.listing();
    CHECK(example.back() == example.file());
    CHECK(listing.find(".linetable") == std::string::npos);
}

TEST_CASE("exception tables that nest, cross, overlap and lie") {
    std::vector<std::uint8_t> code;
    for (int i = 0; i < 8; ++i) code.insert(code.end(), {number("3.13", "NOP"), 0});
    // start, size, target, depth << 1 | lasti
    const auto back = [&](std::vector<std::uint8_t> table) {
        const BodyCase example{"3.13", code, {}, std::move(table)};
        const std::string listing = example.listing();
        INFO(listing);
        CHECK(example.back() == example.file());
        return body_of(listing);
    };
    const std::string nested = back({0x80, 2, 6, 0, 0x82, 2, 7, 1, 0x84, 1, 6, 0});
    CHECK(nested ==
          ".try L1\nNOP\nNOP\n.try L2, lasti\nNOP\nNOP\n.endtry\nNOP\n.endtry\nNOP\nL1:\nNOP\nL2:\nNOP\n");
    const std::string crossed = back({0x80, 1, 6, 0, 0x81, 1, 7, 0, 0x82, 1, 6, 0, 0x83, 1, 7, 0});
    CHECK(crossed.starts_with(".try L1\nNOP\n.try L2\nNOP\n.endtry\nNOP\n.endtry\n.try L2\nNOP\n.endtry\n"));
    CHECK(back({0x80, 2, 6, 4}).starts_with(".try L1, depth=2\n"));
    CHECK(back({0x82, 2, 6, 0, 0x80, 2, 7, 0})
              .starts_with(".except L1, L2 -> L4\nL1:\nNOP\nNOP\nL2:\n.try L3\n"));
    CHECK(back({0x80, 2, 6, 0, 0x82, 2, 6, 0}).starts_with(".except "));
    CHECK(back({0x80, 4, 6, 0, 0x81, 1, 7, 0}).starts_with(".except "));
    CHECK(back({0x80, 0, 6, 0}).starts_with(".except "));
    CHECK(back({0x80, 40, 6, 0}).find(".try") == std::string::npos);
    CHECK(back({0x80, 2, 60, 0}).find(".try") == std::string::npos);
    CHECK(back({0x80}).find(".try") == std::string::npos);
    CHECK(back({0x80, 0x40, 2, 6, 0}).find(".try") == std::string::npos);
    CHECK(back({0, 2, 6, 0}).find(".try") == std::string::npos);
}

TEST_CASE("any bytes come back, for every target") {
    std::uint64_t state = 42;
    const auto next = [&] { // SplitMix64
        std::uint64_t value = state += 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    };
    for (const pyasm::isa::Target& target : pyasm::isa::all_targets()) {
        for (int round = 0; round < 300; ++round) {
            BodyCase example{std::string(target.name), {}};
            const auto random = [&](std::size_t most, std::uint64_t span) {
                std::vector<std::uint8_t> bytes(next() % most);
                for (auto& byte : bytes) byte = static_cast<std::uint8_t>(next() % span);
                return bytes;
            };
            example.code = random(80, 256);
            // Prefixes and small arguments, which chance would seldom bring.
            for (auto& byte : example.code) {
                if (next() % 6 == 0) byte = target.extended_arg;
                if (next() % 3 == 0) byte = static_cast<std::uint8_t>(next() % 4);
            }
            example.lines = random(20, 256);
            example.exceptions = random(3, 2).empty() ? std::vector<std::uint8_t>() : random(16, 12);
            for (std::size_t i = 0; i < example.exceptions.size(); i += 4) example.exceptions[i] |= 0x80;
            example.firstlineno = static_cast<std::int32_t>(next() % 5);
            const std::string file = example.file();
            if (example.back() == file) continue;
            FAIL_CHECK(hex(example.back()) << "\n" << hex(file) << "\n" << example.listing());
            break;
        }
    }
}
