// Writes marshal as the hints say.

#include "objects/marshal_exact_writer.hpp"

namespace pyasm::objects {

support::Result<void> write_marshal_exact(const ValuePool& pool, ValueId top, const EncodingHints& hints,
                                          const isa::Target& target, support::ByteWriter& out) {
    NoObserver nobody;
    return ExactWriter<NoObserver>(pool, hints, target, out, nobody).run(top);
}

} // namespace pyasm::objects
