#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace pyasm::support {

using Bytes = std::span<const std::uint8_t>;

[[nodiscard]] inline Bytes as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Reads little-endian scalars and runs of bytes with every access checked: a read past the end sets
/// `failed()` (which stays set), yields zero, and moves nothing. Check `failed()` once after a group of
/// reads.
class ByteReader {
  public:
    explicit ByteReader(Bytes bytes) : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

    [[nodiscard]] std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
    [[nodiscard]] std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
    [[nodiscard]] bool failed() const { return failed_; }

    std::uint8_t u8() { return scalar<std::uint8_t>(); }
    std::uint16_t u16() { return scalar<std::uint16_t>(); }
    std::uint32_t u32() { return scalar<std::uint32_t>(); }
    std::int32_t i32() { return static_cast<std::int32_t>(scalar<std::uint32_t>()); }
    std::uint64_t u64() { return scalar<std::uint64_t>(); }

    /// `count` bytes as a view into the input; empty on failure.
    Bytes take(std::size_t count) {
        if (count > remaining()) {
            failed_ = true;
            return {};
        }
        Bytes result{at_, count};
        at_ += count;
        return result;
    }

  private:
    template <class T> T scalar() {
        if (sizeof(T) > remaining()) {
            failed_ = true;
            return 0;
        }
        T value;
        std::memcpy(&value, at_, sizeof value);
        at_ += sizeof value;
        static_assert(std::endian::native == std::endian::little, "byte order of the host");
        return value;
    }

    const std::uint8_t* begin_;
    const std::uint8_t* at_;
    const std::uint8_t* end_;
    bool failed_ = false;
};

/// A growing buffer that writes little-endian scalars without zeroing memory first.
class ByteWriter {
  public:
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] Bytes view() const { return {data_.get(), size_}; }
    [[nodiscard]] std::string_view text() const { return as_text(view()); }
    /// The byte at `offset`, for patching what is already written. `offset < size()`.
    [[nodiscard]] std::uint8_t& operator[](std::size_t offset) { return data_[offset]; }
    void clear() { size_ = 0; }

    void u8(std::uint8_t value) { *room(1) = value; }
    void u16(std::uint16_t value) { scalar(value); }
    void u32(std::uint32_t value) { scalar(value); }
    void i32(std::int32_t value) { scalar(value); }
    void u64(std::uint64_t value) { scalar(value); }
    void bytes(Bytes bytes) {
        if (!bytes.empty()) std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
    }
    void bytes(std::string_view text) { bytes(as_bytes(text)); }
    void fill(std::uint8_t value, std::size_t count) {
        if (count) std::memset(room(count), value, count);
    }
    void reserve(std::size_t more) {
        if (capacity_ - size_ < more) grow(more);
    }

  private:
    template <class T> void scalar(T value) {
        static_assert(std::endian::native == std::endian::little, "byte order of the host");
        std::memcpy(room(sizeof value), &value, sizeof value);
    }
    std::uint8_t* room(std::size_t count) {
        if (capacity_ - size_ < count) grow(count);
        std::uint8_t* place = data_.get() + size_;
        size_ += count;
        return place;
    }
    void grow(std::size_t count) {
        std::size_t capacity = capacity_ * 2 < 256 ? 256 : capacity_ * 2;
        if (capacity < size_ + count) capacity = size_ + count;
        auto bigger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
        if (size_) std::memcpy(bigger.get(), data_.get(), size_);
        data_ = std::move(bigger);
        capacity_ = capacity;
    }

    std::unique_ptr<std::uint8_t[]> data_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace pyasm::support
