#pragma once

#include <cstddef>
#include <functional>

namespace pyasm::support {

/// Work on many items that know nothing of each other.
struct ParallelWork {
    std::size_t count = 0;   ///< of items
    std::size_t threads = 1; ///< at most so many, the calling one among them; 0 is 1
    /// Called once for each item, on any of the threads, several at a time. Must not throw.
    std::function<void(std::size_t item)> work;
    /// Called after an item's `work`, one call at a time, in the order in which they end. May be empty.
    std::function<void(std::size_t item)> as_done;
    /// Called after an item's `as_done`, one call at a time, in the order of the items. May be empty.
    std::function<void(std::size_t item)> in_order;
};

/// Does all of it, and returns when it is done. Where no thread can be started, the calling one does the
/// work. Threads have a stack of at least 16 MiB, as deep recursion is expected to find on the first one.
void run_parallel(const ParallelWork& work);

/// Processors that this process may use; at least 1.
[[nodiscard]] std::size_t processor_count();

} // namespace pyasm::support
