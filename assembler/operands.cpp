#include "assembler/operands.hpp"

#include "assembler/numbers.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace pyasm::assembler {

using isa::OperandBase;
using isa::OperandKind;
using objects::ValueId;
using objects::ValueKind;
using program::Instruction;
using program::Operand;
using program::OperandForm;
using program::Statement;
using support::Span;

namespace {

constexpr std::int64_t largest_argument = 0xFFFF'FFFF;
constexpr std::string_view argument_help = "An argument has 32 bits: it is a number from 0 to 4294967295.";

bool fits_an_argument(std::int64_t number) { return number >= 0 && number <= largest_argument; }

Span place_of(const Statement& statement) {
    return statement.operand.span.known() ? statement.operand.span : statement.span;
}

/// Takes the next part of a suffix, which is joined by plus signs.
std::string_view next_part(std::string_view& rest) {
    const std::size_t plus = rest.find('+');
    std::string_view part = rest.substr(0, plus);
    rest = plus == std::string_view::npos ? std::string_view() : rest.substr(plus + 1);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    return part;
}

/// For two names where one is taken.
std::string name_help(const Operand& operand) {
    return operand.form == OperandForm::NamePair ? "It takes one." : std::string();
}

bool is_name_part(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || (c & 0x80) != 0;
}

/// All that an operand may be, where that is little, and more than what is said already.
std::string list_of(const std::vector<std::string_view>& words, std::string_view said) {
    constexpr std::size_t most = 120;
    std::string text;
    bool more = false;
    for (const std::string_view word : words) {
        more = more || said.find(word) == std::string_view::npos;
        text += fmt::format("{}{}", text.empty() ? "" : ", ", word);
        if (text.size() > most) return {};
    }
    return more ? fmt::format("There are {}.", text) : std::string();
}

} // namespace

void Operands::begin(const program::Block& block) {
    unchecked_ = block.pins.unchecked;
    slots_.clear();
    jumps_.clear();
    raw_.clear();
}

void Operands::resolve(const Statement& statement, Instruction& item) {
    op_ = item.op;
    const OperandForm form = statement.operand.form;
    if (form == OperandForm::Raw) return resolve_raw(statement, item);
    if (!op_->takes_argument()) {
        if (form != OperandForm::None)
            context_.diagnostics.error(place_of(statement), fmt::format("{} takes no operand", op_->name),
                                       context_.target.form == isa::InstructionForm::Wordcode
                                           ? "Leave it out; `[n]` sets the argument byte all the same."
                                           : "Leave it out.");
        return;
    }
    if (form == OperandForm::None) {
        context_.diagnostics.error(statement.span,
                                   fmt::format("{} needs an operand: {}", op_->name, op_->operand->expected));
        return;
    }
    switch (op_->operand->base) {
    case OperandBase::None: break;
    case OperandBase::Integer: return resolve_integer(statement, item);
    case OperandBase::Const: return resolve_const(statement, item);
    case OperandBase::Name: return resolve_name(statement, item);
    case OperandBase::Local:
    case OperandBase::Deref: return resolve_variable(statement, item);
    case OperandBase::LocalPair: return resolve_pair(statement);
    case OperandBase::JumpForward:
    case OperandBase::JumpBackward:
    case OperandBase::JumpAbsolute: return resolve_jump(statement);
    case OperandBase::Symbolic:
    case OperandBase::FlagSet: return resolve_word(statement, item);
    }
}

void Operands::set(Instruction& item, std::uint64_t index, std::uint32_t bits, const OperandKind& kind) {
    item.argument = static_cast<std::uint32_t>(index << kind.shift) | bits;
}

void Operands::report_wrong(const Statement& statement, std::string help) {
    if (help.empty() && statement.operand.form == OperandForm::Integer &&
        fits_an_argument(statement.operand.number))
        help = fmt::format("Write [{}] for the raw argument.", statement.operand.number);
    context_.diagnostics.error(
        place_of(statement), fmt::format("{} takes {}", op_->name, op_->operand->expected), std::move(help));
}

