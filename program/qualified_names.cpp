#include "program/qualified_names.hpp"

#include "program/derived.hpp"
#include "support/arena.hpp"
#include "support/hash.hpp"

#include <fmt/format.h>
#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <algorithm>

namespace pyasm::program {

namespace {

constexpr std::string_view locals = "<locals>";

/// The parts of a name: between dots, without `<locals>`, whose place is noted.
class Parts {
  public:
    explicit Parts(std::string_view name) : rest_(name) {}

    /// The next part; false behind the last one.
    bool next() {
        after_locals = false;
        if (done_) return false;
        take();
        // As the last part it is nothing that could be left out.
        for (; part == locals && !done_; take()) after_locals = true;
        text = without_number(part);
        return true;
    }

    std::string_view part; ///< with its number
    std::string_view text; ///< without
    bool after_locals = false;

  private:
    void take() {
        const std::size_t dot = rest_.find('.');
        done_ = dot == std::string_view::npos;
        part = rest_.substr(0, dot);
        rest_.remove_prefix(done_ ? rest_.size() : dot + 1);
    }

    std::string_view rest_;
    bool done_ = false;
};

/// The number of a part: "2" of `f$2`, "1" where it has none.
std::string_view number_of(const Parts& parts) {
    return parts.text.size() == parts.part.size() ? "1" : parts.part.substr(parts.text.size() + 1);
}

/// Makes the names of an outline's entries, outer ones first.
class Namer {
  public:
    Namer(const Outline& outline, const objects::ValuePool& pool, support::Arena& arena)
        : entries_(outline.entries()), pool_(pool), arena_(arena) {}

    std::vector<std::string_view> run() {
        std::vector<std::string_view> names;
        names.reserve(entries_.size());
        for (const Outline::Entry& entry : entries_) {
            names.push_back(unique(name_of(entry, names)));
            bytes_ += names.back().size();
        }
        return names;
    }

  private:
    /// A view that lives.
    std::string_view name_of(const Outline::Entry& entry, const std::vector<std::string_view>& names) {
        if (entry.kind == BlockKind::Module) return "<module>";
        std::int32_t outer = entry.parent;
        if (outer >= 0 && is_type_parameters(pool_.text(pool_.code(at(outer).code).name)))
            outer = at(outer).parent;
        if (outer < 0 || at(outer).kind == BlockKind::Module || bytes_ > most_qualname_bytes)
            return entry.symbol;
        const std::string_view joint = at(outer).kind == BlockKind::Class ? "." : ".<locals>.";
        return arena_.copy(
            fmt::format("{}{}{}", names[static_cast<std::size_t>(outer)], joint, entry.symbol));
    }

    /// Symbols are unique among siblings; paths need not be: a class C with a method f beside a symbol C.f.
    std::string_view unique(std::string_view name) {
        if (taken_.insert(name).second) return name;
        const std::string_view base = without_number(name);
        std::uint32_t& number = numbers_.try_emplace(base, 1).first.value();
        for (;;) {
            const std::string next = fmt::format("{}${}", base, ++number);
            if (taken_.contains(next)) continue;
            const std::string_view kept = arena_.copy(next);
            taken_.insert(kept);
            return kept;
        }
    }

    [[nodiscard]] const Outline::Entry& at(std::int32_t entry) const {
        return entries_[static_cast<std::size_t>(entry)];
    }

    const std::vector<Outline::Entry>& entries_;
    const objects::ValuePool& pool_;
    support::Arena& arena_;
    std::size_t bytes_ = 0; // of all names
    tsl::robin_set<std::string_view, support::TextHash> taken_;
    tsl::robin_map<std::string_view, std::uint32_t, support::TextHash>
        numbers_; // the last one given to a name
};

} // namespace

struct QualifiedNames::Table {
    support::Arena arena;
    /// By plain name: the first entry that has it. `next` leads to the others.
    tsl::robin_map<std::string_view, std::uint32_t, support::TextHash> first;
    std::vector<std::uint32_t> next;
};

QualifiedNames::QualifiedNames(const Outline& outline, const objects::ValuePool& pool)
    : table_(std::make_unique<Table>()) {
    Table& table = *table_;
    names_ = Namer(outline, pool, table.arena).run();
    table.next.assign(names_.size(), 0);
    // Backwards, so that a chain is in the order of the entries.
    for (std::size_t i = names_.size(); i-- > 0;) {
        const auto entry = static_cast<std::uint32_t>(i);
        const std::string plain = plain_name(names_[i]);
        const std::string_view key = plain == names_[i] ? names_[i] : table.arena.copy(plain);
        const auto [at, is_new] = table.first.try_emplace(key, entry);
        if (is_new) continue;
        table.next[i] = at->second;
        at.value() = entry;
    }
}

QualifiedNames::~QualifiedNames() = default;

std::vector<std::uint32_t> QualifiedNames::find(std::string_view name) const {
    std::vector<std::uint32_t> tight, loose;
    const auto found = table_->first.find(plain_name(name));
    if (found == table_->first.end()) return tight;
    // 0 ends a chain: an entry's next one comes after it.
    for (std::uint32_t entry = found->second;; entry = table_->next[entry]) {
        const NameMatch match = match_name(name, names_[entry]);
        if (match == NameMatch::Tight) tight.push_back(entry);
        if (match == NameMatch::Loose) loose.push_back(entry);
        if (table_->next[entry] == 0) break;
    }
    return tight.empty() ? loose : tight;
}

std::string QualifiedNames::exact(std::size_t entry) const {
    const std::string_view name = names_[entry];
    if (find(name).size() == 1) return std::string(name);
    if (const std::string last = fmt::format("{}$1", name); find(last).size() == 1) return last;
    return with_numbers(name);
}

std::string with_numbers(std::string_view name) {
    std::string result;
    for (Parts parts(name); parts.next();) {
        if (!result.empty()) result += '.';
        if (parts.after_locals) result += fmt::format("{}.", locals);
        result += parts.part;
        if (parts.part == parts.text) result += "$1";
    }
    return result;
}

std::string plain_name(std::string_view name) {
    std::string plain;
    plain.reserve(name.size());
    for (Parts parts(name); parts.next();) {
        plain += parts.text;
        plain += '.';
    }
    plain.pop_back(); // each name has a part
    return plain;
}

std::string numbers_at(std::string_view written, std::string_view name) {
    std::string numbers;
    std::size_t part = 0;
    for (Parts left(written), right(name); left.next() && right.next(); ++part)
        if (left.text.size() != left.part.size()) numbers += fmt::format("{}:{};", part, number_of(right));
    return numbers;
}

NameMatch match_name(std::string_view written, std::string_view name) {
    Parts left(written), right(name);
    bool tight = true;
    for (;;) {
        const bool more = left.next();
        if (more != right.next()) return NameMatch::None;
        if (!more) return tight ? NameMatch::Tight : NameMatch::Loose;
        if (left.text != right.text) return NameMatch::None;
        const bool says_number = left.text.size() != left.part.size();
        if (says_number && number_of(left) != number_of(right)) return NameMatch::None;
        if (left.after_locals && !right.after_locals) return NameMatch::None;
        tight &= left.after_locals == right.after_locals;
    }
}

} // namespace pyasm::program
