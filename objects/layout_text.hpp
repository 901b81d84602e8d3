#pragma once

#include "support/bytes.hpp"
#include "support/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::objects {

/// The characters of a layout: docs/objects.md, "The layout".
namespace layout_mark {
inline constexpr char version = '1';
/// By `outcome`: smallest form, flagged, interned, flagged and interned, reference.
inline constexpr char forms[] = {'-', '&', '+', '#', '*'};
inline constexpr char reference = '*';
inline constexpr char reference_to = '@';
inline constexpr char flagged_reference = '%';
inline constexpr char type = '=';
inline constexpr char flagged_type = '!';
inline constexpr char dropped_key = '$';
inline constexpr char bytes_begin = '{';
inline constexpr char bytes_end = '}';
} // namespace layout_mark

/// Writes the text of a layout.
class LayoutTextWriter {
  public:
    LayoutTextWriter() : text_(1, layout_mark::version) {}

    /// The next object is as guessed.
    void as_guessed() { ++run_; }
    /// It is as guessed second.
    void second_guess();
    void mark(char mark);
    // Behind a mark.
    void number(std::uint32_t number);
    void character(char c) { text_ += c; }
    void bytes(support::Bytes bytes);

    [[nodiscard]] std::string take() && { return std::move(text_); }

  private:
    void upper_digits(std::uint64_t number);

    std::string text_;
    std::uint64_t run_ = 0;
};

/// Reads the text of a layout, which may say anything.
class LayoutTextReader {
  public:
    /// What is said of an object.
    static constexpr char guessed = 'g';
    static constexpr char guessed_second = 's';

    explicit LayoutTextReader(std::string_view text);

    /// What the text says of the next object: a mark, `guessed`, `guessed_second`; NUL if it cannot be
    /// understood. Behind its end, everything is as guessed.
    [[nodiscard]] char next();
    /// Whether the next object is a key that is dropped.
    [[nodiscard]] bool at_dropped_key();
    // What follows a mark; nothing if it cannot be understood.
    [[nodiscard]] std::optional<std::uint32_t> number();
    [[nodiscard]] std::optional<char> character();
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> bytes();

    /// Whether the text says nothing more.
    [[nodiscard]] bool done();
    /// Characters of the text that were looked at.
    [[nodiscard]] std::size_t offset() const { return at_; }

  private:
    void load();

    std::string_view text_;
    std::size_t at_ = 0;
    std::uint64_t run_ = 0; ///< objects as guessed before `mark_`
    char mark_ = 0;
    bool loaded_ = false;
};

} // namespace pyasm::objects
