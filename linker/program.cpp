#include "linker/program.hpp"

#include <algorithm>

namespace pyasm::linker {

const CodeOrigin* LinkedProgram::origin_of(objects::ValueId code) const {
    const auto found = std::ranges::lower_bound(codes, code, {}, &CodeOrigin::code);
    return found != codes.end() && found->code == code ? &*found : nullptr;
}

} // namespace pyasm::linker
