#include "linker/codes.hpp"

namespace pyasm::linker {

using objects::ValueId;
using objects::ValueKind;

std::vector<ValueId> code_objects(const objects::PycFile& file) {
    std::vector<ValueId> found;
    walk_values(file, [&](ValueId id) {
        if (file.pool[id].kind == ValueKind::Code) found.push_back(id);
    });
    return found;
}

bool is_docstring(const isa::Target& target, ValueKind kind) {
    return kind == ValueKind::Str ||
           (kind == ValueKind::Bytes && target.literals == isa::LiteralDialect::Python2);
}

bool has_docstring(const objects::ValuePool& pool, const isa::Target& target,
                   const objects::CodeObject& code) {
    if (target.flag_bits.has_docstring != 0 &&
        !(static_cast<std::uint32_t>(code.flags) & target.flag_bits.has_docstring))
        return false;
    return pool[code.consts].kind == ValueKind::Tuple && pool[code.consts].size > 0 &&
           is_docstring(target, pool[pool.children(code.consts)[0]].kind);
}

std::size_t written_size(const objects::PycFile& file) {
    support::ByteWriter out;
    return objects::write_pyc(file, out) ? out.size() : 0;
}

} // namespace pyasm::linker
