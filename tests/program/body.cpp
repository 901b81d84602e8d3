#include "tests/program/body.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace pyasm::tests {

using program::Instruction;

namespace {
const isa::Target& target_named(std::string_view name) {
    const isa::Target* target = isa::find_target(name);
    REQUIRE_MESSAGE(target, std::string(name));
    return *target;
}
} // namespace

Body::Body(std::string_view target_name) : target(target_named(target_name)), encoder(target) {}

void Body::push(Instruction item) {
    if (item.kind == Instruction::Kind::Prefix) {
        ++pending_;
    } else {
        if (item.has_argument) item.written_prefixes = pending_;
        pending_ = 0;
    }
    list.items.push_back(item);
}

Body& Body::op(std::string_view name, std::uint32_t argument) {
    Instruction item;
    item.op = target.find(name);
    REQUIRE_MESSAGE(item.op, std::string(name));
    item.opcode = target.number(*item.op);
    item.has_argument = item.op->takes_argument();
    item.argument = argument;
    push(item);
    return *this;
}

Body& Body::fill(std::string_view name, std::size_t count) {
    for (; count > 0; --count) op(name);
    return *this;
}

Body& Body::jump(std::string_view name, std::uint32_t to, std::int64_t addend) {
    list.jumps.push_back({static_cast<std::uint32_t>(list.items.size()), to, addend, "there", {}});
    return op(name);
}

Body& Body::prefix(int argument) {
    Instruction item;
    item.kind = Instruction::Kind::Prefix;
    item.opcode = target.extended_arg;
    item.operand_given = argument >= 0;
    item.argument = argument >= 0 ? static_cast<std::uint32_t>(argument) : 0;
    push(item);
    return *this;
}

Body& Body::bytes(std::string_view content) {
    Instruction item;
    item.kind = Instruction::Kind::Data;
    item.data = static_cast<std::uint32_t>(list.data.size());
    item.data_size = static_cast<std::uint32_t>(content.size());
    list.data.bytes(content);
    push(item);
    return *this;
}

bool Body::encode() { return encoder.encode(list, diagnostics); }

std::string Body::hex() const {
    std::string text;
    for (const std::uint8_t byte : encoder.code()) text += fmt::format("{:02x}", byte);
    return text;
}

std::string Body::messages() const {
    std::string text;
    for (const auto& diagnostic : diagnostics.all()) {
        text += diagnostic.message;
        if (!diagnostic.help.empty()) text += fmt::format(" [{}]", diagnostic.help);
        text += '\n';
    }
    return text;
}

} // namespace pyasm::tests
