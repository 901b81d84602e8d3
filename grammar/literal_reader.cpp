#include "grammar/literal_reader.hpp"

#include "grammar/characters.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace pyasm::grammar {

using objects::Value;
using objects::ValueId;
using objects::ValueKind;
using objects::ValuePool;

void LiteralReader::begin() {
    frames_.clear();
    values_.clear();
    strings_.clear();
    depth_ = 0;
    last_bad_ = nullptr;
    wants_value_ = true;
    failed_ = false;
    unclosed_ = string_unclosed_ = false;
    quiet_separator_ = false;
    second_text_ = {};
    is_string_ = is_plain_integer_ = false;
    pending_ = no_anchor;
    anchors_.close_all();
}

void LiteralReader::push(ValueId id, const char* from, const char* to) {
    if (pending_ != no_anchor) id = settle(id, from, to);
    values_.push_back(id);
    from_ = from;
    to_ = to;
    wants_value_ = false;
    quiet_separator_ = false;
    is_string_ = is_plain_integer_ = false;
    if (!frames_.empty()) frames_.back().colon = false;
}

void LiteralReader::push_new(ValueId id, const char* from, const char* to) {
    context_.place_value(id, context_.span(from, to));
    push(id, from, to);
}

void LiteralReader::push_none(const char* from, const char* to) {
    break_frame();
    push(ValuePool::singleton(ValueKind::None), from, to);
}

// -------------------------------------------------------------------------------------------------------
// numbers

void LiteralReader::first_number(const char* from, const char* to) {
    first_text_ = {from, static_cast<std::size_t>(to - from)};
    first_kind_ = kind_;
    second_text_ = {};
}

void LiteralReader::imaginary_part(const char* from, const char* to) {
    second_text_ = {from, static_cast<std::size_t>(to - from)};
}

/// An unsigned number as a double; false after an error.
bool LiteralReader::decode(std::string_view text, NumberKind kind, double& real) {
    std::optional<LiteralError> error;
    if (kind == NumberKind::Imaginary) text.remove_suffix(1);
    if (kind == NumberKind::HexFloat)
        error = decode_hex_float(text, real);
    else if (kind != NumberKind::Integer)
        error = decode_float(text, context_.dialect, real);
    else {
        error = decode_integer(text, context_.dialect, integer_);
        if (!error) {
            real = integer_.real();
            if (std::isinf(real))
                error = LiteralError{0, text.size(), "the int is too large for a float", {}};
        }
    }
    if (error) context_.error(text.data(), std::move(*error));
    return !error;
}

void LiteralReader::number(const char* from, const char* to) {
    const bool negative = first_text_.starts_with('-');
    std::string_view text = first_text_;
    text.remove_prefix(negative);
    if (!second_text_.empty() || first_kind_ == NumberKind::Imaginary) return push_complex(from, to);
    if (first_kind_ == NumberKind::Integer) return push_integer(text, from, to);
    double real = 0;
    if (!decode(text, first_kind_, real)) return push_none(from, to);
    push_new(context_.unit.values.add_float(negative ? -real : real), from, to);
}

void LiteralReader::push_integer(std::string_view text, const char* from, const char* to) {
    const bool negative = *from == '-';
    if (auto error = decode_integer(text, context_.dialect, integer_)) {
        context_.error(text.data(), std::move(*error));
        return push_none(from, to);
    }
    const auto small = integer_.small(negative);
    if (small && !integer_.long_suffix) {
        push_new(context_.unit.values.add_int(*small), from, to);
        is_plain_integer_ = frames_.empty();
    } else {
        const auto digits = integer_.digits();
        push_new(context_.unit.values.add_long(digits, negative && !digits.empty()), from, to);
    }
}

void LiteralReader::push_complex(const char* from, const char* to) {
    const bool negative = first_text_.starts_with('-');
    std::string_view text = first_text_;
    text.remove_prefix(negative);
    double real = 0;
    double imaginary = 0;
    if (second_text_.empty()) {
        if (!decode(text, NumberKind::Imaginary, imaginary)) return push_none(from, to);
        // -2j is the negative of 2j, so that both parts change their sign. 2.7's compiler reads the sign as
        // part of the number (Python/ast.c, ast_for_factor).
        if (negative) imaginary = -imaginary;
        if (negative && !context_.dialect.python2()) real = -0.0;
    } else {
        if (first_kind_ == NumberKind::Imaginary) {
            context_.error(from, to, "both parts of a complex number are imaginary", "Write it as in 1+2j.");
            return push_none(from, to);
        }
        const std::size_t start = second_text_.find_first_of("0123456789.");
        if (!decode(text, first_kind_, real) ||
            !decode(second_text_.substr(start), NumberKind::Imaginary, imaginary)) {
            return push_none(from, to);
        }
        const bool is_zero_int = first_kind_ == NumberKind::Integer && real == 0; // there is no int -0
        if (negative && !is_zero_int) real = -real;
        if (second_text_[0] == '-') imaginary = -imaginary;
    }
    push_new(context_.unit.values.add_complex(real, imaginary), from, to);
}

