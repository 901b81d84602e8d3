// What the marshal reader says when it refuses something. Apart from the reader so that the messages take no
// room on its stack.

#include "objects/code_object.hpp"
#include "objects/marshal_reader.hpp"

#include <fmt/format.h>

namespace pyasm::objects {

ValueId MarshalReader::fail(std::size_t offset, std::string message) {
    if (!failed_) {
        failed_ = true;
        error_offset_ = offset;
        message_ = std::move(message);
    }
    return no_value;
}

ValueId MarshalReader::fail_here(const char* message) { return fail(start_, message); }

ValueId MarshalReader::cut_short(const char* what) {
    return fail(start_, fmt::format("the marshal data ends inside {}", what));
}

ValueId MarshalReader::null_stands(std::size_t offset, const char* where) {
    return fail(offset, fmt::format("NULL (type '0') stands {}", where));
}

ValueId MarshalReader::too_deep() {
    return fail(start_, fmt::format("objects are nested deeper than {} levels", max_marshal_depth));
}

ValueId MarshalReader::unknown_type(std::uint8_t byte) {
    return fail(start_, fmt::format("byte 0x{:02x} is no type of marshal in this version", byte));
}

ValueId MarshalReader::unknown_reference(std::int32_t index) {
    return fail(start_, fmt::format("reference to object {} where {} are known", index, references_.size()));
}

ValueId MarshalReader::open_reference(std::int32_t index) {
    return fail(start_, fmt::format("object {} refers to itself from inside", index));
}

ValueId MarshalReader::negative_size(const char* what, std::int32_t size) {
    return fail(start_, fmt::format("{} has the negative size {}", what, size));
}

ValueId MarshalReader::too_many(std::size_t count) {
    const std::size_t remaining = in_.remaining();
    return fail(start_, fmt::format("{} objects are announced where {} {}", count, remaining,
                                    remaining == 1 ? "byte remains" : "bytes remain"));
}

ValueId MarshalReader::unhashable(std::size_t offset, const char* role) {
    return fail(offset, fmt::format("an unhashable object is a {}", role));
}

ValueId MarshalReader::kinds_mismatch(std::size_t offset, const CodeObject& code) {
    return fail(offset, fmt::format("a code object has {} localsplusnames and {} localspluskinds",
                                    pool_[code.localsplusnames].size, pool_[code.localspluskinds].size));
}

bool MarshalReader::wrong_field(const char* name, const char* expected) {
    fail(start_, fmt::format("field {} of a code object is not {}", name, expected));
    return false;
}

} // namespace pyasm::objects
