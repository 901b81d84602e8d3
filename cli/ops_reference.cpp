#include "cli/ops_reference.hpp"

#include "cli/help.hpp"
#include "cli/layout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::cli {
namespace {

using isa::OperandBase;
using isa::OperandKind;
using isa::OpInfo;

using Columns = std::array<bool, isa::target_count>;

Columns columns_of(const std::array<std::int16_t, isa::target_count>& numbers) {
    Columns columns{};
    for (std::size_t i = 0; i < numbers.size(); ++i) columns[i] = numbers[i] != isa::no_opcode;
    return columns;
}

std::string_view base_word(OperandBase base) {
    switch (base) {
    case OperandBase::None: return "";
    case OperandBase::Integer: return "number";
    case OperandBase::Const: return "constant";
    case OperandBase::Name: return "name";
    case OperandBase::Local: return "local";
    case OperandBase::LocalPair: return "local, local";
    case OperandBase::Deref: return "cell or free";
    case OperandBase::JumpForward:
    case OperandBase::JumpBackward:
    case OperandBase::JumpAbsolute: return "label";
    case OperandBase::Symbolic: return "symbol";
    case OperandBase::FlagSet: return "flags";
    }
    return "";
}

/// "name [+ NULL|self]" for the list.
std::string operand_word(const OperandKind& kind) {
    std::string result(base_word(kind.base));
    if (kind.base == OperandBase::FlagSet) return result;
    for (const isa::OperandName& flag : kind.flags) {
        result += fmt::format(" [+ {}]", flag.spelling);
    }
    return result;
}

struct ListRow {
    const OpInfo* op;
    std::string operand;
    Columns columns;
};

bool looks_the_same(const ListRow& a, const ListRow& b) {
    return a.op->name == b.op->name && a.operand == b.operand && a.op->stack.text == b.op->stack.text &&
           a.op->summary == b.op->summary;
}

std::vector<ListRow> joined_rows(std::span<const OpInfo* const> ops) {
    std::vector<const OpInfo*> sorted(ops.begin(), ops.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const OpInfo* a, const OpInfo* b) { return a->name < b->name; });
    std::vector<ListRow> rows;
    for (const OpInfo* op : sorted) {
        ListRow row{op, operand_word(*op->operand), columns_of(op->numbers)};
        if (!rows.empty() && looks_the_same(rows.back(), row)) {
            for (std::size_t i = 0; i < row.columns.size(); ++i) rows.back().columns[i] |= row.columns[i];
        } else {
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

/// "106 in 3.6-3.10; 92 in 3.13"
std::string number_list(const std::array<std::int16_t, isa::target_count>& numbers) {
    std::string result;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const bool seen = std::find(numbers.begin(), numbers.begin() + i, numbers[i]) != numbers.begin() + i;
        if (numbers[i] == isa::no_opcode || seen) continue;
        Columns same{};
        for (std::size_t j = i; j < numbers.size(); ++j) same[j] = numbers[j] == numbers[i];
        if (!result.empty()) result += "; ";
        result += fmt::format("{} in {}", numbers[i], target_ranges(same));
    }
    return result;
}

/// On a narrower terminal a table would consist of ellipses.
constexpr std::size_t least_table_width = 150;

/// The rows of the list (without the first, their titles) as a block of lines each.
std::string as_blocks(std::span<const std::vector<std::string>> rows, std::size_t width) {
    std::string result;
    for (const std::vector<std::string>& row : rows.subspan(1)) {
        const std::string head = row[0] + (row[1].empty() ? "" : " ") + row[1];
        result += definition(head, '(' + row[2] + ')', 0, head.size() + 2, width);
        result += wrap(row[3], 4, width) + wrap(row[4], 4, width);
    }
    return result;
}

constexpr char unbroken_blank = '\x1f'; // stands for a blank while lines are broken

/// The numbers with their symbols; later spellings of the same number stand behind the first.
std::string spelling_list(std::span<const isa::OperandName> names) {
    std::string result;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto same = [&](const isa::OperandName& other) { return other.value == names[i].value; };
        if (std::any_of(names.begin(), names.begin() + i, same)) continue;
        if (!result.empty()) result += ", ";
        std::string item = fmt::format("{} {}", names[i].value, names[i].spelling);
        std::replace(item.begin(), item.end(), ' ', unbroken_blank);
        result += item;
        std::string others;
        for (const isa::OperandName& other : names.subspan(i + 1)) {
            if (same(other)) others += (others.empty() ? "" : ", ") + std::string(other.spelling);
        }
        if (!others.empty()) result += fmt::format(" (or {})", others);
    }
    return result;
}

class Entry {
  public:
    explicit Entry(std::size_t width) : width_(width == 0 ? 100 : width) {}
    void field(std::string_view name, std::string_view value) {
        if (!value.empty()) text_ += definition(name, value, 2, 15, width_);
    }
    std::string take() {
        std::replace(text_.begin(), text_.end(), unbroken_blank, ' ');
        return std::move(text_);
    }

