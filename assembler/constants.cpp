#include "assembler/constants.hpp"

#include "assembler/block_names.hpp"
#include "assembler/symbols.hpp"
#include "isa/target.hpp"
#include "objects/marshal.hpp"
#include "objects/same_value.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::assembler {

using objects::no_value;
using objects::Value;
using objects::ValueId;
using objects::ValueKind;
using support::Span;

namespace {

std::uint32_t number(ValueId id) { return static_cast<std::uint32_t>(id); }

} // namespace

ValueId Constants::integer(std::int64_t value) {
    if (const auto known = integers_.find(value); known != integers_.end()) return known->second;
    const ValueId id = pool_.add_int(value);
    make_room();
    enter(id);
    return id;
}

ValueId Constants::prepare(ValueId id, std::int32_t block, Span place) {
    make_room();
    const ValueId resolved = resolve(id, block, place, 1);
    if (resolved == no_value) return no_value;
    return prepare_parts(resolved, block, place, 1) ? resolved : no_value;
}

void Constants::make_room() {
    if (key_.size() >= pool_.size()) return;
    const std::size_t size = pool_.size() + pool_.size() / 4;
    key_.resize(size, no_value);
    depth_.resize(size, 0);
}

void Constants::prepare_constants() {
    constants_.resize(unit_.constants.size());
    for (std::size_t i = 0; i < constants_.size(); ++i) {
        make_room();
        const ValueId value = constant_value(i, 1);
        if (value != no_value) symbols_.note_depth(symbols_.constant_node(i), depth(value));
    }
}

/// One that is only another name of a constant has its value; a chain of them is followed without recursion.
/// What leads back to itself has none: `Symbols` reports the circle.
ValueId Constants::constant_value(std::size_t index, int level) {
    std::vector<std::size_t> chain;
    ValueId value = no_value;
    for (;;) {
        Named& named = constants_[index];
        if (named.state != Named::fresh) {
            value = named.value;
            break;
        }
        named.state = Named::open;
        chain.push_back(index);
        const program::NamedConstant& constant = unit_.constants[index];
        const auto node = symbols_.constant_node(index);
        if (pool_[constant.value].kind != ValueKind::ConstSymbol) {
            const ValueId resolved = resolve(constant.value, node, constant.span, level);
            make_room();
            if (resolved != no_value && prepare_parts(resolved, node, constant.span, level)) value = resolved;
            break;
        }
        const Symbols::Constant next = symbols_.refer_constant(pool_.text(constant.value), node,
                                                               place_of(constant.value, constant.span), 1);
        if (next.index < 0) {
            value = next.other;
            make_room();
            if (value != no_value && !prepare_parts(value, node, constant.span, level)) value = no_value;
            break;
        }
        index = static_cast<std::size_t>(next.index);
    }
    for (const std::size_t link : chain) constants_[link] = {value, Named::done};
    return value;
}

ValueId Constants::resolve(ValueId id, std::int32_t block, Span place, int level) {
    const ValueKind kind = pool_[id].kind;
    if (kind == ValueKind::NameSymbol) return block_name(id, block, place_of(id, place));
    if (kind == ValueKind::CodeSymbol) {
        const ValueId code = symbols_.refer(pool_.text(id), block, place_of(id, place), level);
        make_room(); // another unit's has become a value
        return code;
    }
    if (kind != ValueKind::ConstSymbol) return id;
    const Symbols::Constant found =
        symbols_.refer_constant(pool_.text(id), block, place_of(id, place), level);
    if (found.index >= 0) return constant_value(static_cast<std::size_t>(found.index), level);
    make_room();
    return found.other;
}

/// Whether a container's members have the hash that they need. What `const(NAME)` stands for is known only
/// now.
bool Constants::note_hash(ValueId id, Span place) {
    Value& value = pool_[id];
    const auto has_hash = [this](ValueId part) { return !(pool_[part].marks & Value::unhashable); };
    const std::size_t step = value.kind == ValueKind::Dict || value.kind == ValueKind::FrozenDict ? 2 : 1;
    const bool keys = step == 2 || value.kind == ValueKind::Set || value.kind == ValueKind::FrozenSet;
    const auto parts = pool_.children(id);
    for (std::size_t i = 0; keys && i < parts.size(); i += step) {
        if (has_hash(parts[i])) continue;
        diagnostics_.error(place_of(id, place),
                           step == 2 ? "a key that has no hash" : "a member that has no hash",
                           "It is, or holds, a list, set or dict.");
        return false;
    }
    if (!std::ranges::all_of(parts, has_hash) && value.kind != ValueKind::FrozenSet)
        value.marks |= Value::unhashable;
    return true;
}

