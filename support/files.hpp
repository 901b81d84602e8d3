#pragma once

#include "support/bytes.hpp"
#include "support/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pyasm::support {

/// Most bytes of a file that are read into memory, unless the caller says less.
inline constexpr std::uint64_t read_limit = 0xFFFF'FFFD;

/// The whole content of a file. A directory, a missing or unreadable file, or one over `limit` bytes is an
/// error that says why ("is a directory", "no such file"); it does not repeat the path.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::uint64_t limit = read_limit);

/// The same of what is left of an open file, such as 0, standard input.
[[nodiscard]] Result<std::string> read_descriptor(int descriptor, std::uint64_t limit = read_limit);

/// A file's content mapped read-only (or read into memory, up to `read_limit`, where mapping is not
/// possible).
class MappedFile {
  public:
    static Result<MappedFile> open(const std::string& path);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();
    [[nodiscard]] Bytes bytes() const { return {data_, size_}; }

  private:
    MappedFile() = default;
    const std::uint8_t* data_ = nullptr;
    std::size_t size_ = 0;
    bool mapped_ = false;
    std::string fallback_;
};

/// Replaces `path` by `content` whole or not at all: written to a file without a name, which then gets it;
/// or, where the system has no such files or one is replaced, to a temporary file beside it that is renamed.
/// Existing permissions are kept, and a symbolic link stays one; other hard links to the file keep the old
/// content. A target that is not a regular file (a device, a pipe, `/dev/stdout`) is written to directly. The
/// error says why and what to do; it does not repeat the path.
[[nodiscard]] Result<void> write_file(const std::string& path, Bytes content);

} // namespace pyasm::support