/// Of several words where one name is taken, marks those behind the first; whether there are any.
bool Operands::report_surplus(const Statement& statement) {
    const Operand& operand = statement.operand;
    if (operand.form != OperandForm::Words) return false;
    const std::string_view text = context_.sources.text(operand.span);
    const std::size_t first = std::min(text.find_first_of(" \t\f"), text.size());
    const std::size_t surplus = text.find_first_not_of(" \t\f", first);
    if (surplus == std::string_view::npos || !std::all_of(text.begin(), text.begin() + first, is_name_part))
        return false;
    const Span place{operand.span.begin + static_cast<std::uint32_t>(surplus), operand.span.end};
    context_.diagnostics.error(
        place, fmt::format("unexpected '{}' after the operand", support::printable(text.substr(surplus), 40)),
        text[surplus] == '@' ? std::string("A position is written @ 10, @ 10:4-20 or @ none.")
        : op_->jumps()       ? std::string()
                             : "A name with a blank in it is written in quotes.");
    return true;
}

void Operands::resolve_raw(const Statement& statement, Instruction& item) {
    const std::int64_t number = statement.operand.number;
    if (!fits_an_argument(number)) {
        context_.diagnostics.error(place_of(statement),
                                   fmt::format("an argument is a number of 32 bits, and {} is not", number));
        return;
    }
    if (!op_->takes_argument() && context_.target.form == isa::InstructionForm::Bytecode) {
        context_.diagnostics.error(place_of(statement), fmt::format("{} has no place for an argument in {}",
                                                                    op_->name, context_.target.name));
        return;
    }
    item.argument = static_cast<std::uint32_t>(number);
    switch (op_->operand->base) {
    case OperandBase::Const:
    case OperandBase::Name:
    case OperandBase::Local:
    case OperandBase::LocalPair:
    case OperandBase::Deref:
        if (!unchecked_)
            raw_.push_back({static_cast<std::uint32_t>(list_.items.size()), place_of(statement)});
        break;
    default: break;
    }
}

void Operands::resolve_integer(const Statement& statement, Instruction& item) {
    const Operand& operand = statement.operand;
    const bool is_long =
        operand.form == OperandForm::Value && context_.unit.values[operand.value].kind == ValueKind::Long;
    if (is_long || (operand.form == OperandForm::Integer && !fits_an_argument(operand.number))) {
        context_.diagnostics.error(
            operand.span,
            fmt::format("{} takes {}, and {} is no argument", op_->name, op_->operand->expected,
                        support::printable(context_.sources.text(operand.span), 40)),
            op_->operand->max == largest_argument ? std::string(argument_help) : std::string());
        return;
    }
    if (operand.form != OperandForm::Integer) return report_wrong(statement);
    const std::int64_t number = operand.number;
    if (number > op_->operand->max && !unchecked_) {
        context_.diagnostics.error(place_of(statement),
                                   fmt::format("{} takes {}", op_->name, op_->operand->expected),
                                   fmt::format("Write [{}] if that is what you want.", number));
        return;
    }
    item.argument = static_cast<std::uint32_t>(number);
}

/// The index of a constant that is written as a word; `none` where the word is no constant.
std::uint32_t Operands::named_constant(const Statement& statement) {
    const std::string_view word = statement.operand.text;
    const auto singleton = [&](ValueKind kind) {
        return tables_.constant(objects::ValuePool::singleton(kind), place_of(statement));
    };
    if (word == "None") return singleton(ValueKind::None);
    if (word == "True") return singleton(ValueKind::True);
    if (word == "False") return singleton(ValueKind::False);
    if (word == "Ellipsis") return singleton(ValueKind::Ellipsis);
    if (word == "StopIteration") return singleton(ValueKind::StopIteration);
    if (word == "nan" || word == "inf") {
        const double value = word == "nan" ? std::numeric_limits<double>::quiet_NaN()
                                           : std::numeric_limits<double>::infinity();
        return tables_.constant(context_.unit.values.add_float(value), place_of(statement));
    }
    report_constant(statement);
    return Tables::none;
}

