#include "grammar/text_nesting.hpp"

#include "support/hash.hpp"

#include <tsl/robin_map.h>

#include <array>

namespace pyasm::grammar {

namespace {

/// What a macro begins or ends by its name: the first word behind `begin_` or `end_`. Some that the library
/// begins in several ways end in one.
[[nodiscard]] std::string_view what_of(std::string_view name) {
    name.remove_prefix(name.find('_') + 1);
    const std::string_view what = name.substr(0, name.find('_'));
    if (what == "method") return "call";
    if (what == "async") return "generator";
    return what;
}

/// The block or macro that each line stands in, by a number of its own.
[[nodiscard]] std::vector<std::uint32_t> places_of(const std::vector<TextLine>& lines) {
    std::vector<std::uint32_t> result(lines.size());
    struct Open {
        std::uint32_t number;
        bool is_macro;
    };
    std::vector<Open> open{{0, false}};
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const HeadKind head = lines[i].head_kind;
        result[i] = open.back().number;
        if (head == HeadKind::Block || head == HeadKind::Macro)
            open.push_back({++count, head == HeadKind::Macro});
        if (head == HeadKind::BlockEnd || head == HeadKind::MacroEnd)
            if (open.size() > 1 && open.back().is_macro == (head == HeadKind::MacroEnd)) open.pop_back();
    }
    return result;
}

} // namespace

namespace {

/// Ends that have no beginning yet, from behind: by the block and what they end. Each branch of a condition
/// begins, from behind, as the others do.
class OpenEnds {
  public:
    void change(std::uint64_t key, int by) {
        counts_[key] += by;
        changes_.push_back({key, by});
    }
    [[nodiscard]] bool has(std::uint64_t key) const {
        const auto known = counts_.find(key);
        return known != counts_.end() && known->second > 0;
    }
    void enter_condition() { conditions_.push_back(changes_.size()); }
    void next_branch() {
        const std::size_t before = conditions_.empty() ? changes_.size() : conditions_.back();
        for (; changes_.size() > before; changes_.pop_back())
            counts_[changes_.back().key] -= changes_.back().by;
    }
    void leave_condition() {
        if (!conditions_.empty()) conditions_.pop_back();
    }

  private:
    struct Change {
        std::uint64_t key;
        int by;
    };
    tsl::robin_map<std::uint64_t, int, support::NumberHash> counts_;
    std::vector<Change> changes_;
    std::vector<std::size_t> conditions_; ///< how many changes there were
};

} // namespace

std::vector<std::uint32_t> read_pairs(std::string_view text, const std::vector<TextLine>& lines) {
    std::vector<std::uint32_t> result(lines.size());
    tsl::robin_map<std::string_view, std::uint32_t, support::TextHash> numbers;
    OpenEnds ends;
    const std::vector<std::uint32_t> places = places_of(lines);
    for (std::size_t i = lines.size(); i-- > 0;) {
        const TextLine& line = lines[i];
        if (line.head_kind == HeadKind::EndIf) ends.enter_condition();
        if (line.head_kind == HeadKind::Else) ends.next_branch();
        if (line.head_kind == HeadKind::If) ends.leave_condition();
        const bool is_end = line.head_kind == HeadKind::End;
        if (line.head_kind != HeadKind::Begin && !is_end) continue;
        const std::string_view what = what_of(text.substr(line.head, line.head_end - line.head));
        const auto number =
            numbers.try_emplace(what, static_cast<std::uint32_t>(numbers.size() + 1)).first->second;
        const std::uint64_t key = std::uint64_t{places[i]} << 32 | number;
        if (!is_end && !ends.has(key)) continue;
        result[i] = number;
        ends.change(key, is_end ? 1 : -1);
    }
    return result;
}