void LiteralReader::nan(const char* from, const char* to) {
    const bool negative = *from == '-';
    auto error =
        nan_bits_.starts_with('-') ? LiteralError{} : decode_integer(nan_bits_, context_.dialect, integer_);
    const auto bits = error ? std::nullopt : integer_.small(false);
    if (!bits || *bits == 0 || *bits >> 52 != 0) {
        context_.error(nan_bits_.data(), nan_bits_.data() + nan_bits_.size(),
                       "the bits of a nan are a number from 1 to 0xfffffffffffff",
                       "Plain nan is nan(0x8000000000000).");
        return push_none(from, to);
    }
    push_new(context_.unit.values.add_float(make_nan(static_cast<std::uint64_t>(*bits), negative)), from, to);
}

// -------------------------------------------------------------------------------------------------------
// strings

void LiteralReader::string(const char* from, const char* to) {
    StringToken token;
    const std::string_view text{from, static_cast<std::size_t>(to - from)};
    if (strings_.empty()) first_string_ = from;
    last_string_ = to;
    auto error = split_string(text, !unclosed_, context_.dialect, token);
    if (unclosed_) {
        const auto quote = text.find_first_of("\"'");
        context_.error(from, from + quote + (token.triple ? 3 : 1), "the string is not closed",
                       token.triple ? "It takes the rest of the file."
                                    : "A string over several lines has three quotes.");
        unclosed_ = false;
        string_unclosed_ = true;
    } else if (error) {
        context_.error(from, std::move(*error));
        break_frame();
        token.text = text;
    }
    strings_.push_back(token);
}

ValueId LiteralReader::text_value(std::string_view text, bool bytes, bool native) {
    return context_.unit.values.add_text(bytes ? ValueKind::Bytes : ValueKind::Str, text,
                                         native ? Value::native : std::uint8_t{0});
}

void LiteralReader::join_strings() {
    const char* const from = first_string_;
    const char* const to = last_string_;
    const StringToken& first = strings_.front();
    if (strings_.size() == 1 && !needs_decoding(first)) {
        push_new(text_value(first.body, first.type == StringType::Bytes, first.native), from, to);
    } else {
        bool bytes = true;
        bool native = true;
        for (const StringToken& token : strings_) {
            bytes = bytes && token.type == StringType::Bytes;
            native = native && token.native;
        }
        check_string_types(bytes);
        buffer_.clear();
        errors_.clear();
        for (const StringToken& token : strings_) {
            const std::size_t before = errors_.size();
            const std::size_t size = buffer_.size();
            decode_string(token, context_.dialect, buffer_, errors_);
            for (std::size_t i = before; i < errors_.size(); ++i)
                context_.error(token.text.data(), errors_[i]);
            // 2.7 decodes a str that is joined to a unicode as ASCII.
            if (!bytes && token.type == StringType::Bytes && context_.dialect.python2()) {
                for (std::size_t i = size; i < buffer_.size(); ++i) {
                    if (!(buffer_[i] & 0x80)) continue;
                    context_.error(token.text.data(), token.text.data() + token.text.size(),
                                   "a str with bytes above 127 cannot be joined to a unicode",
                                   "Write it with u.");
                    break;
                }
            }
        }
        push_new(text_value(context_.unit.values.arena().copy(buffer_), bytes, native), from, to);
    }
    is_string_ = frames_.empty();
    strings_.clear();
}

void LiteralReader::check_string_types(bool bytes) {
    if (bytes || context_.dialect.python2()) return;
    for (const StringToken& token : strings_) {
        if (token.type == strings_.front().type) continue;
        context_.error(token.text.data(), token.text.data() + token.text.size(),
                       "bytes and str cannot be joined", "Give both or neither the prefix b.");
        return;
    }
}

// --------------------------------------------------------------------------------------------- words and
// brackets

void LiteralReader::code(const char* from, const char* to) {
    push_new(context_.unit.values.add_text(ValueKind::CodeSymbol, symbol_), from, to);
}

void LiteralReader::name(const char* from, const char* to) {
    const std::uint8_t flags = *from == 'q' ? Value::qualified : 0;
    push_new(context_.unit.values.add_text(ValueKind::NameSymbol, symbol_, flags), from, to);
}

void LiteralReader::constant(const char* from, const char* to) {
    push_new(context_.unit.values.add_text(ValueKind::ConstSymbol, symbol_), from, to);
}

void LiteralReader::ellipsis(const char* from, const char* to) {
    push(ValuePool::singleton(ValueKind::Ellipsis), from, to);
}

