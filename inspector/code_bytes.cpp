// The bytes of the strings that a code object has: what they mean, one by one.

#include "inspector/byte_walker.hpp"
#include "inspector/operands.hpp"
#include "support/text.hpp"
#include "support/unicode.hpp"

#include <fmt/format.h>

namespace pyasm::inspector {

using objects::CodeObject;
using program::Instruction;
using support::Bytes;

namespace {

constexpr std::size_t words_of_operand = 60;

/// `bytes` between quotes, those that are no printable ASCII as escapes.
std::string quoted_bytes(Bytes bytes) {
    std::string text = "\"";
    for (const std::uint8_t byte : bytes) {
        if (byte == '"' || byte == '\\') {
            text += {'\\', static_cast<char>(byte)};
        } else if (byte >= 0x20 && byte < 0x7F) {
            text += static_cast<char>(byte);
        } else if (byte == '\n') {
            text += "\\n";
        } else {
            text += fmt::format("\\x{:02x}", byte);
        }
    }
    return text += '"';
}

/// `text`, valid UTF-8 but for surrogates, between quotes.
std::string quoted_text(std::string_view text) {
    std::string result = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const support::CodePoint point = support::decode_utf8(text, at);
        if (point.value == '"' || point.value == '\\') result += '\\';
        if (point.surrogate)
            result += fmt::format("\\u{:04x}", point.value);
        else
            support::append_visible(result, text.substr(at, point.size), point);
        at += point.size;
    }
    return result += '"';
}

/// Bytes at the start of `text` that make whole code points and are at most `most`, which is 4 at least.
std::size_t whole_points(std::string_view text, std::size_t most) {
    std::size_t size = 0;
    while (size < text.size()) {
        const std::size_t next = support::decode_utf8(text, size).size;
        if (size + next > most) break;
        size += next;
    }
    return size;
}

} // namespace

void ByteWalker::plain_body(Bytes body, bool is_utf8) {
    const std::string_view text = support::as_text(body);
    for (std::size_t at = 0; at < body.size();) {
        const std::size_t size =
            is_utf8 ? whole_points(text.substr(at), row_bytes) : std::min(row_bytes, body.size() - at);
        row(size, is_utf8 ? quoted_text(text.substr(at, size)) : quoted_bytes(body.subspan(at, size)));
        at += size;
    }
}

void ByteWalker::code_body(const CodeObject& code, Bytes body) {
    const program::DecodedCode decoded = program::decode(context_.target(), body);
    for (std::size_t i = 0; i < decoded.items.size(); ++i)
        instruction(code, decoded.items[i], decoded.starts[i], decoded.starts[i + 1], body);
}

/// One instruction with its prefixes and caches.
void ByteWalker::instruction(const CodeObject& code, const Instruction& item, std::uint32_t begin,
                             std::uint32_t end, Bytes body) {
    const isa::Target& target = context_.target();
    if (item.kind == Instruction::Kind::Data) {
        for (std::uint32_t at = begin; at < end; at += static_cast<std::uint32_t>(row_bytes)) {
            const std::size_t size = std::min<std::size_t>(row_bytes, end - at);
            row(size, fmt::format("{:4}  bytes that are no whole instruction", at));
        }
        return;
    }
    const bool wide = item.opcode >= target.have_argument;
    const std::uint32_t own = program::instruction_size(target, wide);
    const std::uint32_t caches = item.data_size;
    const std::uint32_t prefix = program::instruction_size(target, true);
    const std::uint32_t start = end - caches - own;
    for (std::uint32_t at = begin; at < start; at += prefix) {
        const unsigned high = own == 3 || prefix == 3 ? body[at + 1] | body[at + 2] << 8 : body[at + 1];
        row(prefix, fmt::format("{:4}  {} {}", at, opcode_name(target, target.extended_arg), high));
    }
    const std::string_view name = opcode_name(target, item.opcode);
    std::string words =
        fmt::format("{:4}  {}", start, name.empty() ? fmt::format("<{}>", item.opcode) : name);
    if (item.has_argument) words += fmt::format(" {}", item.argument);
    const std::string meaning = operand_text(
        context_, code, item, start + own + skipped_bytes(target, item.opcode), words_of_operand);
    if (!meaning.empty()) words += fmt::format("  ({})", meaning);
    if (const std::string_view trouble = opcode_trouble(target, item.opcode); !trouble.empty())
        words += fmt::format("  [{}]", trouble);
    row(own, std::move(words));
    for (std::uint32_t at = end - caches; at < end; at += static_cast<std::uint32_t>(row_bytes)) {
        const std::size_t size = std::min<std::size_t>(row_bytes, end - at);
        row(size, fmt::format("{:4}  inline cache of {}", at, name));
    }
}

void ByteWalker::kinds_body(const CodeObject& code, Bytes body) {
    const std::span<const ValueId> names = context_.pool().children(code.localsplusnames);
    for (std::size_t i = 0; i < body.size(); ++i) {
        row(1, fmt::format("{} {}: {}", i, plain_text(context_, names[i], words_of_operand),
                           local_kind_text(context_.target(), body[i])));
    }
}

} // namespace pyasm::inspector
