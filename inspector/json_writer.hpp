#pragma once

#include "inspector/output.hpp"
#include "support/bytes.hpp"

#include <cstdint>
#include <string_view>

namespace pyasm::inspector {

/// Writes JSON (RFC 8259) as it goes, without blanks and in ASCII alone, so that nothing in it can steer a
/// terminal. The libraries at hand build the whole document first, which takes hundreds of bytes of memory
/// for an instruction of two; a hostile file would turn that against its reader. The caller opens and closes
/// in order and gives each member of an object a key.
class JsonWriter {
  public:
    explicit JsonWriter(Output& out) : out_(out) {}

    void begin_object() { begin("{"); }
    void end_object() { end("}"); }
    void begin_array() { begin("["); }
    void end_array() { end("]"); }
    void key(std::string_view name);

    void null() { word("null"); }
    void boolean(bool value) { word(value ? "true" : "false"); }
    void number(std::int64_t value);
    /// Valid UTF-8.
    void string(std::string_view text);
    /// The bytes in hexadecimal, as a string.
    void hex(support::Bytes bytes);

  private:
    void separate() {
        if (follows_) out_.text(",");
        follows_ = true;
    }
    void word(std::string_view text) {
        separate();
        out_.text(text);
    }
    void begin(std::string_view bracket) {
        word(bracket);
        follows_ = false;
    }
    void end(std::string_view bracket) {
        out_.text(bracket);
        follows_ = true;
    }

    Output& out_;
    bool follows_ = false; ///< a value stands before this place on the same level
};

} // namespace pyasm::inspector
