#include "disassembler/tables.hpp"

namespace pyasm::disassembler {

using objects::no_value;
using objects::ValueId;

void CodeTables::begin(const program::Unit& unit, const objects::CodeObject& code) {
    unit_ = &unit;
    localsplus_ = unit.target->code.localsplus;
    keys_.begin(unit.values);
    for (Table* table : {&constants_, &names_, &locals_, &derefs_}) clear(*table);
    append(constants_, code.consts);
    append(names_, code.names);
    append(locals_, localsplus_ ? code.localsplusnames : code.varnames);
    if (!localsplus_) {
        append(derefs_, code.cellvars);
        append(derefs_, code.freevars);
    }
    find_repeated(constants_, false);
    find_repeated(names_, false);
    // From 3.11 on what a name means depends on how it is used: of those that stand twice none is plain.
    find_repeated(locals_, localsplus_);
    find_repeated(derefs_, false);
}

void CodeTables::clear(Table& table) {
    table.values.clear();
    table.plain.clear();
    table.repeated = 0;
}

void CodeTables::append(Table& table, ValueId tuple) {
    if (static_cast<std::size_t>(tuple) >= unit_->values.size()) return;
    const auto members = unit_->values.children(tuple);
    table.values.insert(table.values.end(), members.begin(), members.end());
}

/// Marks the first entry of each key as plain; where `all_of_them`, only those that stand once.
void CodeTables::find_repeated(Table& table, bool all_of_them) {
    ++tables_;
    table.plain.assign(table.values.size(), 1);
    for (std::uint32_t i = 0; i < table.values.size(); ++i) {
        const std::uint32_t key = keys_.key(table.values[i]);
        if (key >= seen_.size()) seen_.resize(key + key / 2 + 64);
        Seen& seen = seen_[key];
        if (seen.table != tables_) {
            seen = {tables_, i};
            continue;
        }
        table.plain[i] = 0;
        if (all_of_them) table.plain[seen.index] = 0;
        ++table.repeated;
    }
}

} // namespace pyasm::disassembler
