#include "linker/retable.hpp"

#include "objects/line_table.hpp"

#include <algorithm>

namespace pyasm::linker {

using isa::OperandBase;
using objects::CodeObject;
using objects::ValueId;
using objects::ValueKind;
using program::Instruction;

bool Retable::load(ValueId code) {
    code_ = code;
    return read_tables() && read_instructions();
}

bool Retable::read_tables() {
    const CodeObject& code = pool_.code(code_);
    constants.clear();
    names.clear();
    if (pool_[code.consts].kind != ValueKind::Tuple || pool_[code.names].kind != ValueKind::Tuple)
        return false;
    constants.assign(pool_.children(code.consts).begin(), pool_.children(code.consts).end());
    names.assign(pool_.children(code.names).begin(), pool_.children(code.names).end());
    old_constants_ = constants;
    old_names_ = names;
    return true;
}

bool Retable::read_instructions() {
    const support::Bytes bytes = support::as_bytes(pool_.text(pool_.code(code_).code));
    program::decode(target_, bytes, decoded_);
    uses.clear();
    list_.clear();
    for (std::uint32_t i = 0; i < decoded_.items.size(); ++i) {
        Instruction& item = decoded_.items[i];
        if (item.kind != Instruction::Kind::Operation || !item.op || item.data_size != item.cache_bytes())
            return false;
        const support::Bytes caches = bytes.subspan(item.data, item.data_size);
        if (!std::ranges::all_of(caches, [](std::uint8_t byte) { return byte == 0; })) return false;
        item.own_caches = false;
        if (!note_use(i) || !note_jump(i)) return false;
    }
    list_.items = decoded_.items;
    return true;
}

bool Retable::note_use(std::uint32_t item) {
    const Instruction& one = decoded_.items[item];
    const OperandBase base = one.op->operand->base;
    if (base != OperandBase::Const && base != OperandBase::Name) return true;
    const bool is_constant = base == OperandBase::Const;
    const std::uint32_t index = one.argument >> one.op->operand->shift;
    uses.push_back({item, index, is_constant});
    return index < (is_constant ? constants : names).size();
}

bool Retable::note_jump(std::uint32_t item) {
    const Instruction& one = decoded_.items[item];
    if (!isa::is_jump(one.op->operand->base)) return true;
    program::Jump jump;
    jump.instruction = item;
    const std::int64_t next = decoded_.starts[item + 1];
    if (!starts_item(program::jump_destination(target_, *one.op, next, one.argument), jump.target))
        return false;
    list_.jumps.push_back(jump);
    return true;
}

/// Whether an instruction with its prefixes starts at an offset; the end counts as one.
bool Retable::starts_item(std::int64_t offset, std::uint32_t& item) const {
    const auto found = std::ranges::lower_bound(decoded_.starts, offset, {},
                                                [](std::uint32_t start) { return std::int64_t{start}; });
    if (found == decoded_.starts.end() || *found != offset) return false;
    item = static_cast<std::uint32_t>(found - decoded_.starts.begin());
    return true;
}

std::vector<std::uint32_t> Retable::count_uses(bool of_constants) const {
    std::vector<std::uint32_t> counts((of_constants ? constants : names).size(), 0);
    for (const Use& use : uses)
        if (use.is_constant == of_constants) ++counts[use.index];
    return counts;
}

void Retable::keep_only(std::vector<ValueId>& table, const std::vector<bool>& keep, bool is_constants) {
    std::vector<std::uint32_t> places(table.size());
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < table.size(); ++i) {
        places[i] = next;
        if (!keep[i]) continue;
        table[next++] = table[i];
    }
    table.resize(next);
    for (Use& use : uses)
        if (use.is_constant == is_constants) use.index = places[use.index];
}

void Retable::apply_uses() {
    for (const Use& use : uses) {
        Instruction& item = list_.items[use.item];
        const std::uint32_t low = (std::uint32_t{1} << item.op->operand->shift) - 1;
        item.argument = use.index << item.op->operand->shift | (item.argument & low);
        item.has_argument = true;
    }
}

ValueId Retable::bytes_of(support::Bytes bytes) {
    return pool_.add_text(ValueKind::Bytes, pool_.arena().copy(support::as_text(bytes)));
}

bool Retable::store() {
    apply_uses();
    support::Diagnostics diagnostics;
    if (!encoder_.encode(list_, diagnostics)) return false;
    CodeObject code = pool_.code(code_);
    const bool code_changed = !std::ranges::equal(encoder_.code(), support::as_bytes(pool_.text(code.code)));
    if (!std::ranges::equal(encoder_.starts(), decoded_.starts) && (!move_lines(code) || !move_regions(code)))
        return false;
    if (code_changed) code.code = bytes_of(encoder_.code());
    if (constants != old_constants_) code.consts = pool_.add_container(ValueKind::Tuple, constants);
    if (names != old_names_) code.names = pool_.add_container(ValueKind::Tuple, names);
    pool_.code(code_) = code;
    return true;
}

/// Where an offset at which an instruction starts has gone.
bool Retable::moved(std::uint32_t offset, std::uint32_t& to) const {
    std::uint32_t item = 0;
    if (!starts_item(offset, item)) return false;
    to = encoder_.starts()[item];
    return true;
}

bool Retable::move_lines(CodeObject& code) {
    const support::Bytes table = support::as_bytes(pool_.text(code.linetable));
    if (table.empty()) return true;
    support::ByteWriter out;
    if (objects::has_line_entries(target_)) {
        std::vector<objects::LineEntry> entries;
        objects::decode_line_entries(target_, code.firstlineno, table, entries);
        for (objects::LineEntry& entry : entries)
            if (!moved(entry.begin, entry.begin)) return false;
        objects::encode_line_entries(target_, code.firstlineno, entries, out);
    } else {
        const auto runs =
            objects::decode_line_table(target_, code.firstlineno, table, decoded_.starts.back());
        if (!runs) return false;
        std::vector<objects::PositionRun> items;
        std::size_t run = 0;
        for (std::size_t i = 0; i < decoded_.items.size(); ++i) {
            while (run < runs->size() && (*runs)[run].end <= decoded_.starts[i]) ++run;
            if (run == runs->size() || (*runs)[run].begin > decoded_.starts[i]) return false;
            items.push_back({encoder_.starts()[i], encoder_.starts()[i + 1], (*runs)[run].position});
        }
        objects::encode_line_table(target_, code.firstlineno, items, out);
    }
    code.linetable = bytes_of(out.view());
    return true;
}

bool Retable::move_regions(CodeObject& code) {
    if (!target_.code.exceptiontable || pool_[code.exceptiontable].size == 0) return true;
    auto entries = objects::decode_exception_table(support::as_bytes(pool_.text(code.exceptiontable)));
    if (!entries) return false;
    for (objects::ExceptionEntry& entry : *entries)
        if (!moved(entry.begin, entry.begin) || !moved(entry.end, entry.end) ||
            !moved(entry.target, entry.target))
            return false;
    support::ByteWriter out;
    objects::encode_exception_table(*entries, out);
    code.exceptiontable = bytes_of(out.view());
    return true;
}

} // namespace pyasm::linker
