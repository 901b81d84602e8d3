#include "grammar/characters.hpp"
#include "grammar/state.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

/// Directives that state a derived field, and those of the .pyc header.
namespace pyasm::grammar {

using objects::PycHeader;
using objects::Value;
using objects::ValueId;
using objects::ValueKind;
using program::BlockPins;
using program::Pin;

void State::symbol(const char* from, const char* to) {
    line_.symbol = {from, static_cast<std::size_t>(to - from)};
    line_.symbol_span = span(from, to);
}

void State::word(const char* from, const char* to) {
    while (to != from && is(to[-1], Blank)) --to;
    line_.text = {from, static_cast<std::size_t>(to - from)};
    line_.text_span = span(from, to);
}

void State::text_literal() {
    line_.has_text = true;
    if (!literals_.is_string()) return; // reported
    line_.text = unit().values.text(literals_.value());
    line_.text_span = literals_.span();
    line_.is_bytes = !(unit().values[literals_.value()].flags & Value::native) &&
                     unit().values[literals_.value()].kind == ValueKind::Bytes;
}

void State::list_value() {
    list_.values.push_back(literals_.value());
    list_.spans.push_back(literals_.span());
}

void State::bare_item(const char* from, const char* to) {
    const auto kind = context_.dialect.python2() ? ValueKind::Bytes : ValueKind::Str;
    const ValueId id =
        unit().values.add_text(kind, {from, static_cast<std::size_t>(to - from)}, Value::native);
    list_.values.push_back(id);
    list_.spans.push_back(span(from, to));
    context_.place_value(id, list_.spans.back());
}

void State::quoted_item() {
    check_name(literals_.value(), literals_.span());
    list_value();
}

/// Names are of the type `str` in every version: no interpreter loads a code object with others.
void State::check_name(ValueId id, support::Span place) {
    const bool bytes = unit().values[id].kind == ValueKind::Bytes;
    if (bytes == context_.dialect.python2() || context_.failed) return;
    context_.error(place, bytes ? "a name is a str, not bytes" : "a name is a str, not unicode",
                   bytes ? "Leave out the b." : "Leave out the u.");
}

template <class T> bool State::set_pin(Pin<T>& pin, T value) {
    if (pin) {
        context_
            .error(line_.directive_span,
                   fmt::format("a second '.{}' in the {}", directive_name(), depth_ ? "block" : "file"))
            .notes.push_back({pin.span, "the first one is here"});
        return false;
    }
    pin.value = std::move(value);
    pin.span = line_.directive_span;
    pin.set = true;
    return true;
}

void State::commit_pin() {
    BlockPins& pins = unit().blocks[open_[depth_ - 1].index].pins;
    switch (line_.directive->shape) {
    case Shape::Count: return commit_count(pins);
    case Shape::Values:
    case Shape::Names: return commit_list(pins);
    case Shape::Value:
    case Shape::NameOrText: return commit_value(pins);
    case Shape::Flags: {
        std::string_view text = line_.text;
        if (std::ranges::any_of(text, [](char c) { return is(c, Blank); })) {
            std::string dense;
            std::ranges::copy_if(text, std::back_inserter(dense), [](char c) { return !is(c, Blank); });
            text = unit().values.arena().copy(dense);
        }
        set_pin(pins.flags, text);
        if (pins.flags.span == line_.directive_span) pins.flags.span = line_.text_span;
        return;
    }
    default:
        if (pins.unchecked) context_.error(line_.directive_span, "a second '.unchecked' in the block");
        pins.unchecked = true;
    }
}

void State::commit_count(BlockPins& pins) {
    const bool line = line_.directive->id == DirectiveId::Firstlineno;
    if (!number_in(numbers_[0], std::numeric_limits<std::int32_t>::min(),
                   std::numeric_limits<std::int32_t>::max(), line ? "a line" : "a count"))
        return;
    const auto value = static_cast<std::int32_t>(numbers_[0].value);
    switch (line_.directive->id) {
    case DirectiveId::Argcount: set_pin(pins.argcount, value); return;
    case DirectiveId::Posonlyargcount: set_pin(pins.posonlyargcount, value); return;
    case DirectiveId::Kwonlyargcount: set_pin(pins.kwonlyargcount, value); return;
    case DirectiveId::Nlocals: set_pin(pins.nlocals, value); return;
    case DirectiveId::Stacksize: set_pin(pins.stacksize, value); return;
    default: set_pin(pins.firstlineno, value); return;
    }
}

void State::commit_list(BlockPins& pins) {
    program::PinnedList list{{list_.values.begin(), list_.values.end()},
                             {list_.spans.begin(), list_.spans.end()}};
    switch (line_.directive->id) {
    case DirectiveId::Consts: set_pin(pins.consts, std::move(list)); return;
    case DirectiveId::Names: set_pin(pins.names, std::move(list)); return;
    case DirectiveId::Locals: set_pin(pins.locals, std::move(list)); return;
    case DirectiveId::Cellvars: set_pin(pins.cellvars, std::move(list)); return;
    case DirectiveId::Hidden: set_pin(pins.hidden, std::move(list)); return;
    default: set_pin(pins.freevars, std::move(list)); return;
    }
}

void State::wrong_value(std::string_view what, std::string help) {
    context_.error(list_.spans[0], fmt::format("'.{}' takes {}", directive_name(), what), std::move(help));
}

void State::commit_value(BlockPins& pins) {
    if (context_.failed) return;
    const ValueId id = list_.values[0];
    const ValueKind kind = unit().values[id].kind;
    switch (line_.directive->id) {
    case DirectiveId::Name: set_pin(pins.name, id); return;
    case DirectiveId::Qualname: set_pin(pins.qualname, id); return;
    case DirectiveId::Filename: set_pin(pins.filename, id); return;
    case DirectiveId::Doc:
        if (kind != ValueKind::Str && !(kind == ValueKind::Bytes && context_.dialect.python2())) {
            return wrong_value("a string", "Write it in quotes.");
        }
        set_pin(pins.doc, id);
        return;
    case DirectiveId::Localsplusnames:
        if (kind != ValueKind::Tuple) return wrong_value("a tuple of names", R"(Write ("a", "b").)");
        set_pin(pins.localsplusnames, id);
        return;
    default: break;
    }
    if (kind != ValueKind::Bytes) return wrong_value("bytes", R"(Write b"...".)");
    if (line_.directive->id == DirectiveId::Localspluskinds)
        set_pin(pins.localspluskinds, id);
    else if (line_.directive->id == DirectiveId::Linetable)
        set_pin(pins.linetable, id);
    else
        set_pin(pins.exceptiontable, id);
}

// ------------------------------------------------------------------------------------------------- the file

/// Directives at file level that take a value.
void State::commit_file_value() {
    if (context_.failed) return;
    const ValueId id = list_.values[0];
    const ValueKind kind = unit().values[id].kind;
    switch (line_.directive->id) {
    case DirectiveId::Filename: set_pin(unit().filename, id); return;
    case DirectiveId::Value: set_pin(unit().top, id); return;
    case DirectiveId::Trailing:
        if (kind != ValueKind::Bytes) return wrong_value("bytes", R"(Write b"...".)");
        set_pin(unit().trailing, id);
        return;
    default:
        if (kind != ValueKind::Str && !(kind == ValueKind::Bytes && context_.dialect.python2()))
            return wrong_value("a string", "Write it in quotes.");
        set_pin(unit().layout, id);
    }
}

namespace {

/// NAME or FILE:NAME, of characters that symbols have.
[[nodiscard]] bool is_listed_symbol(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos &&
        (colon == 0 || colon + 1 == text.size() || text.find(':', colon + 1) != std::string_view::npos))
        return false;
    return !text.empty() && std::ranges::all_of(text, [](char c) { return is(c, SymbolPath); });
}

} // namespace

