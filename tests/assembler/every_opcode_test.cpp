// Every instruction of every target, with samples of its operands: written as text, and read by the
// interpreter's own `dis`. What is expected follows from the text alone.

#include "isa/target.hpp"
#include "support/files.hpp"
#include "tests/assembler/assembled.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace pyasm::tests {
namespace {

using isa::OperandBase;
using isa::OperandKind;
using isa::OpInfo;
using isa::Target;

constexpr int table_size = 300;

/// What one written instruction must read back as.
struct Expected {
    std::string written; ///< the line of text
    std::string name;
    int line = 0;
    std::optional<std::string> value; ///< the name or constant that it refers to
    std::vector<std::string> shown;   ///< parts that the listing must show, in any order
    std::optional<std::uint32_t>
        argument;                     ///< the number, where it was written as one or nothing else is shown
    std::optional<std::size_t> jump;  ///< ordinal of the instruction it leads to
    std::optional<std::uint8_t> byte; ///< argument byte of an instruction without argument
    std::uint32_t flags = 0;          ///< bits of the argument that must be set
};

/// The text for a target, and what must come back.
class Sampler {
  public:
    explicit Sampler(const Target& target) : target_(target) {
        line(fmt::format(".target {}", target.name));
        line(".code every");
        line(".stacksize 10");
        line(".consts " + list("\"k{}\"", table_size));
        line(".names " + list("n{}", table_size));
        line(".locals " + list("v{}", table_size));
        line(".cellvars " + list("c{}", table_size / 2));
        line(".freevars " + list("f{}", table_size / 2));
        line("start:");
        plain("NOP");
        for (const OpInfo& op : isa::all_opcodes()) {
            if (op.numbers[target.column] == isa::no_opcode) continue;
            if (op.is(isa::OpFlag::Internal) || op.is(isa::OpFlag::Prefix)) continue;
            sample(op);
            ++opcodes;
        }
        line("end:");
        plain("NOP");
        line(".end");
        for (Expected& item : expected)
            if (item.jump == end_mark) item.jump = expected.size() - 1;
    }

    std::string text;
    std::vector<Expected> expected;
    std::size_t opcodes = 0;

  private:
    static constexpr std::size_t end_mark = ~std::size_t{0};

    static std::string list(std::string_view form, int count) {
        std::string result;
        for (int i = 0; i < count; ++i) result += (i ? ", " : "") + fmt::format(fmt::runtime(form), i);
        return result;
    }
    void line(const std::string& content) {
        text += content + "\n";
        ++lines_;
    }
    Expected& add(const OpInfo& op, const std::string& operand) {
        const std::string written = std::string(op.name) + (operand.empty() ? "" : " " + operand);
        line(written);
        Expected item;
        item.written = written;
        item.name = op.name;
        item.line = lines_;
        return expected.emplace_back(std::move(item));
    }
    void plain(std::string_view name) { add(*target_.find(name), ""); }

    void sample(const OpInfo& op) {
        const OperandKind& kind = *op.operand;
        switch (kind.base) {
        case OperandBase::None: return sample_none(op);
        case OperandBase::Integer: return sample_numbers(op);
        case OperandBase::Const: return sample_table(op, "\"k{}\"", "k{}", table_size);
        case OperandBase::Name: return sample_names(op);
        case OperandBase::Local: return sample_table(op, "v{}", "v{}", table_size);
        case OperandBase::Deref: return sample_cells(op);
        case OperandBase::LocalPair: return sample_pairs(op);
        case OperandBase::JumpForward:
        case OperandBase::JumpBackward:
        case OperandBase::JumpAbsolute: return sample_jumps(op);
        case OperandBase::Symbolic:
        case OperandBase::FlagSet: return sample_words(op);
        }
    }

    void sample_none(const OpInfo& op) {
        add(op, "");
        if (target_.form == isa::InstructionForm::Bytecode) return;
        add(op, "[7]").byte = 7;
    }