/// What `name(NAME)` stands for is known only now: the block may follow, and say what it is called.
ValueId Constants::block_name(ValueId id, std::int32_t block, Span place) {
    const std::string_view symbol = pool_.text(id);
    const bool qualified = (pool_[id].flags & Value::qualified) != 0;
    if (block >= symbols_.value_root()) block = -1; // at file level
    const std::int32_t named = symbol.empty() ? block : symbols_.find(symbol, block);
    ValueId text = no_value;
    if (named >= 0)
        text = names_.value(named, qualified);
    else if (symbol.empty())
        diagnostics_.error(
            place, fmt::format("{}() is the name of the block that it stands in, and there is none here",
                               qualified ? "qualname" : "name"));
    else if (symbols_.is_other(symbol))
        text = names_.value_of_symbol(symbol, qualified);
    else
        symbols_.report_unknown(symbol, place);
    make_room();
    return text;
}

/// Prepares a value from its parts upward. Each value is prepared once, however often it is shared. The key
/// of a mutable value is itself, and so is that of a tuple that is met again inside itself, unless a mutable
/// value is in between: what stands in that does not depend on its key (objects/classes.cpp has the same
/// classes).
bool Constants::prepare_parts(ValueId id, std::int32_t block, Span place, int level) {
    if (key_[number(id)] != no_value) return true;
    if (!target_holds(id, place)) return false;
    if (!objects::is_container(pool_[id].kind)) {
        enter(id);
        return true;
    }
    if (level > objects::max_marshal_depth) {
        diagnostics_.error(place_of(id, place),
                           fmt::format("the constant is nested deeper than the {} levels that marshal reads",
                                       objects::max_marshal_depth));
        return false;
    }
    const bool keeps_identity = objects::is_mutable(pool_[id].kind);
    if (keeps_identity) key_[number(id)] = id;
    depth_[number(id)] = being_prepared;
    int deepest = 0;
    for (std::uint32_t i = 0; i < pool_[id].size; ++i) {
        const ValueId part = resolve(pool_.children(id)[i], block, place, level + 1);
        if (part == no_value) return false;
        pool_.children(id)[i] = part;
        const bool again = key_[number(part)] != no_value || depth_[number(part)] == being_prepared;
        if (depth_[number(part)] == being_prepared) {
            if (!refers_to_itself(part, place)) return false;
            if (!keeps_identity) key_[number(part)] = part;
        } else if (!prepare_parts(part, block, place, level + 1)) {
            return false;
        }
        // Marshal writes what it meets again as a reference, which has no depth.
        if (!again || !unit_.target->marshal.references)
            deepest = std::max<int>(deepest, depth_[number(part)]);
    }
    if (!constants_.empty() && !note_hash(id, place)) return false;
    if (key_[number(id)] == no_value) enter(id);
    depth_[number(id)] = static_cast<std::int16_t>(std::min(deepest + 1, objects::max_marshal_depth + 1));
    return true;
}

bool Constants::refers_to_itself(ValueId id, Span place) {
    const ValueKind kind = pool_[id].kind;
    if (unit_.target->marshal.references && (kind == ValueKind::Tuple || objects::is_mutable(kind)))
        return true;
    diagnostics_.error(place_of(id, place), "the constant contains itself",
                       unit_.target->marshal.references
                           ? "A list, a dict or a tuple can; no reader takes others."
                           : fmt::format("The marshal of {} has no references.", unit_.target->name));
    return false;
}

bool Constants::target_holds(ValueId id, Span place) {
    const isa::Target& target = *unit_.target;
    const ValueKind kind = pool_[id].kind;
    const char* what = nullptr;
    if (kind == ValueKind::Slice && !target.marshal.slices) what = "slice";
    if (kind == ValueKind::FrozenDict && !target.marshal.frozendicts) what = "frozendict";
    if (!what) return true;
    diagnostics_.error(place_of(id, place), fmt::format("a constant of {} cannot be a {}", target.name, what),
                       "Build it by instructions, or take a newer target.");
    return false;
}

void Constants::enter(ValueId id) {
    depth_[number(id)] = 1;
    const Value& value = pool_[id];
    key_[number(id)] = value.kind == ValueKind::Int ? integers_.try_emplace(value.integer, id).first->second
                                                    : *values_.insert(id).first;
}

std::size_t Constants::ValueHash::operator()(ValueId id) const {
    const auto& pool = owner->pool_;
    return objects::hash_value(pool, id, pool[id], [this](ValueId part) { return number(owner->key(part)); });
}

bool Constants::SameValue::operator()(ValueId a, ValueId b) const {
    const auto& pool = owner->pool_;
    return objects::same_value(pool, a, pool[a], b, pool[b],
                               [this](ValueId part) { return number(owner->key(part)); });
}

Span Constants::place_of(ValueId id, Span fallback) const {
    const Span own = unit_.span_of(id);
    return own.known() ? own : fallback;
}

} // namespace pyasm::assembler
