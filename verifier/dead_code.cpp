// Warnings of what no way leads to.

#include "verifier/flow.hpp"

#include <fmt/format.h>

namespace pyasm::verifier {

void Flow::warn_of_dead_code() {
    const auto count = static_cast<std::uint32_t>(structure_.count());
    for (std::uint32_t i = 0; i < count && !report_->is_full(); ++i) {
        if (marks_[i] & reached) continue;
        std::uint32_t end = i;
        while (end < count && !(marks_[end] & reached)) ++end;
        report_->warning(Rule::Unreachable, structure_.offset_of(i),
                         fmt::format("no way leads to the code from here to {}", structure_.decoded.starts[end]));
        i = end;
    }
}

} // namespace pyasm::verifier