  private:
    std::size_t width_;
    std::string text_;
};

/// What to write as the operand: for a jump, also where its label may stand.
std::string operand_text(const OperandKind& kind) {
    switch (kind.base) {
    case OperandBase::None: return "none";
    case OperandBase::JumpForward: return std::string(kind.expected) + " further down";
    case OperandBase::JumpBackward: return std::string(kind.expected) + " further up";
    case OperandBase::JumpAbsolute: return std::string(kind.expected) + " anywhere in the body";
    default: return std::string(kind.expected);
    }
}

/// What the argument of a jump counts, by version where they differ.
std::string jump_units(const OpInfo& op) {
    Columns bytes = columns_of(op.numbers);
    Columns words = bytes;
    for (const isa::Target& target : isa::all_targets()) {
        (target.jump_unit == 1 ? words : bytes)[target.column] = false;
    }
    const std::string in_bytes = target_ranges(bytes);
    const std::string in_words = target_ranges(words);
    if (in_words.empty()) return "bytes";
    if (in_bytes.empty()) return "units of 2 bytes";
    return fmt::format("bytes ({}: units of 2 bytes)", in_words);
}

/// How the argument of a jump gives its label; empty for an instruction without one.
std::string jump_argument(const OpInfo& op) {
    switch (op.operand->base) {
    case OperandBase::JumpForward: return "distance from the next instruction, in " + jump_units(op);
    case OperandBase::JumpBackward: return "distance back from the next instruction, in " + jump_units(op);
    case OperandBase::JumpAbsolute: return "offset in the code, in " + jump_units(op);
    default: return {};
    }
}

/// What the ! in the signatures means, where there is one.
std::string unchecked_items(const OpInfo& op) {
    std::string names;
    for (const isa::StackItem& item : op.stack.inputs()) {
        if (!item.demanded) continue;
        if (!names.empty()) names += ", ";
        names += item.name;
    }
    if (names.empty()) return names;
    return names + ": what else is there is taken for it, without a check";
}

std::string describe_meaning(const OpInfo& op, std::size_t width) {
    Entry entry(width);
    const OperandKind& kind = *op.operand;
    entry.field("meaning", op.summary);
    entry.field("operand", operand_text(kind));
    entry.field("", spelling_list(kind.names));
    if (!kind.flags.empty()) {
        entry.field("", (kind.base == OperandBase::FlagSet ? "" : "flags: ") + spelling_list(kind.flags));
    }
    entry.field("argument", jump_argument(op));
    entry.field("stack", op.stack.text);
    if (op.stack_jump.text != op.stack.text) entry.field("on the jump", op.stack_jump.text);
    entry.field("unchecked", unchecked_items(op));
    if (op.caches != 0) entry.field("caches", fmt::format("{} unit{}", op.caches, op.caches == 1 ? "" : "s"));
    entry.field("opcode", number_list(op.numbers));
    if (op.is(isa::OpFlag::Internal))
        entry.field("internal", "runs only inside the interpreter; no file may hold it");
    return entry.take();
}

std::size_t first_column(const OpInfo& op) {
    const Columns columns = columns_of(op.numbers);
    return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), true) - columns.begin());
}

} // namespace

std::string versions_of(const std::array<std::int16_t, isa::target_count>& numbers) {
    return target_ranges(columns_of(numbers));
}

std::string list_instructions(std::span<const OpInfo* const> ops, const isa::Target* target,
                              std::size_t width) {
    std::vector<std::vector<std::string>> rows{
        {"NAME", "OPERAND", target ? "OPCODE" : "VERSIONS", "STACK", "MEANING"}};
    for (const ListRow& row : joined_rows(ops)) {
        rows.push_back({std::string(row.op->name), row.operand,
                        target ? std::to_string(target->number(*row.op)) : target_ranges(row.columns),
                        std::string(row.op->stack.text), std::string(row.op->summary)});
    }
    if (width != 0 && width < least_table_width) return as_blocks(rows, width);
    constexpr std::array<std::size_t, 3> flexible{1, 3, 4};
    return table(rows, width, flexible);
}

std::string describe_instruction(std::span<const OpInfo* const> ops, std::size_t width) {
    std::vector<const OpInfo*> sorted(ops.begin(), ops.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const OpInfo* a, const OpInfo* b) { return first_column(*a) < first_column(*b); });
    std::string result = std::string(sorted.front()->name) + '\n';
    for (const OpInfo* op : sorted) {
        result += fmt::format("\n{}:\n{}", versions_of(op->numbers), describe_meaning(*op, width));
    }
    return result;
}

std::string describe_hidden(const isa::HiddenOpcode& hidden, std::size_t width) {
    std::string_view why;
    switch (hidden.why) {
    case isa::HiddenOpcode::Why::Specialised:
        why = "Specialised form that the interpreter puts in place of another instruction while a program "
              "runs; no file may hold it";
        break;
    case isa::HiddenOpcode::Why::Instrumented:
        why = "Instrumented form that the interpreter puts in place of another instruction while a tool "
              "watches; no file may hold it";
        break;
    case isa::HiddenOpcode::Why::Pseudo:
        why = "Pseudo instruction that exists only inside the compiler; it has no opcode";
        break;
    }
    Entry entry(width);
    entry.field("meaning", why);
    if (hidden.why != isa::HiddenOpcode::Why::Pseudo) entry.field("opcode", number_list(hidden.numbers));
    return fmt::format("{}\n\n{}:\n{}", hidden.name, versions_of(hidden.numbers), entry.take());
}

bool matches_pattern(std::string_view name, std::string_view pattern) {
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
    std::size_t n = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos; // the last `*`: where to go on when the rest does not match
    std::size_t star_name = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_name = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || upper(pattern[p]) == upper(name[n]))) {
            ++p;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++star_name;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

} // namespace pyasm::cli
