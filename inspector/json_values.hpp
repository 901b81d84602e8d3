#pragma once

#include "inspector/json_writer.hpp"
#include "inspector/words.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace pyasm::inspector {

/// Values as JSON, without loss: docs/show-json.md says how. A value that could make the output large and
/// stands in several places (any container that is not empty, a long string or number) gets an id in the
/// first, and the others refer to it, so that the output stays linear in the file and cycles come to an end.
class JsonValues {
  public:
    JsonValues(const Context& context, JsonWriter& json);

    void value(objects::ValueId id);
    /// A name's or file name's string: in 2.7, where it is a byte string, a JSON string where it is UTF-8.
    void name(objects::ValueId id);
    void names(objects::ValueId tuple);

  private:
    static constexpr std::uint32_t unnumbered = 0xFFFF'FFFF;
    static constexpr std::uint32_t long_text = 256;

    void count_places();
    void meet(objects::ValueId id, bool as_field, std::vector<objects::ValueId>& pending);
    [[nodiscard]] bool is_shared(objects::ValueId id) const;
    /// Writes a reference; or nothing, and the value is to be written. `close`: an object is to be closed
    /// behind it.
    bool refer(objects::ValueId id, bool& close);

    void content(objects::ValueId id, bool is_name);
    void container(objects::ValueId id);
    void text(objects::ValueId id);
    void integer(std::int64_t value);
    void long_integer(objects::ValueId id);
    void real(double value);
    void tagged(std::string_view tag, std::string_view text);

    const Context& context_;
    JsonWriter& json_;
    std::vector<std::uint8_t> places_; ///< 0, 1, 2 for more
    std::vector<bool> is_field_;       ///< of a code object
    std::vector<std::uint32_t> ids_;
    std::uint32_t next_id_ = 0;
};

} // namespace pyasm::inspector