/// Says what an operand that is no constant may have been meant to be.
void Operands::report_constant(const Statement& statement) {
    const Operand& operand = statement.operand;
    const std::string_view word = operand.text;
    std::string help;
    if (operand.form == OperandForm::NamePair) {
        help = "A tuple is written in brackets: (1, 2).";
    } else if (operand.form == OperandForm::Name && !operand.suffix.empty()) {
        if (word == "inf" || word == "nan")
            help = fmt::format("With this part, write complex({}, IMAGINARY).", word);
    } else if (operand.form == OperandForm::Words) {
        if (word == "[]")
            help = "The empty list is list([]).";
        else if (word.starts_with('+'))
            help = "A number has no plus sign.";
        else if (word.starts_with("- ") && word.find_first_of("0123456789") == 2)
            help = fmt::format("Write -{}, without a blank.", word.substr(2));
    } else if (operand.form == OperandForm::Name) {
        static constexpr std::array<std::string_view, 7> words = {
            "None", "True", "False", "Ellipsis", "StopIteration", "inf", "nan"};
        static constexpr std::array<std::string_view, 4> curly = {"\u201C", "\u201D", "\u2018", "\u2019"};
        const std::string_view near = support::nearest(word, words);
        const auto is_quote = [&](std::string_view quote) { return word.starts_with(quote); };
        if (!near.empty())
            help = fmt::format("Did you mean {}?", near);
        else if (std::ranges::any_of(curly, is_quote))
            help = "The quotes of a string are \" and '.";
        else
            help =
                fmt::format("Write \"{0}\" for the string, code({0}) for a block.", support::printable(word));
    }
    report_wrong(statement, std::move(help));
}

void Operands::resolve_const(const Statement& statement, Instruction& item) {
    const Operand& operand = statement.operand;
    std::uint32_t index = Tables::none;
    if (operand.form == OperandForm::Integer) {
        index = tables_.integer(operand.number);
    } else if (operand.form == OperandForm::Value) {
        index = tables_.constant(operand.value, operand.span);
    } else if (operand.form == OperandForm::Name && operand.suffix.empty()) {
        index = operand.quoted
                    ? tables_.constant(context_.unit.values.add_text(context_.text_kind(), operand.text),
                                       operand.span)
                    : named_constant(statement);
    } else {
        report_constant(statement);
    }
    if (index != Tables::none) set(item, index, 0, *op_->operand);
}

/// The text of an operand that names something: a word, or a string literal; empty (null data) for anything
/// else.
std::string_view Operands::plain_name(const Operand& operand) const {
    if (operand.form == OperandForm::Name) return operand.text;
    if (operand.form != OperandForm::Value ||
        context_.unit.values[operand.value].kind != context_.text_kind())
        return {};
    const std::string_view text = context_.unit.values.text(operand.value);
    return text.data() ? text : std::string_view("");
}

/// What follows a name: `+ NULL`, `+ NULL|self + two_arg`.
std::uint32_t Operands::flag_bits(const Statement& statement, std::string_view suffix) {
    std::uint32_t bits = 0;
    while (!suffix.empty()) {
        const std::string_view part = next_part(suffix);
        const isa::OperandName* found = nullptr;
        for (const isa::OperandName& flag : op_->operand->flags) {
            if (flag.spelling == part) found = &flag;
        }
        if (!found) {
            context_.diagnostics.error(place_of(statement),
                                       fmt::format("'+ {}' means nothing to {} in {}",
                                                   support::printable(part), op_->name, context_.target.name),
                                       op_->operand->flags.empty()
                                           ? std::string("It takes the name alone.")
                                           : fmt::format("It takes {}.", op_->operand->expected));
            return bits;
        }
        if (bits & found->value) {
            context_.diagnostics.error(place_of(statement), fmt::format("'+ {}' is given twice", part));
            return bits;
        }
        bits |= found->value;
    }
    return bits;
}

void Operands::resolve_name(const Statement& statement, Instruction& item) {
    if (report_surplus(statement)) return;
    const std::string_view name = plain_name(statement.operand);
    if (!name.data()) return report_wrong(statement, name_help(statement.operand));
    const std::uint32_t bits =
        statement.operand.form == OperandForm::Name ? flag_bits(statement, statement.operand.suffix) : 0;
    set(item, tables_.name(context_.strings.intern(name)), bits, *op_->operand);
}

