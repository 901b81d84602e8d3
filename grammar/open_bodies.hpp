#pragma once

#include "grammar/directives.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

/// Bodies inside one another, in text that is looked at as text.
namespace pyasm::grammar {

/// What opens a body, by what ends it.
[[nodiscard]] inline std::optional<DirectiveId> opener_of(DirectiveId id) {
    switch (id) {
    case DirectiveId::EndMacro: return DirectiveId::Macro;
    case DirectiveId::EndRepeat: return DirectiveId::Repeat;
    case DirectiveId::EndIf: return DirectiveId::If;
    default: return std::nullopt;
    }
}

/// The bodies that are open at a place, the outermost first.
class OpenBodies {
  public:
    struct Open {
        DirectiveId id;
        const char* at;              ///< the directive's dot
        const char* other = nullptr; ///< that of its `.else`, where somebody noted it
    };

    OpenBodies() = default;
    explicit OpenBodies(DirectiveId opener) { push(opener, nullptr); }
    /// `at`: the directive's dot.
    void push(DirectiveId id, const char* at) {
        stack_.push_back({id, at});
        ++count(id);
    }
    /// Closes the innermost of this kind, and what is open in it, of which each is told to `unclosed`; false,
    /// and nothing is done, where there is none. An `.if` is not closed from within a body: its lines are
    /// read as one text, whether or not the branch around it is.
    template <class Unclosed> bool close(DirectiveId id, Unclosed&& unclosed) {
        if (count(id) == 0 || (id == DirectiveId::If && stack_.back().id != id)) return false;
        for (; stack_.back().id != id; pop()) unclosed(stack_.back());
        pop();
        return true;
    }
    void close(DirectiveId id) {
        (void)close(id, [](const Open&) {});
    }
    /// The innermost one; null if none is open.
    [[nodiscard]] Open* back() { return stack_.empty() ? nullptr : &stack_.back(); }
    [[nodiscard]] const std::vector<Open>& all() const { return stack_; }
    [[nodiscard]] std::size_t size() const { return stack_.size(); }
    /// The innermost one that is open in the first; null if there is none.
    [[nodiscard]] const char* innermost() const { return stack_.back().at; }
    /// Those with local names of their own.
    [[nodiscard]] std::size_t scopes() const { return counts_[1] + counts_[2]; }

  private:
    [[nodiscard]] std::size_t& count(DirectiveId id) {
        return counts_[id == DirectiveId::If ? 0 : id == DirectiveId::Macro ? 1 : 2];
    }
    void pop() {
        --count(stack_.back().id);
        stack_.pop_back();
    }
    std::vector<Open> stack_;
    std::array<std::size_t, 3> counts_{};
};

} // namespace pyasm::grammar
