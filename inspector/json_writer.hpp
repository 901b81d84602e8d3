#pragma once

#include "inspector/output.hpp"
#include "support/bytes.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace pyasm::inspector {

/// Writes JSON (RFC 8259) as it goes, without blanks and in ASCII alone, so that nothing in it can steer a
/// terminal. RapidJSON's Writer does the work; no document is built, which would take hundreds of bytes of
/// memory for an instruction of two. The caller opens and closes in order, gives each member of an object a
/// key, and writes one value at the top.
class JsonWriter {
  public:
    explicit JsonWriter(Output& out);
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;
    ~JsonWriter();

    void begin_object();
    void end_object();
    void begin_array();
    void end_array();
    /// Valid UTF-8, as for a string.
    void key(std::string_view name);

    void null();
    void boolean(bool value);
    void number(std::int64_t value);
    /// Valid UTF-8.
    void string(std::string_view text);
    /// The bytes in hexadecimal, as a string. Takes twice their size of memory.
    void hex(support::Bytes bytes);

  private:
    struct Writer;
    std::unique_ptr<Writer> writer_;
};

} // namespace pyasm::inspector
