#pragma once

#include "verifier/finding.hpp"
#include "verifier/verify.hpp"

#include <string>
#include <vector>

namespace pyasm::verifier {

/// Collects what is found in one code object.
class Report {
  public:
    Report(std::vector<Finding>& findings, objects::ValueId code, const VerifyOptions& options)
        : findings_(findings), code_(code), options_(options), first_(findings.size()) {}

    /// Adds an error; the result may be given more and is valid until the next one. One rule is reported once
    /// for one offset; then, and past the limit, the result is a finding that is thrown away.
    Finding& error(Rule rule, Consequence consequence, std::uint32_t offset, std::string message,
                   std::string help = {});
    /// Adds a warning, where warnings are wanted.
    Finding& warning(Rule rule, std::uint32_t offset, std::string message, std::string help = {});

    [[nodiscard]] objects::ValueId code() const { return code_; }
    [[nodiscard]] bool has_errors() const { return errors_ != 0; }
    [[nodiscard]] bool is_full() const { return findings_.size() - first_ >= options_.most_findings; }
    [[nodiscard]] bool wants_warnings() const { return options_.warnings; }
    /// Puts the findings into the order of offsets, those of the code object as a whole first.
    void sort();

  private:
    Finding& add(Finding finding);

    std::vector<Finding>& findings_;
    objects::ValueId code_;
    const VerifyOptions& options_;
    std::size_t first_;
    std::size_t errors_ = 0;
    Finding dropped_;
};

} // namespace pyasm::verifier
