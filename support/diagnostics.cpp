#include "support/diagnostics.hpp"

#include <algorithm>
#include <set>
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

void Diagnostics::sort(const Sources& sources) {
    // Where each stands: the places of the directives that lead to it, from the first file on, then its own.
    using Way = std::vector<std::uint32_t>;
    std::vector<std::pair<Way, std::size_t>> ways;
    ways.reserve(all_.size());
    for (const Diagnostic& one : all_) {
        Way way{one.span.begin};
        for (const SourceFile* file = sources.file_at(one.span.begin); file && file->origin.from.known();
             file = sources.file_at(way.back())) {
            way.push_back(file->origin.from.begin);
        }
        std::reverse(way.begin(), way.end());
        ways.emplace_back(std::move(way), ways.size());
    }
    std::sort(ways.begin(), ways.end());
    std::vector<Diagnostic> sorted;
    sorted.reserve(all_.size());
    std::set<std::uint32_t> told; // places of the user's that have made an error elsewhere
    for (const auto& [way, index] : ways) {
        const Span span = all_[index].span, place = sources.users_place(span);
        const bool is_elsewhere = place.begin != span.begin && all_[index].severity == Severity::Error;
        if (is_elsewhere && !told.insert(place.begin).second)
            --errors_;
        else
            sorted.push_back(std::move(all_[index]));
    }
    all_ = std::move(sorted);
}

} // namespace pyasm::support
