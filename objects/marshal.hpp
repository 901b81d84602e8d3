#pragma once

#include "isa/target.hpp"
#include "objects/value.hpp"
#include "support/bytes.hpp"
#include "support/result.hpp"

#include <cstdint>
#include <vector>

namespace pyasm::objects {

/// Deepest nesting that marshal reads or writes (MAX_MARSHAL_STACK_DEPTH in Python/marshal.c: 2000; 1999
/// nested tuples round an atom pass).
inline constexpr int max_marshal_depth = 2000;

/// What a file says beyond its values, so that it can be written back byte for byte; the rest of the hints
/// stands in each value's `type_byte`.
struct EncodingHints {
    /// Ordinals (0 = first 'r' in the file) of references that carry a needless FLAG_REF. Sorted.
    std::vector<std::uint32_t> flagged_references;
    /// A float or complex number written as decimal text ('f', 'x'): the bytes behind the type byte, lengths
    /// included.
    struct DecimalText {
        ValueId number;
        std::uint32_t size;
        const char* text;
    };
    std::vector<DecimalText> decimal_texts; ///< sorted by number
    /// A key of a dict whose value is NULL: readers drop it. No compiler writes such a thing.
    struct DroppedKey {
        ValueId dict;
        std::uint32_t pairs; ///< key-value pairs of the dict before it
        ValueId key;
    };
    std::vector<DroppedKey> dropped_keys; ///< sorted by dict, then in order
};

struct Unmarshalled {
    ValueId top = no_value;
    std::size_t size = 0; ///< bytes read; what follows is not part of the object
    EncodingHints hints;
};

/// Reads one marshalled object into `pool`. Refuses what the target's own reader refuses, with the byte
/// offset; declared counts are held against the bytes that remain before anything is allocated. Takes at most
/// 32 bytes of memory for each byte of the input, whatever that holds.
[[nodiscard]] support::Result<Unmarshalled> read_marshal(support::Bytes bytes, const isa::Target& target,
                                                         ValuePool& pool);

/// Writes `top` as it was read: type bytes, reference flags and shared objects as the hints say. Values
/// without a hint are written as the canonical writer would. Fails on a value the target cannot hold and on
/// nesting deeper than `max_marshal_depth`.
[[nodiscard]] support::Result<void> write_marshal_exact(const ValuePool& pool, ValueId top,
                                                        const EncodingHints& hints, const isa::Target& target,
                                                        support::ByteWriter& out);

/// Writes `top` canonically: the smallest form of each object, equal immutable constants (type- and
/// bit-aware: 1, 1.0, True, 0.0 and -0.0 stay apart) written once and referred to, FLAG_REF just where a
/// reference follows. The same values give the same bytes, whatever their ids. Members of sets stay in the
/// order given.
[[nodiscard]] support::Result<void> write_marshal(const ValuePool& pool, ValueId top,
                                                  const isa::Target& target, support::ByteWriter& out);

/// No less than what `write_marshal` writes of a pool where no value that a target's marshal shares stands in
/// several places unshared: for `reserve`, which takes memory only as it is filled.
[[nodiscard]] std::size_t most_bytes(const ValuePool& pool);

} // namespace pyasm::objects