void Operands::resolve_variable(const Statement& statement, Instruction& item) {
    if (report_surplus(statement)) return;
    const std::string_view name = plain_name(statement.operand);
    if (!name.data()) return report_wrong(statement, name_help(statement.operand));
    if (statement.operand.form == OperandForm::Name && !statement.operand.suffix.empty())
        item.argument = flag_bits(statement, statement.operand.suffix);
    const Span span = place_of(statement);
    const std::uint32_t variable = op_->operand->base == OperandBase::Local
                                       ? variables_.local(name, span)
                                       : variables_.deref(name, span, op_->is(isa::OpFlag::MakesCell));
    slots_.push_back({static_cast<std::uint32_t>(list_.items.size()), variable, variable, span});
}

void Operands::resolve_pair(const Statement& statement) {
    if (statement.operand.form != OperandForm::NamePair) return report_wrong(statement);
    const Span span = place_of(statement);
    const std::uint32_t first = variables_.local(statement.operand.text, span);
    const std::uint32_t second = variables_.local(statement.operand.suffix, span);
    slots_.push_back({static_cast<std::uint32_t>(list_.items.size()), first, second, span});
}

void Operands::resolve_jump(const Statement& statement) {
    const Operand& operand = statement.operand;
    if (report_surplus(statement)) return;
    if (operand.form != OperandForm::Name || operand.quoted) return report_wrong(statement);
    std::int64_t units = 0;
    if (!operand.suffix.empty()) {
        const auto number = parse_number(operand.suffix);
        const bool digits = operand.suffix.find_first_not_of("0123456789") == std::string_view::npos;
        if (!number || *number > largest_argument) {
            const std::string shown = support::printable(operand.suffix);
            const bool too_far = number || (digits && operand.suffix.front() != '0');
            context_.diagnostics.error(
                place_of(statement), too_far
                                         ? fmt::format("{} is farther from '{}' than any code goes", shown,
                                                       support::printable(operand.text))
                                         : fmt::format("a number is wanted after the plus, not '{}'", shown));
            return;
        }
        units = *number;
    }
    jumps_.push_back({static_cast<std::uint32_t>(list_.items.size()), labels_.refer(operand.text),
                      units * program::instruction_size(context_.target, false), place_of(statement)});
}

bool Operands::number_means_something(const OperandKind& kind, std::int64_t number) const {
    if (number < 0 || number > largest_argument) return false;
    const auto value = static_cast<std::uint32_t>(number);
    if (kind.base == OperandBase::Symbolic) {
        for (const isa::OperandName& name : kind.names)
            if (name.value == value) return true;
        return unchecked_;
    }
    std::uint32_t known = 0;
    for (const isa::OperandName& flag : kind.flags) known |= flag.value;
    return unchecked_ || (value & ~known) == 0;
}

/// An operator, a symbol, or flags; also as a plain number.
void Operands::resolve_word(const Statement& statement, Instruction& item) {
    const Operand& operand = statement.operand;
    const OperandKind& kind = *op_->operand;
    std::string_view word = operand.text;
    if (operand.form == OperandForm::Integer && number_means_something(kind, operand.number)) {
        item.argument = static_cast<std::uint32_t>(operand.number);
        return;
    }
    // A symbol may look like a literal ('' and -1 of LOAD_COMMON_CONSTANT): then its source text says it.
    if (operand.form == OperandForm::Integer || operand.form == OperandForm::Value)
        word = context_.sources.text(operand.span);
    if ((operand.form != OperandForm::Name || operand.suffix.empty()) &&
        operand.form != OperandForm::NamePair) {
        if (const auto value = kind.value_of(word)) {
            item.argument = *value;
            return;
        }
    }
    std::string help;
    if (operand.form == OperandForm::Integer) {
        help = fits_an_argument(operand.number)
                   ? fmt::format("Write [{}] if that is what you want.", operand.number)
                   : std::string(argument_help);
    } else if (context_.suggests()) {
        std::vector<std::string_view> candidates;
        std::uint64_t seen = 0;
        for (const auto& known : kind.names) {
            // Of several spellings the first.
            const bool is_new = known.value > 63 || (seen >> known.value & 1) == 0;
            if (known.value <= 63) seen |= std::uint64_t{1} << known.value;
            if (is_new) candidates.push_back(known.spelling);
        }
        for (const auto& known : kind.flags) candidates.push_back(known.spelling);
        const std::string_view near = support::nearest(word, candidates);
        if (!near.empty())
            help = fmt::format("Did you mean {}?", near);
        else
            help = list_of(candidates, kind.expected);
    }
    report_wrong(statement, std::move(help));
}

