#include "inspector/json_code.hpp"

#include "inspector/operands.hpp"
#include "objects/exception_table.hpp"
#include "objects/line_table.hpp"
#include "program/decode.hpp"

namespace pyasm::inspector {

using objects::CodeObject;
using objects::Position;
using program::Instruction;
using support::Bytes;

namespace {

constexpr std::size_t words_of_operand = 200;

} // namespace

void JsonCode::number(std::string_view key, std::int64_t value) {
    json_.key(key);
    json_.number(value);
}

void JsonCode::number_or_null(std::string_view key, bool present, std::int64_t value) {
    json_.key(key);
    present ? json_.number(value) : json_.null();
}

bool JsonCode::begin(std::string_view key, std::uint32_t owner) {
    json_.key(key);
    if (owner == CodeTree::none) return true;
    json_.begin_object();
    number("same_as", owner);
    json_.end_object();
    return false;
}

void JsonCode::put(std::uint32_t index) {
    number_ = index;
    const CodeObject& code = context_.pool().code(context_.tree.entries()[index].code);
    json_.begin_object();
    place(index);
    fields(code);
    tables(code);
    code_bytes(code);
    line_table(code);
    exception_table(code);
    json_.end_object();
}

void JsonCode::place(std::uint32_t index) {
    const std::uint32_t parent = context_.tree.entries()[index].parent;
    number("index", index);
    number_or_null("parent", parent != CodeTree::none, parent);
    number("offset", static_cast<std::int64_t>(extents_[index].begin));
    number("size", static_cast<std::int64_t>(extents_[index].end - extents_[index].begin));
}

void JsonCode::fields(const CodeObject& code) {
    const isa::CodeLayout& layout = context_.target().code;
    json_.key("name");
    values_.name(code.name);
    json_.key("qualname");
    layout.qualname ? values_.name(code.qualname) : json_.null();
    json_.key("filename");
    values_.name(code.filename);
    number("firstlineno", code.firstlineno);
    number("argcount", code.argcount);
    number_or_null("posonlyargcount", layout.posonlyargcount, code.posonlyargcount);
    number_or_null("kwonlyargcount", layout.kwonlyargcount, code.kwonlyargcount);
    if (!layout.localsplus) number("nlocals", code.nlocals);
    number("stacksize", code.stacksize);
    const auto flags = static_cast<std::uint32_t>(code.flags);
    number("flags", flags);
    json_.key("flag_names");
    json_.begin_array();
    for (const std::string_view name : flag_names(context_.target(), flags)) json_.string(name);
    json_.end_array();
}

void JsonCode::tables(const CodeObject& code) {
    constants(code);
    names("names", code.names);
    if (context_.target().code.localsplus) {
        localsplus(code);
        return;
    }
    names("varnames", code.varnames);
    names("cellvars", code.cellvars);
    names("freevars", code.freevars);
    json_.key("localsplus");
    json_.null();
}

void JsonCode::constants(const CodeObject& code) {
    if (!begin("consts", seen_.before(code.consts, number_))) return;
    json_.begin_array();
    for (const ValueId member : context_.pool().children(code.consts)) values_.value(member);
    json_.end_array();
}

void JsonCode::names(std::string_view key, ValueId tuple) {
    if (begin(key, seen_.before(tuple, number_))) values_.names(tuple);
}

/// As Python shows the table: the names of each kind (get_localsplus_counts and its like in
/// Objects/codeobject.c), and all of it.
void JsonCode::localsplus(const CodeObject& code) {
    const std::uint32_t owner = seen_.before(code.localsplusnames, number_);
    if (owner != CodeTree::none) {
        for (const std::string_view key : {"nlocals", "varnames", "cellvars", "freevars", "localsplus"})
            begin(key, owner);
        return;
    }
    number("nlocals", count_locals(context_, code));
    names_of_kind("varnames", code, objects::local_kind::local);
    names_of_kind("cellvars", code, objects::local_kind::cell);
    names_of_kind("freevars", code, objects::local_kind::free);
    const std::span<const ValueId> members = context_.pool().children(code.localsplusnames);
    const std::string_view kinds = context_.pool().text(code.localspluskinds);
    json_.key("localsplus");
    json_.begin_array();
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto kind = static_cast<std::uint8_t>(kinds[i]);
        json_.begin_object();
        json_.key("name");
        values_.name(members[i]);
        number("kind", kind);
        json_.key("kinds");
        json_.begin_array();
        for (const std::string_view name : local_kind_names(context_.target(), kind)) json_.string(name);
        json_.end_array();
        json_.end_object();
    }
    json_.end_array();
}

