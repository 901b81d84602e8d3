#include "grammar/expression.hpp"

#include "grammar/characters.hpp"
#include "grammar/evaluator.hpp"
#include "grammar/messages.hpp"
#include "grammar/raw_text.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace pyasm::grammar {

namespace {

/// How tightly an operator binds, as in Python.
enum Binding : int {
    Lowest = 0,
    Or,
    And,
    Not,
    Comparison,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Unary,
};

} // namespace

struct OperatorName {
    std::string_view text;
    Operation operation;
    int binding;
};
namespace {

/// Longer ones before their beginnings.
constexpr std::array operators = {
    OperatorName{"<<", Operation::ShiftLeft, Shift},
    OperatorName{">>", Operation::ShiftRight, Shift},
    OperatorName{"<=", Operation::LessEqual, Comparison},
    OperatorName{">=", Operation::GreaterEqual, Comparison},
    OperatorName{"==", Operation::Equal, Comparison},
    OperatorName{"!=", Operation::NotEqual, Comparison},
    OperatorName{"//", Operation::Divide, Product},
    OperatorName{"<", Operation::Less, Comparison},
    OperatorName{">", Operation::Greater, Comparison},
    OperatorName{"|", Operation::BitOr, BitOr},
    OperatorName{"^", Operation::BitXor, BitXor},
    OperatorName{"&", Operation::BitAnd, BitAnd},
    OperatorName{"+", Operation::Add, Sum},
    OperatorName{"-", Operation::Subtract, Sum},
    OperatorName{"*", Operation::Multiply, Product},
    OperatorName{"%", Operation::Modulo, Product},
    OperatorName{"or", Operation::Or, Or},
    OperatorName{"and", Operation::And, And},
    OperatorName{"in", Operation::In, Comparison},
    OperatorName{"not", Operation::NotIn, Comparison},
};

/// Operators of other languages, and what they are called here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> foreign_operators = {{
    {"&&", "Write and."},
    {"||", "Write or."},
    {"**", "There is no power: write the product, or a shift."},
    {"/", "Division is written //, and rounds down."},
    {"=", "Two values are compared with ==."},
    {"!", "Write not."},
}};

constexpr std::array<std::string_view, 16> reserved_words = {
    "False",   "True", "and", "count", "defined", "has", "in",     "int",
    "is_name", "kind", "len", "not",   "or",      "str", "target", "text"};

} // namespace

bool is_reserved_word(std::string_view word) {
    return std::ranges::find(reserved_words, word) != reserved_words.end();
}

void Evaluator::skip_space() {
    for (; at_ != end_; ++at_) {
        if (*at_ == '#') {
            while (at_ + 1 != end_ && at_[1] != '\n') ++at_;
        } else if (!is(*at_, Space)) {
            return;
        }
    }
}

std::string_view Evaluator::rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

Quantity Evaluator::fail(const char* from, const char* to, std::string message, std::string help) {
    if (!failed_) scope_.error(span(from, to), std::move(message), std::move(help));
    failed_ = true;
    at_ = end_;
    return {};
}

Quantity Evaluator::unexpected(std::string_view what) {
    skip_space();
    const std::size_t size = std::min(found_size(rest()), rest().size());
    std::string help;
    for (const auto& [text, words] : foreign_operators)
        if (rest().starts_with(text) && help.empty()) help = words;
    const std::string found = at_ == end_ ? "the end of the expression" : found_text(rest());
    if (what.empty())
        return fail(at_, at_ + size, fmt::format("unexpected {} in the expression", found), std::move(help));
    return fail(at_, at_ + size, fmt::format("expected {}, found {}", what, found), std::move(help));
}

/// The operator that comes next; null where none does.
const OperatorName* Evaluator::next_operator() {
    skip_space();
    for (const auto& [text, words] : foreign_operators)
        if (text.size() == 2 && rest().starts_with(text)) return nullptr;
    for (const OperatorName& one : operators) {
        if (!rest().starts_with(one.text)) continue;
        if (is(one.text[0], WordStart) && word_at(rest()).size() != one.text.size()) continue;
        if (one.operation != Operation::NotIn) return &one;
        // `not` behind a value: only as a part of `not in`.
        const std::string_view behind = rest().substr(one.text.size());
        return word_at(behind.substr(std::min(behind.size(), behind.find_first_not_of(" \t\f")))) == "in"
                   ? &one
                   : nullptr;
    }
    return nullptr;
}

