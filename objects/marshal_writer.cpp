#include "objects/marshal_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::objects {

bool MarshalWriter::fail(std::string_view message) {
    message_ = message;
    return false;
}

bool MarshalWriter::refuse(const Value& value) {
    message_ = refusal(value, target_);
    return false;
}

bool MarshalWriter::missing_field(std::string_view name) {
    message_ = fmt::format("field {} of a code object is missing", name);
    return false;
}

bool MarshalWriter::too_deep() {
    message_ = fmt::format("objects are nested deeper than {} levels", max_marshal_depth);
    return false;
}

bool MarshalWriter::too_large() {
    message_ =
        fmt::format("the marshal data would be larger than {} MiB: what stands in many places is written "
                    "out in each of them",
                    (out_.size() - start_) >> 20);
    return false;
}

/// Looks at the values once it matters: most outputs are far smaller.
bool MarshalWriter::exceeds() {
    constexpr std::size_t most_copies = 16, header = 16;
    std::size_t bytes = 0;
    for (std::uint32_t i = 0; i < pool_.size(); ++i) bytes += header + pool_[ValueId{i}].size;
    limit_ = std::max(limit_, most_copies * bytes);
    return out_.size() - start_ > limit_;
}

} // namespace pyasm::objects
