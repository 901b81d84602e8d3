#include "disassembler/listing_size.hpp"

#include "objects/code_object.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <vector>

namespace pyasm::disassembler {
namespace {

using objects::CodeObject;
using objects::no_value;
using objects::ValueId;
using objects::ValueKind;
using objects::ValuePool;

constexpr std::uint64_t free_bytes = std::uint64_t{16} << 20;
constexpr std::uint64_t most_copies = 16;

/// About how many bytes of a listing a part of a code object takes; each part is looked at once.
class PartSizes {
  public:
    explicit PartSizes(const ValuePool& pool) : pool_(pool), sizes_(pool.size(), unknown) {}

    std::uint64_t text(ValueId id, std::uint64_t factor) {
        if (id == no_value) return 0;
        return remembered(id, [&] { return has_text(id) ? pool_[id].size * factor : 0; });
    }
    std::uint64_t constants(ValueId id) {
        if (id == no_value || pool_[id].kind != ValueKind::Tuple) return 0;
        return remembered(id, [&] { return pool_[id].size * entry_bytes; });
    }
    std::uint64_t names(ValueId id) {
        if (id == no_value || pool_[id].kind != ValueKind::Tuple) return 0;
        return remembered(id, [&] {
            std::uint64_t sum = 0;
            for (const ValueId name : pool_.children(id))
                sum += entry_bytes + (has_text(name) ? pool_[name].size : 0);
            return sum;
        });
    }
    /// All parts together, each counted once.
    [[nodiscard]] std::uint64_t distinct() const { return distinct_; }

  private:
    static constexpr std::uint64_t unknown = UINT64_MAX;
    static constexpr std::uint64_t entry_bytes = 16;

    [[nodiscard]] bool has_text(ValueId id) const {
        return pool_[id].kind == ValueKind::Bytes || pool_[id].kind == ValueKind::Str;
    }
    template <class Measure> std::uint64_t remembered(ValueId id, Measure measure) {
        std::uint64_t& size = sizes_[static_cast<std::uint32_t>(id)];
        if (size == unknown) {
            size = measure();
            distinct_ += size;
        }
        return size;
    }

    const ValuePool& pool_;
    std::vector<std::uint64_t> sizes_; // by value
    std::uint64_t distinct_ = 0;
};

std::uint64_t size_of(const CodeObject& code, PartSizes& parts) {
    constexpr std::uint64_t line = 24;  // of a listing, for each byte of code
    constexpr std::uint64_t escape = 4; // \x00
    constexpr std::uint64_t frame = 64; // the block's own lines
    std::uint64_t size = frame + parts.text(code.code, line) + parts.constants(code.consts);
    for (const ValueId names :
         {code.names, code.varnames, code.freevars, code.cellvars, code.localsplusnames})
        size += parts.names(names);
    for (const ValueId text :
         {code.filename, code.name, code.qualname, code.linetable, code.exceptiontable, code.localspluskinds})
        size += parts.text(text, escape);
    return size;
}

} // namespace

support::Result<void> check_listing_size(const ValuePool& pool, std::span<const ValueId> codes) {
    PartSizes parts(pool);
    std::uint64_t size = 0;
    for (const ValueId id : codes) size += size_of(pool.code(id), parts);
    if (size <= free_bytes + most_copies * parts.distinct()) return {};
    return support::Error{
        fmt::format("{} code objects share their code or names, so that the listing would take about "
                    "{} MiB: more than {} times the file. No compiler makes such a file; "
                    "`pyasm show` shows its parts once",
                    codes.size(), size >> 20, most_copies)};
}

} // namespace pyasm::disassembler
