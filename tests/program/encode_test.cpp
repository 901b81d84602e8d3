#include "program/decode.hpp"
#include "program/encode.hpp"
#include "tests/program/body.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace pyasm::tests {
namespace {

using program::Instruction;

std::string repeated(std::string_view text, std::size_t count) {
    std::string result;
    for (; count > 0; --count) result += text;
    return result;
}

/// Relaxation as plainly as it can be said: lay everything out anew after each single prefix.
std::vector<int> least_prefixes(const Body& body) {
    const auto& items = body.list.items;
    std::vector<int> prefixes(items.size(), 0);
    const auto lay_out = [&] {
        std::vector<std::int64_t> starts{0};
        for (std::size_t i = 0; i < items.size(); ++i) {
            const bool words = body.target.form == isa::InstructionForm::Wordcode;
            const std::int64_t unit = words ? 2 : 3;
            const std::int64_t own = words ? 2 : items[i].has_argument ? 3 : 1;
            starts.push_back(starts.back() + own + prefixes[i] * unit + items[i].op->caches * 2);
        }
        return starts;
    };
    for (;;) {
        const auto starts = lay_out();
        bool grown = false;
        for (const auto& jump : body.list.jumps) {
            const auto& op = *items[jump.instruction].op;
            std::int64_t distance = starts[jump.target];
            if (op.operand->base == isa::OperandBase::JumpForward) distance -= starts[jump.instruction + 1];
            if (op.operand->base == isa::OperandBase::JumpBackward)
                distance = starts[jump.instruction + 1] - distance;
            int needed = 0;
            const int bits = body.target.form == isa::InstructionForm::Wordcode ? 8 : 16;
            for (std::int64_t rest = distance / body.target.jump_unit >> bits; rest > 0; rest >>= bits)
                ++needed;
            if (needed <= prefixes[jump.instruction]) continue;
            ++prefixes[jump.instruction];
            grown = true;
            break;
        }
        if (!grown) return prefixes;
    }
}

} // namespace

TEST_CASE("instructions are laid out as bytecode up to 2.7 and as wordcode after it") {
    Body old("2.7");
    REQUIRE(old.op("LOAD_CONST", 1).op("PRINT_ITEM").op("LOAD_CONST", 0x1234).op("RETURN_VALUE").encode());
    CHECK(old.hex() == "640100"
                       "47"
                       "643412"
                       "53");
    Body words("3.8");
    REQUIRE(words.op("LOAD_CONST", 1).op("POP_TOP").op("RETURN_VALUE").encode());
    CHECK(words.hex() == "6401"
                         "0100"
                         "5300");
    Body caches("3.13");
    REQUIRE(caches.op("RESUME", 0).op("CALL", 1).op("POP_TOP").encode());
    CHECK(caches.hex() == "9500"
                          "3501"
                          "000000000000"
                          "2000");
}

