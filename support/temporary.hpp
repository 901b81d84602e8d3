#pragma once

#include "support/result.hpp"

#include <string>

namespace pyasm::support {

/// A folder of its own under $TMPDIR (or /tmp) that only this user can enter; removed with all it holds when
/// the object dies.
class TemporaryFolder {
  public:
    /// `prefix` starts the folder's name. Fails where no folder can be made, and says where and why.
    static Result<TemporaryFolder> create(const std::string& prefix);
    TemporaryFolder(TemporaryFolder&& other) noexcept;
    TemporaryFolder& operator=(TemporaryFolder&& other) noexcept;
    ~TemporaryFolder();

    /// Without a slash at its end.
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    TemporaryFolder() = default;
    void remove() noexcept;
    std::string path_; ///< empty: nothing to remove
};

} // namespace pyasm::support