    void sample_numbers(const OpInfo& op) {
        if (op.operand->id ==
            "IterPlace") { // 3.15 turns every other argument of GET_ITER into 3 when it loads code
            add(op, "0").argument = 0;
            add(op, "3").argument = 3;
            return;
        }
        for (const std::uint32_t number : {0U, 1U, 2U, 255U, 256U, 65535U, 65536U, 0x0100'0000U})
            if (number <= op.operand->max) add(op, fmt::format("{}", number)).argument = number;
        add(op, "0x11").argument =
            op.operand->max >= 0x11 ? std::optional<std::uint32_t>(0x11) : std::nullopt;
        if (!expected.back().argument) drop_last();
        add(op, "[258]").argument = 258;
    }
    void drop_last() {
        expected.pop_back();
        text.erase(text.rfind('\n', text.size() - 2) + 1);
        --lines_;
    }

    /// Names at both ends of a table and at the edge of a byte. An index needs a prefix from 256 on.
    void sample_table(const OpInfo& op, std::string_view written, std::string_view value, int count) {
        for (const int index : {0, 1, 127, 128, 255, 256, count - 1}) {
            if (index >= count) continue;
            add(op, fmt::format(fmt::runtime(written), index)).value =
                fmt::format(fmt::runtime(value), index);
        }
        add(op, fmt::format("[{}]", 3U << op.operand->shift)).value = fmt::format(fmt::runtime(value), 3);
        add(op, fmt::format("[{}]", 257U << op.operand->shift)).value = fmt::format(fmt::runtime(value), 257);
    }

    void sample_names(const OpInfo& op) {
        sample_table(op, "n{}", "n{}", table_size);
        for (const isa::OperandName& flag : op.operand->flags) {
            for (const int index : {0, 299}) {
                Expected& item = add(op, fmt::format("n{} + {}", index, flag.spelling));
                item.value = fmt::format("n{}", index);
                item.flags = flag.value;
                // dis does not show that super() was called with its arguments.
                if (flag.spelling != "two_arg") item.shown = {std::string(flag.spelling), *item.value};
            }
        }
    }

    void sample_cells(const OpInfo& op) {
        sample_table(op, "c{}", "c{}", table_size / 2);
        drop_last(); // raw indices mean locals here from 3.11 on
        drop_last();
        if (op.is(isa::OpFlag::MakesCell)) return;
        sample_table(op, "f{}", "f{}", table_size / 2);
        drop_last();
        drop_last();
    }

    void sample_pairs(const OpInfo& op) {
        for (const auto& [first, second] : {std::pair{0, 0}, {0, 15}, {15, 1}, {15, 15}}) {
            Expected& item = add(op, fmt::format("v{}, v{}", first, second));
            item.shown = {fmt::format("v{}, v{}", first, second)};
        }
    }

    void sample_jumps(const OpInfo& op) {
        const std::size_t next = expected.size() + 1;
        if (op.operand->base != OperandBase::JumpForward) {
            add(op, "start").jump = 0;
            const std::string label = fmt::format("b{}", expected.size());
            line(label + ":");
            add(op, label).jump = expected.size();
            expected.back().jump = expected.size() - 1; // itself
        }
        if (op.operand->base != OperandBase::JumpBackward) {
            add(op, "end").jump = end_mark;
            const std::string label = fmt::format("a{}", next);
            add(op, label);
            expected.back().jump = expected.size();
            line(label + ":");
            plain("NOP");
        }
        add(op, "[258]").argument = 258;
    }

    void sample_words(const OpInfo& op) {
        const OperandKind& kind = *op.operand;
        for (const isa::OperandName& name : kind.base == OperandBase::Symbolic ? kind.names : kind.flags) {
            if (name.spelling.find(',') != std::string_view::npos) continue; // a comma parts two names
            Expected& item = add(op, std::string(name.spelling));
            item.argument = name.value;
            item.shown = {std::string(name.spelling)};
        }
        if (kind.base == OperandBase::FlagSet && kind.flags.size() > 1) {
            Expected& item = add(op, fmt::format("{}|{}", kind.flags[0].spelling, kind.flags[1].spelling));
            item.argument = kind.flags[0].value | kind.flags[1].value;
        }
        add(op, "[1]").argument = 1;
    }

    const Target& target_;
    int lines_ = 0;
};

std::vector<std::string> split(const std::string& text, std::string_view separator) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (;;) {
        const std::size_t end = text.find(separator, begin);
        parts.push_back(text.substr(begin, end - begin));
        if (end == std::string::npos) return parts;
        begin = end + separator.size();
    }
}

/// The spellings of a listing and of this language that mean the same.
std::string normal(std::string text) {
    for (std::size_t at = text.find(", "); at != std::string::npos; at = text.find(", "))
        text.replace(at, 2, "|");
    if (text == "<built-in function all>") return "all";
    if (text == "<built-in function any>") return "any";
    if (text == "\"\"") return "''";
    if (text == "0") return ""; // a conversion of nothing
    if (text == "BAD") return "";
    return text;
}

/// What is wrong with a line that read_back.py printed; empty if nothing is.
std::string mistake(const Expected& expected, const std::vector<std::string>& got) {
    enum Column { Name, Prefixes, Argument, Byte, Value, Shown, Line, Jump, count };
    if (got.size() != count) return "not a line of eight columns";
    if (got[Name] != expected.name) return "the name is " + got[Name];
    if (got[Line] != std::to_string(expected.line)) return "the line is " + got[Line];
    if (expected.byte && got[Byte] != std::to_string(*expected.byte))
        return "the argument byte is " + got[Byte];
    if (expected.argument && got[Argument] != std::to_string(*expected.argument))
        return "the argument is " + got[Argument];
    if (got[Argument] != "-") {
        const auto number = static_cast<std::uint32_t>(std::stoull(got[Argument]));
        if ((number & expected.flags) != expected.flags) return "the argument is " + got[Argument];
        const int needed = number > 0xFF'FFFF ? 3 : number > 0xFFFF ? 2 : number > 0xFF ? 1 : 0;
        if (got[Prefixes] != std::to_string(needed) && got[Prefixes] != (number > 0xFFFF ? "1" : "0"))
            return "the prefixes are " + got[Prefixes];
    }
    if (expected.value && got[Value] != *expected.value && got[Value] != "'" + *expected.value + "'")
        return "the value is " + got[Value];
    if (expected.jump && got[Jump] != std::to_string(*expected.jump))
        return "it jumps to number " + got[Jump];
    if (!expected.shown.empty() && !got[Shown].empty() && got[Shown] != got[Argument]) {
        std::vector<std::string> shown = split(got[Shown], " + ");
        std::vector<std::string> wanted = expected.shown;
        for (auto* parts : {&shown, &wanted}) {
            for (std::string& part : *parts) part = normal(part);
            std::sort(parts->begin(), parts->end());
        }
        if (shown != wanted) return "the listing shows " + got[Shown];
    }
    return {};
}

} // namespace

TEST_CASE("every instruction of every target reads back as it was written") {
    for (const Interpreter& python : interpreters()) {
        CAPTURE(python.version);
        const Target& target = *isa::find_target(python.version);
        const Sampler sampler(target);
        CHECK(sampler.opcodes > 90);
        const Assembled result(sampler.text);
        REQUIRE_MESSAGE(result.ok(), result.messages());
        TemporaryFolder folder;
        REQUIRE(support::write_file(folder.file("every.pyc"), support::as_bytes(result.bytes())));
        const RunResult run =
            run_python(python, {source_path("tests/assembler/read_back.py"), folder.file("every.pyc")});
        REQUIRE_MESSAGE(run.status == 0, run.err);
        const std::vector<std::string> lines = split(run.out, "\n");
        REQUIRE(lines.size() == sampler.expected.size() + 1);
        for (std::size_t i = 0; i < sampler.expected.size(); ++i) {
            const std::string wrong = mistake(sampler.expected[i], split(lines[i], "\t"));
            CHECK_MESSAGE(wrong.empty(), fmt::format("{}: {}\n  read back as {}", sampler.expected[i].written,
                                                     wrong, lines[i]));
        }
    }
}

} // namespace pyasm::tests