Quantity Evaluator::binary(int lowest, bool active) {
    Quantity left = unary(lowest, active);
    bool compared = false;
    while (!failed_) {
        const OperatorName* const found = next_operator();
        if (!found || found->binding < lowest) break;
        const char* const from = at_;
        at_ += found->text.size();
        if (found->operation == Operation::NotIn) {
            skip_space();
            at_ += 2;
        }
        if (found->binding == Comparison && std::exchange(compared, true))
            return fail(from, at_, "comparisons are not chained here", "Join two of them with and.");
        const bool is_or = found->operation == Operation::Or;
        if (is_or || found->operation == Operation::And) {
            // The right side counts only where the left one does not tell.
            const bool decided = active && left.truth() == is_or;
            Quantity right = binary(found->binding + 1, active && !decided);
            if (active && !decided) left = std::move(right);
            compared = false;
            continue;
        }
        const Quantity right = binary(found->binding + 1, active);
        if (failed_) break;
        if (active) left = apply(found->operation, found->text, std::move(left), right, from);
        if (found->binding != Comparison) compared = false;
    }
    return failed_ ? Quantity{} : left;
}

Quantity Evaluator::unary(int lowest, bool active) {
    skip_space();
    if (at_ == end_) return unexpected("a value");
    const char* const from = at_;
    const bool is_not = word_at(rest()) == "not";
    if (!is_not && *at_ != '-' && *at_ != '~' && *at_ != '+') return primary(active);
    if (++depth_ > max_expression_depth) return too_deep(from);
    Quantity value;
    if (is_not) {
        at_ += 3;
        if (lowest > Not)
            return fail(from, at_, "'not' binds too loosely to stand here", "Put it in brackets.");
        value = Quantity::of(std::int64_t{!binary(Not, active).truth()});
    } else {
        ++at_;
        skip_space();
        if (*from == '-' && at_ != end_ && is(*at_, Digit)) {
            value = number(true, active);
        } else {
            value = unary(Unary, active);
            if (active && !failed_) value = sign(*from, std::move(value), from);
        }
    }
    --depth_;
    return value;
}

Quantity Evaluator::too_deep(const char* from) {
    return fail(from, from + 1,
                fmt::format("an expression nested deeper than {} levels", max_expression_depth));
}

Quantity Evaluator::primary(bool active) {
    const char* const from = at_;
    if (*at_ == '(') {
        if (++depth_ > max_expression_depth) return too_deep(from);
        ++at_;
        Quantity value = binary(Lowest, active);
        skip_space();
        if (failed_) return {};
        if (at_ == end_) return fail(from, from + 1, "'(' is never closed");
        if (*at_ != ')') return unexpected("an operator or ')'");
        ++at_;
        --depth_;
        return value;
    }
    if (is(*at_, Digit)) return number(false, active);
    if (*at_ == '\\') return stray_marker();
    const std::string_view word = word_at(rest());
    const char* const behind = at_ + word.size();
    if (behind != end_ && (*behind == '"' || *behind == '\'')) return text(active);
    if (word.empty()) return unexpected("a value");
    return name(word, active);
}

Quantity Evaluator::stray_marker() {
    const Marker marker = read_marker(at_, end_);
    if (marker.kind == MarkerKind::Name)
        return fail(marker.from, marker.to,
                    fmt::format("no parameter '{}' here", support::printable(marker.inner)),
                    scope_.symbol(marker.inner) ? "A symbol is written without the backslash." : "");
    return fail(marker.from, marker.from + 1, "a backslash in an expression", "Write brackets without it.");
}

