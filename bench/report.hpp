#pragma once

#include <benchmark/benchmark.h>
#include <map>
#include <string>

namespace pyasm::bench {

/// Prints a row for each measurement as it comes in, and remembers the medians for the ratios.
class Report : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context&) override;
    void ReportRuns(const std::vector<Run>& runs) override;
    /// The ratios of a measurement to its yardsticks, from the same run.
    void print_ratio(const std::string& name, const std::string& yardstick) const;
    [[nodiscard]] double median(const std::string& name) const;

  private:
    std::map<std::string, double> megabytes_per_second_;
};

} // namespace pyasm::bench