bool LiteralReader::word(const char* from, const char* to) {
    const bool negative = *from == '-';
    const std::string_view text{from + negative, static_cast<std::size_t>(to - from - negative)};
    if (text == "inf" || text == "nan") {
        const double value =
            text == "inf" ? std::numeric_limits<double>::infinity() : make_nan(std::uint64_t{1} << 51, false);
        push_new(context_.unit.values.add_float(negative ? -value : value), from, to);
        return true;
    }
    if (negative) return false;
    constexpr std::array<std::string_view, 5> singletons = {"None", "True", "False", "Ellipsis",
                                                            "StopIteration"};
    for (std::size_t i = 0; i < singletons.size(); ++i) {
        if (text != singletons[i]) continue;
        push(ValuePool::singleton(static_cast<ValueKind>(i)), from, to);
        return true;
    }
    return false;
}

bool LiteralReader::open(const char* from, const char* to) {
    return push_frame(*from == '(' ? Kind::Paren : *from == '[' ? Kind::Bracket : Kind::Brace, from, to);
}

struct LiteralReader::CallName {
    std::string_view word;
    Kind kind;
};

bool LiteralReader::open_call(const char* from, const char* to) {
    static constexpr std::array<CallName, 6> calls = {{{"list", Kind::List},
                                                       {"set", Kind::Set},
                                                       {"frozenset", Kind::FrozenSet},
                                                       {"frozendict", Kind::FrozenDict},
                                                       {"slice", Kind::Slice},
                                                       {"complex", Kind::Complex}}};
    const std::string_view word{from, static_cast<std::size_t>(to - from - 1)};
    for (const CallName& call : calls) {
        if (call.word == word) return push_frame(call.kind, from, to);
    }
    return false;
}

bool LiteralReader::push_frame(Kind kind, const char* from, const char* to) {
    const bool level = kind <= Kind::Brace || kind == Kind::Slice;
    // Calls that stand in one another are not levels of a value; they are wrong, and found to be so at their
    // end.
    if (depth_ + level > max_literal_depth || frames_.size() > 2 * max_literal_depth) {
        context_.error(
            from, to,
            fmt::format("a literal nested deeper than marshal allows ({} levels)", max_literal_depth));
        failed_ = true;
        return false;
    }
    depth_ += level;
    Frame frame{};
    frame.kind = kind;
    frame.from = from;
    frame.first = values_.size();
    frame.anchor = std::exchange(pending_, no_anchor);
    frames_.push_back(frame);
    wants_value_ = true;
    return true;
}

void LiteralReader::separator(const char* from) {
    Frame& frame = frames_.back();
    const std::size_t count = values_.size() - frame.first;
    wants_value_ = true;
    quiet_separator_ = false;
    const auto wrong = [&](std::string message, std::string help = {}) {
        if (!frame.broken) context_.error(from, from + 1, std::move(message), std::move(help));
        frame.broken = true;
    };
    if (*from == ',') {
        if (frame.kind == Kind::Brace && frame.dict && count % 2 != 0)
            wrong("a key without a value", "Write KEY: VALUE.");
        frame.comma = true;
        return;
    }
    frame.colon = true;
    if (frame.kind != Kind::Brace) return wrong("':' belongs between a key and its value, in { }");
    if (count == 1 && !frame.comma)
        frame.dict = true;
    else if (!frame.dict)
        wrong("a set has no ':'", "In a dict every member is KEY: VALUE.");
    else if (count % 2 == 0)
        wrong("a second ':' after a key");
}

bool LiteralReader::close(const char* from) {
    if (frames_.empty()) return false;
    (void)anchor_without_value(from);
    Frame frame = frames_.back();
    const char closer = closer_of(frame);
    if (*from != closer) {
        const char* const opener =
            frame.kind <= Kind::Brace ? frame.from : context_.rest(frame.from).find('(') + frame.from;
        context_
            .error(from, from + 1, fmt::format("'{}' where '{}' should close '{}'", *from, closer, *opener))
            .notes.push_back({context_.span(opener, opener + 1), "opened here"});
        frame.broken = true;
        // Where it closes a bracket further out, those in between are what has been forgotten.
        const auto outer = std::find_if(frames_.rbegin(), frames_.rend(),
                                        [&](const Frame& one) { return closer_of(one) == *from; });
        if (outer != frames_.rend()) {
            frames_.back().broken = true;
            while (closer_of(frames_.back()) != *from) {
                const Frame inner = pop_frame();
                finish(inner, from);
                break_frame();
            }
            frame = frames_.back();
        }
    } else if (frame.colon && !frame.broken) {
        context_.error(from, from + 1, "a value is missing before '}'");
        frame.broken = true;
    }
    (void)pop_frame();
    finish(frame, from + 1);
    return true;
}

