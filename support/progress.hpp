#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace pyasm::support {

/// How far some work on files is.
struct ProgressState {
    std::size_t done = 0;
    std::size_t total = 0;
    std::size_t failed = 0;
    std::uint64_t bytes = 0; ///< that were read
    std::chrono::milliseconds elapsed{};
};

/// "[#####---------------]  25%  50/200 files  1 failed  3.1 MB/s" in at most `width` columns. Where there is
/// no room, the bar is left out, then one part after the other from the end; none is cut.
[[nodiscard]] std::string progress_line(const ProgressState& state, std::size_t width);

/// A line on a terminal that shows how far the work is, drawn anew at most ten times a second. Not for
/// several threads at once.
class Progress {
  public:
    /// `width` tells the columns of the terminal whenever it is drawn; empty: nothing is ever written.
    Progress(std::ostream& out, std::size_t total, std::function<std::size_t()> width);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress() { clear(); }

    /// One file more is done.
    void advance(std::uint64_t bytes, bool failed);
    /// Takes the line away.
    void clear();
    [[nodiscard]] ProgressState state() const;

  private:
    using Clock = std::chrono::steady_clock;

    std::ostream& out_;
    std::function<std::size_t()> width_;
    ProgressState state_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point drawn_{};
    bool visible_ = false;
};

} // namespace pyasm::support
