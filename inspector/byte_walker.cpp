#include "inspector/byte_walker.hpp"

#include "inspector/table_rows.hpp"
#include "objects/marshal_codes.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <fmt/format.h>
#include <utility>

namespace pyasm::inspector {

namespace type_code = objects::type_code;
using objects::CodeObject;
using objects::EncodingHints;
using objects::FieldKind;
using objects::PycHeader;
using objects::ValueKind;
using support::Bytes;

namespace {

constexpr std::size_t words_of_value = 60; ///< bytes of a value that a row shows

bool has_short_length(std::uint8_t type) {
    return type == type_code::short_ascii || type == type_code::short_ascii_interned;
}

std::string_view string_type(std::uint8_t type, bool interned_table) {
    switch (type) {
    case type_code::string: return "byte string";
    case type_code::unicode: return "UTF-8 string";
    case type_code::interned: return interned_table ? "interned byte string" : "interned UTF-8 string";
    case type_code::ascii: return "ASCII string";
    case type_code::ascii_interned: return "interned ASCII string";
    case type_code::short_ascii: return "short ASCII string";
    default: return "short interned ASCII string";
    }
}

std::string_view container_name(ValueKind kind) {
    switch (kind) {
    case ValueKind::List: return "list";
    case ValueKind::Set: return "set";
    case ValueKind::FrozenSet: return "frozenset";
    case ValueKind::Slice: return "slice";
    case ValueKind::Dict: return "dict";
    case ValueKind::FrozenDict: return "frozendict";
    default: return "tuple";
    }
}

} // namespace

ByteWalker::ByteWalker(const Context& context, Bytes bytes, Emit emit)
    : context_(context), bytes_(bytes), emit_(std::move(emit)), extents_(context.tree.entries().size()) {}

void ByteWalker::run() {
    if (!context_.file.header.absent) header();
    object(context_.file.top, {});
    trailing();
    assert(at_ == bytes_.size());
}

std::int32_t ByteWalker::peek_number(std::size_t ahead) const {
    std::int32_t number = 0;
    std::memcpy(&number, bytes_.data() + at_ + ahead, sizeof number);
    return number;
}

// The header

void ByteWalker::header() {
    const isa::Target& target = context_.target();
    const PycHeader& header = context_.file.header;
    row(2, [&] { return fmt::format("magic number {}: CPython {}", target.magic, target.name); });
    row(2, "\\r\\n, the end of the magic number");
    if (target.header != isa::HeaderLayout::Flags)
        return header_time(target.header == isa::HeaderLayout::MtimeSize);
    if (header.flags & PycHeader::hash_based) {
        row(4, [&] {
            return fmt::format("flags {:#x}: goes by the source's hash, which is {} at import", header.flags,
                               header.flags & PycHeader::check_source ? "checked" : "not checked");
        });
        return row(8, [&] { return fmt::format("hash of the source: {}", hex_text(header.hash)); });
    }
    row(4, [&] { return fmt::format("flags {:#x}: goes by the source's time and size", header.flags); });
    header_time(true);
}

void ByteWalker::header_time(bool with_size) {
    const PycHeader& header = context_.file.header;
    row(4, [&] { return fmt::format("time of the source: {}, {}", header.mtime, time_text(header.mtime)); });
    if (with_size)
        row(4, [&] {
            return fmt::format("size of the source: {}", plural(header.source_size, "byte", "bytes"));
        });
}

// Objects

/// "consts: '(' tuple, reference 3": what starts the row of an object that starts here.
std::string ByteWalker::head(std::string_view role, std::string_view what) const {
    const std::uint8_t byte = peek();
    const std::uint8_t type = byte & 0x7F;
    std::string text = role.empty() ? std::string() : fmt::format("{}: ", role);
    text += fmt::format("'{}' {}", static_cast<char>(type), what);
    const bool flagged = type != byte;
    const bool takes_number =
        context_.target().marshal.interned_table ? type == type_code::interned : flagged;
    if (takes_number) text += fmt::format(", reference {}", references_.size());
    return text;
}

void ByteWalker::object(ValueId id, std::string_view role, StringContent content) {
    const std::uint8_t byte = peek();
    const std::uint8_t type = byte & 0x7F;
    if (type == type_code::reference || (type == type_code::interned_reference && byte == type))
        return reference(role);
    switch (type) {
    case type_code::string:
    case type_code::interned:
    case type_code::unicode:
    case type_code::ascii:
    case type_code::ascii_interned:
    case type_code::short_ascii:
    case type_code::short_ascii_interned: return text(id, role, content);
    case type_code::tuple:
    case type_code::small_tuple:
    case type_code::list:
    case type_code::set:
    case type_code::frozenset:
    case type_code::slice: return sequence(id, role);
    case type_code::dict:
    case type_code::frozendict: return dict(id, role);
    case type_code::code: return code(id, role);
    default: return atom(id, role, type);
    }
}

void ByteWalker::enter(ValueId id) {
    const std::uint8_t byte = peek();
    const bool taken = context_.target().marshal.interned_table ? byte == type_code::interned
                                                                : (byte & type_code::flag_ref) != 0;
    if (taken) references_.push_back({id, at_});
}

void ByteWalker::atom(ValueId id, std::string_view role, std::uint8_t type) {
    const auto put = [&](std::size_t size, std::string_view what) {
        std::string words;
        if (emit_) words = head(role, fmt::format("{} {}", what, value_text(context_, id, words_of_value)));
        enter(id);
        row(size, std::move(words));
    };
    switch (type) {
    case type_code::int32: return put(5, "int");
    case type_code::int64: return put(9, "64-bit int");
    case type_code::binary_float: return put(9, "float");
    case type_code::binary_complex: return put(17, "complex number");
    case type_code::decimal_float: return put(2 + std::size_t{peek(1)}, "float as text");
    case type_code::decimal_complex: {
        const std::size_t real = 2 + std::size_t{peek(1)};
        return put(real + 1 + peek(real), "complex number as text");
    }
    case type_code::long_: {
        const std::int64_t count = peek_number(1);
        const auto digits = static_cast<std::size_t>(count < 0 ? -count : count);
        std::string words;
        if (emit_)
            words = head(role, fmt::format("int, {} of 15 bits{}", plural(digits, "digit", "digits"),
                                           count < 0 ? ", negative" : ""));
        enter(id);
        row(5, std::move(words));
        ++depth_;
        row(digits * 2, [&] { return fmt::format("value {}", value_text(context_, id, words_of_value)); });
        --depth_;
        return;
    }
    default: break;
    }
    // None, True, False, Ellipsis, StopIteration: a flag on them means nothing and takes no number.
    row(1, [&] {
        return fmt::format("{}{}'{}' {}{}", role, role.empty() ? "" : ": ", static_cast<char>(type),
                           value_text(context_, id, words_of_value),
                           type != peek() ? ", with a flag that means nothing" : "");
    });
}

void ByteWalker::text(ValueId id, std::string_view role, StringContent content) {
    const std::uint8_t type = peek() & 0x7F;
    const bool is_short = has_short_length(type);
    const std::size_t size = is_short ? peek(1) : static_cast<std::uint32_t>(peek_number(1));
    const bool interned_table = context_.target().marshal.interned_table;
    std::string words;
    if (emit_)
        words = head(role,
                     fmt::format("{}, {}", string_type(type, interned_table), plural(size, "byte", "bytes")));
    enter(id);
    row(is_short ? 2 : 5, std::move(words));
    if (!emit_) return row(size, std::string());
    ++depth_;
    string_body(size, content,
                type == type_code::unicode || (type == type_code::interned && !interned_table));
    --depth_;
}

void ByteWalker::string_body(std::size_t size, StringContent content, bool is_utf8) {
    const Bytes body = bytes_.subspan(at_, size);
    const auto put = [this](std::size_t, std::size_t bytes, std::string words) {
        row(bytes, std::move(words));
    };
    switch (content.kind) {
    case StringContent::Kind::Plain: return plain_body(body, is_utf8);
    case StringContent::Kind::Code: return code_body(*content.code, body);
    case StringContent::Kind::LineTable:
        return line_table_rows(context_.target(), content.code->firstlineno, body, put);
    case StringContent::Kind::ExceptionTable: return exception_table_rows(body, put);
    case StringContent::Kind::LocalKinds: return kinds_body(*content.code, body);
    }
}

void ByteWalker::sequence(ValueId id, std::string_view role) {
    const std::uint8_t type = peek() & 0x7F;
    const std::span<const ValueId> members = context_.pool().children(id);
    const bool is_slice = type == type_code::slice;
    std::string words;
    if (emit_) {
        std::string what(container_name(context_.pool()[id].kind));
        if (!is_slice) what += fmt::format(", {}", plural(members.size(), "member", "members"));
        words = head(role, what);
    }
    enter(id);
    row(is_slice ? 1 : type == type_code::small_tuple ? 2 : 5, std::move(words));
    ++depth_;
    static constexpr std::string_view slice_roles[] = {"start", "stop", "step"};
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (is_slice) {
            object(members[i], slice_roles[i]);
        } else {
            object(members[i], emit_ ? fmt::format_int(i).str() : std::string());
        }
    }
    --depth_;
}

