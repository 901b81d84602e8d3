#pragma once

#include "grammar/context.hpp"
#include "grammar/literal_anchors.hpp"
#include "objects/value.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::grammar {

/// Deepest nesting of a literal, as deep as marshal reads (Python/marshal.c, MAX_MARSHAL_STACK_DEPTH).
/// Together with the code objects around it, the assembler holds it against the same limit.
inline constexpr std::size_t max_literal_depth = 2000;

enum class NumberKind : std::uint8_t { Integer, Float, HexFloat, Imaginary };

/// Builds a literal's value from its tokens, on a stack of its own.
class LiteralReader {
  public:
    explicit LiteralReader(Context& context) : context_(context) {}

    // What the grammar asks.
    void begin();
    [[nodiscard]] bool wants_value() const { return wants_value_; }
    [[nodiscard]] bool nested() const { return !frames_.empty(); }
    [[nodiscard]] bool failed() const { return failed_; }
    void fail() { failed_ = true; }

    // Tokens, [from, to). Those that return bool refuse the token with false.
    void number_kind(NumberKind kind) { kind_ = kind; }
    void first_number(const char* from, const char* to);
    void imaginary_part(const char* from, const char* to);
    void number(const char* from, const char* to);
    void unclosed_string(bool rest_of_file) { unclosed_ = true, context_.swallowed |= rest_of_file; }
    void string(const char* from, const char* to);
    void join_strings();
    void code_symbol(const char* from, const char* to) { symbol_ = {from, to}; }
    void no_symbol() { symbol_ = {}; }
    void code(const char* from, const char* to);
    void name(const char* from, const char* to);
    void constant(const char* from, const char* to);
    void nan_argument(const char* from, const char* to) { nan_bits_ = {from, to}; }
    void nan(const char* from, const char* to);
    void ellipsis(const char* from, const char* to);
    bool word(const char* from, const char* to);
    bool open(const char* from, const char* to);
    bool open_call(const char* from, const char* to);
    bool close(const char* from);
    void separator(const char* from);
    /// `&1` in front of a value.
    void anchor(const char* from, const char* to);
    /// `*1`, the value with that anchor.
    void anchored(const char* from, const char* to);

    // Recovery: false where the literal cannot be read on.
    bool bad_value(const char* at);
    bool bad_separator(const char* at);
    void skipped_value();
    /// Says of a text that is no literal what is wrong with it.
    void report_value(const char* at);

    /// What was read of the statement that begins at `offset` has not been.
    void forget_from(std::uint32_t offset) { anchors_.forget_from(offset), pending_ = no_anchor; }

    // The result of the last literal.
    [[nodiscard]] objects::ValueId value() const {
        return values_.empty() ? objects::no_value : values_.back();
    }
    [[nodiscard]] support::Span span() const { return context_.span(from_, to_); }
    [[nodiscard]] bool is_string() const { return is_string_; }
    /// An int without suffix, written alone.
    [[nodiscard]] bool is_plain_integer() const { return is_plain_integer_; }

  private:
    enum class Kind : std::uint8_t {
        Paren,
        Bracket,
        Brace,
        List,
        Set,
        FrozenSet,
        FrozenDict,
        Slice,
        Complex
    };
    struct Frame {
        Kind kind;
        bool dict = false; ///< a brace with a colon
        bool comma = false;
        bool broken = false;         ///< something in it was unreadable
        bool colon = false;          ///< the last token was a colon
        AnchorId anchor = no_anchor; ///< in front of it
        const char* from;            ///< its first character
        std::size_t first;           ///< its first value on the stack
    };
    struct CallName;
    [[nodiscard]] static char closer_of(const Frame& frame);
    Frame pop_frame();

    void push(objects::ValueId id, const char* from, const char* to);
    [[nodiscard]] objects::ValueId settle(objects::ValueId id, const char* from, const char* to);
    [[nodiscard]] bool anchor_without_value(const char* at);
    [[nodiscard]] bool may_hold_itself(AnchorId anchor, const char* from, const char* to);
    void push_new(objects::ValueId id, const char* from, const char* to);
    void push_none(const char* from, const char* to);
    bool push_frame(Kind kind, const char* from, const char* to);
    [[nodiscard]] bool decode(std::string_view text, NumberKind kind, double& real);
    void push_integer(std::string_view text, const char* from, const char* to);
    void push_complex(const char* from, const char* to);
    [[nodiscard]] objects::ValueId text_value(std::string_view text, bool bytes, bool native);
    void check_string_types(bool bytes);
    void finish(const Frame& frame, const char* to);
    void finish_brackets(const Frame& frame, const char* to);
    void finish_call(const Frame& frame, const char* to);
    void finish_adaptor(const Frame& frame, const char* to);
    void finish_complex(const Frame& frame, const char* to);
    void finish_slice(const Frame& frame, const char* to);
    void refuse(const Frame& frame, const char* to, std::string message);
    void wrong_arguments(const Frame& frame, const char* to, std::string_view form);
    void container(objects::ValueKind kind, const Frame& frame, const char* to);
    [[nodiscard]] objects::ValueId add_container(objects::ValueKind kind,
                                                 std::span<const objects::ValueId> children);
    [[nodiscard]] bool check_members(objects::ValueKind kind, std::span<const objects::ValueId> children,
                                     support::Span whole);
    [[nodiscard]] bool is_hashable(objects::ValueId id) const {
        return !(context_.unit.values[id].marks & objects::Value::unhashable);
    }
    [[nodiscard]] bool looks_like_statement(const char* at) const;
    void unclosed(const char* at);
    void break_frame() {
        if (!frames_.empty()) frames_.back().broken = true;
    }
    [[nodiscard]] std::string_view word_at(const char* at) const;

    Context& context_;
    AnchorTable anchors_;
    AnchorId pending_ = no_anchor; ///< the anchor that has been read, whose value has not
    std::vector<Frame> frames_;
    std::vector<objects::ValueId> values_;
    std::vector<StringToken> strings_;
    std::vector<LiteralError> errors_;
    std::string buffer_;
    Integer integer_;
    std::size_t depth_ = 0; ///< levels of values, calls not counted
    const char* from_ = nullptr;
    const char* to_ = nullptr;
    const char* last_bad_ = nullptr;
    const char* first_string_ = nullptr;
    const char* last_string_ = nullptr;
    std::string_view first_text_, second_text_, symbol_, nan_bits_;
    NumberKind kind_ = NumberKind::Integer;
    NumberKind first_kind_ = NumberKind::Integer;
    bool wants_value_ = true;
    bool failed_ = false;
    bool unclosed_ = false;
    bool string_unclosed_ = false; ///< a string of this literal was
    bool quiet_separator_ = false;
    bool is_string_ = false;
    bool is_plain_integer_ = false;
};

} // namespace pyasm::grammar
