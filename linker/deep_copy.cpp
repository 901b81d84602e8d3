#include "linker/deep_copy.hpp"

#include "linker/children.hpp"
#include "objects/code_object.hpp"

namespace pyasm::linker {

using objects::no_value;
using objects::Value;
using objects::ValueId;
using objects::ValueKind;

ValueId DeepCopy::operator()(ValueId id) {
    const ValueId copy = place(id);
    while (!waiting_.empty()) {
        const ValueId next = waiting_.back();
        waiting_.pop_back();
        if (objects::is_container(to_[next].kind)) {
            // Through its place each time: placing a member may move all children of the pool.
            for (std::uint32_t i = 0; i < to_[next].size; ++i) {
                const ValueId member = place(to_.children(next)[i]);
                to_.children(next)[i] = member;
            }
        } else {
            for_each_child(to_, target_, next, [this](ValueId& field) { field = place(field); });
        }
    }
    return copy;
}

/// The copy of a value, whose own members may still have to be placed.
ValueId DeepCopy::place(ValueId id) {
    if (static_cast<std::size_t>(id) >= copies_.size()) return no_value;
    ValueId& copy = copies_[static_cast<std::size_t>(id)];
    if (copy != no_value) return copy;
    const Value& value = from_[id];
    if (value.kind <= ValueKind::StopIteration) return copy = objects::ValuePool::singleton(value.kind);
    if (objects::is_container(value.kind)) {
        copy = to_.add_container(value.kind, from_.children(id));
        waiting_.push_back(copy);
    } else if (value.kind == ValueKind::Code) {
        copy = to_.add_code(from_.code(id));
        waiting_.push_back(copy);
    } else {
        copy = atom(value);
    }
    // What walks through values has to know where they can be circular.
    to_[copy].marks = value.marks & (Value::unhashable | Value::recursive);
    return copy;
}

ValueId DeepCopy::atom(const Value& value) {
    switch (value.kind) {
    case ValueKind::Int: return to_.add_int(value.integer);
    case ValueKind::Float: {
        Value copy; // with all its bits
        copy.kind = value.kind;
        copy.real = value.real;
        return to_.add(copy);
    }
    case ValueKind::Complex: return to_.add_complex(value.parts[0], value.parts[1]);
    case ValueKind::Long:
        return to_.add_long({value.digits, value.size}, (value.flags & Value::negative) != 0);
    default: return to_.add_text(value.kind, to_.arena().copy({value.text, value.size}), value.flags);
    }
}

} // namespace pyasm::linker
