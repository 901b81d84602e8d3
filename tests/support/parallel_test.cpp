#include "support/parallel.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>
#include <vector>

using pyasm::support::ParallelWork;
using pyasm::support::run_parallel;

TEST_CASE("each item is worked on once, reported once, and in order where that is asked for") {
    for (const std::size_t threads : {0, 1, 2, 7, 300}) {
        for (const std::size_t count : {0, 1, 2, 200}) {
            CAPTURE(threads);
            CAPTURE(count);
            std::vector<std::atomic<int>> worked(count);
            std::vector<std::size_t> done;
            std::vector<std::size_t> ordered;
            std::vector<std::size_t> wanted;
            for (std::size_t i = 0; i < count; ++i) wanted.push_back(i);
            ParallelWork work;
            work.count = count;
            work.threads = threads;
            work.work = [&](std::size_t item) { ++worked[item]; };
            work.as_done = [&](std::size_t item) { done.push_back(item); };
            work.in_order = [&](std::size_t item) {
                // `as_done` of the item came before.
                CHECK(done.size() > ordered.size());
                ordered.push_back(item);
            };
            run_parallel(work);
            for (const auto& times : worked) CHECK(times == 1);
            CHECK(done.size() == count);
            CHECK(ordered == wanted);
        }
    }
}

TEST_CASE("an item that takes long holds back the order and not the work") {
    std::atomic<std::size_t> others = 0;
    std::vector<std::size_t> ordered;
    ParallelWork work;
    work.count = 50;
    work.threads = 2;
    work.work = [&](std::size_t item) {
        if (item != 0) {
            ++others;
            return;
        }
        const auto late = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (others < 49 && std::chrono::steady_clock::now() < late) std::this_thread::yield();
        CHECK(others == 49); // all done by the other thread while this one waited
    };
    work.in_order = [&](std::size_t item) { ordered.push_back(item); };
    run_parallel(work);
    REQUIRE(ordered.size() == 50);
    CHECK(ordered.front() == 0);
    CHECK(ordered.back() == 49);
}

namespace {

/// Uses about `levels` KiB of stack.
std::size_t deep(std::size_t levels) {
    volatile char frame[1024] = {};
    frame[levels % 1024] = 1;
    return levels == 0 ? 0 : deep(levels - 1) + static_cast<std::size_t>(frame[levels % 1024]);
}

} // namespace

TEST_CASE("threads have room for deep recursion") {
    std::atomic<int> ready = 0;
    ParallelWork work;
    work.count = 2;
    work.threads = 2;
    work.work = [&](std::size_t) {
        // Both wait for each other, so that one of them is not the calling thread.
        ++ready;
        while (ready < 2) std::this_thread::yield();
        CHECK(deep(5000) == 5000);
    };
    run_parallel(work);
    CHECK(pyasm::support::processor_count() >= 1);
}
