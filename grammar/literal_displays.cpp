#include "grammar/literal_reader.hpp"

#include "isa/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pyasm::grammar {

using objects::ValueId;
using objects::ValueKind;
using objects::ValuePool;

namespace {

/// The first target with a feature, for "needs 3.14 or newer".
template <class Has> [[nodiscard]] std::string_view first_target_with(Has has) {
    for (const isa::Target& target : isa::all_targets()) {
        if (has(target)) return target.name;
    }
    return {};
}

} // namespace

/// Takes a closed frame's values from the stack and puts the one value they make in their place.
void LiteralReader::finish(const Frame& frame, const char* to) {
    if (frame.broken) {
        values_.resize(frame.first);
        push_none(frame.from, to);
    } else if (frame.kind <= Kind::Brace) {
        finish_brackets(frame, to);
    } else {
        finish_call(frame, to);
    }
}

void LiteralReader::container(ValueKind kind, const Frame& frame, const char* to) {
    const std::span<const ValueId> children{values_.data() + frame.first, values_.size() - frame.first};
    if (!check_members(kind, children, context_.span(frame.from, to))) {
        values_.resize(frame.first);
        return push_none(frame.from, to);
    }
    const ValueId id = add_container(kind, children);
    values_.resize(frame.first);
    push_new(id, frame.from, to);
}

ValueId LiteralReader::add_container(ValueKind kind, std::span<const ValueId> children) {
    ValuePool& pool = context_.unit.values;
    bool hashable = kind != ValueKind::List && kind != ValueKind::Set && kind != ValueKind::Dict;
    // The keys of a frozendict and the members of a frozenset have been checked.
    if (kind == ValueKind::Tuple || kind == ValueKind::Slice || kind == ValueKind::FrozenDict)
        for (const ValueId child : children) hashable = hashable && is_hashable(child);
    const ValueId id = pool.add_container(kind, children);
    if (!hashable) pool[id].marks = objects::Value::unhashable;
    return id;
}

/// Members of sets and keys of dicts have a hash: marshal could not put them in.
bool LiteralReader::check_members(ValueKind kind, std::span<const ValueId> children, support::Span whole) {
    const bool dict = kind == ValueKind::Dict || kind == ValueKind::FrozenDict;
    if (!dict && kind != ValueKind::Set && kind != ValueKind::FrozenSet) return true;
    bool good = true;
    for (std::size_t i = 0; i < children.size(); i += dict ? 2 : 1) {
        if (is_hashable(children[i])) continue;
        // An anchored member may stand elsewhere.
        context_.error(anchors_.is_anchored(children[i]) ? whole : context_.unit.span_of(children[i]),
                       dict ? "a key that has no hash" : "a member that has no hash",
                       "Take a tuple or a frozenset instead of the list, set or dict.");
        good = false;
    }
    return good;
}

void LiteralReader::finish_brackets(const Frame& frame, const char* to) {
    const std::size_t count = values_.size() - frame.first;
    switch (frame.kind) {
    case Kind::Bracket:
        if (frame.comma && count == 0) break;
        return container(ValueKind::List, frame, to);
    case Kind::Brace:
        if (frame.comma && count == 0) break;
        if (frame.dict && count % 2 != 0) {
            context_.error(to - 1, to, "a key without a value", "Write KEY: VALUE.");
            values_.resize(frame.first);
            return push_none(frame.from, to);
        }
        return container(frame.dict || count == 0 ? ValueKind::Dict : ValueKind::Set, frame, to);
    default:
        if (frame.comma && count == 0) break;
        if (count != 1 || frame.comma) return container(ValueKind::Tuple, frame, to);
        // Brackets round one value are just brackets.
        const ValueId inner = values_.back();
        values_.pop_back();
        return push(inner, frame.from, to);
    }
    push_none(frame.from, to);
}

void LiteralReader::finish_call(const Frame& frame, const char* to) {
    if (frame.kind == Kind::Complex) return finish_complex(frame, to);
    if (frame.kind == Kind::Slice) return finish_slice(frame, to);
    finish_adaptor(frame, to);
}

