#include "support/files.hpp"

#include "support/descriptor.hpp"
#include "support/ignored_signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pyasm::support {

namespace {

/// Smaller files are read: that is faster than to map them.
constexpr std::size_t mapping_threshold = std::size_t{256} << 10;
constexpr std::size_t read_step = std::size_t{1} << 20;

std::string reason(int code) {
    switch (code) {
    case ENOENT: return "no such file";
    case EISDIR: return "is a directory";
    case ENOTDIR: return "no such file (a part of the path is not a directory)";
    case EACCES: return "permission denied";
    case ENOSPC: return "no space left on the device";
    case EFBIG: return "the file would be larger than the limit for files";
    case ENAMETOOLONG: return "the name is too long";
    default: return std::generic_category().message(code);
    }
}

bool has_nul(const std::string& path) { return path.find('\0') != std::string::npos; }

/// What is known of an open file; a directory is refused.
Result<struct stat> facts_of(int fd) {
    struct stat facts;
    if (::fstat(fd, &facts) != 0) return Error{reason(errno)};
    if (S_ISDIR(facts.st_mode)) return Error{reason(EISDIR)};
    return facts;
}

/// A descriptor for reading; the caller closes it.
Result<int> open_for_reading(const std::string& path) {
    if (has_nul(path)) return Error{"no such file (there is a NUL in the name)"};
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return Error{reason(errno)};
    return fd;
}

Result<std::string> read_all(int fd, const struct stat& facts, std::uint64_t limit) {
    const auto announced = S_ISREG(facts.st_mode) ? static_cast<std::uint64_t>(facts.st_size) : 0;
    const Error too_large{fmt::format("is larger than {} bytes", limit)};
    if (announced > limit) return too_large;
    std::string content;
    std::size_t used = 0;
    content.resize(static_cast<std::size_t>(announced) + 1); // one more: to see the end without another step
    while (true) {
        const ssize_t got = ::read(fd, content.data() + used, content.size() - used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Error{reason(errno)};
        if (got == 0) break;
        used += static_cast<std::size_t>(got);
        if (used > limit) return too_large;
        if (used == content.size()) content.resize(used + std::max(used, read_step));
    }
    content.resize(used);
    return content;
}

Result<void> write_all(int fd, Bytes content) {
    while (!content.empty()) {
        const ssize_t put = ::write(fd, content.data(), content.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return Error{"cannot be written: " + reason(errno)};
        content = content.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

/// The number in /dev/fd/N and what stands for it; such a path names an open stream, which must be continued
/// where it is and not opened anew.
std::optional<int> stream_of(const std::string& path) {
    if (path == "/dev/stdout" || path == "/proc/self/fd/1") return 1;
    if (path == "/dev/stderr" || path == "/proc/self/fd/2") return 2;
    for (const std::string_view prefix : {"/dev/fd/", "/proc/self/fd/"}) {
        if (!path.starts_with(prefix)) continue;
        int number = -1;
        const char* end = path.data() + path.size();
        const auto [stop, fault] = std::from_chars(path.data() + prefix.size(), end, number);
        if (fault == std::errc{} && stop == end && number >= 0) return number;
    }
    return std::nullopt;
}

/// What `path` leads to through symbolic links, which need not exist; nothing if there is no end of them.
std::optional<std::string> follow_links(std::string path) {
    for (int hops = 0; hops < 40; ++hops) {
        if (stream_of(path)) return path;
        struct stat facts;
        if (::lstat(path.c_str(), &facts) != 0 || !S_ISLNK(facts.st_mode)) return path;
        char buffer[4096];
        const ssize_t size = ::readlink(path.c_str(), buffer, sizeof buffer);
        if (size < 0 || size == static_cast<ssize_t>(sizeof buffer)) return std::nullopt;
        const std::string target(buffer, static_cast<std::size_t>(size));
        path = target.starts_with('/') ? target : folder_of(path) + "/" + target;
    }
    return std::nullopt;
}

Result<void> write_directly(const std::string& path, Bytes content) {
    const std::optional<int> stream = stream_of(path);
    Descriptor file(stream ? ::fcntl(*stream, F_DUPFD_CLOEXEC, 0)
                           : ::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.open()) return Error{"cannot be written: " + reason(errno)};
    if (Result<void> written = write_all(file.get(), content); !written) return written;
    if (!file.close()) return Error{"cannot be written: " + reason(errno)};
    return {};
}

/// Calls `make` with one name in the folder after the other until it is a new one. Gives what `make` gives;
/// -1, with errno set, where it fails for another reason.
template <typename Make> int under_new_name(const std::string& folder, std::string& name, Make make) {
    for (unsigned attempt = 0; attempt < 1000; ++attempt) {
        name = fmt::format("{}/.pyasm-{}-{}.tmp", folder, ::getpid(), attempt);
        const int made = make(name.c_str());
        if (made >= 0 || errno != EEXIST) return made;
    }
    return -1;
}

int create_temporary(const std::string& folder, std::string& name) {
    return under_new_name(folder, name, [](const char* path) {
        return ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    });
}

/// The path of an open file that has no other, for linkat(2).
std::string path_of_descriptor(int fd) { return fmt::format("/proc/self/fd/{}", fd); }

/// A new file in the folder that has no name yet: nothing of it stays if this process is killed. -1 where the
/// system has no such files.
int create_nameless([[maybe_unused]] const std::string& folder) {
    int fd = -1;
#ifdef O_TMPFILE
    fd = ::open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
    if (fd >= 0 && ::access(path_of_descriptor(fd).c_str(), F_OK) != 0) { // there is no /proc
        ::close(fd);
        fd = -1;
    }
#endif
    return fd;
}

/// Gives a file without a name its own one or, where that is taken, a temporary one; `name` is which.
bool give_name(int fd, const std::string& path, bool is_taken, std::string& name) {
    const std::string from = path_of_descriptor(fd);
    const auto link = [&from](const char* to) {
        return ::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to, AT_SYMLINK_FOLLOW);
    };
    name = path;
    if (!is_taken && link(path.c_str()) == 0) return true;
    return under_new_name(folder_of(path), name, link) == 0;
}

Error cannot_create(const std::string& folder, int code) {
    struct stat facts;
    if (code == ENOENT && ::stat(folder.c_str(), &facts) != 0) {
        return {fmt::format("the folder '{}' does not exist; create it first", folder)};
    }
    if (code == ENOENT) { // a folder whose files are made up, such as /proc
        return {fmt::format("nothing can be written to the folder '{}'; choose another one with -o", folder)};
    }
    if (code == EACCES || code == EROFS || code == EPERM) {
        return {fmt::format("nothing can be written to the folder '{}' ({}); choose another one with -o",
                            folder, reason(code))};
    }
    return {"cannot be written: " + reason(code)};
}

/// Writes a new file. `existing`: the facts about the file that it replaces; null where there is none.
Result<void> fill(int fd, Bytes content, const struct stat* existing) {
    Result<void> written = write_all(fd, content);
    if (!written || !existing) return written;
    // Another owner can be kept only by the superuser; it comes first, because it may clear bits of the mode.
    if (existing->st_uid != ::geteuid() || existing->st_gid != ::getegid()) {
        [[maybe_unused]] const int ignored = ::fchown(fd, existing->st_uid, existing->st_gid);
    }
    if (::fchmod(fd, existing->st_mode & 07777) != 0) {
        return Error{"its permissions cannot be kept: " + reason(errno)};
    }
    return {};
}

Result<void> replace_file(const std::string& path, Bytes content, const struct stat* existing) {
    const std::string folder = folder_of(path);
    std::string name; // of the new file, as long as it is another
    Descriptor file(create_nameless(folder));
    const bool nameless = file.open();
    if (!nameless) file.set(create_temporary(folder, name));
    if (!file.open()) return cannot_create(folder, errno);
    Result<void> written = fill(file.get(), content, existing);
    if (written && nameless && !give_name(file.get(), path, existing != nullptr, name)) {
        written = Error{"cannot be written: " + reason(errno)};
        name.clear();
    }
    if (written && !file.close()) written = Error{"cannot be written: " + reason(errno)};
    if (written && name != path && ::rename(name.c_str(), path.c_str()) != 0) {
        written = Error{"cannot be replaced: " + reason(errno)};
    }
    if (!written && !name.empty()) ::unlink(name.c_str());
    return written;
}

} // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t limit) {
    const Result<int> opened = open_for_reading(path);
    if (!opened) return opened.error();
    const Descriptor file(*opened);
    return read_descriptor(file.get(), limit);
}

Result<std::string> read_descriptor(int descriptor, std::uint64_t limit) {
    const Result<struct stat> facts = facts_of(descriptor);
    if (!facts) return facts.error();
    return read_all(descriptor, *facts, limit);
}

Result<MappedFile> MappedFile::open(const std::string& path) {
    const Result<int> opened = open_for_reading(path);
    if (!opened) return opened.error();
    const Descriptor file(*opened);
    const Result<struct stat> facts = facts_of(file.get());
    if (!facts) return facts.error();
    MappedFile result;
    const auto size = static_cast<std::size_t>(facts->st_size);
    if (S_ISREG(facts->st_mode) && size >= mapping_threshold) {
        void* place = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
        if (place != MAP_FAILED) {
            result.data_ = static_cast<const std::uint8_t*>(place);
            result.size_ = size;
            result.mapped_ = true;
            return result;
        }
    }
    Result<std::string> content = read_all(file.get(), *facts, read_limit);
    if (!content) return content.error();
    result.fallback_ = std::move(*content);
    result.data_ = as_bytes(result.fallback_).data();
    result.size_ = result.fallback_.size();
    return result;
}

MappedFile::MappedFile(MappedFile&& other) noexcept { *this = std::move(other); }

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    if (this == &other) return *this;
    if (mapped_) ::munmap(const_cast<std::uint8_t*>(data_), size_);
    mapped_ = std::exchange(other.mapped_, false);
    fallback_ = std::move(other.fallback_);
    size_ = std::exchange(other.size_, 0);
    // A short string's bytes move along with it.
    data_ = mapped_ ? other.data_ : as_bytes(fallback_).data();
    other.data_ = nullptr;
    return *this;
}

MappedFile::~MappedFile() {
    if (mapped_) ::munmap(const_cast<std::uint8_t*>(data_), size_);
}

Result<void> write_file(const std::string& path, Bytes content) {
    if (path.empty() || has_nul(path)) return Error{"is no name for a file"};
    const IgnoredSignal at_limit(SIGXFSZ); // of `ulimit -f`
    const std::optional<std::string> target = follow_links(path);
    if (!target) return Error{"is a symbolic link that leads nowhere"};
    if (stream_of(*target)) return write_directly(*target, content);
    struct stat facts;
    if (::stat(target->c_str(), &facts) != 0) {
        if (errno == ENOENT && target->ends_with('/'))
            return Error{"is no name for a file; it ends with a slash"};
        if (errno != ENOENT) return cannot_create(folder_of(*target), errno);
        return replace_file(*target, content, nullptr);
    }
    if (S_ISDIR(facts.st_mode)) return Error{"is a directory; name a file in it"};
    if (!S_ISREG(facts.st_mode)) return write_directly(*target, content);
    if (::access(target->c_str(), W_OK) != 0) {
        return Error{
            fmt::format("cannot be replaced ({}); make it writable or choose another name", reason(errno))};
    }
    return replace_file(*target, content, &facts);
}

} // namespace pyasm::support
