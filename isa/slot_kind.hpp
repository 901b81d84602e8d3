#pragma once

// What a stack slot can hold, as the names in the stack signatures of opcodes.def tell it.

#include <cstdint>
#include <string_view>

namespace pyasm::isa {

/// A set of possibilities: what a slot may hold. Each bit is one of them; an unknown object may be anything
/// that is an object.
enum class SlotKinds : std::uint32_t {
    Nothing = 0, ///< no possibility: no way leads here
    // Objects
    Object = 1U << 0, ///< an object of a type that is not known here
    None = 1U << 1,
    Bool = 1U << 2, ///< True or False itself
    Str = 1U << 3,
    Tuple = 1U << 4,
    List = 1U << 5,
    Set = 1U << 6,
    Dict = 1U << 7,
    Code = 1U << 8,
    Function = 1U << 9,
    Cell = 1U << 10,
    Iter = 1U << 11,     ///< has tp_iternext
    Receiver = 1U << 12, ///< what GET_AWAITABLE and GET_YIELD_FROM_ITER give: can be sent to
    Exc = 1U << 13,      ///< an exception instance that a handler was entered with
    ExcType = 1U << 14,  ///< the three items of a handler up to 3.10
    ExcValue = 1U << 15,
    ExcTb = 1U << 16,
    Closure = 1U << 17, ///< a tuple of cells
    // Not objects, or not sure to be
    Prev = 1U << 18,     ///< what PUSH_EXC_INFO or a handler's entry saved; up to 3.10 it may be NULL
    Null = 1U << 19,     ///< NULL; of a local: unbound
    Lasti = 1U << 20,    ///< the place of an instruction: an int up to 3.13, then no object
    Index = 1U << 21,    ///< the index beside an iterator (3.15): no object
    WhyBreak = 1U << 22, ///< the reason for which a finally block was entered (2.7 - 3.7): an int
    WhyReturn = 1U << 23,
    WhyContinue = 1U << 24,
    WhySilenced = 1U << 25,
    ReturnAddress = 1U << 26,  ///< what CALL_FINALLY pushes (3.8): an int
    ContinueTarget = 1U << 27, ///< below WhyContinue: an int
    Unready = 1U << 28,    ///< a function that must get a closure; code or function that must get an iterator
    AliasParts = 1U << 29, ///< a tuple of name, type parameters and function, for INTRINSIC_TYPEALIAS
    Indexed = 1U << 30,    ///< below an Index: the iterator, list or tuple that it belongs to (3.15)
    // Beside the others
    Borrowed = 1U << 31, ///< a reference that a local owns (3.14+)
};
[[nodiscard]] constexpr SlotKinds operator|(SlotKinds a, SlotKinds b) {
    return static_cast<SlotKinds>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
[[nodiscard]] constexpr SlotKinds operator&(SlotKinds a, SlotKinds b) {
    return static_cast<SlotKinds>(static_cast<std::uint32_t>(a) & static_cast<std::uint32_t>(b));
}
[[nodiscard]] constexpr SlotKinds operator~(SlotKinds a) {
    return static_cast<SlotKinds>(~static_cast<std::uint32_t>(a));
}
[[nodiscard]] constexpr bool any(SlotKinds kinds) { return kinds != SlotKinds::Nothing; }
/// Whether `part` has no possibility that `whole` has not.
[[nodiscard]] constexpr bool within(SlotKinds part, SlotKinds whole) { return !any(part & ~whole); }

namespace slots {
using enum SlotKinds;
/// All that are objects, whatever their type.
inline constexpr SlotKinds objects = Object | None | Bool | Str | Tuple | List | Set | Dict | Code |
                                     Function | Cell | Iter | Receiver | Exc | ExcType | ExcValue | ExcTb |
                                     Closure | AliasParts | Indexed;
/// Every possibility.
inline constexpr SlotKinds everything = static_cast<SlotKinds>(0x7FFF'FFFF);
inline constexpr SlotKinds why = WhyBreak | WhyReturn | WhyContinue | WhySilenced;

struct NamedKinds {
    std::string_view name;
    SlotKinds kinds;
};
/// Names of produced items that say more than "an object". A name not in the list is an object of unknown
/// type.
// clang-format off
inline constexpr NamedKinds produced_names[] = {
    {"null", Null},         {"none", None},         {"bool", Bool},         {"opposite", Bool},     {"str", Str},
    {"tuple", Tuple},       {"list", List},         {"set", Set},           {"dict", Dict},
    {"function", Function}, {"cell", Cell},         {"iter", Iter},         {"receiver", Receiver},
    {"exc", Exc},           {"exc_type", ExcType},  {"exc_value", ExcValue}, {"exc_tb", ExcTb},
    {"prev_exc", Prev},     {"prev_type", Prev},    {"prev_value", Prev},   {"prev_tb", Prev},
    {"lasti", Lasti},       {"exc_or_none", Exc | None},
    {"index", Index},       {"indexed", Indexed},   {"rest", Exc | None},   {"match", Exc | None},
    {"return_address", ReturnAddress},
    {"spent", Object | Null}, // an iterator at its end, which may be gone (3.15)
};
// clang-format on
/// Names of consumed items that the interpreter takes for what they are called without looking, where a `!`
/// follows them in the signature.
inline constexpr NamedKinds demanded_names[] = {
    {"null", Null},
    {"bool", Bool},
    {"str", Str},
    {"tuple", Tuple | Closure | AliasParts},
    {"type_params", Tuple | Closure},
    {"alias_parts", AliasParts},
    {"list", List},
    {"set", Set},
    {"dict", Dict},
    {"code", Code},
    {"function", Function},
    {"cell", Cell},
    {"closure", Closure},
    {"iter", Iter | Indexed},
    {"receiver", Iter | Receiver},
    {"exc", Exc},
    {"exc_or_none", Exc | None},
    {"exc_type", ExcType},
    {"exc_value", ExcValue},
    {"exc_tb", ExcTb},
    {"prev_exc", Prev | None | Exc},
    {"prev_type", Prev | None},
    {"prev_value", Prev | None},
    {"prev_tb", Prev | None},
    {"lasti", Lasti},
    {"index_or_null", Index | Null},
    {"return_address", ReturnAddress},
    {"kwnames", Tuple},
    {"qualname", Str},
    {"keys", Tuple},
    {"defaults", Tuple | Closure},
    {"kwdefaults", Dict},
    {"annotations", Dict | Tuple},
    {"kwargs", Dict},
    {"kwargs_or_null", Dict | Null},
};

constexpr SlotKinds find(const NamedKinds* begin, const NamedKinds* end, std::string_view name,
                         SlotKinds otherwise) {
    for (const NamedKinds* row = begin; row != end; ++row)
        if (row->name == name) return row->kinds;
    return otherwise;
}
/// Names of items that are moved or dropped whatever they are.
constexpr bool takes_anything(std::string_view name) {
    constexpr std::string_view names[] = {"any",    "unused", "top",    "bottom",
                                          "second", "third",  "fourth", "lasti"};
    for (const std::string_view other : names)
        if (name == other) return true;
    return name.starts_with("prev_");
}

/// What a produced item of this name holds.
constexpr SlotKinds produced(std::string_view name) {
    const SlotKinds otherwise = name.ends_with("_or_null") ? Object | Null : Object;
    return find(std::begin(produced_names), std::end(produced_names), name, otherwise);
}
/// What a consumed item of this name may hold, so that the interpreter does not go astray. `demanded`: a `!`
/// follows the name; such a name must be in the list. Nothing: it is not.
constexpr SlotKinds accepted(std::string_view name, bool demanded) {
    if (demanded) {
        const SlotKinds kinds = find(std::begin(demanded_names), std::end(demanded_names), name, Nothing);
        return any(kinds) ? kinds | Borrowed : Nothing;
    }
    if (takes_anything(name)) return everything | Borrowed;
    if (name == "object")
        return (everything & ~(Null | Unready)) | Borrowed; // whatever has a reference count
    const SlotKinds object = objects | Borrowed;
    if (name == "index_or_null") return Index | Null;
    if (name == "null") return Null;
    return name.ends_with("_or_null") ? object | Null : object;
}
} // namespace slots

} // namespace pyasm::isa
