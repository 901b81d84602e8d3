#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace pyasm::support {

/// Owns bytes that live until the arena dies; never moves them. For decoded strings, digits of big ints, and
/// names made up by a pass.
class Arena {
  public:
    Arena() = default;
    Arena(Arena&&) noexcept = default;
    Arena& operator=(Arena&&) noexcept = default;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    /// `size` uninitialised bytes, aligned for any scalar up to 8 bytes. `size` comes from what is already in
    /// memory: it is not held against overflow.
    [[nodiscard]] char* allocate(std::size_t size) {
        size = (size + 7) & ~std::size_t{7};
        if (size > left_) grow(size);
        char* result = next_;
        next_ += size;
        left_ -= size;
        return result;
    }

    [[nodiscard]] std::string_view copy(std::string_view text) {
        if (text.empty()) return {};
        char* place = allocate(text.size());
        std::memcpy(place, text.data(), text.size());
        return {place, text.size()};
    }

    template <class T> [[nodiscard]] std::span<T> array(std::size_t count) {
        static_assert(alignof(T) <= 8 && std::is_trivially_copyable_v<T>);
        return {reinterpret_cast<T*>(allocate(count * sizeof(T))), count};
    }

  private:
    void grow(std::size_t size) {
        std::size_t chunk = chunks_.empty() ? 4096 : last_chunk_ * 2;
        if (chunk > (std::size_t{1} << 20)) chunk = std::size_t{1} << 20;
        if (chunk < size) chunk = size;
        chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk));
        next_ = chunks_.back().get();
        left_ = chunk;
        last_chunk_ = chunk;
    }

    std::vector<std::unique_ptr<char[]>> chunks_;
    char* next_ = nullptr;
    std::size_t left_ = 0;
    std::size_t last_chunk_ = 0;
};

} // namespace pyasm::support
