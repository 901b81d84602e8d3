#include "support/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace pyasm::support {
namespace {

constexpr std::size_t widest_bar = 30;
constexpr std::size_t narrowest_bar = 10;
constexpr std::chrono::milliseconds between_drawings{100};

std::string bar(const ProgressState& state, std::size_t cells) {
    const std::size_t full = state.total == 0 ? cells : cells * state.done / state.total;
    return fmt::format("[{:#<{}}{:-<{}}]", "", full, "", cells - full);
}

} // namespace

std::string progress_line(const ProgressState& state, std::size_t width) {
    const std::size_t percent = state.total == 0 ? 100 : 100 * state.done / state.total;
    std::string text = fmt::format("{:>3}%", percent);
    if (text.size() > width) return {};
    std::vector<std::string> parts{fmt::format("{}/{} files", state.done, state.total)};
    if (state.failed != 0) parts.push_back(fmt::format("{} failed", state.failed));
    const auto milliseconds = static_cast<double>(state.elapsed.count());
    if (milliseconds > 0) {
        parts.push_back(fmt::format("{:.1f} MB/s", static_cast<double>(state.bytes) / 1000 / milliseconds));
    }
    for (const std::string& part : parts) {
        if (text.size() + 2 + part.size() > width) break; // a number that is cut would be another one
        text += "  " + part;
    }
    if (width >= text.size() + narrowest_bar + 4) { // "[" "] " and the column behind the line
        text = bar(state, std::min(widest_bar, width - text.size() - 4)) + ' ' + text;
    }
    return text;
}

Progress::Progress(std::ostream& out, std::size_t total, std::function<std::size_t()> width)
    : out_(out), width_(std::move(width)) {
    state_.total = total;
}

ProgressState Progress::state() const {
    ProgressState now = state_;
    now.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_);
    return now;
}

void Progress::advance(std::uint64_t bytes, bool failed) {
    ++state_.done;
    state_.bytes += bytes;
    state_.failed += failed;
    if (!width_) return;
    const Clock::time_point now = Clock::now();
    if (visible_ ? now - drawn_ < between_drawings : now - start_ < between_drawings) return;
    drawn_ = now;
    visible_ = true;
    // A line as wide as the terminal would make it wrap.
    const std::size_t width = width_();
    out_ << '\r' << progress_line(state(), width > 1 ? width - 1 : 1) << "\x1b[K" << std::flush;
}

void Progress::clear() {
    if (!visible_) return;
    out_ << "\r\x1b[K" << std::flush;
    visible_ = false;
}

} // namespace pyasm::support
