#include "support/files.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace pyasm::support;
using pyasm::tests::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t files_in(const TemporaryFolder& folder) {
    const fs::directory_iterator all(folder.path());
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::string write_error(const std::string& path) {
    const Result<void> written = write_file(path, as_bytes("new"));
    return written ? "" : written.error().message;
}

/// What `write_error` gives a user who is not the superuser, whom permissions do not bind.
std::string write_error_of_user(const std::string& path) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(1);
        const std::string text = write_error(path);
        ::_exit(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
    }
    ::close(ends[1]);
    char text[1024];
    const ssize_t size = ::read(ends[0], text, sizeof text);
    ::close(ends[0]);
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
    return {text, static_cast<std::size_t>(size)};
}

} // namespace

TEST_CASE("files are read and mapped whole, small and large, empty, and without a known size") {
    const TemporaryFolder folder;
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{300'000}, std::size_t{3'000'000}}) {
        std::string content;
        for (std::size_t i = 0; i < size; ++i) content += static_cast<char>(i * 7);
        REQUIRE(write_file(folder.file("f"), as_bytes(content)).ok());
        CHECK(*read_file(folder.file("f")) == content);
        Result<MappedFile> mapped = MappedFile::open(folder.file("f"));
        REQUIRE(mapped.ok());
        MappedFile moved = std::move(*mapped);
        CHECK(as_text(moved.bytes()) == content);
        MappedFile again = std::move(moved);
        CHECK(as_text(again.bytes()) == content);
    }
    CHECK(read_file("/dev/null")->empty());
    CHECK(read_file("/proc/self/status")->starts_with("Name:"));
}

TEST_CASE("what cannot be read says why") {
    const TemporaryFolder folder;
    CHECK(read_file(folder.file("none")).error().message == "no such file");
    CHECK(read_file(folder.path()).error().message == "is a directory");
    CHECK(MappedFile::open(folder.path()).error().message == "is a directory");
    REQUIRE(write_file(folder.file("f"), as_bytes("12345")).ok());
    CHECK(read_file(folder.file("f"), 4).error().message == "is larger than 4 bytes");
    CHECK(read_file(folder.file("f"), 5).ok());
    CHECK(read_file("/dev/zero", 100'000).error().message == "is larger than 100000 bytes");
    CHECK(read_file(folder.file("f") + std::string("\0.txt", 5)).error().message.find("NUL") !=
          std::string::npos);
    CHECK(read_file(folder.file("f/x")).error().message.starts_with("no such file"));
}

TEST_CASE("a written file replaces the old one whole and keeps its permissions") {
    const TemporaryFolder folder;
    const std::string path = folder.file("f");
    REQUIRE(write_file(path, as_bytes("old")).ok());
    REQUIRE(::chmod(path.c_str(), 0751) == 0);
    const int reader = ::open(path.c_str(), O_RDONLY);
    REQUIRE(write_file(path, as_bytes("new content")).ok());
    CHECK(content_of(path) == "new content");
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777) == 0751);
    char buffer[8] = {};
    CHECK(::read(reader, buffer, sizeof buffer) == 3); // whoever reads the old one goes on to do so
    ::close(reader);
    CHECK(files_in(folder) == 1);
}

TEST_CASE("a new file has the permissions that the umask leaves") {
    const TemporaryFolder folder;
    const mode_t before = ::umask(027);
    REQUIRE(write_file(folder.file("f"), as_bytes("x")).ok());
    ::umask(before);
    struct stat facts {};
    REQUIRE(::stat(folder.file("f").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777) == 0640);
}

TEST_CASE("a symbolic link stays one") {
    const TemporaryFolder folder;
    fs::create_directory(folder.file("d"));
    fs::create_symlink("d/target", folder.file("link"));
    fs::create_symlink("loop", folder.file("loop"));
    REQUIRE(write_file(folder.file("link"), as_bytes("first")).ok()); // its target does not exist yet
    REQUIRE(write_file(folder.file("link"), as_bytes("second")).ok());
    CHECK(fs::is_symlink(folder.file("link")));
    CHECK(content_of(folder.file("d/target")) == "second");
    CHECK(write_error(folder.file("loop")) == "is a symbolic link that leads nowhere");
}

