#include "grammar/characters.hpp"
#include "grammar/state.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

/// Text that is passed over: bodies of macros and repetitions, and branches that are not taken. Of its lines, only
/// the directives that nest are looked at.
namespace pyasm::grammar {

namespace {

/// What opens a body, by what ends it.
[[nodiscard]] std::optional<DirectiveId> opener_of(DirectiveId id) {
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
    explicit OpenBodies(DirectiveId opener) { push(opener); }
    void push(DirectiveId id) {
        stack_.push_back(id);
        ++count(id);
    }
    /// Closes the innermost of this kind, and what is open in it; nothing where there is none.
    void close(DirectiveId id) {
        if (count(id) == 0) return;
        for (bool found = false; !found; stack_.pop_back()) {
            found = stack_.back() == id;
            --count(stack_.back());
        }
    }
    [[nodiscard]] std::size_t size() const { return stack_.size(); }
    /// Those with local names of their own.
    [[nodiscard]] std::size_t scopes() const { return counts_[1] + counts_[2]; }

  private:
    [[nodiscard]] std::size_t& count(DirectiveId id) {
        return counts_[id == DirectiveId::If ? 0 : id == DirectiveId::Macro ? 1 : 2];
    }
    std::vector<DirectiveId> stack_;
    std::array<std::size_t, 3> counts_{};
};

[[nodiscard]] std::string_view end_word(DirectiveId opener) {
    return opener == DirectiveId::Macro ? "endmacro" : opener == DirectiveId::Repeat ? "endrepeat" : "endif";
}

} // namespace

const char* State::behind_line(const char* at) const {
    const char* const end = context_.line_end(at);
    const std::size_t left = static_cast<std::size_t>(context_.end - end);
    return end + (left == 0 ? 0 : *end == '\r' && left > 1 ? 2 : 1);
}

/// The directive that ends the body of an `opener`, from `from` on; `branches`: or one that begins another branch
/// of the same `.if`. `locals` gets the names of its `.local`s.
State::BodyEnd State::find_end(const char* from, DirectiveId opener, bool branches,
                               std::vector<std::string_view>* locals) {
    BodyEnd result;
    OpenBodies open(opener);
    for (const char* line = from; line != context_.end;) {
        const std::string_view word = directive_at(line, context_.end);
        const RawStatement statement = read_statement(line, context_.end);
        const Directive* const directive = word.empty() ? nullptr : find_directive(word);
        line = statement.next;
        if (!directive) {
            if (!word.empty() && !result.likely && nearest_directive(word) == end_word(opener))
                result.likely = word.data() - 1;
            continue;
        }
        switch (directive->id) {
        case DirectiveId::Macro:
        case DirectiveId::Repeat:
        case DirectiveId::If: open.push(directive->id); break;
        case DirectiveId::Elif:
        case DirectiveId::Else:
            if (!branches || open.size() != 1) break;
            result.at = word.data() - 1;
            result.id = directive->id;
            return result;
        case DirectiveId::EndMacro:
        case DirectiveId::EndRepeat:
        case DirectiveId::EndIf:
            open.close(*opener_of(directive->id)); // a stray one is reported where it is read
            if (open.size() != 0) break;
            result.at = word.data() - 1;
            result.id = directive->id;
            return result;
        case DirectiveId::Local:
            if (locals && open.scopes() == 1)
                read_locals({word.data() + word.size(), static_cast<std::size_t>(statement.to - word.data()) - word.size()},
                            *locals);
            break;
        default: break;
        }
    }
    return result;
}

void State::read_locals(std::string_view text, std::vector<std::string_view>& locals) {
    std::vector<std::string_view> parts;
    split_list(text, parts);
    for (const std::string_view name : parts) {
        if (locals.size() > max_macro_names) return; // reported where the body is taken
        if (!is_word(name)) continue;                // reported where it is read
        if (std::ranges::find(locals, name) == locals.end()) locals.push_back(name);
    }
}

/// Takes the lines from the one behind the directive's up to the one that ends the body, and goes on behind that.
/// False where it is missing, which is reported.
bool State::take_body(DirectiveId opener, Body& body) {
    const char* const from = macros_.raw_next;
    const BodyEnd found = find_end(from, opener, false, &body.locals);
    if (!found.at) {
        auto& error = context_.error(line_.directive_span, fmt::format("'.{}' without '.{}'", directive_name(),
                                                                       end_word(opener)));
        if (found.likely) {
            const std::string_view word = word_at(context_.rest(found.likely + 1));
            error.notes.push_back({span(found.likely, word.data() + word.size()),
                                   fmt::format("this may have been meant for '.{}'", end_word(opener))});
        }
        context_.swallowed = true;
        jump(context_.end);
        return false;
    }
    body.file = context_.file;
    body.text = {from, static_cast<std::size_t>(found.at - from)};
    body.first_line = sources_.line_at(span(from, from).begin);
    const char* const word_end = found.at + 1 + end_word(opener).size();
    const char* const stop = read_statement(word_end, context_.end).to;
    if (stop != word_end) {
        const char* rest = word_end;
        while (is(*rest, Blank)) ++rest;
        context_.error(rest, stop, fmt::format("unexpected {} after '.{}'", found_text(context_.rest(rest)),
                                               end_word(opener)));
    }
    jump(behind_line(found.at));
    return true;
}

} // namespace pyasm::grammar
