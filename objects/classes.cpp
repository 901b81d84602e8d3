#include "objects/classes.hpp"

#include "objects/code_fields.hpp"
#include "objects/marshal_atoms.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace pyasm::objects {

namespace {

constexpr bool has_identity(ValueKind kind) {
    return kind == ValueKind::List || kind == ValueKind::Dict || kind == ValueKind::Set ||
           kind == ValueKind::Code;
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a ^ 0x9E37'79B9'7F4A'7C15u) * (b ^ 0xD1B5'4A32'D192'ED03u);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

} // namespace

// The seed differs from run to run (addresses do), so that nobody can prepare a file whose values collide; no
// result depends on it.
ValueClasses::ValueClasses(const ValuePool& pool, ValueId top, const isa::Target& target)
    : pool_(pool), target_(target), classes_(pool.size(), none), seen_(pool.size(), 0),
      slots_(std::bit_ceil(pool.size() + 16)),
      seed_(mix(reinterpret_cast<std::uintptr_t>(this), reinterpret_cast<std::uintptr_t>(classes_.data()))) {
    names_.reserve(pool.size());
    visit(top);
    mark_names();
}

std::uint32_t ValueClasses::fresh() {
    names_.push_back(false);
    return count_++;
}

/// Depth first; a value's class is found when all of its members have theirs.
void ValueClasses::visit(ValueId top) {
    enter(top);
    while (!stack_.empty()) {
        Frame& frame = stack_.back();
        if (member_begin_.back() + frame.next == members_.size()) {
            const ValueId id = frame.id;
            members_.resize(member_begin_.back());
            member_begin_.pop_back();
            stack_.pop_back();
            leave(id);
            continue;
        }
        enter(members_[member_begin_.back() + frame.next++]);
    }
}

void ValueClasses::enter(ValueId id) {
    const std::size_t index = static_cast<std::size_t>(id);
    if (index >= seen_.size()) {
        complete_ = false;
        return;
    }
    std::uint32_t& number = classes_[index];
    if (seen_[index]) {
        // Met again inside itself, before its class is known: it contains itself, so identity is all it has.
        if (number == none && !stack_.empty() && !has_identity(pool_[stack_.back().id].kind))
            number = fresh();
        return;
    }
    seen_[index] = 1;
    const ValueKind kind = pool_[id].kind;
    if (has_identity(kind)) number = fresh();
    if (kind == ValueKind::Code) codes_.push_back(id);
    if (kind != ValueKind::Code && !is_container(kind)) {
        number = intern(id);
        return;
    }
    stack_.push_back({id, 0});
    member_begin_.push_back(members_.size());
    collect(id);
}

void ValueClasses::collect(ValueId id) {
    if (is_container(pool_[id].kind)) {
        const auto children = pool_.children(id);
        members_.insert(members_.end(), children.begin(), children.end());
        return;
    }
    visit_code_fields(
        target_.code, pool_.code(id), [](std::int32_t) { return true; },
        [this](ValueId field, FieldKind, std::string_view) {
            members_.push_back(field);
            return true;
        });
}

void ValueClasses::leave(ValueId id) {
    std::uint32_t& number = classes_[static_cast<std::size_t>(id)];
    if (number == none) number = complete_ ? intern(id) : fresh();
}

std::uint64_t ValueClasses::hash_bytes(std::uint64_t seed, const void* data, std::size_t size) const {
    const char* at = static_cast<const char*>(data);
    std::uint64_t result = mix(seed, size ^ seed_), word;
    for (; size >= 8; at += 8, size -= 8) {
        std::memcpy(&word, at, 8);
        result = mix(result ^ word, seed_);
    }
    word = 0;
    if (size) std::memcpy(&word, at, size);
    return mix(result ^ word, seed_);
}

std::uint64_t ValueClasses::hash(ValueId id) const {
    const Value value = normalised(pool_[id], target_);
    const std::uint64_t seed = mix(seed_, static_cast<std::uint64_t>(value.kind) + 1);
    switch (value.kind) {
    case ValueKind::Int: return mix(seed, static_cast<std::uint64_t>(value.integer));
    case ValueKind::Float: return mix(seed, std::bit_cast<std::uint64_t>(value.real));
    case ValueKind::Complex: return hash_bytes(seed, value.parts, 16);
    case ValueKind::Long:
        return hash_bytes(seed ^ (value.flags & Value::negative), value.digits,
                          value.size * sizeof(std::uint16_t));
    case ValueKind::Bytes:
    case ValueKind::Str:
    case ValueKind::CodeSymbol: return hash_bytes(seed, value.text, value.size);
    default: break;
    }
    std::uint64_t result = seed;
    if (is_container(value.kind))
        for (ValueId child : pool_.children(id)) result = mix(result ^ (*this)[child], seed_);
    return result;
}

bool ValueClasses::equal(ValueId left, ValueId right) const {
    const Value a = normalised(pool_[left], target_), b = normalised(pool_[right], target_);
    if (a.kind != b.kind) return false;
    switch (a.kind) {
    case ValueKind::Int: return a.integer == b.integer;
    case ValueKind::Float:
        return std::bit_cast<std::uint64_t>(a.real) == std::bit_cast<std::uint64_t>(b.real);
    case ValueKind::Complex: return std::memcmp(a.parts, b.parts, 16) == 0;
    case ValueKind::Long:
        return a.size == b.size && (a.flags & Value::negative) == (b.flags & Value::negative) &&
               std::equal(a.digits, a.digits + a.size, b.digits);
    case ValueKind::Bytes:
    case ValueKind::Str:
    case ValueKind::CodeSymbol: return std::string_view(a.text, a.size) == std::string_view(b.text, b.size);
    default: break;
    }
    if (!is_container(a.kind)) return true;
    return std::ranges::equal(pool_.children(left), pool_.children(right),
                              [this](ValueId x, ValueId y) { return (*this)[x] == (*this)[y]; });
}

std::uint32_t ValueClasses::intern(ValueId id) {
    if (used_ * 2 >= slots_.size()) grow();
    const std::uint64_t full = hash(id);
    const std::uint32_t tag = static_cast<std::uint32_t>(full >> 32);
    for (std::size_t at = tag & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
        Slot& slot = slots_[at];
        if (slot.id == no_value) {
            slot = {tag, id};
            ++used_;
            return fresh();
        }
        if (slot.hash == tag && equal(slot.id, id)) return (*this)[slot.id];
    }
}

void ValueClasses::grow() {
    std::vector<Slot> bigger(slots_.size() * 2);
    for (const Slot& slot : slots_) {
        if (slot.id == no_value) continue;
        std::size_t at = slot.hash & (bigger.size() - 1);
        while (bigger[at].id != no_value) at = (at + 1) & (bigger.size() - 1);
        bigger[at] = slot;
    }
    slots_ = std::move(bigger);
}

void ValueClasses::mark_names() {
    if (!complete_) return;
    for (ValueId id : codes_)
        visit_code_fields(
            target_.code, pool_.code(id), [](std::int32_t) { return true; },
            [this](ValueId field, FieldKind kind, std::string_view) {
                if (kind == FieldKind::Text) names_[(*this)[field]] = true;
                if (kind == FieldKind::Names && is_container(pool_[field].kind))
                    for (ValueId member : pool_.children(field)) names_[(*this)[member]] = true;
                return true;
            });
}

} // namespace pyasm::objects