void State::listed_symbol(const char* from, const char* to) {
    const std::string_view text{from, static_cast<std::size_t>(to - from)};
    if (!is_listed_symbol(text)) {
        context_.error(from, to, fmt::format("'{}' is no symbol", support::printable(text)),
                       "Write NAME, or FILE:NAME for a name of one file.");
        return;
    }
    listed_symbols_.push_back({text, span(from, to)});
}

/// `.global` and `.extern`. The same name again is no mistake: a file of declarations may be included twice.
void State::commit_symbols() {
    auto& names = line_.directive->id == DirectiveId::Global ? unit().globals : unit().externs;
    names.insert(names.end(), listed_symbols_.begin(), listed_symbols_.end());
}

/// Of a list with a mistake, the names in front of it and behind it, so that what refers to them is not
/// wrong, too.
void State::recover_symbols() {
    const char* const mistake = unread_symbols_.data();
    if (!listed_symbols_.empty() &&
        listed_symbols_.back().name.data() + listed_symbols_.back().name.size() == mistake)
        listed_symbols_.pop_back(); // the wrong one's beginning
    std::vector<std::string_view> names;
    split_list(unread_symbols_, names);
    for (std::size_t i = 1; i < names.size(); ++i) {
        const std::string_view name = names[i];
        if (is_listed_symbol(name))
            listed_symbols_.push_back({name, span(name.data(), name.data() + name.size())});
    }
    commit_symbols();
}

