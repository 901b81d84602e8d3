#include "disassembler/items.hpp"

#include <algorithm>
#include <cstring>

namespace pyasm::disassembler {

using isa::InstructionForm;
using program::code_unit;
using program::Instruction;
using program::instruction_size;

namespace {

bool all_zero(support::Bytes bytes) {
    const std::uint8_t* at = bytes.data();
    const std::uint8_t* const end = at + bytes.size();
    std::uint64_t any = 0;
    for (; end - at >= 8; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        any |= word;
    }
    for (; end - at >= 2; at += 2) any |= static_cast<std::uint64_t>(at[0] | at[1]);
    return any == 0 && (at == end || *at == 0);
}

} // namespace

Items::Items(const isa::Target& target) : target_(target), unit_(code_unit(target)) {
    for (std::size_t number = 0; number < opcodes_.size(); ++number) {
        const auto opcode = static_cast<std::uint8_t>(number);
        OpcodeFacts& facts = opcodes_[number];
        facts.form = form_of(opcode);
        facts.has_place = opcode >= target.have_argument;
        facts.wants_argument = facts.has_place;
        if (facts.form != ItemForm::Mnemonic) continue;
        const isa::OpInfo& op = *target.op(opcode);
        facts.wants_argument = op.takes_argument();
        facts.jumps = isa::is_jump(op.operand->base);
        facts.cache_bytes = static_cast<std::uint8_t>(op.caches * 2U);
    }
}

void Items::begin(support::Bytes code) {
    code_ = code;
    writes_jump_prefixes_ = false;
    entered_.clear();
    program::decode(target_, code, decoded_);
    if (settle())
        find_jumps();
    else
        build();
}

void Items::write_jump_prefixes() {
    writes_jump_prefixes_ = true;
    build();
}

void Items::split_prefixes(std::vector<std::uint32_t> entered) {
    entered_ = std::move(entered);
    build();
}

/// Makes the decoded instructions the items, which is how almost all code is: each is one item, with the
/// prefixes that its argument needs. False where it is not so, with some of them changed already.
bool Items::settle() {
    const std::size_t count = decoded_.items.size();
    decoded_is_changed_ = true;
    has_data_ = has_prefixes_ = false;
    forms_.resize(count);
    const bool words = target_.form == InstructionForm::Wordcode;
    for (std::size_t i = 0; i < count; ++i) {
        Instruction& item = decoded_.items[i];
        if (item.kind == Instruction::Kind::Data) return false;
        const OpcodeFacts& facts = opcodes_[item.opcode];
        if (!words && !facts.has_place) item.argument = 0; // what prefixes say is lost on it
        item.has_argument = facts.wants_argument || item.argument != 0;
        const std::uint32_t needed = item.has_argument ? program::prefixes_for(target_, item.argument) : 0;
        const std::uint32_t end = decoded_.starts[i + 1];
        if (item.prefixes != needed || (end - item.data) % 2 != 0) return false;
        has_prefixes_ |= needed != 0;
        set_caches(item, facts.form, end);
        forms_[i] = facts.form;
    }
    items_ = decoded_.items;
    starts_ = decoded_.starts;
    return true;
}

void Items::build() {
    if (decoded_is_changed_) program::decode(target_, code_, decoded_);
    decoded_is_changed_ = false;
    built_items_.clear();
    built_starts_.clear();
    forms_.clear();
    has_data_ = has_prefixes_ = false;
    const std::size_t count = decoded_.items.size();
    for (std::size_t i = 0; i < count; ++i) {
        const Instruction& decoded = decoded_.items[i];
        if (decoded.kind == Instruction::Kind::Data)
            add_rest(decoded_.starts[i], decoded_.starts[i + 1]);
        else
            add_operation(decoded, decoded_.starts[i], decoded_.starts[i + 1]);
    }
    built_starts_.push_back(static_cast<std::uint32_t>(code_.size()));
    items_ = built_items_;
    starts_ = built_starts_;
    find_jumps();
}

void Items::find_jumps() {
    by_unit_.clear();
    jumps_.clear();
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
        if (!is_jump(i)) continue;
        const std::int64_t place = destination(i);
        if (!has_label_place(place)) continue;
        const auto offset = static_cast<std::uint32_t>(place);
        const std::uint32_t into = item_at(offset);
        jumps_.push_back({i, into, offset - starts_[into]});
        if (offset == starts_[into]) items_[i].destination = into;
    }
}

void Items::add(Instruction& item, std::uint32_t start, ItemForm form) {
    has_prefixes_ |= item.prefixes != 0;
    built_items_.push_back(item);
    built_starts_.push_back(start);
    forms_.push_back(form);
}

/// What the code ends with where that is no instruction.
void Items::add_rest(std::uint32_t begin, std::uint32_t end) {
    const std::uint32_t size = instruction_size(target_, true);
    for (; end - begin >= size && code_[begin] == target_.extended_arg; begin += size) add_prefix(begin);
    if (begin != end) add_bytes(begin, end);
}

void Items::add_bytes(std::uint32_t begin, std::uint32_t end) {
    has_data_ = true;
    if (!built_items_.empty() && forms_.back() == ItemForm::Bytes) {
        built_items_.back().data_size += end - begin;
        return;
    }
    Instruction item;
    item.kind = Instruction::Kind::Data;
    item.data = begin;
    item.data_size = end - begin;
    add(item, begin, ItemForm::Bytes);
}

