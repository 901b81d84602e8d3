#include "isa/opcode.hpp"

#include "isa/operand_kinds.hpp"
#include "isa/stack_signature.hpp"
#include "isa/target.hpp"

#include <algorithm>
#include <cassert>
#include <string>

namespace pyasm::isa {
namespace {

using enum OpFlag;
constexpr std::int16_t __ = no_opcode;

constexpr OpInfo opcodes[] = {
#define OP(NAME, KIND, CACHES, FLAGS, STACK, JUMP, SUMMARY, ...)                                             \
    {#NAME,                                                                                                  \
     &kinds::KIND,                                                                                           \
     CACHES,                                                                                                 \
     FLAGS,                                                                                                  \
     role_of(#NAME),                                                                                         \
     signature::parse(STACK),                                                                                \
     signature::parse(sizeof(JUMP) > 1 ? JUMP : STACK),                                                      \
     SUMMARY,                                                                                                \
     {__VA_ARGS__}},
#include "isa/opcodes.def"
#undef OP
};

constexpr HiddenOpcode hidden[] = {
#define HIDDEN(NAME, WHY, ...) {#NAME, HiddenOpcode::Why::WHY, {__VA_ARGS__}},
#include "isa/hidden_opcodes.def"
#undef HIDDEN
};

constexpr std::size_t row_count = std::size(opcodes);
constexpr std::uint16_t no_row = 0xFFFF;
constexpr std::size_t bucket_count = 512; // at least twice the names of any target

/// 32-bit FNV-1a.
constexpr std::uint32_t hash(std::string_view name) {
    std::uint32_t value = 0x811C'9DC5;
    for (const char c : name) value = (value ^ static_cast<unsigned char>(c)) * 0x0100'0193;
    return value;
}

/// The rows of one target by number and by name: an open-addressed table with linear probing.
struct Index {
    std::array<std::uint16_t, 256> by_number{};
    std::array<std::uint16_t, bucket_count> by_name{};
    std::array<std::uint16_t, 256> hidden_by_number{}; // in `hidden`
    std::array<std::uint16_t, 256> plain_forms{};      // of those: the rows they are forms of
    std::array<std::string_view, 256> mnemonics{};
    std::uint16_t mnemonic_count = 0;
    bool repeated_number = false;
    bool repeated_name = false;
};

constexpr void add_row(Index& index, std::uint16_t row, std::uint8_t number, std::uint32_t name_hash) {
    index.repeated_number |= index.by_number[number] != no_row;
    index.by_number[number] = row;
    std::size_t bucket = name_hash % bucket_count;
    while (index.by_name[bucket] != no_row) {
        index.repeated_name |= opcodes[index.by_name[bucket]].name == opcodes[row].name;
        bucket = (bucket + 1) % bucket_count;
    }
    index.by_name[bucket] = row;
    if (!opcodes[row].is(Internal)) index.mnemonics[index.mnemonic_count++] = opcodes[row].name;
}

constexpr std::uint16_t find_row(const Index& index, std::string_view name) {
    std::size_t bucket = hash(name) % bucket_count;
    while (index.by_name[bucket] != no_row && opcodes[index.by_name[bucket]].name != name)
        bucket = (bucket + 1) % bucket_count;
    return index.by_name[bucket];
}

/// By the name: BINARY_OP for BINARY_OP_ADD_INT, RESUME for INSTRUMENTED_RESUME.
constexpr std::uint16_t find_plain_form(const Index& index, std::string_view name) {
    constexpr std::string_view instrumented = "INSTRUMENTED_";
    if (name.starts_with(instrumented)) name.remove_prefix(instrumented.size());
    for (;;) {
        if (const std::uint16_t row = find_row(index, name); row != no_row) return row;
        const std::size_t end = name.rfind('_');
        if (end == std::string_view::npos) return no_row;
        name = name.substr(0, end);
    }
}

constexpr void add_hidden(Index& index, std::size_t column) {
    for (std::uint16_t i = 0; i < std::size(hidden); ++i) {
        const std::int16_t number = hidden[i].numbers[column];
        if (number < 0 || number > 255) continue;
        index.hidden_by_number[static_cast<std::size_t>(number)] = i;
        index.plain_forms[static_cast<std::size_t>(number)] = find_plain_form(index, hidden[i].name);
    }
}

constexpr std::array<Index, target_count> indices = [] {
    std::array<Index, target_count> all{};
    for (Index& index : all) {
        index.by_number.fill(no_row);
        index.by_name.fill(no_row);
        index.hidden_by_number.fill(no_row);
        index.plain_forms.fill(no_row);
    }
    for (std::uint16_t row = 0; row < row_count; ++row) {
        const std::uint32_t name_hash = hash(opcodes[row].name);
        for (std::size_t column = 0; column < target_count; ++column)
            if (const std::int16_t number = opcodes[row].numbers[column]; number != no_opcode)
                add_row(all[column], row, static_cast<std::uint8_t>(number), name_hash);
    }
    for (std::size_t column = 0; column < target_count; ++column) add_hidden(all[column], column);
    return all;
}();

consteval bool each_index(bool Index::*defect) {
    for (const Index& index : indices)
        if (index.*defect) return false;
    return true;
}
static_assert(each_index(&Index::repeated_number), "opcodes.def gives a number to two rows of a target");
static_assert(each_index(&Index::repeated_name), "opcodes.def has two rows with one name in a target");

} // namespace

std::int64_t StackSignature::pops(std::uint32_t arg) const {
    std::int64_t sum = 0;
    for (const StackItem& item : inputs()) sum += item.count.of(arg);
    return sum;
}

std::int64_t StackSignature::pushes(std::uint32_t arg) const {
    std::int64_t sum = 0;
    for (const StackItem& item : outputs()) sum += item.count.of(arg);
    return sum;
}

std::int64_t stack_effect(const OpInfo& op, std::uint32_t arg, bool jump) {
    const StackSignature& stack = jump ? op.stack_jump : op.stack;
    return stack.pushes(arg) - stack.pops(arg);
}

std::span<const OpInfo> all_opcodes() { return opcodes; }

std::span<const HiddenOpcode> hidden_opcodes() { return hidden; }

const OpInfo* Target::op(std::uint8_t number) const {
    assert(column < target_count);
    const std::uint16_t row = indices[column].by_number[number];
    return row == no_row ? nullptr : &opcodes[row];
}

const HiddenOpcode* Target::hidden_op(std::uint8_t number) const {
    assert(column < target_count);
    const std::uint16_t row = indices[column].hidden_by_number[number];
    return row == no_row ? nullptr : &hidden[row];
}

const OpInfo* Target::plain_form(std::uint8_t number) const {
    assert(column < target_count);
    const std::uint16_t row = indices[column].plain_forms[number];
    return row == no_row ? nullptr : &opcodes[row];
}

const OpInfo* Target::find(std::string_view mnemonic) const {
    assert(column < target_count);
    const std::uint16_t row = find_row(indices[column], mnemonic);
    return row == no_row ? nullptr : &opcodes[row];
}

const OpInfo* Target::find_spaced(std::string_view text) const {
    constexpr std::size_t longest = 64;
    const OpInfo* found = nullptr;
    std::string joined;
    bool first = true;
    while (joined.size() < longest) {
        text.remove_prefix(std::min(text.find_first_not_of(" \t\f"), text.size()));
        const std::string_view word = text.substr(0, std::min(text.find_first_of(" \t\f"), text.size()));
        if (word.empty() || word.size() > longest) break;
        const bool digit = word[0] >= '0' && word[0] <= '9';
        if (!first && word[0] != '+' && !joined.ends_with('+')) joined += digit ? '+' : '_';
        joined += word;
        if (const OpInfo* op = first ? nullptr : find(joined)) found = op;
        text.remove_prefix(word.size());
        first = false;
    }
    return found;
}

std::span<const std::string_view> Target::mnemonics() const {
    assert(column < target_count);
    return std::span(indices[column].mnemonics).first(indices[column].mnemonic_count);
}

} // namespace pyasm::isa