void Operands::finish() {
    finish_slots();
    finish_jumps();
    check_raw();
}

void Operands::finish_slots() {
    for (const SlotUse& use : slots_) {
        Instruction& item = list_.items[use.item];
        const OperandKind& kind = *item.op->operand;
        if (kind.base == OperandBase::LocalPair) {
            for (const std::uint32_t variable : {use.first, use.second}) {
                const std::uint32_t slot = variables_.local_slot(variable);
                if (slot > 15 && slot != Variables::no_slot) {
                    context_.diagnostics.error(
                        use.span,
                        fmt::format("{} reaches the first 16 locals only, and '{}' is number {}",
                                    item.op->name, support::printable(variables_.name_of(variable)), slot),
                        "Write two instructions, one for each.");
                    break;
                }
            }
            item.argument =
                (variables_.local_slot(use.first) & 15) << 4 | (variables_.local_slot(use.second) & 15);
            continue;
        }
        const std::uint32_t slot = kind.base == OperandBase::Local ? variables_.local_slot(use.first)
                                                                   : variables_.deref_slot(use.first);
        if (slot != Variables::no_slot) set(item, slot, item.argument, kind);
    }
}

void Operands::finish_jumps() {
    for (const JumpUse& use : jumps_) {
        const std::uint32_t target = labels_.item_of(use.label, use.span);
        if (target != Labels::undefined)
            list_.jumps.push_back({use.item, target, use.addend, labels_.name_of(use.label), use.span});
    }
}

std::size_t Operands::table_size(OperandBase base) const {
    switch (base) {
    case OperandBase::Const: return tables_.consts().size();
    case OperandBase::Name: return tables_.names().size();
    case OperandBase::Deref: return variables_.deref_count();
    default: return variables_.local_count();
    }
}

/// Raw indices must name an entry; in an `.unchecked` block they may be anything.
void Operands::check_raw() {
    for (const RawUse& use : raw_) {
        const Instruction& item = list_.items[use.item];
        const OperandBase base = item.op->operand->base;
        const std::size_t size = table_size(base);
        if (base == OperandBase::LocalPair) {
            check_index(use, item.argument >> 4, size);
            if (item.argument >> 4 < size) check_index(use, item.argument & 15, size);
            continue;
        }
        check_index(use, item.argument >> item.op->operand->shift, size);
    }
}

void Operands::check_index(const RawUse& use, std::uint64_t index, std::size_t size) {
    if (index < size) return;
    const Instruction& item = list_.items[use.item];
    const OperandBase base = item.op->operand->base;
    const std::string_view table = base == OperandBase::Const  ? "constant"
                                   : base == OperandBase::Name ? "name"
                                   : base == OperandBase::Deref && !context_.target.code.localsplus
                                       ? "cell or free variable"
                                       : "variable";
    const std::string count = size == 0   ? fmt::format("no {}", table)
                              : size == 1 ? fmt::format("one {}", table)
                              : table == "cell or free variable"
                                  ? fmt::format("{} cells and free variables", size)
                                  : fmt::format("{} {}s", size, table);
    const std::string meaning =
        index == item.argument ? std::string() : fmt::format(" it means {} {}, and", table, index);
    context_.diagnostics.error(
        use.span, fmt::format("[{}] is out of range:{} the block has {}", item.argument, meaning, count),
        base == OperandBase::Const
            ? fmt::format("A list is list([{}]); `.unchecked` in the block takes the index as it is.",
                          item.argument)
            : "`.unchecked` in the block takes it as it is.");
}

} // namespace pyasm::assembler