TEST_CASE("an argument gets as many prefixes as it needs") {
    const auto encoded = [](std::string_view target, std::uint32_t argument) {
        Body body(target);
        REQUIRE(body.op("LOAD_CONST", argument).encode());
        return body.hex();
    };
    CHECK(encoded("3.8", 255) == "64ff");
    CHECK(encoded("3.8", 256) == "9001"
                                 "6400");
    CHECK(encoded("3.8", 65535) == "90ff"
                                   "64ff");
    CHECK(encoded("3.8", 65536) == "9001"
                                   "9000"
                                   "6400");
    CHECK(encoded("3.8", 0xFF'FFFF) == "90ff"
                                       "90ff"
                                       "64ff");
    CHECK(encoded("3.8", 0x100'0000) == "9001"
                                        "9000"
                                        "9000"
                                        "6400");
    CHECK(encoded("3.8", 0xFFFF'FFFF) == "90ff"
                                         "90ff"
                                         "90ff"
                                         "64ff");
    CHECK(encoded("3.13", 0x1234) == "4712"
                                     "5334");
    CHECK(encoded("2.7", 255) == "64ff00");
    CHECK(encoded("2.7", 65535) == "64ffff");
    CHECK(encoded("2.7", 65536) == "910100"
                                   "640000");
    CHECK(encoded("2.7", 0xFFFF'FFFE) == "91ffff"
                                         "64feff");
}

TEST_CASE("decoding gives back what was encoded") {
    for (const isa::Target& target : isa::all_targets()) {
        CAPTURE(target.name);
        Body body(target.name);
        for (const std::uint32_t argument : {0U, 1U, 255U, 256U, 65535U, 65536U, 0xFF'FFFFU, 0xFFFF'FFFFU})
            body.op("LOAD_CONST", argument).op("POP_TOP").op("LOAD_GLOBAL", argument);
        REQUIRE(body.encode());
        const program::DecodedCode decoded = program::decode(target, body.encoder.code());
        REQUIRE(decoded.items.size() == body.list.items.size());
        for (std::size_t i = 0; i < decoded.items.size(); ++i) {
            CHECK(decoded.items[i].op == body.list.items[i].op);
            CHECK(decoded.items[i].argument == body.list.items[i].argument);
            CHECK(decoded.items[i].prefixes == body.list.items[i].prefixes);
            CHECK(decoded.starts[i] == body.encoder.starts()[i]);
        }
        CHECK(decoded.starts.back() == body.encoder.code().size());
    }
}

TEST_CASE("any bytes can be decoded") {
    std::mt19937 random(1);
    for (const isa::Target& target : isa::all_targets()) {
        for (int round = 0; round < 200; ++round) {
            std::vector<std::uint8_t> code(random() % 40);
            for (auto& byte : code)
                byte = static_cast<std::uint8_t>(random() % 3 ? random() : target.extended_arg);
            const program::DecodedCode decoded = program::decode(target, code);
            REQUIRE(decoded.starts.size() == decoded.items.size() + 1);
            CHECK(decoded.starts.front() == 0);
            CHECK(decoded.starts.back() == code.size());
            for (std::size_t i = 0; i < decoded.items.size(); ++i) {
                CHECK(decoded.starts[i] < decoded.starts[i + 1]);
                CHECK(decoded.items[i].data + decoded.items[i].data_size <= code.size());
            }
        }
    }
}

TEST_CASE("jumps count as their version counts") {
    SUBCASE("2.7: bytes, absolute and from the next instruction") {
        Body body("2.7");
        REQUIRE(body.op("NOP").jump("JUMP_FORWARD", 3).op("NOP").op("NOP").jump("JUMP_ABSOLUTE", 1).encode());
        CHECK(body.hex() == "09"
                            "6e0100"
                            "09"
                            "09"
                            "710100");
    }
    SUBCASE("3.9: bytes in wordcode") {
        Body body("3.9");
        REQUIRE(body.op("NOP").jump("JUMP_FORWARD", 3).op("NOP").op("NOP").jump("JUMP_ABSOLUTE", 1).encode());
        CHECK(body.hex() == "0900"
                            "6e02"
                            "0900"
                            "0900"
                            "7102");
    }
    SUBCASE("3.10: code units") {
        Body body("3.10");
        REQUIRE(body.op("NOP").jump("JUMP_FORWARD", 3).op("NOP").op("NOP").jump("JUMP_ABSOLUTE", 1).encode());
        CHECK(body.hex() == "0900"
                            "6e01"
                            "0900"
                            "0900"
                            "7101");
    }
    SUBCASE("3.13: relative both ways, from behind the caches") {
        Body body("3.13");
        REQUIRE(
            body.op("NOP").jump("POP_JUMP_IF_TRUE", 3).op("NOP").op("NOP").jump("JUMP_BACKWARD", 1).encode());
        CHECK(body.hex() == "1e00"
                            "6401"
                            "0000"
                            "1e00"
                            "1e00"
                            "4d06"
                            "0000");
    }
    SUBCASE("to the end of the code") {
        Body body("3.12");
        REQUIRE(body.jump("JUMP_FORWARD", 2).op("NOP").encode());
        CHECK(body.hex() == "6e01"
                            "0900");
    }
}

TEST_CASE("a jump grows just where its argument needs it") {
    for (const std::size_t distance : {0, 254, 255, 256, 257, 65534, 65535, 65536, 65537}) {
        CAPTURE(distance);
        Body body("3.12");
        body.jump("JUMP_FORWARD", static_cast<std::uint32_t>(distance + 1)).fill("NOP", distance).op("NOP");
        REQUIRE(body.encode());
        const std::uint8_t expected = distance > 65535 ? 2 : distance > 255 ? 1 : 0;
        CHECK(body.list.items[0].prefixes == expected);
        CHECK(body.list.items[0].argument == distance);
    }
    // Backward the prefixes themselves are part of the way.
    for (const std::size_t distance : {253, 254, 255, 256, 65532, 65533, 65534}) {
        CAPTURE(distance);
        Body body("3.12");
        body.fill("NOP", distance).jump("JUMP_BACKWARD", 0);
        REQUIRE(body.encode());
        const std::uint8_t prefixes = distance + 1 <= 255 ? 0 : distance + 2 <= 65535 ? 1 : 2;
        CHECK(body.list.items[distance].prefixes == prefixes);
        CHECK(body.list.items[distance].argument == distance + 1 + prefixes);
    }
}

TEST_CASE("2.7 jumps past 65,535 bytes") {
    for (const std::size_t distance : {65534, 65535, 65536, 70000}) {
        CAPTURE(distance);
        Body body("2.7");
        body.jump("JUMP_FORWARD", static_cast<std::uint32_t>(distance + 1))
            .fill("NOP", distance)
            .op("RETURN_VALUE");
        REQUIRE(body.encode());
        CHECK(body.list.items[0].prefixes == (distance > 65535 ? 1 : 0));
        const program::DecodedCode decoded = program::decode(body.target, body.encoder.code());
        CHECK(decoded.items[0].argument == distance);
    }
}

TEST_CASE("the layout is the least one: held against a plain reference") {
    std::mt19937 random(7);
    for (const char* target : {"2.7", "3.9", "3.10", "3.12", "3.13"}) {
        for (int round = 0; round < 60; ++round) {
            Body body(target);
            const bool absolute = body.target.find("JUMP_ABSOLUTE") != nullptr;
            const auto size = static_cast<std::uint32_t>(100 + random() % 700);
            for (std::uint32_t i = 0; i < size; ++i) {
                const auto other = static_cast<std::uint32_t>(random() % (size + 1));
                if (random() % 3 == 0)
                    body.op("NOP");
                else if (other > i)
                    body.jump("JUMP_FORWARD", other);
                else
                    body.jump(absolute ? "JUMP_ABSOLUTE" : "JUMP_BACKWARD", other);
            }
            const std::vector<int> expected = least_prefixes(body);
            REQUIRE(body.encode());
            std::vector<int> got;
            for (const Instruction& item : body.list.items) got.push_back(item.prefixes);
            REQUIRE(got == expected);
        }
    }
}

TEST_CASE("a chain in which each growth drives the next ends, with every jump right") {
    // Each jump lies one unit below its threshold and spans the jump before it.
    Body body("3.12");
    const std::uint32_t links = 2000;
    body.jump("JUMP_FORWARD", 257); // the first one is over
    for (std::uint32_t i = 1; i < links; ++i) body.jump("JUMP_FORWARD", i + 256);
    body.fill("NOP", 300);
    REQUIRE(body.encode());
    const program::DecodedCode decoded = program::decode(body.target, body.encoder.code());
    REQUIRE(decoded.items.size() == body.list.items.size());
    for (std::uint32_t i = 0; i < links; ++i) {
        const std::uint32_t target = body.list.jumps[i].target;
        CHECK(decoded.starts[i + 1] + decoded.items[i].argument * 2 == decoded.starts[target]);
    }
}

TEST_CASE("written prefixes are kept as they are") {
    SUBCASE("needless ones") {
        Body body("3.8");
        REQUIRE(body.prefix(-1).prefix(0).op("LOAD_CONST", 3).encode());
        CHECK(body.hex() == "9000"
                            "9000"
                            "6403");
    }
    SUBCASE("filled with what the argument needs") {
        Body body("3.8");
        REQUIRE(body.prefix(-1).prefix(-1).op("LOAD_CONST", 0x12345).encode());
        CHECK(body.hex() == "9001"
                            "9023"
                            "6445");
    }
    SUBCASE("2.7") {
        Body body("2.7");
        REQUIRE(body.prefix(-1).op("LOAD_CONST", 0x12345).encode());
        CHECK(body.hex() == "910100"
                            "644523");
    }
    SUBCASE("five of them") {
        Body body("3.8");
        REQUIRE(body.prefix(0).prefix(0).prefix(-1).prefix(-1).prefix(1).op("LOAD_CONST", 256).encode());
        CHECK(body.hex() == repeated("9000", 4) + "9001"
                                                  "6400");
    }
    SUBCASE("on a jump") {
        Body body("3.12");
        REQUIRE(body.prefix(-1).jump("JUMP_FORWARD", 3).op("NOP").encode());
        CHECK(body.hex() == "9000"
                            "6e01"
                            "0900");
    }
    SUBCASE("in front of an instruction without argument, and at the end") {
        Body body("3.8");
        REQUIRE(body.prefix(7).op("NOP").prefix(9).encode());
        CHECK(body.hex() == "9007"
                            "0900"
                            "9009");
    }
    SUBCASE("too few") {
        Body body("3.8");
        REQUIRE_FALSE(body.prefix(-1).op("LOAD_CONST", 65536).encode());
        CHECK(body.messages() ==
              "the argument 65536 needs 2 EXTENDED_ARG, and 1 is written [Write as many as it "
              "needs, or none: then they are added as needed.]\n");
    }
    SUBCASE("another operand than the argument needs") {
        Body body("3.8");
        REQUIRE_FALSE(body.prefix(2).op("LOAD_CONST", 256).encode());
        CHECK(body.messages() == "EXTENDED_ARG 2 does not suit the argument 256 of the instruction after it "
                                 "[Write EXTENDED_ARG 1, or leave the operand out.]\n");
    }
}

TEST_CASE("a jump that cannot go there is told, with what could") {
    SUBCASE("backward with a forward jump") {
        Body body("3.13");
        REQUIRE_FALSE(body.op("NOP").jump("JUMP_FORWARD", 0).encode());
        CHECK(body.messages() ==
              "JUMP_FORWARD jumps forward only, and 'there' lies before it [Use JUMP_BACKWARD.]\n");
    }
    SUBCASE("forward with a backward jump") {
        Body body("3.11");
        REQUIRE_FALSE(body.jump("POP_JUMP_BACKWARD_IF_TRUE", 2).op("NOP").op("NOP").encode());
        CHECK(body.messages() ==
              "POP_JUMP_BACKWARD_IF_TRUE jumps backward only, and 'there' lies after it [Use "
              "POP_JUMP_FORWARD_IF_TRUE.]\n");
    }
    SUBCASE("no counterpart") {
        Body body("3.13");
        REQUIRE_FALSE(body.op("NOP").jump("POP_JUMP_IF_TRUE", 0).encode());
        CHECK(body.messages() ==
              "POP_JUMP_IF_TRUE jumps forward only, and 'there' lies before it [Let it jump "
              "forward to a JUMP_BACKWARD that goes back, or turn the condition round.]\n");
    }
    SUBCASE("up to 3.10 the absolute one goes back") {
        Body body("3.9");
        REQUIRE_FALSE(body.op("NOP").jump("JUMP_FORWARD", 0).encode());
        CHECK(body.messages() ==
              "JUMP_FORWARD jumps forward only, and 'there' lies before it [Use JUMP_ABSOLUTE.]\n");
    }
    SUBCASE("outside the code") {
        Body body("3.13");
        REQUIRE_FALSE(body.jump("JUMP_FORWARD", 1, 4).op("NOP").encode());
        CHECK(body.messages() == "'there' and 4 bytes more lies outside the code, which has 4 bytes\n");
    }
    SUBCASE("between two units that jumps do not count in") {
        Body body("3.8");
        REQUIRE_FALSE(body.jump("JUMP_FORWARD", 2).bytes("x").op("NOP").encode());
        CHECK(body.messages().find("'there' lies between two code units") == 0);
        Body bytes("2.7");
        CHECK(bytes.jump("JUMP_FORWARD", 2).bytes("x").op("NOP").encode());
    }
    SUBCASE("between two units") {
        Body body("3.13");
        REQUIRE_FALSE(body.jump("JUMP_FORWARD", 2).bytes("x").op("NOP").encode());
        CHECK(body.messages() ==
              "'there' lies between two code units: no jump can reach it [Check the length of the "
              ".bytes between here and there.]\n");
    }
}

} // namespace pyasm::tests