void ByteWalker::dict(ValueId id, std::string_view role) {
    const objects::ValuePool& pool = context_.pool();
    const std::span<const ValueId> members = pool.children(id);
    const auto& dropped_keys = context_.file.hints.dropped_keys;
    auto dropped = std::ranges::lower_bound(dropped_keys, id, {}, &EncodingHints::DroppedKey::dict);
    std::string words;
    if (emit_) words = head(role, container_name(pool[id].kind));
    enter(id);
    row(1, std::move(words));
    ++depth_;
    // A key with NULL for its value ends a dict; in 2.7, the next key follows.
    bool ended = false;
    for (std::size_t pair = 0; !ended;) {
        if (dropped != dropped_keys.end() && dropped->dict == id && dropped->pairs == pair) {
            object(dropped->key, "key that readers drop");
            null("its value");
            ++dropped;
            ended = context_.target().marshal.references;
        } else if (pair * 2 < members.size()) {
            object(members[pair * 2], "key");
            object(members[pair * 2 + 1], "value");
            ++pair;
        } else {
            null("end of the members");
            ended = true;
        }
    }
    --depth_;
}

void ByteWalker::null(std::string_view role) {
    row(1, [&] {
        return fmt::format("{}: '0' NULL{}", role,
                           peek() == type_code::null ? "" : ", with a flag that means nothing");
    });
}

