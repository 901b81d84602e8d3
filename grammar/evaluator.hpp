#pragma once

#include "grammar/expression.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pyasm::grammar {

enum class Operation : unsigned char {
    Or,
    And,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    In,
    NotIn,
    BitOr,
    BitXor,
    BitAnd,
    ShiftLeft,
    ShiftRight,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
};
struct OperatorName;

/// Reads an expression and computes it in one go. What is not `active` is read only: the side of an `and` or
/// `or` that does not count. The first mistake ends it.
class Evaluator {
  public:
    Evaluator(std::string_view text, const support::SourceFile& file, ExpressionScope& scope)
        : file_(file), scope_(scope), begin_(text.data()), at_(text.data()), end_(text.data() + text.size()) {
    }

    [[nodiscard]] std::optional<Quantity> run();

  private:
    // expression.cpp: what is written
    void skip_space();
    [[nodiscard]] std::string_view rest() const;
    [[nodiscard]] const OperatorName* next_operator();
    Quantity binary(int lowest, bool active);
    Quantity unary(int lowest, bool active);
    Quantity primary(bool active);
    Quantity number(bool negative, bool active);
    Quantity text(bool active);
    Quantity name(std::string_view word, bool active);
    Quantity stray_marker();
    Quantity too_deep(const char* from);
    /// Reports what stands at the place; `what`: what should, if it is known.
    Quantity unexpected(std::string_view what);

    // operations.cpp: what it means
    /// `from`: the operator's place.
    Quantity apply(Operation operation, std::string_view word, Quantity left, const Quantity& right,
                   const char* from);
    Quantity arithmetic(Operation operation, std::string_view word, std::int64_t left, std::int64_t right,
                        const char* from);
    Quantity join_text(Operation operation, std::string_view word, const Quantity& left,
                       const Quantity& right, const char* from);
    Quantity compare(Operation operation, std::string_view word, const Quantity& left, const Quantity& right,
                     const char* from);
    Quantity sign(char which, Quantity value, const char* from);
    Quantity mismatch(std::string_view word, const Quantity& left, const Quantity& right, const char* from);
    Quantity call(std::string_view function, bool active);
    Quantity ask_name(std::string_view function, std::string_view argument, const char* from, bool active);
    Quantity convert(std::string_view function, const Quantity& value, const char* from);

    Quantity fail(const char* from, const char* to, std::string message, std::string help = {});
    [[nodiscard]] support::Span span(const char* from, const char* to) const {
        return file_.span(static_cast<std::size_t>(from - file_.text.data()),
                          static_cast<std::size_t>(to - file_.text.data()));
    }

    const support::SourceFile& file_;
    ExpressionScope& scope_;
    const char* begin_;
    const char* at_;
    const char* end_;
    std::size_t depth_ = 0;
    bool failed_ = false;
};

} // namespace pyasm::grammar