char LiteralReader::closer_of(const Frame& frame) {
    return frame.kind == Kind::Bracket ? ']' : frame.kind == Kind::Brace ? '}' : ')';
}

LiteralReader::Frame LiteralReader::pop_frame() {
    const Frame frame = frames_.back();
    frames_.pop_back();
    pending_ = frame.anchor; // for the value that it makes
    depth_ -= frame.kind <= Kind::Brace || frame.kind == Kind::Slice;
    return frame;
}

// ------------------------------------------------------------------------------------------------------
// recovery

std::string_view LiteralReader::word_at(const char* at) const {
    const char* end = at;
    while (end != context_.end && is(*end, WordPart)) ++end;
    return {at, static_cast<std::size_t>(end - at)};
}

bool LiteralReader::looks_like_statement(const char* at) const {
    if (at == context_.end) return true;
    return context_.starts_line(at) && (is(*at, WordStart) || *at == '.');
}

void LiteralReader::unclosed(const char* at) {
    failed_ = true;
    const char* place = at;
    while (place != context_.begin && is(place[-1], Blank)) --place;
    context_.resume_at(place);
    if (context_.swallowed || string_unclosed_) return; // which may have taken the closing bracket
    const Frame& frame = frames_.back();
    const char* const opener =
        frame.kind <= Kind::Brace ? frame.from : context_.rest(frame.from).find('(') + frame.from;
    auto& error = context_.error(opener, opener + 1, fmt::format("'{}' is never closed", *opener));
    if (at != context_.end) {
        error.notes.push_back({context_.span(at, at + found_size(context_.rest(at))),
                               "the next statement seems to begin here"});
    }
}

bool LiteralReader::bad_value(const char* at) {
    if (frames_.empty()) {
        if (!anchor_without_value(at) && !context_.failed) report_value(at);
        failed_ = true;
        return false;
    }
    if (looks_like_statement(at)) return unclosed(at), false;
    if (at != last_bad_ && !anchor_without_value(at)) report_value(at);
    last_bad_ = at;
    return true;
}

bool LiteralReader::bad_separator(const char* at) {
    if (looks_like_statement(at)) return unclosed(at), false;
    if (!quiet_separator_) {
        const Frame& frame = frames_.back();
        const char closer = closer_of(frame);
        const std::string_view found = context_.rest(at);
        context_.error(at, at + found_size(found),
                       context_.quiet()
                           ? std::string{}
                           : fmt::format("expected ',' or '{}', found {}", closer, found_text(found)),
                       std::string(operator_help(found)));
        last_bad_ = at;
    }
    break_frame();
    wants_value_ = true;
    return true;
}

void LiteralReader::skipped_value() {
    push_none(from_ ? from_ : context_.begin, to_ ? to_ : context_.begin);
    quiet_separator_ = true;
}

void LiteralReader::report_value(const char* at) {
    if (context_.quiet() && !frames_.empty()) {
        context_.error(at, at, {});
        return;
    }
    const std::string_view rest = context_.rest(at);
    const char* text = at + (!rest.empty() && *at == '-');
    if (text != context_.end &&
        (is(*text, Digit) || (*text == '.' && text + 1 != context_.end && is(text[1], Digit)))) {
        const char* end = text;
        while (end != context_.end && is(*end, NamePart)) ++end;
        context_.error(text, diagnose_number({text, static_cast<std::size_t>(end - text)}, context_.dialect));
        return;
    }
    if (rest.empty() || !is(*text, WordStart)) {
        if (frames_.empty()) return; // the caller knows what it wanted
        context_.error(at, at + found_size(rest),
                       fmt::format("expected a value, found {}", found_text(rest)));
        return;
    }
    static constexpr std::array<std::string_view, 17> words = {
        "None", "True", "False", "Ellipsis",  "StopIteration", "inf",   "nan",     "code",    "list",
        "set",  "name", "const", "frozenset", "frozendict",    "slice", "complex", "qualname"};
    const std::string_view word = word_at(text);
    const bool call = word.data() + word.size() != context_.end && word.data()[word.size()] == '(';
    const std::string_view near = support::nearest(word, words);
    std::string help = word == "tuple"  ? "A tuple is written (1, 2)."
                       : word == "dict" ? "A dict is written {\"k\": 1}."
                       : near == word   ? fmt::format("Write {}(...).", word)
                       : !near.empty()  ? fmt::format("Did you mean {}?", near)
                       : call ? "Of calls, a literal has list, set, frozenset, frozendict, slice, complex, "
                                "code, const, name, qualname and nan."
                              : "Text is written in quotes.";
    context_.error(at, word.data() + word.size(),
                   fmt::format("'{}{}' is not a literal", support::printable(word), call ? "(...)" : ""),
                   std::move(help));
}

} // namespace pyasm::grammar
