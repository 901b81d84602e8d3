#include "grammar/macros.hpp"

#include "grammar/open_bodies.hpp"
#include "grammar/raw_text.hpp"

#include <algorithm>
#include <utility>

namespace pyasm::grammar {

namespace {

/// A body in a text, where some names are its own.
struct InnerBody {
    const char* from = nullptr;
    const char* to = nullptr;
    std::vector<std::uint32_t> names; ///< of those that are looked for
};

/// Finds the bodies of macros and repetitions in a text that have one of the names themselves: as a
/// parameter, as the variable or as a `.local`.
class InnerBodies {
  public:
    InnerBodies(std::string_view text, const WordTable& names)
        : names_(names), end_(text.data() + text.size()) {
        // Most texts have none.
        if (text.find(".macro") == std::string_view::npos && text.find(".repeat") == std::string_view::npos)
            return;
        for (const char* line = text.data(); line != end_;) {
            const std::string_view word = directive_at(line, end_);
            const RawStatement statement = read_statement(line, end_);
            if (const Directive* const directive = word.empty() ? nullptr : find_directive(word)) {
                const char* const behind = word.data() + word.size();
                take(directive->id, trimmed({behind, static_cast<std::size_t>(statement.to - behind)}), line,
                     statement.next);
            }
            line = statement.next;
        }
    }

    /// In order of their beginnings.
    std::vector<InnerBody> take_all() { return std::move(bodies_); }

  private:
    void take(DirectiveId id, std::string_view arguments, const char* line, const char* behind) {
        switch (id) {
        case DirectiveId::Macro:
            open(id, behind);
            return add_all(arguments.substr(std::min(arguments.find_first_of(" \t\f"), arguments.size())));
        case DirectiveId::Repeat: {
            open(id, behind);
            const std::string_view name = word_at(arguments);
            if (word_at(trimmed(arguments.substr(name.size()))) == "in") add(name);
            return;
        }
        case DirectiveId::If: return open(id, behind);
        case DirectiveId::Local: return add_all(arguments);
        default: break;
        }
        if (const auto opener = opener_of(id)) {
            open_.close(*opener);
            for (; around_.size() > open_.size(); around_.pop_back())
                if (around_.back().is_end) bodies_[around_.back().body].to = line;
        }
    }
    void open(DirectiveId id, const char* from) {
        open_.push(id, from);
        const bool binds = id != DirectiveId::If;
        around_.push_back({binds ? bodies_.size() : around_.empty() ? none : around_.back().body, binds});
        if (binds) bodies_.push_back({from, end_, {}});
    }
    void add_all(std::string_view list) {
        std::vector<std::string_view> parts;
        split_list(list, parts);
        for (const std::string_view part : parts) add(word_at(trimmed(part.substr(part.starts_with('*')))));
    }
    /// The innermost body has this name.
    void add(std::string_view name) {
        const auto known = names_.find(name);
        if (known != names_.end() && !around_.empty() && around_.back().body != none)
            bodies_[around_.back().body].names.push_back(known->second);
    }

    static constexpr std::size_t none = ~std::size_t{0};
    struct Around {
        std::size_t body; ///< that names belong to
        bool is_end;      ///< it ends here
    };
    const WordTable& names_;
    const char* end_;
    OpenBodies open_;
    std::vector<Around> around_; ///< for each that is open
    std::vector<InnerBody> bodies_;
};

/// Which names are another's at a place that moves on through the text.
class HiddenNames {
  public:
    HiddenNames(std::vector<InnerBody> bodies, std::size_t names)
        : bodies_(std::move(bodies)), counts_(names) {}

    [[nodiscard]] bool hides(const char* at, std::uint32_t name) {
        for (; next_ != bodies_.size() && bodies_[next_].from <= at; ++next_) {
            leave(bodies_[next_].from);
            around_.push_back(next_);
            for (const std::uint32_t one : bodies_[next_].names) ++counts_[one];
        }
        leave(at);
        return counts_[name] != 0;
    }

  private:
    void leave(const char* at) {
        for (; !around_.empty() && bodies_[around_.back()].to <= at; around_.pop_back())
            for (const std::uint32_t one : bodies_[around_.back()].names) --counts_[one];
    }

    std::vector<InnerBody> bodies_;
    std::size_t next_ = 0;              ///< the first that has not begun
    std::vector<std::size_t> around_;   ///< those that the place is in
    std::vector<std::uint32_t> counts_; ///< by name: in how many of these it is theirs
};

} // namespace

Template::Template(std::string_view text, const WordTable& names) : text_(text) {
    if (names.empty()) return;
    HiddenNames hidden(InnerBodies(text, names).take_all(), names.size());
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    for (const char* at = begin; (at = find_marker(at, end)) != nullptr;) {
        const Marker marker = read_marker(at, end);
        // Of what stands in brackets, the names are looked at one by one.
        at = marker.kind == MarkerKind::Name ? marker.to : at + 1;
        if (marker.kind != MarkerKind::Name) continue;
        const auto known = names.find(marker.inner);
        if (known == names.end() || hidden.hides(marker.from, known->second)) continue;
        gaps_.push_back({static_cast<std::size_t>(marker.from - begin),
                         static_cast<std::size_t>(marker.to - begin), known->second});
    }
}

std::string Template::fill(std::span<const std::string_view> values) const {
    std::size_t size = text_.size();
    for (const Gap& gap : gaps_) size += values[gap.name].size();
    std::string result;
    result.reserve(size);
    std::size_t at = 0;
    for (const Gap& gap : gaps_) {
        result += text_.substr(at, gap.from - at);
        result += values[gap.name];
        at = gap.to;
    }
    result += text_.substr(at);
    return result;
}

} // namespace pyasm::grammar
