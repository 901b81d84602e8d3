#include "support/process.hpp"

#include "support/descriptor.hpp"
#include "support/ignored_signal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" char** environ;

namespace pyasm::support {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
    Descriptor read, write;
    /// Both ends close on exec; the child gets its end by dup2.
    bool make() {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
        read.set(ends[0]);
        write.set(ends[1]);
        return true;
    }
};

/// The signals that are handled by `wait_and_forward`, blocked for its scope.
class BlockedSignals {
  public:
    BlockedSignals() {
        sigemptyset(&set_);
        for (const int signal : {SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT}) sigaddset(&set_, signal);
        pthread_sigmask(SIG_BLOCK, &set_, &old_mask_);
        // With SIGCHLD ignored (inherited from a careless parent), the kernel would drop the child's status.
        struct sigaction standard {};
        standard.sa_handler = SIG_DFL;
        sigaction(SIGCHLD, &standard, &old_child_);
    }
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;
    ~BlockedSignals() {
        sigaction(SIGCHLD, &old_child_, nullptr);
        pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
    }
    [[nodiscard]] const sigset_t& set() const { return set_; }
    [[nodiscard]] const sigset_t& old_mask() const { return old_mask_; }

  private:
    sigset_t set_{};
    sigset_t old_mask_{};
    struct sigaction old_child_ {};
};

std::vector<std::string> child_environment(const ProcessRequest& request) {
    std::vector<std::string> result;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const std::string_view name = text.substr(0, text.find('='));
        const bool replaced = std::any_of(request.environment.begin(), request.environment.end(),
                                          [&](const auto& pair) { return pair.first == name; });
        if (!replaced) result.emplace_back(text);
    }
    for (const auto& [name, value] : request.environment) result.push_back(name + "=" + value);
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

struct Streams {
    Pipe in, out, err;
};

/// Starts the child; gives its process id or an errno value.
int spawn(const ProcessRequest& request, const Streams& streams, const sigset_t& mask, pid_t& child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (const int error = posix_spawn_file_actions_init(&actions)) return error;
    if (const int error = posix_spawnattr_init(&attributes)) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    if (streams.in.read.open()) posix_spawn_file_actions_adddup2(&actions, streams.in.read.get(), 0);
    if (streams.out.write.open()) posix_spawn_file_actions_adddup2(&actions, streams.out.write.get(), 1);
    if (streams.err.write.open()) posix_spawn_file_actions_adddup2(&actions, streams.err.write.get(), 2);
    posix_spawnattr_setsigmask(&attributes, &mask);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);

    std::vector<std::string> arguments = request.argv;
    std::vector<std::string> environment = child_environment(request);
    const std::vector<char*> argv = pointers(arguments);
    const std::vector<char*> envp = pointers(environment);
    const int error =
        posix_spawn(&child, arguments.front().c_str(), &actions, &attributes, argv.data(), envp.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/// Waits for the child. Signals that another process sent to this one go on to the child; those of the
/// terminal reach it anyway.
int wait_and_forward(pid_t child, const sigset_t& set) {
    int status = 0;
    for (;;) {
        const pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child) return status;
        if (ended < 0 && errno != EINTR) return -1;
        siginfo_t info{};
        const int signal = sigwaitinfo(&set, &info);
        if (signal > 0 && signal != SIGCHLD && info.si_code != SI_KERNEL) kill(child, signal);
    }
}

int wait_plainly(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    return status;
}

/// Reads what is there into `text`; closes the pipe at its end. False once `text` passes the limit.
bool drain(Descriptor& from, std::string& text, std::size_t limit) {
    std::array<char, 65536> buffer;
    const ssize_t count = read(from.get(), buffer.data(), buffer.size());
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) from.close();
    return text.size() <= limit;
}

/// Writes a part of `input`; closes the pipe when all is written or nobody reads.
void feed(Descriptor& to, std::string_view input, std::size_t& written) {
    const ssize_t count = write(to.get(), input.data() + written, input.size() - written);
    if (count > 0) written += static_cast<std::size_t>(count);
    if (written == input.size() || (count < 0 && errno != EINTR && errno != EAGAIN)) to.close();
}

int milliseconds_left(const std::optional<Clock::time_point>& deadline) {
    if (!deadline) return -1;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 60'000));
}

