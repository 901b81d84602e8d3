#pragma once

#include "isa/target.hpp"
#include "objects/code_object.hpp"
#include "objects/value.hpp"
#include "support/bytes.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pyasm::campaign {

/// A function's code object with all that is nested in it, to be changed, and another one to take parts of.
class Subject {
  public:
    /// `marshalled` is a tuple of the two code objects.
    Subject(const isa::Target& target, std::vector<std::uint8_t> marshalled);

    [[nodiscard]] const isa::Target& target() const { return target_; }
    [[nodiscard]] objects::ValuePool& pool() { return pool_; }
    [[nodiscard]] objects::ValueId function() const { return function_; }
    /// The function's code object and those within, outer ones first.
    [[nodiscard]] const std::vector<objects::ValueId>& codes() const { return codes_; }
    /// The other one and those within.
    [[nodiscard]] const std::vector<objects::ValueId>& donors() const { return donors_; }
    [[nodiscard]] objects::CodeObject& code(objects::ValueId id) { return pool_.code(id); }
    /// Code objects that one of `codes()` can get as a constant without coming to contain itself.
    [[nodiscard]] std::vector<objects::ValueId> may_contain(objects::ValueId code) const;
    /// All is as it was read.
    void restore();

    /// Text of a code object's field, empty where there is none.
    [[nodiscard]] support::Bytes bytes(objects::ValueId text) const;
    [[nodiscard]] objects::ValueId add_bytes(support::Bytes bytes);
    /// A field that is a tuple, and a new tuple for it; nothing where there is none.
    [[nodiscard]] std::vector<objects::ValueId> members(objects::ValueId tuple) const;
    [[nodiscard]] objects::ValueId add_tuple(const std::vector<objects::ValueId>& members);
    /// Words for a code object: its name.
    [[nodiscard]] std::string name_of(objects::ValueId code);

  private:
    void read();
    void collect(objects::ValueId code, std::vector<objects::ValueId>& found) const;

    const isa::Target& target_;
    const std::vector<std::uint8_t> marshalled_;
    objects::ValuePool pool_;
    objects::ValueId function_ = objects::no_value;
    std::vector<objects::ValueId> codes_, donors_;
    std::vector<objects::CodeObject> as_read_; ///< parallel to `codes_`
    std::size_t values_read_ = 0;
};

} // namespace pyasm::campaign