void JsonCode::names_of_kind(std::string_view key, const CodeObject& code, std::uint8_t kind) {
    const std::span<const ValueId> members = context_.pool().children(code.localsplusnames);
    const std::string_view kinds = context_.pool().text(code.localspluskinds);
    json_.key(key);
    json_.begin_array();
    for (std::size_t i = 0; i < members.size(); ++i)
        if (static_cast<std::uint8_t>(kinds[i]) & kind) values_.name(members[i]);
    json_.end_array();
}

void JsonCode::code_bytes(const CodeObject& code) {
    const std::uint32_t owner = seen_.before(code.code, number_);
    const Bytes body = support::as_bytes(context_.pool().text(code.code));
    if (begin("code", owner)) json_.hex(body);
    if (!begin("instructions", owner)) return;
    const program::DecodedCode decoded = program::decode(context_.target(), body);
    json_.begin_array();
    for (std::size_t i = 0; i < decoded.items.size(); ++i)
        instruction(code, decoded.items[i], decoded.starts[i], decoded.starts[i + 1], body);
    json_.end_array();
}

void JsonCode::instruction(const CodeObject& code, const Instruction& item, std::uint32_t begin,
                           std::uint32_t end, Bytes body) {
    const isa::Target& target = context_.target();
    json_.begin_object();
    number("offset", begin);
    number("size", end - begin);
    if (item.kind == Instruction::Kind::Data) {
        json_.key("data");
        json_.hex(body.subspan(begin, end - begin));
        return json_.end_object();
    }
    const std::uint32_t own = program::instruction_size(target, item.opcode >= target.have_argument);
    const std::uint32_t start = end - item.data_size - own;
    number("opcode", item.opcode);
    const std::string_view name = opcode_name(target, item.opcode);
    json_.key("name");
    name.empty() ? json_.null() : json_.string(name);
    number_or_null("arg", item.has_argument, item.argument);
    const std::uint32_t next = start + own + skipped_bytes(target, item.opcode);
    const std::string meaning = operand_text(context_, code, item, next, words_of_operand);
    json_.key("meaning");
    meaning.empty() ? json_.null() : json_.string(meaning);
    const isa::OpInfo* op = meaning_of(target, item.opcode);
    const bool jumps = op != nullptr && isa::is_jump(op->operand->base);
    number_or_null("target", jumps, jumps ? program::jump_destination(target, *op, next, item.argument) : 0);
    number("prefixes", (start - begin) / program::instruction_size(target, true));
    json_.key("caches");
    json_.hex(body.subspan(end - item.data_size, item.data_size));
    json_.end_object();
}

void JsonCode::error(std::string_view key, const support::Error* error) {
    if (error == nullptr) return;
    json_.key(key);
    json_.begin_object();
    number("offset", static_cast<std::int64_t>(error->offset.value_or(0)));
    json_.key("message");
    json_.string(error->message);
    json_.end_object();
}

void JsonCode::line_table(const CodeObject& code) {
    const std::uint32_t owner = seen_.before(code.linetable, number_);
    const Bytes table = support::as_bytes(context_.pool().text(code.linetable));
    if (begin("linetable", owner)) json_.hex(table);
    if (!begin("lines", owner)) return;
    const auto runs = objects::decode_line_table(context_.target(), code.firstlineno, table,
                                                 context_.pool()[code.code].size);
    if (!runs) {
        json_.null();
        return error("lines_error", &runs.error());
    }
    const auto item = [this](std::int32_t value) {
        value == Position::none ? json_.null() : json_.number(value);
    };
    json_.begin_array();
    for (const objects::PositionRun& run : *runs) {
        json_.begin_array();
        json_.number(run.begin);
        json_.number(run.end);
        item(run.position.line);
        item(run.position.end_line);
        item(run.position.column);
        item(run.position.end_column);
        json_.end_array();
    }
    json_.end_array();
}

void JsonCode::exception_table(const CodeObject& code) {
    if (!context_.target().code.exceptiontable) {
        json_.key("exceptiontable");
        json_.null();
        json_.key("exceptions");
        return json_.null();
    }
    const std::uint32_t owner = seen_.before(code.exceptiontable, number_);
    const Bytes table = support::as_bytes(context_.pool().text(code.exceptiontable));
    if (begin("exceptiontable", owner)) json_.hex(table);
    if (!begin("exceptions", owner)) return;
    const auto entries = objects::decode_exception_table(table);
    if (!entries) {
        json_.null();
        return error("exceptions_error", &entries.error());
    }
    json_.begin_array();
    for (const objects::ExceptionEntry& entry : *entries) {
        json_.begin_object();
        number("begin", entry.begin);
        number("end", entry.end);
        number("target", entry.target);
        number("depth", entry.depth);
        json_.key("lasti");
        json_.boolean(entry.lasti);
        json_.end_object();
    }
    json_.end_array();
}

} // namespace pyasm::inspector
