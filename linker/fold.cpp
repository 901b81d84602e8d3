#include "linker/fold.hpp"

#include "linker/codes.hpp"
#include "linker/retable.hpp"
#include "objects/classes.hpp"
#include "support/hash.hpp"

#include <tsl/robin_map.h>

namespace pyasm::linker {
namespace {

using objects::no_value;
using objects::ValueClasses;
using objects::ValueId;
using objects::ValueKind;

/// Lets everything refer to the first value of its class.
void share(objects::PycFile& file, FoldSaved& saved) {
    const ValueClasses classes(file.pool, file.top, *file.target, ValueClasses::Codes::ByContent);
    if (!classes.complete()) return;
    std::vector<ValueId> first(classes.size(), no_value);
    walk_values(file, [&](ValueId id) {
        ValueId& known = first[classes[id]];
        if (known == no_value) known = id;
        if (known == id || file.pool[id].kind <= ValueKind::StopIteration) return;
        ++(file.pool[id].kind == ValueKind::Code ? saved.codes : saved.values);
    });
    walk_values(file, [&](ValueId id) {
        for_each_child(file.pool, *file.target, id, [&](ValueId& child) { child = first[classes[child]]; });
    });
}

/// Lets instructions use the first of several entries for one constant; the others are dropped, where nothing
/// used them, too. The first entry, which may be a docstring, stays where it is.
void merge_entries(Retable& tables, ValueId code, FoldSaved& saved) {
    if (!tables.load(code)) return;
    tsl::robin_map<std::uint64_t, std::uint32_t, support::NumberHash> places;
    std::vector<std::uint32_t> first;
    std::vector<bool> keep;
    for (std::uint32_t i = 0; i < tables.constants.size(); ++i) {
        const auto [place, is_new] = places.try_emplace(static_cast<std::uint64_t>(tables.constants[i]), i);
        first.push_back(place->second);
        keep.push_back(is_new);
    }
    if (places.size() == keep.size()) return;
    for (Retable::Use& use : tables.uses)
        if (use.is_constant) use.index = first[use.index];
    const std::size_t before = tables.constants.size();
    tables.keep_constants(keep);
    const std::size_t dropped = before - tables.constants.size();
    if (tables.store()) saved.constants += dropped;
}

} // namespace

FoldSaved fold(objects::PycFile& file) {
    FoldSaved saved;
    share(file, saved);
    Retable tables(*file.target, file.pool);
    for (const ValueId code : code_objects(file)) merge_entries(tables, code, saved);
    return saved;
}

} // namespace pyasm::linker