Quantity Evaluator::number(bool negative, bool active) {
    const char* const from = at_;
    while (at_ != end_ && is(*at_, WordPart)) ++at_;
    if (at_ != end_ && *at_ == '.') {
        ++at_;
        while (at_ != end_ && is(*at_, NamePart)) ++at_;
        const std::string_view whole{from, static_cast<std::size_t>(at_ - from)};
        const auto version = isa::parse_version(whole);
        if (version && !negative) return Quantity::of(*version);
        return fail(from, at_, fmt::format("'{}' is no version", support::printable(whole, 40)),
                    "A version is written as in 3.11; there are no floats here.");
    }
    Integer integer;
    const std::string_view run{from, static_cast<std::size_t>(at_ - from)};
    if (auto error = decode_integer_run(run, scope_.dialect(), integer))
        return fail(from + error->offset, from + error->offset + error->size, std::move(error->message),
                    std::move(error->help));
    if (const auto small = integer.small(negative)) return Quantity::of(*small);
    if (!active) return {};
    return fail(from, at_, fmt::format("{} does not fit into 64 bits", support::printable(run, 40)));
}

/// String literals; neighbours are joined.
Quantity Evaluator::text(bool active) {
    std::string value;
    for (;;) {
        const char* const from = at_;
        at_ += word_at(rest()).size();
        bool closed = false;
        at_ = skip_string(at_, end_, &closed);
        const std::string_view whole{from, static_cast<std::size_t>(at_ - from)};
        StringToken token;
        std::vector<LiteralError> errors;
        auto error = split_string(whole, closed, scope_.dialect(), token);
        if (!error && !closed) error = LiteralError{0, 1, "the string is never closed", {}};
        if (!error && token.type == StringType::Bytes && !token.native)
            error = LiteralError{0, 1, "a string is wanted here, not bytes", "Leave out the b."};
        if (!error) {
            decode_string(token, scope_.dialect(), value, errors);
            if (!errors.empty()) error = errors.front();
        }
        if (error)
            return fail(from + error->offset, from + error->offset + error->size, std::move(error->message),
                        std::move(error->help));
        skip_space();
        const std::size_t prefix = word_at(rest()).size();
        const char* const quote = at_ + prefix;
        if (quote == end_ || (*quote != '"' && *quote != '\'')) break;
    }
    if (!active) return {};
    return Quantity::of(std::move(value));
}

Quantity Evaluator::name(std::string_view word, bool active) {
    const char* const from = at_;
    at_ += word.size();
    const char* const behind = at_;
    skip_space();
    if (at_ != end_ && *at_ == '(') return call(word, active);
    at_ = behind;
    if (word == "target") return Quantity::of(isa::version_of(scope_.target()));
    if (word == "True" || word == "False") return Quantity::of(std::int64_t{word == "True"});
    if (is_reserved_word(word)) {
        at_ = from;
        if (word == "and" || word == "or" || word == "in") return unexpected("a value");
        return fail(from, behind, fmt::format("'{}' is a function here: brackets are missing", word));
    }
    if (!active) return {};
    if (const Quantity* const symbol = scope_.symbol(word)) {
        if (scope_.charge(span(from, behind), symbol->text.size())) return *symbol;
        failed_ = true;
        at_ = end_;
        return {};
    }
    constexpr std::string_view target = "target";
    std::string_view near = support::nearest(word, {&target, 1});
    if (near.empty()) near = scope_.nearest_symbol(word);
    std::string help = scope_.is_macro(word) ? "It is a macro; defined(NAME) asks for one."
                       : !near.empty()
                           ? fmt::format("Did you mean {}?", near)
                           : std::string("Define it with .set or -D, or ask defined(NAME) first.");
    return fail(from, behind, fmt::format("no symbol '{}' is set", support::printable(word)),
                std::move(help));
}

std::optional<Quantity> Evaluator::run() {
    skip_space();
    if (at_ == end_) {
        (void)fail(begin_, begin_, "an expression is missing");
        return std::nullopt;
    }
    Quantity value = binary(Lowest, true);
    if (failed_) return std::nullopt;
    skip_space();
    if (at_ != end_) {
        (void)unexpected({});
        return std::nullopt;
    }
    return value;
}

std::optional<Quantity> evaluate(std::string_view text, const support::SourceFile& file,
                                 ExpressionScope& scope) {
    return Evaluator(text, file, scope).run();
}

} // namespace pyasm::grammar
