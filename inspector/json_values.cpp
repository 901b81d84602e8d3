#include "inspector/json_values.hpp"

#include "objects/code_fields.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>

namespace pyasm::inspector {

using objects::ValueId;
using objects::ValueKind;

namespace {

/// Largest magnitude that every JSON reader keeps (RFC 8259, section 6).
constexpr std::int64_t largest_number = (std::int64_t{1} << 53) - 1;

std::string_view container_tag(ValueKind kind) {
    switch (kind) {
    case ValueKind::List: return "list";
    case ValueKind::Dict: return "dict";
    case ValueKind::Set: return "set";
    case ValueKind::FrozenSet: return "frozenset";
    case ValueKind::Slice: return "slice";
    case ValueKind::FrozenDict: return "frozendict";
    default: return "tuple";
    }
}

/// As Python's repr() has it: "1.0", "1e+16", "-0.0".
std::string float_text(double value) {
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

/// Digits of base 2^15 in hexadecimal.
std::string hex_of(std::span<const std::uint16_t> digits, bool negative) {
    std::string text;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const std::uint16_t digit : digits) {
        bits |= static_cast<std::uint32_t>(digit) << count;
        for (count += 15; count >= 4; count -= 4, bits >>= 4) text += "0123456789abcdef"[bits & 15];
    }
    if (bits != 0) text += "0123456789abcdef"[bits];
    while (text.size() > 1 && text.back() == '0') text.pop_back();
    if (text.empty()) text = "0";
    text += negative ? "x0-" : "x0";
    std::reverse(text.begin(), text.end());
    return text;
}

} // namespace

JsonValues::JsonValues(const Context& context, JsonWriter& json)
    : context_(context), json_(json), places_(context.pool().size()), is_field_(context.pool().size()),
      ids_(context.pool().size(), unnumbered) {
    count_places();
}

/// Counts in how many places each value stands. Members of a tuple that is met a second time stand in two,
/// since tables of code objects are written out again.
void JsonValues::count_places() {
    std::vector<ValueId> pending;
    meet(context_.file.top, false, pending);
    while (!pending.empty()) {
        const ValueId id = pending.back();
        pending.pop_back();
        if (context_.pool()[id].kind == ValueKind::Code) {
            const auto number = [](std::int32_t) { return true; };
            const auto object = [&](ValueId field, objects::FieldKind, std::string_view) {
                meet(field, true, pending);
                return true;
            };
            objects::visit_code_fields(context_.target().code, context_.pool().code(id), number, object);
        } else {
            for (const ValueId member : context_.pool().children(id)) meet(member, false, pending);
        }
    }
}

void JsonValues::meet(ValueId id, bool as_field, std::vector<ValueId>& pending) {
    if (id == objects::no_value) return;
    const auto index = static_cast<std::size_t>(id);
    if (as_field) is_field_[index] = true;
    std::uint8_t& places = places_[index];
    if (places == 2) return;
    ++places;
    const ValueKind kind = context_.pool()[id].kind;
    const bool again = places == 2 && is_field_[index];
    if ((objects::is_container(kind) && (places == 1 || again)) || (kind == ValueKind::Code && places == 1))
        pending.push_back(id);
}

bool JsonValues::is_shared(ValueId id) const {
    if (places_[static_cast<std::size_t>(id)] < 2) return false;
    const objects::Value& value = context_.pool()[id];
    switch (value.kind) {
    case ValueKind::List:
    case ValueKind::Dict:
    case ValueKind::Set: return true; // what is changed in one place is changed in the others
    case ValueKind::Tuple:
    case ValueKind::FrozenSet:
    case ValueKind::FrozenDict:
    case ValueKind::Slice: return value.size != 0;
    case ValueKind::Str:
    case ValueKind::Bytes:
    case ValueKind::Long: return value.size > long_text;
    default: return false;
    }
}

bool JsonValues::refer(ValueId id, bool& close) {
    close = is_shared(id);
    if (!close) return false;
    std::uint32_t& number = ids_[static_cast<std::size_t>(id)];
    const bool is_known = number != unnumbered;
    if (!is_known) number = next_id_++;
    json_.begin_object();
    json_.key(is_known ? "ref" : "id");
    json_.number(number);
    if (is_known)
        json_.end_object();
    else
        json_.key("value");
    return is_known;
}

void JsonValues::value(ValueId id) {
    bool close = false;
    if (refer(id, close)) return;
    content(id, false);
    if (close) json_.end_object();
}

void JsonValues::name(ValueId id) {
    bool close = false;
    if (refer(id, close)) return;
    content(id, true);
    if (close) json_.end_object();
}

void JsonValues::names(ValueId tuple) {
    json_.begin_array();
    for (const ValueId member : context_.pool().children(tuple)) name(member);
    json_.end_array();
}

void JsonValues::tagged(std::string_view tag, std::string_view text) {
    json_.begin_object();
    json_.key(tag);
    json_.string(text);
    json_.end_object();
}

void JsonValues::content(ValueId id, bool is_name) {
    const objects::Value& value = context_.pool()[id];
    switch (value.kind) {
    case ValueKind::None: return json_.null();
    case ValueKind::True: return json_.boolean(true);
    case ValueKind::False: return json_.boolean(false);
    case ValueKind::Ellipsis: return tagged("singleton", "Ellipsis");
    case ValueKind::StopIteration: return tagged("singleton", "StopIteration");
    case ValueKind::Int: return integer(value.integer);
    case ValueKind::Long: return long_integer(id);
    case ValueKind::Float: return real(value.real);
    case ValueKind::Str: return text(id);
    case ValueKind::Bytes:
        if (is_name && !support::find_invalid_utf8(context_.pool().text(id))) return text(id);
        json_.begin_object();
        json_.key("bytes");
        json_.hex(support::as_bytes(context_.pool().text(id)));
        return json_.end_object();
    case ValueKind::Complex:
        json_.begin_object();
        json_.key("complex");
        json_.begin_array();
        real(value.parts[0]);
        real(value.parts[1]);
        json_.end_array();
        return json_.end_object();
    case ValueKind::Code:
        json_.begin_object();
        json_.key("code");
        json_.number(context_.tree.number_of(id));
        return json_.end_object();
    default: return container(id);
    }
}

void JsonValues::container(ValueId id) {
    const ValueKind kind = context_.pool()[id].kind;
    const bool has_pairs = kind == ValueKind::Dict || kind == ValueKind::FrozenDict;
    const std::span<const ValueId> members = context_.pool().children(id);
    json_.begin_object();
    json_.key(container_tag(kind));
    json_.begin_array();
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (has_pairs && i % 2 == 0) json_.begin_array();
        value(members[i]);
        if (has_pairs && i % 2 == 1) json_.end_array();
    }
    json_.end_array();
    json_.end_object();
}

