#include "bench/report.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pyasm::bench {

bool Report::ReportContext(const Context&) {
    fmt::print("{:<48} {:>10} {:>10} {:>10}\n", "MB/s, one thread", "median", "lowest", "highest");
    return true;
}

void Report::ReportRuns(const std::vector<Run>& runs) {
    std::vector<double> rates;
    for (const Run& run : runs) {
        if (run.run_type != Run::RT_Iteration) continue;
        const auto bytes = run.counters.find("bytes_per_second");
        if (bytes != run.counters.end()) rates.push_back(bytes->second.value / 1e6);
    }
    if (rates.empty()) return;
    std::sort(rates.begin(), rates.end());
    const std::string name = runs.front().run_name.function_name;
    megabytes_per_second_[name] = rates[rates.size() / 2];
    fmt::print("{:<48} {:>10.1f} {:>10.1f} {:>10.1f}\n", name, rates[rates.size() / 2], rates.front(),
               rates.back());
    std::fflush(stdout);
}

double Report::median(const std::string& name) const {
    const auto found = megabytes_per_second_.find(name);
    return found == megabytes_per_second_.end() ? 0 : found->second;
}

void Report::print_ratio(const std::string& name, const std::string& yardstick) const {
    if (median(name) == 0 || median(yardstick) == 0) return;
    fmt::print("{:<48} {:>10.2f} x {}\n", name, median(name) / median(yardstick), yardstick);
}

} // namespace pyasm::bench