void LiteralReader::wrong_arguments(const Frame& frame, const char* to, std::string_view form) {
    refuse(frame, to, fmt::format("this literal is written {}", form));
}

/// A call that is no literal: reported, and None in its place.
void LiteralReader::refuse(const Frame& frame, const char* to, std::string message) {
    context_.error(frame.from, to, std::move(message));
    values_.resize(frame.first);
    push_none(frame.from, to);
}

/// list([...]), set({...}), frozenset({...}), frozendict({...}): the display's members become the value's.
void LiteralReader::finish_adaptor(const Frame& frame, const char* to) {
    ValuePool& pool = context_.unit.values;
    const ValueKind kind = frame.kind == Kind::List        ? ValueKind::List
                           : frame.kind == Kind::Set       ? ValueKind::Set
                           : frame.kind == Kind::FrozenSet ? ValueKind::FrozenSet
                                                           : ValueKind::FrozenDict;
    if (kind == ValueKind::FrozenDict && !context_.unit.target->marshal.frozendicts) {
        const auto first = first_target_with([](const isa::Target& t) { return t.marshal.frozendicts; });
        return refuse(frame, to, fmt::format("frozendict constants need {} or newer", first));
    }
    const std::size_t count = values_.size() - frame.first;
    if (count == 0 && !frame.comma) return container(kind, frame, to);
    const ValueKind inner = pool[values_.back()].kind;
    const bool empty_braces = inner == ValueKind::Dict && pool[values_.back()].size == 0;
    const bool sequence = inner == ValueKind::List || inner == ValueKind::Tuple;
    const bool fits = kind == ValueKind::List         ? sequence
                      : kind == ValueKind::FrozenDict ? inner == ValueKind::Dict
                                                      : sequence || inner == ValueKind::Set || empty_braces;
    if (count != 1 || !fits) {
        return wrong_arguments(frame, to,
                               kind == ValueKind::List        ? "list([1, 2])"
                               : kind == ValueKind::Set       ? "{1, 2} or set({1, 2})"
                               : kind == ValueKind::FrozenSet ? "frozenset({1, 2})"
                                                              : "frozendict({\"k\": 1})");
    }
    const auto children = pool.children(values_.back());
    if (sequence && !check_members(kind, children, context_.span(frame.from, to))) {
        values_.resize(frame.first);
        return push_none(frame.from, to);
    }
    const std::vector<ValueId> copy(children.begin(), children.end());
    const ValueId id = add_container(kind, copy);
    values_.pop_back();
    push_new(id, frame.from, to);
}

void LiteralReader::finish_slice(const Frame& frame, const char* to) {
    if (!context_.unit.target->marshal.slices) {
        const auto first = first_target_with([](const isa::Target& t) { return t.marshal.slices; });
        return refuse(frame, to, fmt::format("slice constants need {} or newer", first));
    }
    if (values_.size() - frame.first != 3) return wrong_arguments(frame, to, "slice(START, STOP, STEP)");
    container(ValueKind::Slice, frame, to);
}

void LiteralReader::finish_complex(const Frame& frame, const char* to) {
    const ValuePool& pool = context_.unit.values;
    double parts[2] = {0, 0};
    bool fits = values_.size() - frame.first == 2;
    for (std::size_t i = 0; fits && i < 2; ++i) {
        const ValueId id = values_[frame.first + i];
        const objects::Value& value = pool[id];
        if (value.kind == ValueKind::Float)
            parts[i] = value.real;
        else if (value.kind == ValueKind::Int)
            parts[i] = static_cast<double>(value.integer);
        else
            fits = false;
    }
    if (!fits) return wrong_arguments(frame, to, "complex(REAL, IMAGINARY), both floats");
    values_.resize(frame.first);
    push_new(context_.unit.values.add_complex(parts[0], parts[1]), frame.from, to);
}

} // namespace pyasm::grammar
