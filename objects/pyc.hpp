#pragma once

#include "isa/target.hpp"
#include "objects/marshal.hpp"
#include "objects/value.hpp"
#include "support/bytes.hpp"
#include "support/result.hpp"

#include <array>
#include <cstdint>

namespace pyasm::objects {

/// The `.pyc` header after its magic number. A target without a field ignores it.
struct PycHeader {
    static constexpr std::uint32_t hash_based = 1; ///< flags bit: `hash` in place of mtime and size (PEP 552)
    static constexpr std::uint32_t check_source =
        2; ///< flags bit: the importer compares the hash with the source
    std::uint32_t flags = 0;
    std::uint32_t mtime = 0;
    std::uint32_t source_size = 0;
    std::array<std::uint8_t, 8> hash{};
    /// The file is what marshal.dump wrote: neither magic number nor header. Only on request: see
    /// `read_marshal_file`.
    bool absent = false;
};

/// A whole `.pyc` file in memory. Values may be views into the bytes it was read from.
struct PycFile {
    const isa::Target* target = nullptr;
    PycHeader header;
    ValuePool pool;
    ValueId top = no_value;
    EncodingHints hints;
    support::Bytes trailing; ///< bytes after the object (the interpreter ignores them)
    /// How `write_pyc` writes the objects (objects/marshal_layout.hpp); empty: canonically.
    std::string_view layout;
};

/// Reads a `.pyc`; the target follows from its magic number. The top object may be any value: an interpreter
/// runs only a code object. Fails with a byte offset; an unknown magic number is named with the release it
/// belongs to, where known.
[[nodiscard]] support::Result<PycFile> read_pyc(support::Bytes bytes);
/// Reads what marshal.dump wrote, without magic number and header: `header.absent` is set.
[[nodiscard]] support::Result<PycFile> read_marshal_file(support::Bytes bytes, const isa::Target& target);

/// Byte for byte what was read.
[[nodiscard]] support::Result<void> write_pyc_exact(const PycFile& file, support::ByteWriter& out);
/// As `layout` says; it fails where that does not fit the values. Canonical without one: see `write_marshal`.
/// Trailing bytes are written, too.
[[nodiscard]] support::Result<void> write_pyc(const PycFile& file, support::ByteWriter& out);

/// The hash of a source text in a hash-based `.pyc`, as importlib.util.source_hash gives it in this version:
/// SipHash keyed with the magic number. The target must have hash-based files.
[[nodiscard]] std::array<std::uint8_t, 8> source_hash(const isa::Target& target, support::Bytes source);

} // namespace pyasm::objects