/// A string; with a lone surrogate, which no UTF-8 has, the bytes that "surrogatepass" makes of it.
void JsonValues::text(ValueId id) {
    const std::string_view text = context_.pool().text(id);
    if (!support::find_invalid_utf8(text)) return json_.string(text);
    json_.begin_object();
    json_.key("surrogatepass");
    json_.hex(support::as_bytes(text));
    json_.end_object();
}

void JsonValues::integer(std::int64_t value) {
    if (value >= -largest_number && value <= largest_number) return json_.number(value);
    const auto bits = static_cast<std::uint64_t>(value);
    tagged("int", value < 0 ? fmt::format("-{:#x}", 0 - bits) : fmt::format("{:#x}", bits));
}

/// A `long` of 2.7 is another type than its `int`, whatever its size.
void JsonValues::long_integer(ValueId id) {
    const bool is_long = context_.target().literals == isa::LiteralDialect::Python2;
    const bool negative = (context_.pool()[id].flags & objects::Value::negative) != 0;
    tagged(is_long ? "long" : "int", hex_of(context_.pool().digits(id), negative));
}

void JsonValues::real(double value) {
    if (!std::isnan(value)) return tagged("float", float_text(value));
    json_.begin_object();
    json_.key("float");
    json_.string("nan");
    json_.key("bits");
    json_.string(fmt::format("{:016x}", std::bit_cast<std::uint64_t>(value)));
    json_.end_object();
}

} // namespace pyasm::inspector
