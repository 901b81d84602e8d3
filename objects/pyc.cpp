#include "objects/pyc.hpp"

#include "objects/code_object.hpp"
#include "objects/marshal_layout.hpp"
#include "objects/siphash.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <fmt/format.h>

namespace pyasm::objects {

namespace {

using support::Error;
using support::Result;

constexpr std::uint16_t cr_lf = 0x0A0D;

std::string unknown_magic(std::uint16_t magic) {
    const std::string_view release = isa::release_of_magic(magic);
    const std::uint16_t newest = isa::newest_target().magic;
    const auto targets = isa::all_targets();
    std::string supported;
    for (const isa::Target& target : targets) {
        if (!supported.empty()) supported += ", ";
        supported += target.name;
    }
    if (release.empty())
        return fmt::format("magic number {} belongs to {} (supported: {})", magic,
                           magic > newest && magic < newest + 1000
                               ? fmt::format("a Python newer than {}, it seems", isa::newest_target().name)
                               : std::string("no known Python"),
                           supported);
    return fmt::format("magic number {} belongs to Python {}, which is not supported (supported: {})", magic,
                       release, supported);
}

void read_header(support::ByteReader& in, isa::HeaderLayout layout, PycHeader& header) {
    if (layout == isa::HeaderLayout::Flags) header.flags = in.u32();
    if (header.flags & PycHeader::hash_based) {
        const support::Bytes hash = in.take(header.hash.size());
        std::copy(hash.begin(), hash.end(), header.hash.begin());
        return;
    }
    header.mtime = in.u32();
    if (layout != isa::HeaderLayout::Mtime) header.source_size = in.u32();
}

void write_header(const PycFile& file, support::ByteWriter& out) {
    const PycHeader& header = file.header;
    if (header.absent) return;
    const isa::HeaderLayout layout = file.target->header;
    out.u16(file.target->magic);
    out.u16(cr_lf);
    if (layout == isa::HeaderLayout::Flags) {
        out.u32(header.flags);
        if (header.flags & PycHeader::hash_based) return out.bytes(header.hash);
    }
    out.u32(header.mtime);
    if (layout != isa::HeaderLayout::Mtime) out.u32(header.source_size);
}

/// What follows the header, at `start` of `bytes`.
Result<PycFile> read_object(support::Bytes bytes, std::size_t start, PycFile file) {
    Result<Unmarshalled> read = read_marshal(bytes.subspan(start), *file.target, file.pool);
    if (!read) {
        Error error = read.error();
        if (error.offset) *error.offset += start;
        return error;
    }
    file.top = read->top;
    file.hints = std::move(read->hints);
    file.trailing = bytes.subspan(start + read->size);
    return file;
}

} // namespace

Result<PycFile> read_pyc(support::Bytes bytes) {
    support::ByteReader in(bytes);
    const std::uint16_t magic = in.u16();
    const std::uint16_t line_end = in.u16();
    if (in.failed()) return Error{"the file is too short for a .pyc file", 0};
    if (line_end != cr_lf) return Error{"this is no .pyc file: no magic number of Python at its start", 0};
    PycFile file;
    file.target = isa::target_of_magic(magic);
    if (!file.target) return Error{unknown_magic(magic), 0};
    read_header(in, file.target->header, file.header);
    if (in.failed())
        return Error{
            fmt::format("the file ends inside the header of a .pyc file of Python {}", file.target->name),
            bytes.size()};
    return read_object(bytes, in.offset(), std::move(file));
}

Result<PycFile> read_marshal_file(support::Bytes bytes, const isa::Target& target) {
    PycFile file;
    file.target = &target;
    file.header.absent = true;
    return read_object(bytes, 0, std::move(file));
}

Result<void> write_pyc_exact(const PycFile& file, support::ByteWriter& out) {
    assert(file.target);
    write_header(file, out);
    Result<void> written = write_marshal_exact(file.pool, file.top, file.hints, *file.target, out);
    if (written) out.bytes(file.trailing);
    return written;
}

Result<void> write_pyc(const PycFile& file, support::ByteWriter& out) {
    assert(file.target);
    write_header(file, out);
    Result<void> written = file.layout.empty() ? write_marshal(file.pool, file.top, *file.target, out)
                                               : write_with_layout(file, file.layout, out);
    if (written) out.bytes(file.trailing);
    return written;
}

std::array<std::uint8_t, 8> source_hash(const isa::Target& target, support::Bytes source) {
    assert(target.source_hash != isa::SourceHash::None);
    // Source: Lib/importlib/_bootstrap_external.py, _RAW_MAGIC_NUMBER; Python/import.c, source_hash; 3.11
    // moved CPython's own hash from SipHash-2-4 to SipHash-1-3 (Python/pyhash.c).
    const std::uint64_t key = static_cast<std::uint64_t>(cr_lf) << 16 | target.magic;
    const bool short_rounds = target.source_hash == isa::SourceHash::SipHash13;
    const std::uint64_t hash = siphash(short_rounds ? 1 : 2, short_rounds ? 3 : 4, key, 0, source);
    std::array<std::uint8_t, 8> bytes;
    std::memcpy(bytes.data(), &hash, bytes.size());
    return bytes;
}

} // namespace pyasm::objects
