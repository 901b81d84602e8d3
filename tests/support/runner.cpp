#include "tests/support/runner.hpp"

#include "tests/support/golden.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <new>
#include <vector>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pyasm::tests {

namespace {

int started = 0;
int failed = 0;

/// Counts, and tells golden tests which of them is running.
struct Counter : doctest::IReporter {
    explicit Counter(const doctest::ContextOptions&) {}
    void report_query(const doctest::QueryData&) override {}
    void test_run_start() override { started = failed = 0; }
    void test_run_end(const doctest::TestRunStats& stats) override {
        failed = static_cast<int>(stats.numTestCasesFailed);
    }
    void test_case_start(const doctest::TestCaseData& data) override {
        ++started;
        current_golden_test(data.m_name);
    }
    void test_case_reenter(const doctest::TestCaseData&) override {}
    void test_case_end(const doctest::CurrentTestCaseStats&) override {}
    void test_case_exception(const doctest::TestCaseException&) override {}
    void subcase_start(const doctest::SubcaseSignature&) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData&) override {}
    void log_message(const doctest::MessageData&) override {}
    void test_case_skipped(const doctest::TestCaseData&) override {}
};
REGISTER_LISTENER("counter", 0, Counter);

/// What the processes share.
struct Shared {
    std::atomic<int> next{1};
    std::atomic<int> passed{0};
    std::atomic<int> failed{0};
};

/// A file without a name, for what a process prints.
int unnamed_file() {
    std::FILE* file = std::tmpfile();
    if (!file) return -1;
    const int descriptor = ::dup(::fileno(file));
    std::fclose(file);
    return descriptor;
}

/// Copies what a test printed from its file to the real output in one go.
void publish(int log, int to) {
    std::vector<char> text(static_cast<std::size_t>(std::max<off_t>(0, ::lseek(log, 0, SEEK_END))));
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, ::pread(log, text.data(), text.size(), 0))));
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t count = ::write(to, text.data() + done, text.size() - done);
        if (count <= 0) return;
        done += static_cast<std::size_t>(count);
    }
}

/// Takes test after test until there are no more. What they print goes to `log` first.
void work(doctest::Context& context, Shared& shared, int log) {
    const int output = ::dup(STDOUT_FILENO);
    ::dup2(log, STDOUT_FILENO);
    while (true) {
        if (::ftruncate(log, 0) != 0) ::_exit(1);
        ::lseek(log, 0, SEEK_SET);
        const int index = shared.next++;
        context.setOption("first", index);
        context.setOption("last", index);
        context.run();
        std::fflush(stdout);
        if (started == 0) break;
        (failed ? shared.failed : shared.passed)++;
        if (failed) publish(log, output);
    }
    std::fflush(nullptr);
    ::_exit(0);
}

} // namespace

Tally run_tests(doctest::Context& context) {
    const int status = context.run();
    return {started - failed, failed, status == 0};
}

Tally run_tests_in_parallel(doctest::Context& context, int jobs) {
    void* place = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) return run_tests(context);
    Shared& shared = *new (place) Shared;
    std::fflush(nullptr);
    struct Worker {
        pid_t process;
        int log;
    };
    std::vector<Worker> workers;
    for (int i = 0; i < jobs; ++i) {
        const int log = unnamed_file();
        if (log < 0) break;
        const pid_t process = ::fork();
        if (process == 0) work(context, shared, log);
        if (process > 0) workers.push_back({process, log});
    }
    Tally tally{0, 0, !workers.empty()};
    for (const Worker& worker : workers) {
        int status = 0;
        ::waitpid(worker.process, &status, 0);
        if (status != 0) {
            publish(worker.log, STDOUT_FILENO);
            std::printf("a test process died (status %d)\n", status);
            ++tally.failed;
            tally.ok = false;
        }
        ::close(worker.log);
    }
    tally.passed += shared.passed;
    tally.failed += shared.failed;
    tally.ok = tally.ok && tally.failed == 0;
    ::munmap(place, sizeof(Shared));
    return tally;
}

} // namespace pyasm::tests