std::uint32_t TextNesting::take(HeadKind head, std::uint32_t pair) {
    const std::uint32_t inside = body();
    const auto level = [this] { return columns(here().level, deepest); };
    const auto close = [&](Kind kind) {
        if (!back_to(kind)) return inside;
        here_ = here().parent;
        return body();
    };
    std::uint32_t result = inside;
    switch (head) {
    case HeadKind::Block:
        result = level();
        push(Kind::Block);
        break;
    case HeadKind::BlockEnd:
        while (here().kind == Kind::Begin) here_ = here().parent;
        take_out(Kind::Block, Kind::If);
        return level();
    case HeadKind::Begin:
        if (here().code && pair != 0) push(Kind::Begin, pair);
        break;
    case HeadKind::End: take_begin(pair); return body();
    case HeadKind::Macro: push(Kind::Macro); break;
    case HeadKind::MacroEnd: return close(Kind::Macro);
    case HeadKind::Repeat: push(Kind::Repeat); break;
    case HeadKind::RepeatEnd: return close(Kind::Repeat);
    case HeadKind::If: push(Kind::If, static_cast<std::uint32_t>(nodes_.size())); break;
    case HeadKind::Else: {
        if (!back_to(Kind::If)) return inside;
        here_ = here().origin;
        const Node& around = nodes_[here().parent];
        return columns(around.level, deepest + 1);
    }
    case HeadKind::EndIf: {
        const std::uint32_t before = here_;
        if (!back_to(Kind::If)) return inside;
        result = columns(nodes_[nodes_[here().origin].parent].level, deepest + 1);
        here_ = before;
        take_out(Kind::If, Kind::Block);
        break;
    }
    default: break;
    }
    return result;
}

void TextNesting::push(Kind kind, std::uint32_t origin) {
    const Node& around = here();
    Node node;
    node.kind = kind;
    node.parent = here_;
    node.origin = origin;
    node.level = around.level + 1;
    const bool is_base = kind == Kind::Block || kind == Kind::Macro;
    node.label_level = is_base ? around.level : around.label_level;
    node.base_level = is_base ? node.level : around.base_level;
    node.code = kind == Kind::Block || (kind != Kind::Macro && around.code);
    nodes_.push_back(node);
    here_ = static_cast<std::uint32_t>(nodes_.size() - 1);
}

bool TextNesting::back_to(Kind kind) {
    std::uint32_t at = here_;
    for (int i = 0; i < farthest && nodes_[at].kind != Kind::File; ++i, at = nodes_[at].parent) {
        if (nodes_[at].kind == kind) {
            here_ = at;
            return true;
        }
        if (nodes_[at].kind == Kind::Macro) break;
    }
    return false;
}

void TextNesting::take_begin(std::uint32_t pair) {
    std::array<std::uint32_t, farthest> above{}; // conditions that stand in it and stay
    std::size_t count = 0;
    std::uint32_t at = here_;
    for (int i = 0; i < farthest; ++i, at = nodes_[at].parent) {
        const Node& node = nodes_[at];
        if (node.kind == Kind::Begin && node.origin == pair) {
            here_ = node.parent;
            while (count != 0) {
                const Node old = nodes_[above[--count]];
                push(Kind::If, old.origin);
                nodes_.back().level = old.level; // up to its end it looks as it did
            }
            return;
        }
        if (node.kind == Kind::If)
            above[count++] = at;
        else if (node.kind != Kind::Begin)
            return;
    }
}

void TextNesting::take_out(Kind kind, Kind others) {
    std::array<std::uint32_t, farthest> above{};
    std::size_t count = 0;
    std::uint32_t at = here_;
    while ((nodes_[at].kind == others || nodes_[at].kind == Kind::Begin) && count < above.size()) {
        above[count++] = at;
        at = nodes_[at].parent;
    }
    if (nodes_[at].kind != kind) {
        if (kind == Kind::If && back_to(Kind::If)) here_ = here().parent; // something else is open in it
        return;
    }
    here_ = nodes_[at].parent;
    while (count != 0) {
        const Node& old = nodes_[above[--count]];
        push(old.kind, old.origin);
    }
}

} // namespace pyasm::grammar
