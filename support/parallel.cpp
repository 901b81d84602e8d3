#include "support/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include <pthread.h>

namespace pyasm::support {
namespace {

/// What a thread has by default follows `ulimit -s`, and is 2 MiB where that is unlimited.
constexpr std::size_t least_stack = std::size_t{16} << 20;

/// The items that are not yet taken, and those that wait for their turn.
class Items {
  public:
    explicit Items(const ParallelWork& work) : work_(work), done_(work.in_order ? work.count : 0) {}

    void work_off() {
        for (std::size_t item; (item = next_.fetch_add(1, std::memory_order_relaxed)) < work_.count;) {
            work_.work(item);
            finish(item);
        }
    }

  private:
    void finish(std::size_t item) {
        const std::lock_guard lock(mutex_);
        if (work_.as_done) work_.as_done(item);
        if (!work_.in_order) return;
        done_[item] = true;
        for (; first_ < work_.count && done_[first_]; ++first_) work_.in_order(first_);
    }

    const ParallelWork& work_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;
    std::vector<bool> done_;
    std::size_t first_ = 0; // of the items that `in_order` was not called for
};

void* work_off(void* items) {
    static_cast<Items*>(items)->work_off();
    return nullptr;
}

/// Starts up to `count` threads; gives those that were started.
std::vector<pthread_t> start_threads(std::size_t count, Items& items) {
    std::vector<pthread_t> threads;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return threads;
    std::size_t size = 0;
    if (pthread_attr_getstacksize(&attributes, &size) == 0 && size < least_stack) {
        pthread_attr_setstacksize(&attributes, least_stack);
    }
    for (pthread_t thread; threads.size() < count; threads.push_back(thread)) {
        if (pthread_create(&thread, &attributes, work_off, &items) != 0) break;
    }
    pthread_attr_destroy(&attributes);
    return threads;
}

} // namespace

void run_parallel(const ParallelWork& work) {
    Items items(work);
    const std::size_t wanted = std::min(std::max<std::size_t>(work.threads, 1), work.count);
    const std::vector<pthread_t> threads = start_threads(wanted > 1 ? wanted - 1 : 0, items);
    items.work_off();
    for (const pthread_t thread : threads) pthread_join(thread, nullptr);
}

std::size_t processor_count() { return std::max(1u, std::thread::hardware_concurrency()); }

} // namespace pyasm::support
