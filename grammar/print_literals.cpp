#include "grammar/print_literals.hpp"

#include "grammar/print_numbers.hpp"
#include "objects/code_object.hpp"
#include "support/text.hpp"

#include <algorithm>

namespace pyasm::grammar {

using objects::Value;
using objects::ValueId;
using objects::ValueKind;

namespace {

[[nodiscard]] bool is_text(ValueKind kind) { return kind == ValueKind::Str || kind == ValueKind::Bytes; }
[[nodiscard]] bool has_keys(ValueKind kind) {
    return kind == ValueKind::Dict || kind == ValueKind::FrozenDict;
}

/// Levels of literals up to which a long text in a container is put in brackets of its own.
constexpr std::size_t clear_depth = 100;

} // namespace

// --------------------------------------------------------------------------------------------------- atoms

/// Writes a value's anchor. False: it is a reference, and the value itself is not to follow.
bool LiteralPrinter::put_anchor(ValueId id) {
    if (!anchors_) return true;
    bool first = false;
    const std::uint32_t number = anchors_->number(id, first);
    if (!number) return true;
    out_.put(first ? '&' : '*');
    put_integer(out_, number);
    if (first) out_.put(' ');
    return first;
}

void LiteralPrinter::put_leaf(ValueId id) {
    const Value& value = pool_[id];
    switch (value.kind) {
    case ValueKind::None: return out_.put("None");
    case ValueKind::True: return out_.put("True");
    case ValueKind::False: return out_.put("False");
    case ValueKind::Ellipsis: return out_.put("...");
    case ValueKind::StopIteration: return out_.put("StopIteration");
    case ValueKind::Int: return put_integer(out_, value.integer);
    case ValueKind::Long:
        put_long(out_, value);
        if (python2_) out_.put('L');
        return;
    case ValueKind::Float: return put_float(out_, value.real);
    case ValueKind::Complex: return put_complex(out_, value.parts[0], value.parts[1], python2_);
    case ValueKind::Str:
    case ValueKind::Bytes: return put_text(id, Place::Argument);
    case ValueKind::CodeSymbol:
    case ValueKind::ConstSymbol:
        out_.put(value.kind == ValueKind::CodeSymbol ? "code(" : "const(");
        out_.put(pool_.text(id));
        return out_.put(')');
    case ValueKind::NameSymbol:
        out_.put(value.flags & Value::qualified ? "qualname(" : "name(");
        out_.put(pool_.text(id));
        return out_.put(')');
    case ValueKind::Code: {
        // Only outside of units, which name code objects by their symbols.
        const ValueId name = pool_.code(id).name;
        out_.put("code(");
        if (name != objects::no_value && is_text(pool_[name].kind))
            put_escaped(out_, pool_.text(name), '\0', Charset::Unicode);
        return out_.put(')');
    }
    default: return;
    }
}

Charset LiteralPrinter::charset_of(ValueId id) const {
    if (pool_[id].kind == ValueKind::Str) return Charset::Unicode;
    const std::string_view text = pool_.text(id);
    return python2_ && !support::is_ascii(text) && !support::find_invalid_utf8(text) ? Charset::Utf8Bytes
                                                                                     : Charset::Ascii;
}

std::string_view LiteralPrinter::prefix_of(ValueKind kind, Place place) const {
    if (kind == ValueKind::Str) return python2_ ? "u" : "";
    return python2_ && place != Place::Binary ? "" : "b";
}

void LiteralPrinter::put_text(ValueId id, Place place) {
    const std::string_view text = pool_.text(id);
    const char quote = choose_quote(text);
    out_.put(prefix_of(pool_[id].kind, place));
    out_.put(quote);
    put_escaped(out_, text, quote, place == Place::Binary ? Charset::Hex : charset_of(id));
    out_.put(quote);
}

void LiteralPrinter::put_native(std::string_view text) {
    const char quote = choose_quote(text);
    const bool bytes = python2_ && (support::is_ascii(text) || support::find_invalid_utf8(text));
    out_.put(quote);
    put_escaped(out_, text, quote, bytes ? Charset::Ascii : python2_ ? Charset::Utf8Bytes : Charset::Unicode);
    out_.put(quote);
}

// ----------------------------------------------------------------------------------------------- containers

void LiteralPrinter::open(ValueId id, Place place) {
    const bool empty = pool_[id].size == 0;
    switch (pool_[id].kind) {
    case ValueKind::Tuple: return out_.put('(');
    case ValueKind::List: return out_.put(place == Place::Operand ? "list([" : "[");
    case ValueKind::Dict: return out_.put('{');
    case ValueKind::Set: return out_.put(empty ? "set(" : "{");
    case ValueKind::FrozenSet: return out_.put(empty ? "frozenset(" : "frozenset({");
    case ValueKind::FrozenDict: return out_.put(empty ? "frozendict(" : "frozendict({");
    default: return out_.put("slice(");
    }
}

void LiteralPrinter::close(ValueId id, Place place) {
    const std::uint32_t size = pool_[id].size;
    switch (pool_[id].kind) {
    case ValueKind::Tuple: return out_.put(size == 1 ? ",)" : ")");
    case ValueKind::List: return out_.put(place == Place::Operand ? "])" : "]");
    case ValueKind::Dict: return out_.put('}');
    case ValueKind::Set: return out_.put(size ? '}' : ')');
    case ValueKind::FrozenSet:
    case ValueKind::FrozenDict: return out_.put(size ? "})" : ")");
    default: return out_.put(')');
    }
}

// ---------------------------------------------------------------------------------------------- on one line

bool LiteralPrinter::put_flat_leaf(ValueId id, Place place, std::size_t last_column) {
    const Value& value = pool_[id];
    const std::size_t here = out_.column();
    const std::size_t left = last_column > here ? last_column - here : 0;
    if (is_text(value.kind)) {
        // A column takes four bytes at most.
        if (value.size <= left * 4) {
            put_text(id, place);
        } else if (!anchors_ && left > 3) { // the head of what is cut
            out_.put(prefix_of(value.kind, place));
            const char quote = choose_quote(pool_.text(id).substr(0, left * 4));
            out_.put(quote);
            (void)put_escaped_part(out_, pool_.text(id), quote, charset_of(id), last_column, false);
            return false;
        } else {
            return false;
        }
    } else {
        if (value.kind == ValueKind::Long && value.size > left) return false;
        put_leaf(id);
    }
    return out_.column() <= last_column;
}

bool LiteralPrinter::put_flat_value(ValueId id, Place place, std::size_t last_column) {
    if (!objects::is_container(pool_[id].kind)) {
        if (anchors_ && !put_anchor(id)) return true;
        return put_flat_leaf(id, place, last_column);
    }
    if (!put_anchor(id)) return true;
    const bool inside_itself =
        !anchors_ && std::ranges::any_of(flat_, [&](const Frame& frame) { return frame.id == id; });
    if (inside_itself) {
        out_.put("...");
    } else {
        open(id, place);
        flat_.push_back({id, 0, 0, false});
    }
    return out_.column() <= last_column;
}

bool LiteralPrinter::put_flat(ValueId id, Place place, std::size_t last_column) {
    flat_.clear();
    if (!put_flat_value(id, place, last_column)) return false;
    while (!flat_.empty()) {
        Frame& frame = flat_.back();
        const Value& value = pool_[frame.id];
        if (frame.next == value.size) {
            const bool outermost = flat_.size() == 1;
            close(frame.id, outermost ? place : Place::Argument);
            flat_.pop_back();
            continue;
        }
        if (frame.next) out_.put(has_keys(value.kind) && frame.next % 2 ? ": " : ", ");
        const ValueId child = pool_.children(frame.id)[frame.next++];
        if (!put_flat_value(child, Place::Argument, last_column)) return false;
    }
    return out_.column() <= last_column;
}

bool LiteralPrinter::try_flat(ValueId id, Place place, std::size_t last_column) {
    const Mark before = mark();
    if (put_flat(id, place, last_column)) return true;
    rewind(before);
    return false;
}

// ---------------------------------------------------------------------------------------- over several lines

bool LiteralPrinter::put(ValueId id, Place place) {
    bool split = false;
    if (place == Place::Document && is_text(pool_[id].kind)) {
        const auto line_end = pool_.text(id).find('\n');
        split = line_end != std::string_view::npos && line_end + 1 < pool_.text(id).size();
    }
    if (!split && try_flat(id, place, width_)) return true;
    put_wrapped(id, place);
    return false;
}

/// The column of lines that go on with what begins here.
std::size_t LiteralPrinter::indent_here() const { return std::min(out_.column(), width_ * 2 / 3); }

void LiteralPrinter::break_line(std::size_t indent) {
    out_.newline();
    out_.blanks(indent);
}

/// Writes a container's next member (of a dict, key and value) on the present line, if it fits.
bool LiteralPrinter::try_item(Frame& frame, bool fresh_line) {
    const Value& value = pool_[frame.id];
    const auto children = pool_.children(frame.id);
    const bool key = has_keys(value.kind);
    const std::size_t last_column = width_ - 1; // a comma or bracket follows
    const Mark before = mark();
    if (frame.next && !fresh_line) out_.put(' ');
    bool fits = put_flat(children[frame.next], Place::Argument, last_column);
    if (fits && key) {
        out_.put(": ");
        fits = put_flat(children[frame.next + 1], Place::Argument, last_column);
    }
    if (!fits) {
        rewind(before);
        return false;
    }
    frame.next += key ? 2 : 1;
    return true;
}

void LiteralPrinter::put_wrapped(ValueId id, Place place) {
    wrapped_.clear();
    put_wrapped_value(id, place);
    while (!wrapped_.empty()) {
        Frame& frame = wrapped_.back();
        const Value& value = pool_[frame.id];
        if (frame.next == value.size) {
            close(frame.id, wrapped_.size() == 1 ? place : Place::Argument);
            wrapped_.pop_back();
            continue;
        }
        const bool dict = has_keys(value.kind);
        const bool behind_key = dict && frame.next % 2 != 0;
        if (frame.next) out_.put(behind_key ? ':' : ',');
        if (behind_key) {
            out_.put(' ');
        } else {
            // Behind a member of several lines, the next one begins a line, too.
            if (!frame.broken && try_item(frame, false)) continue;
            if (frame.next) break_line(frame.indent);
            frame.broken = false;
            if (frame.next && try_item(frame, true)) continue;
        }
        const ValueId member = pool_.children(frame.id)[frame.next++];
        if (dict && try_flat(member, Place::Argument, width_ - 1)) continue;
        frame.broken = true;
        put_wrapped_value(member, Place::Argument);
    }
}

/// Writes a value that does not fit on the line, or what it begins with.
void LiteralPrinter::put_wrapped_value(ValueId id, Place place) {
    if (!put_anchor(id)) return;
    if (is_text(pool_[id].kind)) return put_wrapped_text(id, place);
    if (!objects::is_container(pool_[id].kind)) return put_leaf(id);
    open(id, place);
    wrapped_.push_back({id, 0, indent_here(), false});
}

/// Neighbouring strings, one a line.
void LiteralPrinter::put_wrapped_text(ValueId id, Place place) {
    std::string_view text = pool_.text(id);
    const char quote = choose_quote(text);
    const Charset charset = place == Place::Binary ? Charset::Hex : charset_of(id);
    const std::string_view prefix = prefix_of(pool_[id].kind, place);
    const std::string_view head = text.substr(0, 256);
    const bool has_lines = charset == Charset::Unicode || charset == Charset::Utf8Bytes ||
                           (charset == Charset::Ascii && std::ranges::all_of(head, [](char c) {
                                return (c >= ' ' && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
                            }));
    // In a container the neighbours are joined without brackets as well: those are for the reader.
    const bool brackets = wrapped_.size() < clear_depth;
    if (brackets) out_.put('(');
    const std::size_t indent = indent_here();
    for (bool first = true; first || !text.empty(); first = false) {
        if (!first) break_line(indent);
        out_.put(prefix);
        out_.put(quote);
        const std::size_t last_column = std::max(width_ - 2, out_.column() + 8);
        text.remove_prefix(put_escaped_part(out_, text, quote, charset, last_column, has_lines));
        out_.put(quote);
    }
    if (brackets) out_.put(')');
}

} // namespace pyasm::grammar
