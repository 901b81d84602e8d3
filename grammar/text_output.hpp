#pragma once

#include "support/bytes.hpp"

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace pyasm::grammar {

/// What the printer writes to: a buffer of some lines that goes to the sink when it is full, and that knows
/// the column it is at. Text of the present line can be taken back.
class TextOutput {
  public:
    explicit TextOutput(support::ByteWriter& sink) : sink_(sink) {
        buffer_ = std::make_unique_for_overwrite<char[]>(first_capacity);
        at_ = line_ = buffer_.get();
        end_ = at_ + first_capacity;
    }

    /// Room for `count` bytes, to be taken with `advance_to`.
    [[nodiscard]] char* room(std::size_t count) {
        if (static_cast<std::size_t>(end_ - at_) < count) grow(count);
        return at_;
    }
    void advance_to(char* at) { at_ = at; }

    void put(char c) {
        *room(1) = c;
        ++at_;
    }
    void put(std::string_view text) {
        char* const to = room(text.size());
        copy(to, text.data(), text.size());
        at_ = to + text.size();
    }
    void blanks(std::size_t count) {
        constexpr std::size_t block = 16;
        char* to = room(count + block);
        char* const end = to + count;
        for (; to < end; to += block) std::memset(to, ' ', block); // of fixed size: a store or two
        at_ = end;
    }
    /// So many blanks, the word, and blanks behind it up to `width` columns from where it begins; at least
    /// one.
    void put_field(std::size_t indent, std::string_view word, std::size_t width) {
        const std::size_t size = indent + (word.size() < width ? width : word.size() + 1);
        blanks(size);
        copy(at_ - size + indent, word.data(), word.size());
    }
    /// Blanks up to a column; at least `least`.
    void pad_to(std::size_t column, std::size_t least) {
        const std::size_t here = this->column();
        blanks(here + least < column ? column - here : least);
    }
    void newline() {
        put('\n');
        line_ = at_;
        hidden_ = 0;
        if (static_cast<std::size_t>(at_ - buffer_.get()) >= flush_from) flush();
    }

    /// Columns of the present line, as a terminal shows it.
    [[nodiscard]] std::size_t column() const { return static_cast<std::size_t>(at_ - line_) - hidden_; }
    /// The last character took this many columns less than bytes.
    void hide(std::size_t bytes) { hidden_ += bytes; }

    /// A place in the present line.
    struct Mark {
        std::size_t offset;
        std::size_t hidden;
    };
    [[nodiscard]] Mark mark() const { return {static_cast<std::size_t>(at_ - line_), hidden_}; }
    void rewind(Mark mark) {
        at_ = line_ + mark.offset;
        hidden_ = mark.hidden;
    }

    /// Gives everything to the sink.
    void flush() {
        sink_.bytes(std::string_view(buffer_.get(), static_cast<std::size_t>(at_ - buffer_.get())));
        at_ = line_ = buffer_.get();
        hidden_ = 0;
    }

  private:
    static constexpr std::size_t first_capacity = 64 * 1024;
    static constexpr std::size_t flush_from = 48 * 1024;

    /// Most texts are a few bytes long: two overlapping loads and stores of a fixed size copy them.
    static void copy(char* to, const char* from, std::size_t size) {
        if (size > 32) {
            std::memcpy(to, from, size);
        } else if (size >= 16) {
            copy_ends<16>(to, from, size);
        } else if (size >= 8) {
            copy_ends<8>(to, from, size);
        } else if (size >= 4) {
            copy_ends<4>(to, from, size);
        } else {
            for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
        }
    }
    template <std::size_t Size> static void copy_ends(char* to, const char* from, std::size_t size) {
        char head[Size];
        char tail[Size];
        std::memcpy(head, from, Size);
        std::memcpy(tail, from + size - Size, Size);
        std::memcpy(to, head, Size);
        std::memcpy(to + size - Size, tail, Size);
    }

    void grow(std::size_t count) {
        const auto used = static_cast<std::size_t>(at_ - buffer_.get());
        const auto line = static_cast<std::size_t>(line_ - buffer_.get());
        const std::size_t capacity = 2 * (static_cast<std::size_t>(end_ - buffer_.get()) + count);
        auto bigger = std::make_unique_for_overwrite<char[]>(capacity);
        std::memcpy(bigger.get(), buffer_.get(), used);
        buffer_ = std::move(bigger);
        at_ = buffer_.get() + used;
        line_ = buffer_.get() + line;
        end_ = buffer_.get() + capacity;
    }

    support::ByteWriter& sink_;
    std::unique_ptr<char[]> buffer_;
    char* at_;
    char* line_; ///< where the present line begins; what is in front of it is settled
    char* end_;
    std::size_t hidden_ = 0; ///< bytes of the present line that take no column
};

} // namespace pyasm::grammar