std::uint32_t Items::prefix_value(std::uint32_t at) const {
    const std::uint32_t low = code_[at + 1];
    return target_.form == InstructionForm::Wordcode ? low
                                                     : low | static_cast<std::uint32_t>(code_[at + 2]) << 8;
}

void Items::add_prefix(std::uint32_t at) {
    Instruction item;
    item.kind = Instruction::Kind::Prefix;
    item.opcode = target_.extended_arg;
    item.op = target_.op(item.opcode);
    item.argument = prefix_value(at);
    item.operand_given = true;
    add(item, at, ItemForm::Prefix);
}

ItemForm Items::form_of(std::uint8_t opcode) const {
    const isa::OpInfo* op = target_.op(opcode);
    if (!op || op->is(isa::OpFlag::Internal) || op->is(isa::OpFlag::Prefix)) return ItemForm::Opcode;
    // With one byte a name says whether there is an argument; `.op` goes by the number.
    const bool has_place = opcode >= target_.have_argument;
    if (target_.form == InstructionForm::Bytecode && has_place != op->takes_argument())
        return ItemForm::Opcode;
    return ItemForm::Mnemonic;
}

/// Adds the prefixes of an instruction as items; how many of them belong to its argument. Those that are
/// farther off than an argument reaches say nothing in it: only bytes can give them a value.
std::uint32_t Items::add_prefixes(std::uint32_t begin, std::uint32_t count, bool argument) {
    const std::uint32_t size = instruction_size(target_, true);
    const std::uint32_t reach = target_.form == InstructionForm::Wordcode ? 3 : 1;
    std::uint32_t pending = 0;
    for (; count > 0; --count, begin += size) {
        if (argument && count > reach && prefix_value(begin) != 0) {
            add_bytes(begin, begin + size);
            pending = 0;
        } else {
            add_prefix(begin);
            ++pending;
        }
    }
    return argument ? pending : 0;
}

void Items::add_split_prefixes(std::uint32_t begin, std::uint32_t end) {
    const std::uint32_t size = instruction_size(target_, true);
    for (; begin != end; begin += size) {
        Instruction item;
        item.opcode = target_.extended_arg;
        item.op = target_.op(item.opcode);
        item.argument = prefix_value(begin);
        item.has_argument = item.own_caches = true;
        item.data = begin + size;
        add(item, begin, ItemForm::Opcode);
    }
}

void Items::add_operation(const Instruction& decoded, std::uint32_t begin, std::uint32_t end) {
    const bool words = target_.form == InstructionForm::Wordcode;
    const OpcodeFacts& facts = opcodes_[decoded.opcode];
    const std::uint32_t size = instruction_size(target_, facts.has_place);
    const std::uint32_t prefixes = (decoded.data - begin - size) / instruction_size(target_, true);
    Instruction item = decoded;
    const std::uint32_t own = decoded.data - size;
    const bool split = prefixes != 0 && std::ranges::binary_search(entered_, own);
    if (split) {
        add_split_prefixes(begin, own);
        begin = own;
        item.argument = size > 1 ? prefix_value(own) : 0;
    }
    if (!words && !facts.has_place) item.argument = 0; // what prefixes say is lost on it
    item.has_argument = facts.wants_argument || item.argument != 0;
    const std::uint32_t needed = item.has_argument ? program::prefixes_for(target_, item.argument) : 0;
    item.prefixes = 0;
    if (split) {
        item.written_prefixes = 0;
    } else if (prefixes != needed || (writes_jump_prefixes_ && prefixes != 0 && facts.jumps)) {
        const std::uint32_t pending = add_prefixes(begin, prefixes, item.has_argument);
        item.written_prefixes = static_cast<std::uint8_t>(std::min(pending, 255U));
        begin = own;
    } else {
        item.prefixes = static_cast<std::uint8_t>(prefixes);
    }
    set_caches(item, facts.form, end);
    add(item, begin, facts.form);
    if (const std::uint32_t odd = decoded.data + (end - decoded.data) / 2 * 2; odd != end)
        add_bytes(odd, end);
}

/// Caches are stated where they are not the zeros that an instruction has anyway.
void Items::set_caches(Instruction& item, ItemForm form, std::uint32_t end) {
    const std::uint32_t size = end - item.data;
    item.data_size = size / 2 * 2;
    if (form != ItemForm::Mnemonic) return; // has its own in any case
    item.own_caches = size != opcodes_[item.opcode].cache_bytes || !all_zero(code_.subspan(item.data, size));
}

std::int64_t Items::destination(std::uint32_t index) const {
    const Instruction& item = items_[index];
    const std::int64_t next = std::int64_t{starts_[index]} +
                              (1 + item.prefixes) * std::int64_t{instruction_size(target_, true)} +
                              opcodes_[item.opcode].cache_bytes;
    return program::jump_destination(target_, *item.op, next, item.argument);
}

void Items::number_units() {
    by_unit_.resize((code_.size() + unit_ - 1) / unit_ + 1);
    std::size_t at = 0;
    for (std::uint32_t i = 0; i < items_.size(); ++i)
        for (std::uint32_t byte = starts_[i]; byte < starts_[i + 1]; byte += unit_) by_unit_[at++] = i;
    by_unit_[at] = static_cast<std::uint32_t>(items_.size());
}

std::uint32_t Items::item_at(std::uint32_t offset) {
    if (by_unit_.empty()) number_units();
    return by_unit_[offset / unit_];
}

} // namespace pyasm::disassembler
