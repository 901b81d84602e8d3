#pragma once

// Reads the stack column of opcodes.def at compile time. A malformed row does not compile: the evaluation
// meets `malformed`, which no constant expression may call.

#include "isa/opcode.hpp"

namespace pyasm::isa::signature {

[[noreturn]] inline void malformed() { __builtin_trap(); }

/// A cursor over a signature's text. All functions skip the blanks in front of what they read.
struct Reader {
    std::string_view text;
    std::size_t at = 0;

    constexpr char peek() {
        while (at < text.size() && text[at] == ' ') ++at;
        return at < text.size() ? text[at] : '\0';
    }
    constexpr bool accept(std::string_view token) {
        peek();
        if (text.substr(at, token.size()) != token) return false;
        at += token.size();
        return true;
    }
    constexpr void expect(std::string_view token) {
        if (!accept(token)) malformed();
    }
    static constexpr bool is_name(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }
    constexpr std::string_view name() {
        peek();
        const std::size_t start = at;
        while (at < text.size() && is_name(text[at])) ++at;
        if (at == start) malformed();
        return text.substr(start, at - start);
    }
    /// A decimal or 0x number.
    constexpr std::uint32_t number() {
        const std::uint32_t base = accept("0x") ? 16 : 10;
        std::uint32_t value = 0;
        for (const char c : name()) {
            const std::uint32_t digit =
                c >= 'a' ? static_cast<std::uint32_t>(c - 'a') + 10 : static_cast<std::uint32_t>(c - '0');
            if (c == '_' || digit >= base) malformed();
            value = value * base + digit;
        }
        return value;
    }
};

constexpr std::int8_t small(std::uint32_t number) {
    if (number > 100) malformed();
    return static_cast<std::int8_t>(number);
}

/// arg | arg >> n | arg & n | (EXPRESSION) & n | (EXPRESSION): `count` gets the shift and the mask.
constexpr void read_argument(Reader& in, ItemCount& count) {
    if (in.accept("(")) {
        read_argument(in, count);
        in.expect(")");
    } else {
        in.expect("arg");
        count.mask = 0xFFFF'FFFF;
    }
    if (in.accept(">>")) {
        if (count.mask != 0xFFFF'FFFF || count.shift != 0) malformed();
        count.shift = static_cast<std::uint8_t>(small(in.number()));
    } else if (in.accept("&")) {
        if (count.mask != 0xFFFF'FFFF) malformed();
        count.mask = in.number();
    }
}

/// A number, or the argument's part times a factor, plus or minus a number.
constexpr ItemCount read_count(Reader& in) {
    ItemCount count{.mask = 0, .shift = 0, .factor = 0, .add = 0};
    if (in.peek() >= '0' && in.peek() <= '9') {
        count.add = small(in.number());
        return count;
    }
    count.factor = 1;
    read_argument(in, count);
    if (in.accept("*")) count.factor = small(in.number());
    if (in.accept("+"))
        count.add = small(in.number());
    else if (in.accept("-"))
        count.add = static_cast<std::int8_t>(-small(in.number()));
    return count;
}

/// Items up to "--" or the end; their number is added to `total`.
constexpr void read_items(Reader& in, StackSignature& out) {
    if (in.peek() == '\0' || in.peek() == '-') return;
    do {
        if (out.total == StackSignature::capacity) malformed();
        StackItem& item = out.items[out.total++];
        item.name = in.name();
        item.demanded = in.accept("!");
        if (in.accept("[")) {
            item.count = read_count(in);
            in.expect("]");
        }
    } while (in.accept(","));
}

/// What the items hold or may hold, and which produced ones are consumed ones that are left or moved.
constexpr void find_kinds(StackSignature& out) {
    for (std::size_t i = 0; i < out.total; ++i) {
        StackItem& item = out.items[i];
        out.counts_vary |= item.count.mask != 0;
        if (i < out.before) {
            item.kinds = slots::accepted(item.name, item.demanded);
            if (item.kinds == SlotKinds::Nothing) malformed(); // a `!` behind a name that says nothing
            continue;
        }
        if (item.demanded) malformed();
        item.kinds = slots::produced(item.name);
        for (std::size_t input = 0; input < out.before; ++input)
            if (out.items[input].name == item.name) item.from = static_cast<std::int8_t>(input);
    }
}

/// The signature that `text` writes.
consteval StackSignature parse(std::string_view text) {
    StackSignature out;
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    out.text = text;
    Reader in{text};
    read_items(in, out);
    out.before = out.total;
    in.expect("--");
    read_items(in, out);
    if (in.peek() != '\0') malformed();
    find_kinds(out);
    return out;
}

} // namespace pyasm::isa::signature
