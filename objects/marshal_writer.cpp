#include "objects/marshal_writer.hpp"

#include <fmt/format.h>

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

bool MarshalWriter::too_large() { return fail("the marshal data would be larger than 1 GiB"); }

} // namespace pyasm::objects
