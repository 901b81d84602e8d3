#include "verifier/report.hpp"

#include <algorithm>
#include <utility>

namespace pyasm::verifier {

Finding& Report::error(Rule rule, Consequence consequence, std::uint32_t offset, std::string message,
                       std::string help) {
    ++errors_;
    Finding finding;
    finding.rule = rule;
    finding.consequence = consequence;
    finding.offset = offset;
    finding.message = std::move(message);
    finding.help = std::move(help);
    return add(std::move(finding));
}

Finding& Report::warning(Rule rule, std::uint32_t offset, std::string message, std::string help) {
    Finding finding;
    finding.severity = Severity::Warning;
    finding.consequence = Consequence::WrongResult;
    finding.rule = rule;
    finding.offset = offset;
    finding.message = std::move(message);
    finding.help = std::move(help);
    if (!options_.warnings) return dropped_ = std::move(finding);
    return add(std::move(finding));
}

Finding& Report::add(Finding finding) {
    finding.code = code_;
    const bool known = std::any_of(findings_.begin() + static_cast<std::ptrdiff_t>(first_), findings_.end(),
                                   [&](const Finding& other) {
                                       return other.rule == finding.rule && other.offset == finding.offset &&
                                              finding.offset != Finding::no_offset;
                                   });
    // An error is kept in any case where it would be the only one: nobody is told of a failure without a
    // reason.
    if (known || (is_full() && !(finding.severity == Severity::Error && errors_ == 1)))
        return dropped_ = std::move(finding);
    return findings_.emplace_back(std::move(finding));
}

void Report::sort() {
    const auto key = [](const Finding& finding) { return finding.offset + 1; }; // no_offset becomes 0
    std::stable_sort(findings_.begin() + static_cast<std::ptrdiff_t>(first_), findings_.end(),
                     [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
}

} // namespace pyasm::verifier
