#include "tests/objects/hex.hpp"

#include "objects/code_object.hpp"

#include <bit>
#include <doctest/doctest.h>
#include <fmt/format.h>

namespace pyasm::tests {

using namespace objects;

std::vector<std::uint8_t> from_hex(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    std::string digits;
    for (char c : text) {
        if (c == ' ') continue;
        digits += c;
        if (digits.size() < 2) continue;
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(digits, nullptr, 16)));
        digits.clear();
    }
    REQUIRE(digits.empty());
    return bytes;
}

std::string to_hex(support::Bytes bytes) {
    std::string text;
    for (std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

const isa::Target& target_named(std::string_view name) {
    const isa::Target* target = isa::find_target(name);
    REQUIRE(target);
    return *target;
}

namespace {

std::string describe(const ValuePool& pool, ValueId id, int depth);

/// A graph with cycles is shown down to a few levels.
std::string members(const ValuePool& pool, ValueId id, std::string_view open, std::string_view close,
                    int depth) {
    if (depth == 0) return "...";
    std::string text(open);
    for (ValueId child : pool.children(id)) {
        if (text.size() > open.size()) text += ", ";
        text += describe(pool, child, depth - 1);
    }
    return text + std::string(close);
}

std::string describe(const ValuePool& pool, ValueId id, int depth) {
    const Value& value = pool[id];
    switch (value.kind) {
    case ValueKind::None: return "None";
    case ValueKind::True: return "True";
    case ValueKind::False: return "False";
    case ValueKind::Ellipsis: return "Ellipsis";
    case ValueKind::StopIteration: return "StopIteration";
    case ValueKind::Int: return fmt::format("{}", value.integer);
    case ValueKind::Long: {
        std::string text = value.flags & Value::negative ? "-" : "+";
        for (std::uint16_t digit : pool.digits(id)) text += fmt::format("{}.", digit);
        return text + "L";
    }
    case ValueKind::Float: return fmt::format("float {:016x}", std::bit_cast<std::uint64_t>(value.real));
    case ValueKind::Complex: return fmt::format("complex {} {}", value.parts[0], value.parts[1]);
    case ValueKind::Bytes:
        return fmt::format("b'{}'{}", pool.text(id), value.flags & Value::interned ? "i" : "");
    case ValueKind::Str:
        return fmt::format("'{}'{}", pool.text(id), value.flags & Value::interned ? "i" : "");
    case ValueKind::Tuple: return members(pool, id, "(", ")", depth);
    case ValueKind::List: return members(pool, id, "[", "]", depth);
    case ValueKind::Dict: return members(pool, id, "{", "}", depth);
    case ValueKind::Set: return members(pool, id, "set(", ")", depth);
    case ValueKind::FrozenSet: return members(pool, id, "frozenset(", ")", depth);
    case ValueKind::Slice: return members(pool, id, "slice(", ")", depth);
    case ValueKind::FrozenDict: return members(pool, id, "frozendict(", ")", depth);
    case ValueKind::Code: return fmt::format("code {}", pool.text(pool.code(id).name));
    case ValueKind::CodeSymbol: return fmt::format("code({})", pool.text(id));
    case ValueKind::NameSymbol: return fmt::format("name({})", pool.text(id));
    case ValueKind::ConstSymbol: return fmt::format("const({})", pool.text(id));
    }
    return "?";
}

} // namespace

std::string describe(const ValuePool& pool, ValueId id) { return describe(pool, id, 3); }

std::string read_hex(std::string_view hex, std::string_view target) {
    const auto bytes = from_hex(hex);
    ValuePool pool;
    const auto read = read_marshal(bytes, target_named(target), pool);
    if (read) return describe(pool, read->top);
    return fmt::format("error at {}: {}", read.error().offset.value_or(9999), read.error().message);
}

namespace {

std::string rewrite(std::string_view hex, std::string_view target, bool canonical) {
    const auto bytes = from_hex(hex);
    const isa::Target& version = target_named(target);
    ValuePool pool;
    const auto read = read_marshal(bytes, version, pool);
    if (!read) return read.error().message;
    support::ByteWriter out;
    const auto written = canonical ? write_marshal(pool, read->top, version, out)
                                   : write_marshal_exact(pool, read->top, read->hints, version, out);
    return written ? to_hex(out.view()) : written.error().message;
}

} // namespace

std::string exact_hex(std::string_view hex, std::string_view target) { return rewrite(hex, target, false); }
std::string canonical_hex(std::string_view hex, std::string_view target) {
    return rewrite(hex, target, true);
}

} // namespace pyasm::tests
