#include "support/temporary.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <stdlib.h>

namespace pyasm::support {

Result<TemporaryFolder> TemporaryFolder::create(const std::string& prefix) {
    const char* base = std::getenv("TMPDIR");
    std::string path = base != nullptr && *base != '\0' ? base : "/tmp";
    if (path.back() != '/') path += '/';
    path += prefix + "XXXXXX";
    if (mkdtemp(path.data()) == nullptr) {
        return Error{"cannot make a temporary folder " + path + ": " + std::strerror(errno)};
    }
    TemporaryFolder folder;
    folder.path_ = std::move(path);
    return folder;
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept {
    if (this != &other) {
        remove();
        path_ = std::exchange(other.path_, {});
    }
    return *this;
}

TemporaryFolder::~TemporaryFolder() { remove(); }

void TemporaryFolder::remove() noexcept {
    if (path_.empty()) return;
    std::error_code ignored; // what cannot be removed stays: there is nobody to tell
    std::filesystem::remove_all(path_, ignored);
    path_.clear();
}

} // namespace pyasm::support
