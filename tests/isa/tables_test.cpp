#include "isa/opcode.hpp"
#include "isa/target.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <set>
#include <string>

using namespace pyasm;

namespace {

const isa::Target& target(std::string_view name) {
    const isa::Target* found = isa::find_target(name);
    REQUIRE(found != nullptr);
    return *found;
}

const isa::OpInfo& op(std::string_view version, std::string_view name) {
    const isa::OpInfo* found = target(version).find(name);
    REQUIRE_MESSAGE(found != nullptr, name);
    return *found;
}

/// The words of a text that look like mnemonics: two capital letters at least.
std::set<std::string> mnemonics_in(std::string_view text) {
    std::set<std::string> words;
    std::string word;
    for (const char c : std::string(text) + " ") {
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
            word += c;
            continue;
        }
        const bool upper = word.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
        if (upper && word.find('_') != std::string::npos) words.insert(word);
        word.clear();
    }
    return words;
}

} // namespace

TEST_CASE("isa: targets are found by name and by magic number") {
    CHECK(isa::all_targets().size() == isa::target_count);
    CHECK(isa::newest_target().name == "3.15");
    for (const isa::Target& t : isa::all_targets()) {
        CHECK(isa::find_target(t.name) == &t);
        CHECK(isa::target_of_magic(t.magic) == &t);
        CHECK(isa::release_of_magic(t.magic) == t.name);
        CHECK(t.op(t.extended_arg)->is(isa::OpFlag::Prefix));
    }
    CHECK(isa::find_target("3.5") == nullptr);
    CHECK(isa::find_target("") == nullptr);
    CHECK(isa::target_of_magic(3351) == nullptr);
    CHECK(isa::release_of_magic(3351) == "3.5");
    CHECK(isa::release_of_magic(3570) == "3.13 (alpha)");
    CHECK(isa::release_of_magic(1) == "");
}

TEST_CASE("isa: every row is found by its name and number in the targets that have it, and nowhere else") {
    for (const isa::Target& t : isa::all_targets()) {
        std::size_t rows = 0;
        std::size_t internal = 0;
        for (const isa::OpInfo& row : isa::all_opcodes()) {
            if (row.numbers[t.column] == isa::no_opcode) continue;
            ++rows;
            internal += row.is(isa::OpFlag::Internal) ? 1 : 0;
            CHECK(t.find(row.name) == &row);
            CHECK(t.op(t.number(row)) == &row);
            CHECK(row.takes_argument() == (t.number(row) >= t.have_argument));
        }
        std::size_t numbers = 0;
        for (int number = 0; number < 256; ++number)
            if (t.op(static_cast<std::uint8_t>(number)) != nullptr) ++numbers;
        CHECK(numbers == rows);
        CHECK(t.mnemonics().size() == rows - internal);
        CHECK(t.find("LOAD_COSNT") == nullptr);
        CHECK(t.find("") == nullptr);
    }
    CHECK(target("3.13").find("PRINT_ITEM") == nullptr);
    CHECK(target("2.7").find("SLICE+1") != nullptr);
}

TEST_CASE("isa: rows have words, and jumps agree with their operands") {
    for (const isa::OpInfo& row : isa::all_opcodes()) {
        CAPTURE(row.name);
        CHECK(!row.summary.empty());
        CHECK(!row.summary.ends_with("."));
        CHECK(!row.operand->expected.empty());
        if (row.stack.text != row.stack_jump.text) CHECK(row.jumps());
        if (row.is(isa::OpFlag::Unwinds)) CHECK(row.jumps());
    }
}

