#pragma once

#include "support/arena.hpp"
#include "support/bytes.hpp"

#include <cassert>
#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

namespace pyasm::objects {

struct CodeObject;

/// Index of a value in its pool. Identity is the index: two places with one id are one object.
enum class ValueId : std::uint32_t {};
inline constexpr ValueId no_value{0xFFFF'FFFF};

/// What marshal can hold (plus symbols: a Unit holds them until it is assembled, and CodeSymbol and
/// ConstSymbol of other units stay until those are linked).
enum class ValueKind : std::uint8_t {
    None,
    True,
    False,
    Ellipsis,
    StopIteration,
    Int,   ///< fits 64 bits. 2.7: an `int`; 3.x: any int that fits
    Long,  ///< base-2^15 digits. 2.7: a `long` of any size; 3.x: an int that does not fit 64 bits
    Float, ///< kept as bits
    Complex,
    Bytes, ///< 2.7 `str`, 3.x `bytes`
    Str,   ///< 2.7 `unicode`, 3.x `str`; UTF-8 with lone surrogates as three bytes
    Tuple,
    List,
    Dict, ///< children: key, value, key, value...
    Set,
    FrozenSet,
    Slice, ///< children: start, stop, step
    FrozenDict,
    Code,
    CodeSymbol,  ///< `code(NAME)`: text is the symbol
    ConstSymbol, ///< `const(NAME)`: text is the symbol
    /// `name(NAME)` or `qualname(NAME)`, what that block is called: text is the symbol; empty: the block
    /// itself
    NameSymbol,
};

[[nodiscard]] constexpr bool is_container(ValueKind kind) {
    return kind >= ValueKind::Tuple && kind <= ValueKind::FrozenDict;
}

/// Whether a value of this kind stands for another one, by its symbol.
[[nodiscard]] constexpr bool is_symbol(ValueKind kind) {
    return kind == ValueKind::CodeSymbol || kind == ValueKind::ConstSymbol || kind == ValueKind::NameSymbol;
}

/// Whether two equal values of this kind are still two: they may be changed.
[[nodiscard]] constexpr bool is_mutable(ValueKind kind) {
    return kind == ValueKind::List || kind == ValueKind::Dict || kind == ValueKind::Set;
}

/// One value. 16 bytes; text, digits and children live in the pool's arenas.
struct Value {
    static constexpr std::uint8_t negative = 1;  ///< sign of a Long
    static constexpr std::uint8_t interned = 2;  ///< a string that is interned when loaded
    static constexpr std::uint8_t native = 4;    ///< a literal written without prefix ("text")
    static constexpr std::uint8_t qualified = 8; ///< a NameSymbol is `qualname`

    static constexpr std::uint8_t unhashable = 1; ///< mark: cannot be a dict's key or a set's member
    static constexpr std::uint8_t latin1 = 2; ///< mark: stood in the file as Latin-1 with bytes above 0x7f
    static constexpr std::uint8_t flagged_end =
        4; ///< mark: the NULL that ends this dict has a needless FLAG_REF
    static constexpr std::uint8_t drops_keys = 8; ///< mark: this dict has `EncodingHints::dropped_keys`
    /// mark: a reference to this container stood inside itself. Every cycle that the reader makes has a
    /// container with this mark; one whose only such reference was in a dropped key has it needlessly.
    static constexpr std::uint8_t recursive = 16;
    static constexpr std::uint8_t open =
        32; ///< mark: still being read; on no value that the reader gives out

    ValueKind kind = ValueKind::None;
    /// How it stood in the file it was read from: marshal's type byte with FLAG_REF; 0 = not read from a
    /// file, the writer chooses.
    std::uint8_t type_byte = 0;
    std::uint8_t flags = 0;
    /// What the reader found out: bits `unhashable` to `recursive`. Not part of the value.
    std::uint8_t marks = 0;
    std::uint32_t size = 0; ///< bytes of text, digits, or children
    union {
        std::int64_t integer = 0;
        double real;
        const char* text;
        const std::uint16_t* digits; ///< least significant first, each < 2^15, the last not 0
        const double* parts;         ///< Complex: real, imaginary
        std::uint64_t index;         ///< first child, or the code object's index
    };
};
static_assert(sizeof(Value) == 16);

/// Owns values. Strings may be views into the input they were read from: the input must outlive the pool.
/// Values form a graph that may share and (from a hostile file) contain cycles.
class ValuePool {
  public:
    ValuePool();
    ValuePool(ValuePool&&) noexcept;
    ValuePool& operator=(ValuePool&&) noexcept;
    ~ValuePool();

    [[nodiscard]] const Value& operator[](ValueId id) const {
        return values_[static_cast<std::uint32_t>(id)];
    }
    [[nodiscard]] Value& operator[](ValueId id) { return values_[static_cast<std::uint32_t>(id)]; }
    [[nodiscard]] std::size_t size() const { return values_.size(); }
    [[nodiscard]] std::string_view text(ValueId id) const {
        const Value& value = (*this)[id];
        return {value.text, value.size};
    }
    [[nodiscard]] std::span<const ValueId> children(ValueId id) const {
        const Value& value = (*this)[id];
        assert(is_container(value.kind));
        return {children_.data() + value.index, value.size};
    }
    [[nodiscard]] std::span<ValueId> children(ValueId id) {
        const Value& value = (*this)[id];
        return {children_.data() + value.index, value.size};
    }
    [[nodiscard]] std::span<const std::uint16_t> digits(ValueId id) const {
        const Value& value = (*this)[id];
        return {value.digits, value.size};
    }
    [[nodiscard]] const CodeObject& code(ValueId id) const;
    [[nodiscard]] CodeObject& code(ValueId id);

    /// The shared None, True, False, Ellipsis or StopIteration without hints.
    [[nodiscard]] static constexpr ValueId singleton(ValueKind kind) {
        assert(kind <= ValueKind::StopIteration);
        return ValueId{static_cast<std::uint32_t>(kind)};
    }
    ValueId add_int(std::int64_t value);
    /// `digits` is copied.
    ValueId add_long(std::span<const std::uint16_t> digits, bool negative);
    ValueId add_float(double value);
    ValueId add_complex(double real, double imaginary);
    /// Str, Bytes or a symbol; `text` is not copied: pass `arena().copy(text)` where it would not live as
    /// long.
    ValueId add_text(ValueKind kind, std::string_view text, std::uint8_t flags = 0);
    ValueId add_container(ValueKind kind, std::span<const ValueId> children);
    /// A container with `size` children still to be filled through `children(id)`.
    ValueId add_container(ValueKind kind, std::uint32_t size);
    ValueId add_code(CodeObject code);
    ValueId add(Value value) {
        values_.push_back(value);
        return ValueId{static_cast<std::uint32_t>(values_.size() - 1)};
    }
    /// Takes the last value back, which nothing refers to; with a container's children, if they are the last,
    /// too.
    void drop_last();
    /// Makes room for this many more values and children.
    void reserve(std::size_t values, std::size_t children);
    /// Sets the children of a container afterwards (sets and dicts whose length is known only at their end).
    void set_children(ValueId id, std::span<const ValueId> children);

    [[nodiscard]] support::Arena& arena() { return arena_; }
    [[nodiscard]] std::size_t code_count() const;

  private:
    std::vector<Value> values_;
    std::vector<ValueId> children_;
    std::deque<CodeObject> codes_;
    support::Arena arena_;
};

} // namespace pyasm::objects