/// Feeds and drains the pipes until all are closed, or the time or a limit is over.
void exchange(const ProcessRequest& request, Streams& streams, ProcessResult& result) {
    std::optional<Clock::time_point> deadline;
    if (request.timeout) deadline = Clock::now() + *request.timeout;
    std::size_t written = 0;
    if (streams.in.write.open()) {
        fcntl(streams.in.write.get(), F_SETFL, O_NONBLOCK);
        if (request.input.empty()) streams.in.write.close();
    }
    while (streams.in.write.open() || streams.out.read.open() || streams.err.read.open()) {
        // poll() passes over negative descriptors, so a closed pipe keeps its place in the array.
        std::array<pollfd, 3> wanted{pollfd{streams.in.write.get(), POLLOUT, 0},
                                     pollfd{streams.out.read.get(), POLLIN, 0},
                                     pollfd{streams.err.read.get(), POLLIN, 0}};
        const int ready = poll(wanted.data(), wanted.size(), milliseconds_left(deadline));
        if (ready < 0 && errno != EINTR) return;
        if (deadline && Clock::now() >= *deadline) {
            result.timed_out = true;
            return;
        }
        if (ready <= 0) continue;
        if (wanted[0].revents) feed(streams.in.write, request.input, written);
        if (wanted[1].revents && !drain(streams.out.read, result.out, request.capture_limit)) {
            result.overflowed = true;
        }
        if (wanted[2].revents && !drain(streams.err.read, result.err, request.capture_limit)) {
            result.overflowed = true;
        }
        if (result.overflowed) return;
    }
}

Error cannot_run(const ProcessRequest& request, int error) {
    return Error{"cannot run " + request.argv.front() + ": " + std::strerror(error)};
}

} // namespace

Result<ProcessResult> run_process(const ProcessRequest& request) {
    Streams streams;
    const bool feeds = request.input_from == ProcessRequest::Input::Text;
    const bool captures = request.output_to == ProcessRequest::Output::Capture;
    if ((feeds && !streams.in.make()) || (captures && (!streams.out.make() || !streams.err.make()))) {
        return cannot_run(request, errno);
    }
    ProcessResult result;
    const BlockedSignals blocked;
    pid_t child = 0;
    if (const int error = spawn(request, streams, blocked.old_mask(), child))
        return cannot_run(request, error);
    streams.in.read.close();
    streams.out.write.close();
    streams.err.write.close();

    if (feeds || captures) {
        const IgnoredSignal ignored(SIGPIPE); // of a program that has closed its input
        exchange(request, streams, result);
    }
    if (result.timed_out || result.overflowed) kill(child, SIGKILL);
    const int status = captures ? wait_plainly(child) : wait_and_forward(child, blocked.set());
    if (status < 0) return Error{"cannot tell how " + request.argv.front() + " ended"};
    if (WIFSIGNALED(status)) {
        result.signal = WTERMSIG(status);
    } else {
        result.status = WEXITSTATUS(status);
    }
    return result;
}

std::vector<std::string> find_on_path(const std::string& name) {
    const auto runnable = [](const std::string& path) {
        struct stat information {};
        return stat(path.c_str(), &information) == 0 && S_ISREG(information.st_mode) &&
               access(path.c_str(), X_OK) == 0;
    };
    std::vector<std::string> result;
    if (name.empty()) return result;
    if (name.find('/') != std::string::npos) {
        if (runnable(name)) result.push_back(name);
        return result;
    }
    const char* variable = std::getenv("PATH");
    std::string_view folders = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
    for (;;) {
        const std::size_t colon = folders.find(':');
        const std::string_view folder = folders.substr(0, colon);
        std::string path = (folder.empty() ? std::string(".") : std::string(folder)) + "/" + name;
        if (runnable(path) && std::find(result.begin(), result.end(), path) == result.end()) {
            result.push_back(std::move(path));
        }
        if (colon == std::string_view::npos) return result;
        folders.remove_prefix(colon + 1);
    }
}

std::string signal_name(int signal) {
    struct Named {
        int number;
        std::string_view name;
    };
    static constexpr std::array<Named, 16> names{{{SIGHUP, "SIGHUP"},
                                                  {SIGINT, "SIGINT"},
                                                  {SIGQUIT, "SIGQUIT"},
                                                  {SIGILL, "SIGILL"},
                                                  {SIGTRAP, "SIGTRAP"},
                                                  {SIGABRT, "SIGABRT"},
                                                  {SIGBUS, "SIGBUS"},
                                                  {SIGFPE, "SIGFPE"},
                                                  {SIGKILL, "SIGKILL"},
                                                  {SIGSEGV, "SIGSEGV"},
                                                  {SIGPIPE, "SIGPIPE"},
                                                  {SIGALRM, "SIGALRM"},
                                                  {SIGTERM, "SIGTERM"},
                                                  {SIGXCPU, "SIGXCPU"},
                                                  {SIGXFSZ, "SIGXFSZ"},
                                                  {SIGSYS, "SIGSYS"}}};
    for (const Named& entry : names) {
        if (entry.number == signal) return std::string(entry.name);
    }
    return "signal " + std::to_string(signal);
}

} // namespace pyasm::support