TEST_CASE("isa: stack signatures count what their arguments say") {
    const isa::OpInfo& call = op("3.13", "CALL");
    CHECK(call.stack.pops(3) == 5);
    CHECK(call.stack.pushes(3) == 1);
    CHECK(call.stack.inputs()[2].name == "args");
    CHECK(call.stack.outputs()[0].name == "result");
    const isa::OpInfo& call27 = op("2.7", "CALL_FUNCTION");
    CHECK(call27.stack.pops(0x0203) == 1 + 3 + 2 * 2);
    const isa::OpInfo& unpack = op("3.13", "UNPACK_EX");
    CHECK(unpack.stack.pushes(0x0203) == 2 + 1 + 3);
    const isa::OpInfo& function = op("3.10", "MAKE_FUNCTION");
    CHECK(function.stack.pops(0) == 2);
    CHECK(function.stack.pops(9) == 4);
    const isa::OpInfo& swap = op("3.11", "SWAP");
    CHECK(swap.stack.pops(5) == 5);
    CHECK(swap.stack.pops(0) == 2); // no negative counts
    CHECK(isa::stack_effect(op("3.11", "FOR_ITER"), 0, true) == -1);
    CHECK(isa::stack_effect(op("3.12", "FOR_ITER"), 0, true) == 1);
    CHECK(isa::stack_effect(op("3.10", "SETUP_FINALLY"), 0, true) == 6);
    CHECK(isa::stack_effect(op("2.7", "SETUP_FINALLY"), 0, true) == 3);
    CHECK(isa::stack_effect(op("3.13", "BUILD_MAP"), 0xFFFF'FFFF, false) ==
          1 - 2 * std::int64_t{0xFFFF'FFFF});
}

TEST_CASE("isa: spellings of operands read back as their values") {
    for (const isa::OpInfo& row : isa::all_opcodes()) {
        CAPTURE(row.name);
        for (std::uint32_t value = 0; value < 512; ++value)
            if (const auto spelling = row.operand->spelling_of(value))
                CHECK(row.operand->value_of(*spelling) == value);
        for (const isa::OperandName& name : row.operand->names)
            CHECK(row.operand->value_of(name.spelling) == name.value);
        CHECK(!row.operand->value_of("no such thing").has_value());
    }
    const isa::OperandKind& parts = *op("3.12", "MAKE_FUNCTION").operand;
    CHECK(parts.value_of("closure|defaults") == 9);
    CHECK(parts.value_of("defaults | closure") == 9);
    CHECK(parts.value_of("defaults|") == std::nullopt);
    CHECK(parts.value_of("") == std::nullopt);
    CHECK(parts.spelling_of(9) == "defaults|closure");
    CHECK(parts.spelling_of(0) == "0");
    CHECK(parts.spelling_of(16) == std::nullopt);
    const isa::OperandKind& attribute = *op("3.14", "SET_FUNCTION_ATTRIBUTE").operand;
    CHECK(attribute.value_of("annotate") == 16);
    CHECK(attribute.value_of("defaults|closure") == std::nullopt); // one at a time
    CHECK(attribute.value_of("0") == std::nullopt);
    const isa::OperandKind& compare = *op("3.13", "COMPARE_OP").operand;
    CHECK(compare.value_of("bool(<)") == 18);
    CHECK(compare.spelling_of(42) == "<=");
    CHECK(compare.spelling_of(0) == std::nullopt); // no mask
    CHECK(op("3.8", "COMPARE_OP").operand->value_of("exception match") == 10);
    CHECK(op("3.9", "COMPARE_OP").operand->value_of("is") == std::nullopt);
    CHECK(op("3.14", "BINARY_OP").operand->value_of("[]") == 26);
    CHECK(op("3.13", "BINARY_OP").operand->value_of("[]") == std::nullopt);
    CHECK(op("3.12", "FORMAT_VALUE").operand->spelling_of(6) == "repr|with format");
    CHECK(op("3.13", "LOAD_CONST").operand->value_of("+") == std::nullopt);
}

TEST_CASE("isa: a name with blanks in it is found, for messages") {
    const auto name = [](const char* version, std::string_view text) {
        const isa::OpInfo* op = target(version).find_spaced(text);
        return op ? op->name : std::string_view();
    };
    CHECK(name("3.13", "LOAD CONST 1") == "LOAD_CONST");
    CHECK(name("3.13", "POP \t JUMP IF  FALSE there") == "POP_JUMP_IF_FALSE");
    CHECK(name("2.7", "SLICE +1") == "SLICE+1");
    CHECK(name("2.7", "STORE SLICE + 3") == "STORE_SLICE+3");
    CHECK(name("2.7", "SLICE 2") == "SLICE+2");
    CHECK(name("2.7", "SLICE 4") == "");
    CHECK(name("3.13", "LOAD_CONST 1") == "");
    CHECK(name("3.13", "LOAD") == "");
    CHECK(name("3.13", "") == "");
    CHECK(name("3.13", std::string(1000, ' ') + std::string(1000, 'x')) == "");
}

TEST_CASE("isa: replacements name what the target has, for what it has not") {
    std::size_t found = 0;
    for (const isa::OpInfo& row : isa::all_opcodes()) {
        for (const isa::Target& t : isa::all_targets()) {
            const std::string_view words = isa::replacement(row.name, t);
            if (words.empty()) continue;
            ++found;
            CAPTURE(row.name);
            CAPTURE(t.name);
            CAPTURE(words);
            CHECK(t.find(row.name) == nullptr);
            for (const std::string& word : mnemonics_in(words)) {
                if (word.starts_with("INTRINSIC_")) continue;
                CHECK_MESSAGE(t.find(word) != nullptr, word);
            }
        }
    }
    CHECK(found > 500);
    CHECK(isa::replacement("JUMP_ABSOLUTE", target("3.13")) == "JUMP_BACKWARD or JUMP_FORWARD");
    CHECK(isa::replacement("NO_SUCH_THING", target("3.13")) == "");
}
