#include "objects/value.hpp"

#include "objects/code_object.hpp"

#include <algorithm>

namespace pyasm::objects {

ValuePool::ValuePool() {
    for (int kind = 0; kind <= static_cast<int>(ValueKind::StopIteration); ++kind) {
        Value value;
        value.kind = static_cast<ValueKind>(kind);
        add(value);
    }
}

ValuePool::ValuePool(ValuePool&&) noexcept = default;
ValuePool& ValuePool::operator=(ValuePool&&) noexcept = default;
ValuePool::~ValuePool() = default;

const CodeObject& ValuePool::code(ValueId id) const {
    assert((*this)[id].kind == ValueKind::Code);
    return codes_[(*this)[id].index];
}

CodeObject& ValuePool::code(ValueId id) {
    assert((*this)[id].kind == ValueKind::Code);
    return codes_[(*this)[id].index];
}

std::size_t ValuePool::code_count() const { return codes_.size(); }

void ValuePool::drop_last() {
    const Value& value = values_.back();
    assert(value.kind != ValueKind::Code);
    if (is_container(value.kind) && value.index + value.size == children_.size())
        children_.resize(value.index);
    values_.pop_back();
}

void ValuePool::reserve(std::size_t values, std::size_t children) {
    values_.reserve(values_.size() + values);
    children_.reserve(children_.size() + children);
}

ValueId ValuePool::add_int(std::int64_t number) {
    Value value;
    value.kind = ValueKind::Int;
    value.integer = number;
    return add(value);
}

ValueId ValuePool::add_long(std::span<const std::uint16_t> digits, bool negative) {
    const std::span<std::uint16_t> copy = arena_.array<std::uint16_t>(digits.size());
    std::copy(digits.begin(), digits.end(), copy.begin());
    Value value;
    value.kind = ValueKind::Long;
    value.flags = negative ? Value::negative : std::uint8_t{0};
    value.size = static_cast<std::uint32_t>(digits.size());
    value.digits = copy.data();
    return add(value);
}

ValueId ValuePool::add_float(double number) {
    Value value;
    value.kind = ValueKind::Float;
    value.real = number;
    return add(value);
}

ValueId ValuePool::add_complex(double real, double imaginary) {
    const std::span<double> parts = arena_.array<double>(2);
    parts[0] = real;
    parts[1] = imaginary;
    Value value;
    value.kind = ValueKind::Complex;
    value.parts = parts.data();
    return add(value);
}

ValueId ValuePool::add_text(ValueKind kind, std::string_view text, std::uint8_t flags) {
    assert(kind == ValueKind::Bytes || kind == ValueKind::Str || is_symbol(kind));
    Value value;
    value.kind = kind;
    value.flags = flags;
    value.size = static_cast<std::uint32_t>(text.size());
    value.text = text.data();
    return add(value);
}

ValueId ValuePool::add_container(ValueKind kind, std::span<const ValueId> children) {
    // `children` may be a part of `children_`: then it is read through its place, which growing moves.
    const ValueId* own = children_.data();
    const bool inside = !children.empty() && !std::less<>{}(children.data(), own) &&
                        std::less<>{}(children.data(), own + children_.size());
    const std::size_t place = inside ? static_cast<std::size_t>(children.data() - own) : 0;
    const ValueId id = add_container(kind, static_cast<std::uint32_t>(children.size()));
    const ValueId* from = inside ? children_.data() + place : children.data();
    std::copy(from, from + children.size(), this->children(id).begin());
    return id;
}

ValueId ValuePool::add_container(ValueKind kind, std::uint32_t size) {
    assert(is_container(kind));
    Value value;
    value.kind = kind;
    value.size = size;
    value.index = children_.size();
    children_.resize(children_.size() + size, no_value);
    return add(value);
}

ValueId ValuePool::add_code(CodeObject code) {
    Value value;
    value.kind = ValueKind::Code;
    value.index = codes_.size();
    codes_.push_back(code);
    return add(value);
}

void ValuePool::set_children(ValueId id, std::span<const ValueId> children) {
    const std::uint64_t index = children_.size();
    children_.insert(children_.end(), children.begin(), children.end());
    Value& value = (*this)[id];
    assert(is_container(value.kind));
    value.index = index;
    value.size = static_cast<std::uint32_t>(children.size());
}

} // namespace pyasm::objects
