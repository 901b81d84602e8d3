#pragma once

#include "inspector/words.hpp"
#include "objects/code_fields.hpp"
#include "program/decode.hpp"
#include "support/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace pyasm::inspector {

/// Bytes on one line of what is shown.
inline constexpr std::size_t row_bytes = 8;

/// Some bytes of a file and what they say.
struct ByteRow {
    std::size_t offset = 0; ///< from the file's start
    std::size_t size = 0;   ///< at least 1
    unsigned depth = 0;     ///< how deep the object stands that the bytes belong to
    std::string text;
};

/// What a string holds, and for which code object; that is null for a constant.
struct StringContent {
    enum class Kind : std::uint8_t { Plain, Code, LineTable, ExceptionTable, LocalKinds } kind = Kind::Plain;
    const objects::CodeObject* code = nullptr;
};

/// Goes through the bytes of a file that was read, side by side with its values. Rows come in the order of
/// the file, without gaps, and cover it whole.
class ByteWalker {
  public:
    using Emit = std::function<void(const ByteRow&)>;

    /// Where a code object stands in the file.
    struct Extent {
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    /// Without `emit`, nothing is put into words: for the extents alone.
    ByteWalker(const Context& context, support::Bytes bytes, Emit emit);
    void run();

    /// By number of the code object.
    [[nodiscard]] const std::vector<Extent>& extents() const { return extents_; }

  private:
    using ValueId = objects::ValueId;

    // The header.
    void header();
    void header_time(bool with_size);

    // Objects: each takes the bytes of one object, which is `id`. `role` says what it is to the one around
    // it.
    void object(ValueId id, std::string_view role, StringContent content = {});
    void atom(ValueId id, std::string_view role, std::uint8_t type);
    void text(ValueId id, std::string_view role, StringContent content);
    void string_body(std::size_t size, StringContent content, bool is_utf8);
    void sequence(ValueId id, std::string_view role);
    void dict(ValueId id, std::string_view role);
    void code(ValueId id, std::string_view role);
    void number_field(std::string_view name, std::int32_t value);
    void reference(std::string_view role);
    void null(std::string_view role);
    void enter(ValueId id);

    // What byte strings of a code object hold (code_bytes.cpp).
    void plain_body(support::Bytes body, bool is_utf8);
    void code_body(const objects::CodeObject& code, support::Bytes body);
    void instruction(const objects::CodeObject& code, const program::Instruction& item, std::uint32_t begin,
                     std::uint32_t end, support::Bytes body);
    void kinds_body(const objects::CodeObject& code, support::Bytes body);
    void trailing();

    // Rows.
    /// `words` is a string, or gives one where anybody wants it. Nothing for no bytes.
    template <class Words> void row(std::size_t size, Words&& words) {
        if (size == 0) return;
        if (emit_) {
            if constexpr (std::is_invocable_v<Words>)
                emit_(ByteRow{at_, size, depth_, words()});
            else
                emit_(ByteRow{at_, size, depth_, std::forward<Words>(words)});
        }
        at_ += size;
    }
    [[nodiscard]] std::uint8_t peek(std::size_t ahead = 0) const { return bytes_[at_ + ahead]; }
    [[nodiscard]] std::int32_t peek_number(std::size_t ahead) const;
    [[nodiscard]] std::string head(std::string_view role, std::string_view what) const;

    const Context& context_;
    support::Bytes bytes_;
    Emit emit_;
    std::size_t at_ = 0;
    unsigned depth_ = 0;
    struct Defined {
        ValueId id;
        std::size_t offset;
    };
    std::vector<Defined> references_; // as the reader's table
    std::vector<Extent> extents_;
};

} // namespace pyasm::inspector
