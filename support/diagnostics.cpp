#include "support/diagnostics.hpp"

#include <algorithm>
#include <utility>

namespace pyasm::support {

Diagnostic& Diagnostics::add(Diagnostic diagnostic) {
    const bool is_error = diagnostic.severity == Severity::Error;
    std::size_t& count = is_error ? errors_ : warnings_;
    ++count;
    if (count <= limit_) return all_.emplace_back(std::move(diagnostic));
    if (is_error) ++dropped_;
    overflow_ = std::move(diagnostic);
    return overflow_;
}

Diagnostic& Diagnostics::error(Span span, std::string message, std::string help) {
    return add({Severity::Error, span, std::move(message), std::move(help), {}, {}});
}

Diagnostic& Diagnostics::warning(Span span, std::string message, std::string help) {
    return add({Severity::Warning, span, std::move(message), std::move(help), {}, {}});
}

Diagnostic& Diagnostics::error_in(std::string_view path, std::string message, std::string help) {
    return add({Severity::Error, {}, std::move(message), std::move(help), {}, std::string(path)});
}

void Diagnostics::sort() {
    std::stable_sort(all_.begin(), all_.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; });
}

} // namespace pyasm::support
