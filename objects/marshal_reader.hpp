#pragma once

#include "objects/code_fields.hpp"
#include "objects/marshal.hpp"
#include "objects/marshal_codes.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::objects {

/// Reads one object of marshal data (`read_marshal`). Source of the rules: Python/marshal.c, r_object, 2.7
/// and 3.6 - 3.15.
class MarshalReader {
  public:
    MarshalReader(support::Bytes bytes, const isa::Target& target, ValuePool& pool);
    support::Result<Unmarshalled> run();

  private:
    /// What `object` gives for marshal's NULL, which is no value.
    static constexpr ValueId null_object{0xFFFF'FFFE};

    // An object. These recurse to a depth of 2000: what they keep on the stack is small, and whatever formats
    // a message or is not needed often is a function of its own.
    ValueId object();
    /// An object that must not be NULL.
    ValueId required(const char* where);
    ValueId dispatch(std::uint8_t byte, std::uint8_t type);
    ValueId dispatch_newer(std::uint8_t byte, std::uint8_t type);

    // References.
    void enter(std::uint8_t byte, ValueId id) {
        if (byte & type_code::flag_ref) references_.push_back(id);
    }
    std::size_t reserve(std::uint8_t byte);
    void settle(std::uint8_t byte, std::size_t slot, ValueId id);
    ValueId reference(std::uint8_t byte);

    /// Ends a container, whose marks are from now on these.
    void close(ValueId id, int marks) {
        std::uint8_t& now = pool_[id].marks;
        now = static_cast<std::uint8_t>((now & Value::recursive) | marks);
    }

    // Atoms (marshal_read_atoms.cpp).
    ValueId add(Value value, std::uint8_t byte) {
        value.type_byte = byte;
        const ValueId id = pool_.add(value);
        enter(byte, id);
        return id;
    }
    ValueId singleton(ValueKind kind, std::uint8_t byte);
    ValueId number32(std::uint8_t byte);
    ValueId number64(std::uint8_t byte);
    ValueId long_number(std::uint8_t byte);
    ValueId binary_float(std::uint8_t byte);
    ValueId binary_complex(std::uint8_t byte);
    ValueId complex(std::uint8_t byte, double real, double imaginary);
    std::optional<double> decimal(const char* what);
    ValueId decimal_float(std::uint8_t byte);
    ValueId decimal_complex(std::uint8_t byte);
    ValueId keep_decimal(ValueId id, std::size_t begin);
    support::Bytes counted(const char* what);
    support::Bytes short_counted();
    ValueId byte_string(std::uint8_t byte);
    ValueId text(ValueKind kind, std::uint8_t byte, support::Bytes bytes, std::uint8_t flags);
    ValueId unicode(std::uint8_t byte, std::uint8_t flags);
    ValueId interned(std::uint8_t byte);
    ValueId ascii(std::uint8_t byte, std::uint8_t flags);
    ValueId short_ascii(std::uint8_t byte, std::uint8_t flags);
    ValueId latin1(std::uint8_t byte, support::Bytes bytes, std::uint8_t flags);

    // Containers and code.
    std::int64_t count(const char* what);
    ValueId small_tuple(std::uint8_t byte);
    [[gnu::noinline]] ValueId sequence(ValueKind kind, std::uint8_t byte, std::int64_t count);
    [[gnu::noinline]] ValueId dict(ValueKind kind, std::uint8_t byte);
    [[gnu::noinline]] ValueId code(std::uint8_t byte);
    bool check_field(ValueId id, FieldKind field, const char* name);

    // Failures (marshal_read_errors.cpp): all give no value.
    ValueId fail(std::size_t offset, std::string message);
    ValueId fail_here(const char* message);
    ValueId cut_short(const char* what);
    ValueId null_stands(std::size_t offset, const char* where);
    ValueId too_deep();
    ValueId unknown_type(std::uint8_t byte);
    ValueId unknown_reference(std::int32_t index);
    ValueId open_reference(std::int32_t index);
    ValueId negative_size(const char* what, std::int32_t size);
    ValueId too_many(std::size_t count);
    ValueId unhashable(std::size_t offset, const char* role);
    ValueId kinds_mismatch(std::size_t offset, const CodeObject& code);
    bool wrong_field(const char* name, const char* expected);

    const support::Bytes bytes_;
    support::ByteReader in_;
    const isa::MarshalFeatures features_;
    const isa::CodeLayout layout_;
    const ValueKind native_text_; // the kind of a name
    ValuePool& pool_;
    std::vector<ValueId> references_; // FLAG_REF's table, or 2.7's of interned strings
    std::vector<ValueId> scratch_;    // members of the dicts that are open
    EncodingHints hints_;
    std::array<ValueId, static_cast<std::size_t>(ValueKind::StopIteration) + 1> flagged_singletons_;
    std::uint32_t reference_count_ = 0;
    int depth_ = 0;
    std::size_t owed_ = 0;      // members that open containers still wait for
    std::size_t start_ = 0;     // offset of the object read last
    bool null_flagged_ = false; // of the NULL read last
    bool failed_ = false;
    std::size_t error_offset_ = 0;
    std::string message_;
};

} // namespace pyasm::objects
