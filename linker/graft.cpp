#include "linker/graft.hpp"

#include "objects/same_value.hpp"

#include <algorithm>
#include <iterator>

namespace pyasm::linker {

using objects::CodeObject;
using objects::no_value;
using objects::Value;
using objects::ValueId;
using objects::ValueKind;

namespace {

constexpr ValueId CodeObject::*fields[] = {
    &CodeObject::code,
    &CodeObject::consts,
    &CodeObject::names,
    &CodeObject::varnames,
    &CodeObject::freevars,
    &CodeObject::cellvars,
    &CodeObject::localsplusnames,
    &CodeObject::localspluskinds,
    &CodeObject::filename,
    &CodeObject::name,
    &CodeObject::qualname,
    &CodeObject::linetable,
    &CodeObject::exceptiontable,
};

std::size_t index_of(ValueId id) { return static_cast<std::size_t>(id); }

} // namespace

Graft::Graft(objects::ValuePool& pool) : pool_(pool), shared_(0, Hash{&pool}, Same{&pool}) {
    static_assert(std::size(fields) == code_fields);
}

std::size_t Graft::Hash::operator()(ValueId id) const {
    return objects::hash_value(*pool, id, (*pool)[id], index_of);
}

bool Graft::Same::operator()(ValueId left, ValueId right) const {
    return objects::same_value(*pool, left, (*pool)[left], right, (*pool)[right], index_of);
}

void Graft::begin(const objects::ValuePool& from) {
    from_ = &from;
    copies_.assign(from.size(), no_value);
    codes_.clear();
}

void Graft::end() {
    shared_ = decltype(shared_)(0, Hash{&pool_}, Same{&pool_});
    copies_ = {};
    frames_ = {};
    parts_ = {};
    codes_ = {};
}

ValueId Graft::copy(ValueId id) {
    if (const ValueId done = known(id); done != waiting) return done;
    frames_.push_back({id, 0, parts_.size(), no_value});
    for (;;) {
        Frame& frame = frames_.back();
        if (frame.next < part_count(frame.id)) {
            const ValueId next = part(frame);
            const ValueId done = known(next);
            if (done == waiting) {
                // Its parts stand behind those of this one, until it is complete.
                frames_.push_back({next, 0, parts_.size(), no_value});
                continue;
            }
            parts_.push_back(done);
            ++frame.next;
            continue;
        }
        const ValueId done = finish(frame);
        copies_[index_of(frame.id)] = done;
        parts_.resize(frame.first);
        frames_.pop_back();
        if (frames_.empty()) return done;
    }
}

/// The copy of a value, if it has one or is an atom; `waiting` if its parts are to be copied first, and it is
/// noted to be on the way.
ValueId Graft::known(ValueId id) {
    if (index_of(id) >= copies_.size()) return no_value;
    ValueId& copy = copies_[index_of(id)];
    if (copy == waiting) return early_copy(id);
    if (copy != no_value) return copy;
    const ValueKind kind = (*from_)[id].kind;
    if (objects::is_container(kind) || kind == ValueKind::Code) return copy = waiting;
    return copy = copy_atom(id);
}

std::uint32_t Graft::part_count(ValueId id) const {
    const Value& value = (*from_)[id];
    return value.kind == ValueKind::Code ? code_fields : value.size;
}

ValueId Graft::part(const Frame& frame) const {
    if ((*from_)[frame.id].kind == ValueKind::Code) return from_->code(frame.id).*fields[frame.next];
    return from_->children(frame.id)[frame.next];
}

/// A value that is met again inside itself gets its copy before that is complete.
ValueId Graft::early_copy(ValueId id) {
    const auto frame =
        std::find_if(frames_.rbegin(), frames_.rend(), [id](const Frame& one) { return one.id == id; });
    const Value& value = (*from_)[id];
    frame->copy =
        value.kind == ValueKind::Code ? pool_.add_code({}) : pool_.add_container(value.kind, value.size);
    return copies_[index_of(id)] = frame->copy;
}

ValueId Graft::finish(const Frame& frame) {
    return (*from_)[frame.id].kind == ValueKind::Code ? finish_code(frame) : finish_container(frame);
}

ValueId Graft::finish_code(const Frame& frame) {
    CodeObject code = from_->code(frame.id);
    for (std::size_t i = 0; i < code_fields; ++i) code.*fields[i] = parts_[frame.first + i];
    ValueId id = frame.copy;
    if (id == no_value)
        id = pool_.add_code(code);
    else
        pool_.code(id) = code;
    codes_.push_back({frame.id, id});
    return id;
}

ValueId Graft::finish_container(const Frame& frame) {
    const Value& value = (*from_)[frame.id];
    const auto parts = std::span<const ValueId>(parts_).subspan(frame.first, value.size);
    const bool whole = frame.copy == no_value;
    const ValueId id = whole ? pool_.add_container(value.kind, parts) : frame.copy;
    if (!whole) std::ranges::copy(parts, pool_.children(id).begin());
    pool_[id].marks = value.marks & Value::unhashable;
    const std::size_t known_slots = slots_.size();
    for (std::uint32_t i = 0; i < parts.size(); ++i)
        if (parts[i] != no_value && objects::is_symbol(pool_[parts[i]].kind)) slots_.push_back({id, i});
    if (!whole || objects::is_mutable(value.kind) || slots_.size() != known_slots) return id;
    return shared(id);
}

ValueId Graft::copy_atom(ValueId id) {
    Value value = (*from_)[id];
    if (value.kind <= ValueKind::StopIteration) return objects::ValuePool::singleton(value.kind);
    value.type_byte = 0;
    value.marks = 0;
    value.flags = value.kind == ValueKind::Long ? value.flags & Value::negative : 0;
    const auto text = [&value] { return std::string_view(value.text, value.size); };
    if (value.kind == ValueKind::Long) {
        const auto digits = pool_.arena().array<std::uint16_t>(value.size);
        std::copy_n(value.digits, value.size, digits.begin());
        value.digits = digits.data();
    } else if (value.kind == ValueKind::Complex) {
        const auto parts = pool_.arena().array<double>(2);
        std::copy_n(value.parts, 2, parts.begin());
        value.parts = parts.data();
    } else if (value.kind == ValueKind::Str || value.kind == ValueKind::Bytes) {
        // Looked for with the text where it is, and copied only if it is new.
        const ValueId seeker = pool_.add(value);
        if (const ValueId found = shared(seeker); found != seeker) return found;
        pool_[seeker].text = pool_.arena().copy(text()).data();
        return seeker;
    } else if (objects::is_symbol(value.kind)) {
        value.text = pool_.arena().copy(text()).data();
        return pool_.add(value); // until its slot is filled
    }
    return shared(pool_.add(value));
}

/// The first value that is the same as this one, the pool's last; then this one goes again.
ValueId Graft::shared(ValueId id) {
    const auto [place, is_new] = shared_.insert(id);
    if (is_new) return id;
    const ValueId found = *place;
    pool_.drop_last();
    return found;
}

} // namespace pyasm::linker
