#include "inspector/code_summary.hpp"

#include "inspector/table_rows.hpp"
#include "objects/line_table.hpp"
#include "program/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace pyasm::inspector {

using objects::CodeObject;
using objects::Position;
using objects::ValueId;

namespace {

constexpr std::size_t indent = 18; ///< of what a field says

support::Bytes bytes_of(const Context& context, ValueId id) {
    return support::as_bytes(context.pool().text(id));
}

/// "lines 3-9" of a table; empty where it has none.
std::string lines_text(const Context& context, const CodeObject& code) {
    const auto runs =
        objects::decode_line_table(context.target(), code.firstlineno, bytes_of(context, code.linetable),
                                   context.pool()[code.code].size);
    if (!runs)
        return fmt::format(", broken at byte {}: {}", runs.error().offset.value_or(0), runs.error().message);
    std::int32_t first = INT32_MAX, last = INT32_MIN;
    for (const objects::PositionRun& run : *runs) {
        if (run.position.line == Position::none) continue;
        first = std::min(first, run.position.line);
        last = std::max(last, run.position.line);
    }
    if (first > last) return ", no lines";
    return first == last ? fmt::format(", line {}", first) : fmt::format(", lines {}-{}", first, last);
}

} // namespace

void CodeSummary::field(std::string_view name, std::string_view text) {
    out_.line(fmt::format("  {:<{}}{}", name, indent - 2, text));
}

void CodeSummary::item(std::size_t index, std::string_view text) {
    out_.line(fmt::format("    {:4}  {}", index, text));
}

void CodeSummary::show(std::uint32_t number) {
    number_ = number;
    const CodeObject& code = context_.pool().code(context_.tree.entries()[number].code);
    out_.line("");
    out_.line(fmt::format("#{} {}", number, plain_text(context_, best_name(context_, code), width_ - 8)));
    fields(code);
    sizes(code);
    tables(code);
}

void CodeSummary::fields(const CodeObject& code) {
    const isa::CodeLayout& layout = context_.target().code;
    const std::size_t room = width_ - indent;
    field("name", plain_text(context_, code.name, room));
    if (layout.qualname) field("qualname", plain_text(context_, code.qualname, room));
    field("filename", plain_text(context_, code.filename, room));
    field("first line", fmt::format("{}", code.firstlineno));
    std::string counts = fmt::format("{}", code.argcount);
    if (code.posonlyargcount != 0) counts += fmt::format(", {} positional-only", code.posonlyargcount);
    if (code.kwonlyargcount != 0) counts += fmt::format(", {} keyword-only", code.kwonlyargcount);
    field("argument count", counts);
    if (!layout.localsplus) field("locals", fmt::format("{}", code.nlocals));
    field("stack size", fmt::format("{}", code.stacksize));
    const auto flags = static_cast<std::uint32_t>(code.flags);
    field("flags", fmt::format("{:#x}  {}", flags, flags_text(context_.target(), flags)));
}

void CodeSummary::sizes(const CodeObject& code) {
    const std::size_t code_size = context_.pool()[code.code].size;
    if (const std::uint32_t owner = seen_.before(code.code, number_); owner != CodeTree::none) {
        field("code", fmt::format("{} bytes, the same object as that of #{}", code_size, owner));
    } else {
        const program::DecodedCode decoded =
            program::decode(context_.target(), bytes_of(context_, code.code));
        field("code", fmt::format("{}, {}", plural(code_size, "byte", "bytes"),
                                  plural(decoded.items.size(), "instruction", "instructions")));
    }
    const std::size_t lines_size = context_.pool()[code.linetable].size;
    const bool again = seen_.before(code.linetable, number_) != CodeTree::none;
    field("line table",
          fmt::format("{} bytes{}", lines_size, again ? std::string() : lines_text(context_, code)));
}

void CodeSummary::tables(const CodeObject& code) {
    const isa::CodeLayout& layout = context_.target().code;
    constants(code);
    names("names", code.names);
    if (layout.localsplus) {
        localsplus(code);
    } else {
        names("varnames", code.varnames);
        names("cellvars", code.cellvars);
        names("freevars", code.freevars);
    }
    if (layout.exceptiontable) exceptions(code);
}

bool CodeSummary::table(std::string_view name, ValueId id, std::size_t size) {
    if (size == 0) return false;
    if (const std::uint32_t owner = seen_.before(id, number_); owner != CodeTree::none) {
        field(name, fmt::format("{}, the same object as that of #{}", size, owner));
        return false;
    }
    field(name, fmt::format("{}", size));
    return true;
}

void CodeSummary::constants(const CodeObject& code) {
    const std::span<const ValueId> members = context_.pool().children(code.consts);
    if (!table("constants", code.consts, members.size())) return;
    for (std::size_t i = 0; i < members.size(); ++i) item(i, value_text(context_, members[i], width_ - 12));
}

void CodeSummary::names(std::string_view name, ValueId id) {
    const std::span<const ValueId> members = context_.pool().children(id);
    if (!table(name, id, members.size())) return;
    for (std::size_t i = 0; i < members.size(); ++i) item(i, plain_text(context_, members[i], width_ - 12));
}

void CodeSummary::localsplus(const CodeObject& code) {
    const std::span<const ValueId> members = context_.pool().children(code.localsplusnames);
    if (!table("localsplus", code.localsplusnames, members.size())) return;
    const support::Bytes kinds = bytes_of(context_, code.localspluskinds);
    std::size_t widest = 0;
    for (const ValueId member : members) widest = std::max<std::size_t>(widest, context_.pool()[member].size);
    widest = std::min<std::size_t>(widest, 20);
    for (std::size_t i = 0; i < members.size(); ++i) {
        item(i, fmt::format("{:<{}}  {}", plain_text(context_, members[i], 60), widest,
                            local_kind_text(context_.target(), kinds[i])));
    }
}

void CodeSummary::exceptions(const CodeObject& code) {
    const std::size_t size = context_.pool()[code.exceptiontable].size;
    if (size == 0) return;
    const std::uint32_t owner = seen_.before(code.exceptiontable, number_);
    field("exception table", owner == CodeTree::none
                                 ? fmt::format("{} bytes", size)
                                 : fmt::format("{} bytes, the same object as that of #{}", size, owner));
    if (owner != CodeTree::none) return;
    std::size_t index = 0;
    exception_table_rows(bytes_of(context_, code.exceptiontable),
                         [&](std::size_t, std::size_t, std::string text) { item(index++, text); });
}

} // namespace pyasm::inspector