void ByteWalker::number_field(std::string_view name, std::int32_t value) {
    if (name == "flags")
        return row(4, [&] {
            return fmt::format("flags {:#x}: {}", static_cast<std::uint32_t>(value),
                               flags_text(context_.target(), static_cast<std::uint32_t>(value)));
        });
    row(4, [&] { return fmt::format("{} {}", name, value); });
}

void ByteWalker::code(ValueId id, std::string_view role) {
    const CodeObject& code = context_.pool().code(id);
    const std::uint32_t number = context_.tree.number_of(id);
    const std::size_t begin = at_;
    std::string words;
    if (emit_) words = head(role, value_text(context_, id, words_of_value));
    enter(id);
    row(1, std::move(words));
    ++depth_;
    const auto field = [&](const std::int32_t& value) {
        const std::pair<const std::int32_t*, std::string_view> names[] = {
            {&code.argcount, "argcount"},
            {&code.posonlyargcount, "posonlyargcount"},
            {&code.kwonlyargcount, "kwonlyargcount"},
            {&code.nlocals, "nlocals"},
            {&code.stacksize, "stacksize"},
            {&code.flags, "flags"},
            {&code.firstlineno, "firstlineno"}};
        for (const auto& [place, name] : names)
            if (place == &value) number_field(name, value);
        return true;
    };
    const auto member = [&](const ValueId& value, FieldKind, std::string_view name) {
        using Kind = StringContent::Kind;
        const Kind kind = &value == &code.code              ? Kind::Code
                          : &value == &code.linetable       ? Kind::LineTable
                          : &value == &code.exceptiontable  ? Kind::ExceptionTable
                          : &value == &code.localspluskinds ? Kind::LocalKinds
                                                            : Kind::Plain;
        object(value, name, {kind, &code});
        return true;
    };
    objects::visit_code_fields(context_.target().code, code, field, member);
    --depth_;
    if (number != CodeTree::none) extents_[number] = {begin, at_};
}

void ByteWalker::reference(std::string_view role) {
    const auto number = static_cast<std::size_t>(peek_number(1));
    if (!emit_) return row(5, std::string());
    const Defined& target = references_[number];
    row(5, [&] {
        return fmt::format("{}{}'{}' reference {}{}: {} at {:06x}", role, role.empty() ? "" : ": ",
                           static_cast<char>(peek() & 0x7F), number,
                           peek() & type_code::flag_ref ? ", with a flag that means nothing" : "",
                           value_text(context_, target.id, words_of_value), target.offset);
    });
}

void ByteWalker::trailing() {
    const std::size_t size = bytes_.size() - at_;
    depth_ = 0;
    for (std::size_t left = size; left != 0;) {
        const std::size_t part = std::min<std::size_t>(left, row_bytes);
        row(part, [&] {
            return left != size ? std::string()
                                : fmt::format("trailing: {} behind the object, which readers ignore",
                                              plural(size, "byte", "bytes"));
        });
        left -= part;
    }
}

} // namespace pyasm::inspector