/// Of a `.constant` whose value is wrong, the name, so that what refers to it is not wrong, too.
void State::recover_constant() {
    if (line_.symbol.empty()) return;
    list_.values = {objects::ValuePool::singleton(ValueKind::None)};
    context_.failed = false;
    commit_constant();
    context_.failed = true;
}

void State::commit_constant() {
    constexpr std::uint32_t file_scope = 0; // of blocks at file level
    if (context_.failed || !define_symbol(file_scope, line_.symbol, line_.symbol_span)) return;
    unit().constants.push_back({line_.symbol, line_.symbol_span, list_.values[0]});
}

bool State::header_is_free() {
    const auto& pin = unit().header.header;
    if (!pin) return true;
    context_.error(line_.directive_span, "the file's header is stated twice")
        .notes.push_back({pin.span, "first stated here"});
    return false;
}

void State::source_key(const char* from, const char* to) {
    line_.key = {from, static_cast<std::size_t>(to - from)};
    line_.key_span = span(from, to);
}

void State::source_item() { source_items_.push_back({line_.key, line_.key_span, numbers_.back()}); }

/// Fills in the fields that stand as NAME=NUMBER; which of them there are: 1 mtime, 2 size, 4 flags.
unsigned State::header_fields(PycHeader& header, unsigned allowed) {
    unsigned seen = 0;
    for (const SourceItem& item : source_items_) {
        const unsigned bit = item.key == "mtime" ? 1 : item.key == "size" ? 2 : item.key == "flags" ? 4 : 0;
        if (!(bit & allowed)) {
            context_.error(
                item.span, fmt::format("unknown field '{}' of the header", support::printable(item.key)),
                allowed == 4 ? "Beside the hash there is flags." : "The fields are mtime, size and flags.");
            continue;
        }
        if (seen & bit) context_.error(item.span, fmt::format("'{}' is given twice", item.key));
        seen |= bit;
        if (!number_in(item.number, 0, 0xFFFF'FFFF, "a header field")) continue;
        const auto value = static_cast<std::uint32_t>(item.number.value);
        (bit == 1 ? header.mtime : bit == 2 ? header.source_size : header.flags) = value;
    }
    return seen;
}

void State::commit_source() {
    if (!header_is_free()) return;
    PycHeader header;
    (void)header_fields(header, 7);
    if (header.flags & PycHeader::hash_based) {
        for (const SourceItem& item : source_items_)
            if (item.key == "flags")
                context_.error(item.number.span, "a header with this flag holds a hash, and no time",
                               "Write .hash checked or .hash unchecked.");
        header.flags = 0;
    }
    unit().header.header = {header, line_.directive_span, true};
}

void State::commit_hash() {
    if (!header_is_free()) return;
    PycHeader header;
    const std::uint32_t kind = PycHeader::hash_based | (line_.checked ? PycHeader::check_source : 0);
    const bool stated = header_fields(header, 4) != 0;
    if (stated && !context_.failed &&
        (header.flags & (PycHeader::hash_based | PycHeader::check_source)) != kind) {
        context_.error(source_items_.back().number.span,
                       fmt::format("these flags do not say that the hash is {}",
                                   line_.checked ? "checked" : "unchecked"),
                       fmt::format("The two lowest bits of the flags are {}.", kind));
    }
    if (!stated) header.flags = kind;
    hash_span_ = line_.directive_span;
    if (line_.is_bytes) {
        if (line_.text.size() != header.hash.size()) {
            if (!context_.failed) {
                context_.error(line_.text_span, fmt::format("a hash has {} bytes, and this has {}",
                                                            header.hash.size(), line_.text.size()));
            }
        } else {
            std::ranges::copy(line_.text, header.hash.begin());
        }
    } else if (line_.text.empty()) {
        if (!context_.failed)
            context_.error(line_.text_span, "a file's name or the eight bytes are wanted here");
    } else {
        unit().header.hash_of_file = line_.text;
        unit().header.hash_of_file_span = line_.text_span;
    }
    unit().header.header = {header, line_.directive_span, true};
}

/// `.header none`
void State::commit_header() {
    if (!header_is_free()) return;
    PycHeader header;
    header.absent = true;
    unit().header.header = {header, line_.directive_span, true};
}

} // namespace pyasm::grammar
