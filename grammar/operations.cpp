#include "grammar/characters.hpp"
#include "grammar/evaluator.hpp"
#include "grammar/print_literals.hpp"
#include "grammar/print_text.hpp"
#include "grammar/raw_text.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

/// What operators and functions of expressions do.
namespace pyasm::grammar {

using Kind = Quantity::Kind;

namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

/// Python's //: rounded down. `right` is not 0, and the result fits.
[[nodiscard]] std::int64_t floor_divide(std::int64_t left, std::int64_t right) {
    const std::int64_t quotient = left / right;
    return left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient;
}

[[nodiscard]] std::int64_t count_code_points(std::string_view text) {
    return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

/// Whether a text is a name, as an operand is, and not a word that stands for a constant.
[[nodiscard]] bool is_variable(std::string_view text) {
    constexpr std::array<std::string_view, 7> constants = {"None",          "True", "False", "Ellipsis",
                                                           "StopIteration", "inf",  "nan"};
    return is_bare_name(text) && std::ranges::find(constants, text) == constants.end();
}

/// left << right for a right from 0 on; false where it does not fit.
[[nodiscard]] bool shift_left(std::int64_t left, std::int64_t right, std::int64_t& result) {
    if (left == 0) {
        result = 0;
        return true;
    }
    return right < 63 && !__builtin_mul_overflow(left, std::int64_t{1} << right, &result);
}

} // namespace

std::string_view Quantity::kind_name() const {
    return kind == Kind::Int ? "an int" : kind == Kind::Text ? "a string" : "a version";
}

std::string Quantity::plain() const {
    return kind == Kind::Int ? std::to_string(number) : kind == Kind::Text ? text : isa::to_string(version);
}

std::string literal_of(const Quantity& quantity, const isa::Target& target) {
    if (quantity.kind != Kind::Text) return quantity.plain();
    support::ByteWriter bytes;
    TextOutput out(bytes);
    const objects::ValuePool none;
    LiteralPrinter(out, none, target, nullptr, LiteralPrinter::no_limit).put_native(quantity.text);
    out.flush();
    return std::string(bytes.text());
}

Quantity Evaluator::mismatch(std::string_view word, const Quantity& left, const Quantity& right,
                             const char* from) {
    std::string help;
    const Quantity& number = left.kind == Kind::Int ? left : right;
    const bool versions = left.kind == Kind::Version || right.kind == Kind::Version;
    if (versions && number.kind == Kind::Int)
        help = fmt::format("A version has two numbers: {}.0.", number.number);
    else if (left.kind == Kind::Text || right.kind == Kind::Text)
        help = "str(x) makes a string of a value, and int(s) a number.";
    return fail(from, from + word.size(),
                fmt::format("'{}' between {} and {}", word, left.kind_name(), right.kind_name()),
                std::move(help));
}

Quantity Evaluator::apply(Operation operation, std::string_view word, Quantity left, const Quantity& right,
                          const char* from) {
    if (operation == Operation::NotIn) word = "not in";
    if (operation == Operation::In || operation == Operation::NotIn) {
        if (left.kind != Kind::Text || right.kind != Kind::Text) return mismatch(word, left, right, from);
        const bool found = right.text.find(left.text) != std::string::npos;
        return Quantity::of(std::int64_t{found == (operation == Operation::In)});
    }
    if (operation >= Operation::Less && operation <= Operation::NotEqual)
        return compare(operation, word, left, right, from);
    if (left.kind == Kind::Int && right.kind == Kind::Int)
        return arithmetic(operation, word, left.number, right.number, from);
    if (left.kind == Kind::Text && operation == Operation::Modulo)
        return fail(from, from + 1, "strings are not formatted here", "Join the parts with +.");
    return join_text(operation, word, left, right, from);
}

Quantity Evaluator::compare(Operation operation, std::string_view word, const Quantity& left,
                            const Quantity& right, const char* from) {
    if (left.kind != right.kind) return mismatch(word, left, right, from);
    const auto order = [&]() -> std::strong_ordering {
        switch (left.kind) {
        case Kind::Int: return left.number <=> right.number;
        case Kind::Text: return left.text.compare(right.text) <=> 0;
        default: return left.version <=> right.version;
        }
    }();
    const auto answer = [&] {
        switch (operation) {
        case Operation::Less: return order < 0;
        case Operation::LessEqual: return order <= 0;
        case Operation::Greater: return order > 0;
        case Operation::GreaterEqual: return order >= 0;
        case Operation::Equal: return order == 0;
        default: return order != 0;
        }
    };
    return Quantity::of(std::int64_t{answer()});
}

Quantity Evaluator::arithmetic(Operation operation, std::string_view word, std::int64_t left,
                               std::int64_t right, const char* from) {
    std::int64_t result = 0;
    bool fits = true;
    switch (operation) {
    case Operation::BitOr: result = left | right; break;
    case Operation::BitXor: result = left ^ right; break;
    case Operation::BitAnd: result = left & right; break;
    case Operation::Add: fits = !__builtin_add_overflow(left, right, &result); break;
    case Operation::Subtract: fits = !__builtin_sub_overflow(left, right, &result); break;
    case Operation::Multiply: fits = !__builtin_mul_overflow(left, right, &result); break;
    case Operation::ShiftLeft:
    case Operation::ShiftRight:
        if (right < 0) return fail(from, from + word.size(), fmt::format("a shift by {}", right));
        if (operation == Operation::ShiftLeft)
            fits = shift_left(left, right, result);
        else
            result = left >> std::min<std::int64_t>(right, 63);
        break;
    default:
        if (right == 0) return fail(from, from + word.size(), "division by zero");
        fits = left != least || right != -1;
        if (!fits && operation == Operation::Modulo) return Quantity::of(std::int64_t{0});
        if (fits) result = floor_divide(left, right);
        if (fits && operation == Operation::Modulo) result = left - result * right;
    }
    if (fits) return Quantity::of(result);
    return fail(from, from + word.size(),
                fmt::format("{} {} {} does not fit into 64 bits", left, word, right));
}

/// str + str, str * int, int * str.
Quantity Evaluator::join_text(Operation operation, std::string_view word, const Quantity& left,
                              const Quantity& right, const char* from) {
    const bool sum = operation == Operation::Add && left.kind == Kind::Text && right.kind == Kind::Text;
    const bool product =
        operation == Operation::Multiply && ((left.kind == Kind::Text && right.kind == Kind::Int) ||
                                             (left.kind == Kind::Int && right.kind == Kind::Text));
    if (!sum && !product) return mismatch(word, left, right, from);
    const std::string& text = left.kind == Kind::Text ? left.text : right.text;
    const auto times = static_cast<std::size_t>(
        std::max<std::int64_t>(0, left.kind == Kind::Int ? left.number : right.number));
    const bool too_long = sum ? left.text.size() + right.text.size() > max_expression_text
                              : !text.empty() && times > max_expression_text / text.size();
    if (too_long)
        return fail(from, from + word.size(),
                    fmt::format("the string has more than {} bytes", max_expression_text));
    std::string result;
    const std::size_t size = sum ? left.text.size() + right.text.size() : text.size() * times;
    if (!scope_.charge(span(from, from + word.size()), size)) {
        failed_ = true;
        at_ = end_;
        return {};
    }
    result.reserve(size);
    if (sum) {
        result += left.text;
        result += right.text;
    } else if (!text.empty()) {
        for (std::size_t i = 0; i < times; ++i) result += text;
    }
    return Quantity::of(std::move(result));
}

Quantity Evaluator::sign(char which, Quantity value, const char* from) {
    if (value.kind != Kind::Int)
        return fail(from, from + 1, fmt::format("'{}' in front of {}", which, value.kind_name()));
    if (which == '~') return Quantity::of(~value.number);
    if (which == '+') return value;
    if (value.number == least)
        return fail(from, from + 1, fmt::format("-({}) does not fit into 64 bits", value.number));
    return Quantity::of(-value.number);
}

Quantity Evaluator::call(std::string_view function, bool active) {
    const char* const word = function.data();
    const char* const open = at_;
    const char* const behind = skip_brackets(open, end_);
    if (!behind) return fail(open, open + 1, "'(' is never closed");
    const bool asks = function == "defined" || function == "kind" || function == "has";
    const bool looks = function == "count" || function == "text" || function == "is_name";
    if (asks || looks) {
        const std::string_view argument = trimmed({open + 1, static_cast<std::size_t>(behind - open - 2)});
        at_ = behind;
        if (asks) return ask_name(function, argument, open + 1, active);
        if (const char* const marker = find_marker(open + 1, behind - 1)) {
            at_ = marker;
            return stray_marker();
        }
        if (function == "text") return Quantity::of(on_one_line(argument, scope_.dialect()));
        if (function == "is_name") return Quantity::of(std::int64_t{is_variable(argument)});
        std::vector<std::string_view> parts;
        split_list(argument, parts);
        return Quantity::of(static_cast<std::int64_t>(parts.size()));
    }
    if (function != "len" && function != "str" && function != "int")
        return fail(word, open, fmt::format("no function '{}'", support::printable(function)),
                    "There are defined, kind, has, is_name, count, text, len, str and int.");
    if (++depth_ > max_expression_depth) return too_deep(word);
    at_ = open + 1;
    const Quantity value = binary(0, active);
    skip_space();
    if (failed_) return {};
    if (at_ != behind - 1) return unexpected("an operator or ')'");
    at_ = behind;
    --depth_;
    return active ? convert(function, value, word) : Quantity{};
}

/// Functions of a name, which is not evaluated.
Quantity Evaluator::ask_name(std::string_view function, std::string_view argument, const char* from,
                             bool active) {
    const char* const begin = argument.empty() ? from : argument.data();
    const char* const end = begin + argument.size();
    if (argument.starts_with('\\')) {
        at_ = begin;
        return stray_marker();
    }
    std::string unquoted;
    if (function == "kind" && !argument.empty() && (argument[0] == '"' || argument[0] == '\'')) {
        const char* const resume = at_;
        const char* const all = end_;
        at_ = begin;
        end_ = end;
        unquoted = text(true).text;
        if (failed_) return {};
        end_ = all;
        at_ = resume;
        argument = unquoted;
    } else {
        const CharClass part = function == "kind" ? NamePart : WordPart;
        const std::size_t plus = function == "has" ? argument.find('+') : std::string_view::npos;
        const std::string_view name = argument.substr(0, plus);
        const bool named = !name.empty() &&
                           (is(name[0], WordStart) || (part == NamePart && name[0] == '.')) &&
                           std::ranges::all_of(name, [&](char c) { return is(c, part); });
        if (!named)
            return fail(begin, end, fmt::format("{}() takes a name", function),
                        function == "has" ? "As in has(LOAD_FAST_BORROW)." : "");
    }
    if (!active) return {};
    if (function == "defined")
        return Quantity::of(std::int64_t{scope_.symbol(argument) != nullptr || scope_.is_macro(argument)});
    if (function == "kind") {
        const std::string_view kind = scope_.kind_of(argument);
        if (kind.empty())
            return fail(begin, end, "kind() asks for a name in a block, and stands outside of all");
        return Quantity::of(std::string(kind));
    }
    const isa::Target& target = scope_.target();
    if (target.find(argument)) return Quantity::of(std::int64_t{1});
    std::vector<std::string_view> names;
    for (const isa::OpInfo& op : isa::all_opcodes()) {
        if (op.name == argument) return Quantity::of(std::int64_t{0});
        names.push_back(op.name);
    }
    const std::string_view near = support::nearest(argument, names);
    return fail(begin, end, fmt::format("no version has an instruction '{}'", support::printable(argument)),
                near.empty() ? std::string{} : fmt::format("Did you mean {}?", near));
}

Quantity Evaluator::convert(std::string_view function, const Quantity& value, const char* from) {
    const char* const to = from + function.size();
    if (function == "str") return Quantity::of(value.plain());
    if (function == "len") {
        if (value.kind != Kind::Text) return fail(from, to, fmt::format("len() of {}", value.kind_name()));
        return Quantity::of(count_code_points(value.text));
    }
    if (value.kind == Kind::Int) return value;
    if (value.kind == Kind::Version) return fail(from, to, "int() of a version");
    const std::string_view text = trimmed(value.text);
    const bool negative = text.starts_with('-');
    const std::string_view digits = text.substr(negative);
    Integer integer;
    const bool is_number = !digits.empty() && is(digits[0], Digit) &&
                           std::ranges::all_of(digits, [](char c) { return is(c, WordPart); }) &&
                           !decode_integer_run(digits, scope_.dialect(), integer);
    if (!is_number)
        return fail(from, to,
                    fmt::format("int() of '{}', which is no number", support::printable(value.text, 40)));
    if (const auto small = integer.small(negative)) return Quantity::of(*small);
    return fail(from, to, fmt::format("{} does not fit into 64 bits", support::printable(text, 40)));
}

namespace {

/// Of -D: there is nothing to ask for.
class NoScope final : public ExpressionScope {
  public:
    [[nodiscard]] const Quantity* symbol(std::string_view) const override { return nullptr; }
    [[nodiscard]] bool is_macro(std::string_view) const override { return false; }
    [[nodiscard]] std::string_view nearest_symbol(std::string_view) const override { return {}; }
    [[nodiscard]] std::string_view kind_of(std::string_view) const override { return {}; }
    [[nodiscard]] const isa::Target& target() override { return isa::newest_target(); }
    [[nodiscard]] Dialect dialect() const override { return {}; }
    [[nodiscard]] bool charge(support::Span, std::size_t) override { return true; }
    void error(support::Span, std::string, std::string) override {}
};

} // namespace

namespace {

/// Whether a text that begins as a number or a string is nothing more than that.
bool is_one_literal(std::string_view text) {
    if (text[0] != '"' && text[0] != '\'') {
        text.remove_prefix(text[0] == '-' ? 1 : 0);
        return std::ranges::all_of(text, [](char c) { return is(c, WordPart) || c == '.'; });
    }
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == text[0]) return i + 1 == text.size();
        if (text[i] == '\\') ++i;
    }
    return false;
}

} // namespace

std::optional<Quantity> definition_value(std::string_view text) {
    if (text.empty() || support::find_invalid_utf8(text)) return std::nullopt;
    if (is_word(text)) {
        const bool literal = text == "True" || text == "False";
        return literal ? Quantity::of(std::int64_t{text == "True"}) : Quantity::of(std::string(text));
    }
    const char first = text[0];
    if (!is(first, Digit) && first != '-' && first != '"' && first != '\'') return std::nullopt;
    if (!is_one_literal(text)) return std::nullopt;
    support::SourceFile file;
    file.text = text;
    NoScope scope;
    return evaluate(text, file, scope);
}

} // namespace pyasm::grammar
