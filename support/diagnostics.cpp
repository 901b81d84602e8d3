#include "support/diagnostics.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace pyasm::support {

namespace {

/// What is told of one turn of a repetition, and again of others.
class Turns {
  public:
    explicit Turns(const Sources& sources) : sources_(sources) {}

    /// Whether the same was told of another turn. `index`: where it comes to stand if not.
    bool is_again(const Diagnostic& one, std::size_t index) {
        Key key{{}, one.message};
        if (!place(one.span.begin, key.first)) return false;
        const auto [known, is_new] = told_.try_emplace(std::move(key), Told{index, 0});
        if (is_new) return false;
        ++known->second.others;
        return true;
    }
    /// Says with each how often it was left out.
    void note(std::vector<Diagnostic>& all) const {
        for (const auto& [key, one] : told_) {
            if (one.others == 0) continue;
            auto& notes = all[one.index].notes;
            notes.push_back({{},
                             one.others == 1 ? std::string("the same in another turn")
                                             : "the same in " + std::to_string(one.others) + " other turns"});
        }
    }

  private:
    using Key = std::pair<std::vector<std::uint32_t>, std::string>;
    struct Told {
        std::size_t index;
        std::size_t others;
    };

    /// Where a place was written, from the inside out, which is the same in all turns: lines in expansions,
    /// and an offset in the file. False where it is in no repetition.
    bool place(std::uint32_t offset, std::vector<std::uint32_t>& way) const {
        bool repeats = false;
        const SourceFile* file = sources_.file_at(offset);
        for (; file && file->origin.kind != Origin::Kind::File; file = sources_.file_at(offset)) {
            repeats = repeats || file->origin.kind == Origin::Kind::Repeat;
            way.push_back(sources_.line_at(offset));
            offset = file->origin.from.begin;
        }
        way.push_back(offset);
        return repeats;
    }

    const Sources& sources_;
    std::map<Key, Told> told_;
};

} // namespace

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
    Turns turns(sources);
    for (const auto& [way, index] : ways) {
        const Span span = all_[index].span, place = sources.users_place(span);
        const bool is_error = all_[index].severity == Severity::Error;
        const bool is_elsewhere = place.begin != span.begin && is_error;
        if ((is_elsewhere && !told.insert(place.begin).second) || turns.is_again(all_[index], sorted.size()))
            --(is_error ? errors_ : warnings_);
        else
            sorted.push_back(std::move(all_[index]));
    }
    turns.note(sorted);
    all_ = std::move(sorted);
}

} // namespace pyasm::support
