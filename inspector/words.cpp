#include "inspector/words.hpp"

#include "grammar/print.hpp"
#include "support/text.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace pyasm::inspector {

using objects::Position;
using objects::ValueId;
using objects::ValueKind;

std::string value_text(const Context& context, ValueId id, std::size_t most) {
    if (id == objects::no_value) return "nothing";
    const objects::ValuePool& pool = context.pool();
    if (pool[id].kind == ValueKind::Code) {
        const ValueId name = best_name(context, pool.code(id));
        const std::uint32_t number = context.tree.number_of(id);
        return fmt::format("code {}{}",
                           number == CodeTree::none ? std::string() : fmt::format("#{} ", number),
                           plain_text(context, name, most));
    }
    support::ByteWriter out;
    grammar::print_value(pool, id, context.target(), most, out);
    return std::string(out.text());
}

std::string plain_text(const Context& context, ValueId id, std::size_t most) {
    return support::printable(context.pool().text(id), most);
}

ValueId best_name(const Context& context, const objects::CodeObject& code) {
    return context.target().code.qualname ? code.qualname : code.name;
}

std::vector<std::string_view> flag_names(const isa::Target& target, std::uint32_t flags) {
    std::vector<std::string_view> names;
    for (const isa::CodeFlag& flag : target.flags) {
        if ((flags & flag.bit) == 0) continue;
        names.push_back(flag.name);
        flags &= ~flag.bit;
    }
    return names;
}

std::string flags_text(const isa::Target& target, std::uint32_t flags) {
    if (flags == 0) return "none";
    std::string text;
    const auto add = [&](std::string_view word) {
        if (!text.empty()) text += " | ";
        text += word;
    };
    for (const isa::CodeFlag& flag : target.flags) {
        if ((flags & flag.bit) == 0) continue;
        add(flag.name);
        flags &= ~flag.bit;
    }
    if (flags != 0) add(fmt::format("{:#x}", flags));
    return text;
}

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string time_text(std::uint32_t seconds) {
    using namespace std::chrono;
    const sys_seconds time{std::chrono::seconds{seconds}};
    const sys_days day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string hex_text(support::Bytes bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string position_text(const Position& at) {
    if (at.line == Position::none) return "none";
    if (at.column == Position::none || at.end_column == Position::none) {
        if (at.end_line == Position::none || at.end_line == at.line) return fmt::format("{}", at.line);
        return fmt::format("{}-{}", at.line, at.end_line);
    }
    if (at.end_line == at.line) return fmt::format("{}:{}-{}", at.line, at.column, at.end_column);
    return fmt::format("{}:{}-{}:{}", at.line, at.column, at.end_line, at.end_column);
}

namespace {

struct KindName {
    std::uint8_t bit;
    std::string_view name;
    bool only_with_argument_kinds;
};
constexpr KindName kind_names[] = {
    {objects::local_kind::positional_argument, "positional argument", true},
    {objects::local_kind::keyword_argument, "keyword argument", true},
    {objects::local_kind::variadic_argument, "variadic argument", true},
    {objects::local_kind::hidden, "hidden", false},
    {objects::local_kind::local, "local", false},
    {objects::local_kind::cell, "cell", false},
    {objects::local_kind::free, "free", false},
};

} // namespace

std::vector<std::string_view> local_kind_names(const isa::Target& target, std::uint8_t kind) {
    std::vector<std::string_view> names;
    for (const KindName& entry : kind_names) {
        if ((kind & entry.bit) && (target.code.argument_kinds || !entry.only_with_argument_kinds))
            names.push_back(entry.name);
    }
    return names;
}

std::string local_kind_text(const isa::Target& target, std::uint8_t kind) {
    std::string text;
    std::uint8_t rest = kind;
    for (const KindName& entry : kind_names) {
        if (!(kind & entry.bit) || (entry.only_with_argument_kinds && !target.code.argument_kinds)) continue;
        if (!text.empty()) text += ", ";
        text += entry.name;
        rest = static_cast<std::uint8_t>(rest & ~entry.bit);
    }
    if (rest != 0 || text.empty()) text += fmt::format("{}{:#04x}", text.empty() ? "" : ", ", rest);
    return text;
}

std::int64_t count_locals(const Context& context, const objects::CodeObject& code) {
    const std::string_view kinds = context.pool().text(code.localspluskinds);
    return std::count_if(kinds.begin(), kinds.end(),
                         [](char kind) { return (kind & objects::local_kind::local) != 0; });
}

std::string_view opcode_name(const isa::Target& target, std::uint8_t opcode) {
    if (const isa::OpInfo* op = target.op(opcode)) return op->name;
    const isa::HiddenOpcode* hidden = target.hidden_op(opcode);
    return hidden ? hidden->name : std::string_view{};
}

std::string_view opcode_trouble(const isa::Target& target, std::uint8_t opcode) {
    if (const isa::OpInfo* op = target.op(opcode))
        return op->is(isa::OpFlag::Internal) ? "not for files" : std::string_view{};
    const isa::HiddenOpcode* hidden = target.hidden_op(opcode);
    if (hidden == nullptr) return "undefined";
    switch (hidden->why) {
    case isa::HiddenOpcode::Why::Specialised: return "specialised";
    case isa::HiddenOpcode::Why::Instrumented: return "instrumented";
    case isa::HiddenOpcode::Why::Pseudo: return "pseudo";
    }
    return {};
}

} // namespace pyasm::inspector
