#include "tests/assembler/assembled.hpp"

#include "program/instruction.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>
#include <string>

// Every string of code bytes has a text that assembles to it.

namespace pyasm::tests {
namespace {

std::string assembled(std::string_view target, std::string_view body) {
    const Assembled result(
        fmt::format(".target {}\n.module\n.unchecked\n.stacksize 1\n{}.end\n", target, body));
    return result.ok() ? result.hex(result.top().code) : result.messages();
}

/// Code bytes as statements: instructions by name where there is one, all prefixes written out.
class Plain {
  public:
    Plain(const isa::Target& target, support::Bytes code) : target_(target), code_(code) {}

    std::string text() {
        const std::size_t unit = program::code_unit(target_);
        while (at_ + (words() ? unit : 1) <= code_.size()) {
            const std::uint8_t opcode = code_[at_];
            const bool wide = words() || opcode >= target_.have_argument;
            if (!words() && wide && at_ + 3 > code_.size()) break;
            instruction(opcode, wide);
        }
        if (at_ < code_.size()) {
            out_ += ".bytes ";
            for (const std::size_t first = at_; at_ < code_.size(); ++at_)
                out_ += fmt::format("{}{}", at_ == first ? "" : ", ", code_[at_]);
            out_ += '\n';
        }
        return out_;
    }

  private:
    [[nodiscard]] bool words() const { return target_.form == isa::InstructionForm::Wordcode; }
    [[nodiscard]] std::uint32_t u16(std::size_t at) const {
        return code_[at] | std::uint32_t{code_[at + 1]} << 8;
    }

    void instruction(std::uint8_t opcode, bool wide) {
        const std::uint32_t own = !wide ? 0 : words() ? code_[at_ + 1] : u16(at_ + 1);
        at_ += words() ? 2 : wide ? 3 : 1;
        if (opcode == target_.extended_arg) {
            out_ += fmt::format("EXTENDED_ARG {}\n", own);
            argument_ = (argument_ | own) << (words() ? 8 : 16);
            return;
        }
        const std::uint32_t argument = wide ? argument_ | own : 0;
        const isa::OpInfo* op = target_.op(opcode);
        const std::string operand = !wide ? ""
                                    : op  ? fmt::format(" [{}]", argument)
                                          : fmt::format(" {}", argument);
        out_ += op ? fmt::format("{}{}\n", op->name, operand) : fmt::format(".op {}{}\n", opcode, operand);
        argument_ = 0;
        if (!op || !words()) return;
        const std::uint32_t caches = op->caches;
        if (caches == 0) return;
        out_ += ".cache";
        for (std::uint32_t i = 0; i < caches && at_ + 2 <= code_.size(); ++i, at_ += 2)
            out_ += fmt::format("{}{}", i ? ", " : " ", u16(at_));
        out_ += '\n';
    }

    const isa::Target& target_;
    support::Bytes code_;
    std::size_t at_ = 0;
    std::uint32_t argument_ = 0;
    std::string out_;
};

std::string hex(support::Bytes bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

} // namespace

TEST_CASE("any bytes of code can be written as instructions") {
    std::minstd_rand random(20);
    for (const isa::Target& target : isa::all_targets()) {
        for (int round = 0; round < 200; ++round) {
            std::vector<std::uint8_t> code(random() % 120);
            for (std::size_t i = 0; i < code.size(); ++i)
                code[i] = random() % 4 == 0 && i % 2 == 0 ? target.extended_arg
                                                          : static_cast<std::uint8_t>(random() >> 8);
            const std::string text = Plain(target, code).text();
            CHECK_MESSAGE(assembled(target.name, text) == hex(code), target.name, "\n", text);
        }
    }
}

TEST_CASE("prefixes that reach no argument are what they are written as") {
    CHECK(assembled("3.13", "EXTENDED_ARG 1\nEXTENDED_ARG 2\nEXTENDED_ARG 3\nEXTENDED_ARG 4\nEXTENDED_ARG 5\n"
                            "COPY [0x03040506]\n") == "470147024703470447053d06");
    CHECK(assembled("2.7", "EXTENDED_ARG 1\nEXTENDED_ARG 2\nBUILD_LIST [0x20003]\n") == "910100910200670300");
    std::string many, bytes;
    for (int i = 0; i < 300; ++i)
        many += fmt::format("EXTENDED_ARG {}\n", i % 256), bytes += fmt::format("47{:02x}", i % 256);
    many += fmt::format("COPY [{}]\n", 41U << 24 | 42U << 16 | 43U << 8 | 7);
    CHECK(assembled("3.13", many) == bytes + "3d07");
    CHECK(assembled("3.13", "EXTENDED_ARG 3\n") == "4703");
    CHECK(assembled("3.13", "EXTENDED_ARG 3\nx:\nPOP_TOP\nJUMP_BACKWARD x\n").substr(0, 8) == "47032000");
}

TEST_CASE("caches and operators by number, behind any instruction") {
    CHECK(assembled("3.13", ".op 120 1\n.cache 1, 0x0203\n.op 120\n.cache\n") == "7801010003027800");
    CHECK(assembled("3.13", "BINARY_OP +\n.cache\n.bytes 9\n") == "2d0009");
    CHECK(assembled("2.7", ".op 7\n.op 140 3\n.bytes 140, 1\n") == "078c03008c01");
}

} // namespace pyasm::tests