TEST_CASE("devices, pipes and open streams are written to as they are") {
    const TemporaryFolder folder;
    CHECK(write_error("/dev/null").empty());
    CHECK(fs::is_character_file("/dev/null"));

    const std::string fifo = folder.file("fifo");
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK);
    CHECK(write_error(fifo).empty());
    char buffer[8] = {};
    CHECK(::read(reader, buffer, sizeof buffer) == 3);
    ::close(reader);

    // An open stream goes on where it is: what is in its file before stays.
    const int log = ::open(folder.file("log").c_str(), O_WRONLY | O_CREAT, 0600);
    REQUIRE(::write(log, "log ", 4) == 4);
    CHECK(write_error("/dev/fd/" + std::to_string(log)).empty());
    ::close(log);
    CHECK(content_of(folder.file("log")) == "log new");
    CHECK(write_error("/dev/fd/" + std::to_string(log)).starts_with("cannot be written"));
}

TEST_CASE("what cannot be written says what to do, and leaves nothing") {
    const TemporaryFolder folder;
    CHECK(write_error(folder.path()) == "is a directory; name a file in it");
    CHECK(write_error(folder.file("no/f")) ==
          "the folder '" + folder.file("no") + "' does not exist; create it first");
    CHECK(write_error(folder.file("no/")).find("slash") != std::string::npos);
    CHECK(write_error("") == "is no name for a file");
    CHECK(write_error("/dev/full") == "cannot be written: no space left on the device");
    REQUIRE(write_file(folder.file("f"), as_bytes("old")).ok());
    CHECK(write_error(folder.file("f/x")).find("not a directory") != std::string::npos);
    CHECK(content_of(folder.file("f")) == "old");
    CHECK(files_in(folder) == 1);
}

TEST_CASE("at the limit for files a write fails, and ends nothing") {
    const TemporaryFolder folder;
    REQUIRE(write_file(folder.file("f"), as_bytes("old")).ok());
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small{4096, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const Result<void> written = write_file(folder.file("f"), as_bytes(std::string(10'000, 'x')));
    ::setrlimit(RLIMIT_FSIZE, &before);
    REQUIRE(!written.ok());
    CHECK(written.error().message == "cannot be written: the file would be larger than the limit for files");
    CHECK(content_of(folder.file("f")) == "old");
    CHECK(files_in(folder) == 1);
}

TEST_CASE("a process that is killed while it writes a new file leaves nothing of it") {
    const TemporaryFolder folder;
    const int nameless = ::open(folder.path().c_str(), O_WRONLY | O_TMPFILE, 0600);
    if (nameless < 0) {
        MESSAGE("skipped: files without a name are not known to the system of " << folder.path());
        return;
    }
    ::close(nameless);
    const std::string content(std::size_t{64} << 20, 'x');
    for (int times = 0; times < 3; ++times) {
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            for (unsigned number = 0; number < 1000; ++number) {
                const std::string path = folder.file("f");
                if (!write_file(path, as_bytes(content)).ok()) ::_exit(1);
                ::unlink(path.c_str());
            }
            ::_exit(0);
        }
        ::usleep(60'000);
        ::kill(child, SIGKILL);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        // The file itself may just have been written.
        const std::size_t whole = fs::exists(folder.file("f")) ? 1 : 0;
        CHECK(files_in(folder) == whole);
        if (whole != 0) CHECK(fs::file_size(folder.file("f")) == content.size());
        fs::remove(folder.file("f"));
    }
}

TEST_CASE("an open file is read to its end; a directory or a closed one is an error") {
    const TemporaryFolder folder;
    REQUIRE(write_file(folder.file("f"), as_bytes("skipped text")).ok());
    const int file = ::open(folder.file("f").c_str(), O_RDONLY);
    REQUIRE(::lseek(file, 8, SEEK_SET) == 8);
    CHECK(*read_descriptor(file) == "text");
    ::close(file);
    CHECK(!read_descriptor(file).ok());
    const int directory = ::open(folder.path().c_str(), O_RDONLY);
    CHECK(read_descriptor(directory).error().message == "is a directory");
    ::close(directory);
}

TEST_CASE("a read-only file and a read-only folder are respected") {
    const TemporaryFolder folder;
    REQUIRE(write_file(folder.file("f"), as_bytes("old")).ok());
    REQUIRE(::chmod(folder.file("f").c_str(), 0444) == 0);
    REQUIRE(::chmod(folder.path().c_str(), 0777) == 0);
    CHECK(write_error_of_user(folder.file("f")) ==
          "cannot be replaced (permission denied); make it writable or choose another name");
    CHECK(write_error_of_user(folder.file("g")).empty());
    REQUIRE(::chmod(folder.path().c_str(), 0555) == 0);
    CHECK(write_error_of_user(folder.file("h")) == "nothing can be written to the folder '" + folder.path() +
                                                       "' (permission denied); choose another one with -o");
    REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);
    CHECK(content_of(folder.file("f")) == "old");
    CHECK(files_in(folder) == 2);
}
