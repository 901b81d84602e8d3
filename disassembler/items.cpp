#include "disassembler/items.hpp"

#include <algorithm>

namespace pyasm::disassembler {

using isa::InstructionForm;
using program::code_unit;
using program::Instruction;
using program::instruction_size;

void Items::begin(support::Bytes code) {
    code_ = code;
    writes_jump_prefixes_ = false;
    entered_.clear();
    program::decode(target_, code, decoded_);
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

void Items::build() {
    items_.clear();
    starts_.clear();
    forms_.clear();
    by_unit_.clear();
    has_data_ = false;
    const std::size_t count = decoded_.items.size();
    items_.reserve(count);
    starts_.reserve(count + 1);
    forms_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Instruction& decoded = decoded_.items[i];
        if (decoded.kind == Instruction::Kind::Data)
            add_rest(decoded_.starts[i], decoded_.starts[i + 1]);
        else
            add_operation(decoded, decoded_.starts[i], decoded_.starts[i + 1]);
    }
    starts_.push_back(static_cast<std::uint32_t>(code_.size()));
}

void Items::add(Instruction& item, std::uint32_t start, ItemForm form) {
    items_.push_back(item);
    starts_.push_back(start);
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
    if (!items_.empty() && forms_.back() == ItemForm::Bytes) {
        items_.back().data_size += end - begin;
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

ItemForm Items::form_of(const Instruction& decoded) const {
    const isa::OpInfo* op = decoded.op;
    if (!op || op->is(isa::OpFlag::Internal) || op->is(isa::OpFlag::Prefix)) return ItemForm::Opcode;
    // With one byte a name says whether there is an argument; `.op` goes by the number.
    const bool has_place = decoded.opcode >= target_.have_argument;
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
    const bool has_place = decoded.opcode >= target_.have_argument;
    const std::uint32_t size = instruction_size(target_, has_place);
    const std::uint32_t prefixes = (decoded.data - begin - size) / instruction_size(target_, true);
    const ItemForm form = form_of(decoded);
    Instruction item = decoded;
    const std::uint32_t own = decoded.data - size;
    const bool split = prefixes != 0 && std::ranges::binary_search(entered_, own);
    if (split) {
        add_split_prefixes(begin, own);
        begin = own;
        item.argument = size > 1 ? prefix_value(own) : 0;
    }
    if (!words && !has_place) item.argument = 0; // what prefixes say is lost on it
    const bool wants_argument = form == ItemForm::Mnemonic ? item.op->takes_argument() : has_place;
    item.has_argument = wants_argument || item.argument != 0;
    const std::uint32_t needed = item.has_argument ? program::prefixes_for(target_, item.argument) : 0;
    const bool jumps = form == ItemForm::Mnemonic && isa::is_jump(item.op->operand->base);
    item.prefixes = 0;
    if (split) {
        item.written_prefixes = 0;
    } else if (prefixes != needed || (writes_jump_prefixes_ && prefixes != 0 && jumps)) {
        const std::uint32_t pending = add_prefixes(begin, prefixes, item.has_argument);
        item.written_prefixes = static_cast<std::uint8_t>(std::min(pending, 255U));
        begin = own;
    } else {
        item.prefixes = static_cast<std::uint8_t>(prefixes);
    }
    set_caches(item, form, end);
    add(item, begin, form);
    if (const std::uint32_t odd = decoded.data + (end - decoded.data) / 2 * 2; odd != end)
        add_bytes(odd, end);
}

/// Caches are stated where they are not the zeros that an instruction has anyway.
void Items::set_caches(Instruction& item, ItemForm form, std::uint32_t end) {
    const std::uint32_t size = end - item.data;
    item.data_size = size / 2 * 2;
    if (form != ItemForm::Mnemonic) return; // has its own in any case
    const auto bytes = code_.subspan(item.data, size);
    const auto is_zero = [](std::uint8_t byte) { return byte == 0; };
    item.own_caches = size != item.cache_bytes() || !std::all_of(bytes.begin(), bytes.end(), is_zero);
}

std::int64_t Items::destination(std::uint32_t index) const {
    const Instruction& item = items_[index];
    const std::int64_t next = std::int64_t{starts_[index]} +
                              (1 + item.prefixes) * std::int64_t{instruction_size(target_, true)} +
                              item.cache_bytes();
    return program::jump_destination(target_, *item.op, next, item.argument);
}

std::uint32_t Items::item_at(std::uint32_t offset) {
    const std::uint32_t unit = code_unit(target_);
    if (by_unit_.empty()) {
        by_unit_.reserve(code_.size() / unit + 2);
        for (std::uint32_t i = 0; i < items_.size(); ++i) {
            const std::uint32_t units = (starts_[i + 1] - starts_[i] + unit - 1) / unit;
            by_unit_.insert(by_unit_.end(), units, i);
        }
        by_unit_.push_back(static_cast<std::uint32_t>(items_.size()));
    }
    return by_unit_[offset / unit];
}

} // namespace pyasm::disassembler
