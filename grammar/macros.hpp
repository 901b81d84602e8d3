#pragma once

#include "grammar/expression.hpp"
#include "support/hash.hpp"
#include "support/source.hpp"
#include "support/span.hpp"

#include <tsl/robin_map.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Macros, and what is remembered of the macro level while a source is read. Names and texts are views into
/// sources.
namespace pyasm::grammar {

inline constexpr std::size_t max_expansion_depth = 200;
/// What a statement of an expansion counts, beside its text, against the limit on expanded bytes: it takes
/// far more memory than a text of a few characters.
inline constexpr std::size_t statement_charge = 8;
/// Parameters and local names of a macro.
inline constexpr std::size_t max_macro_names = 250;

using WordTable = tsl::robin_map<std::string_view, std::uint32_t, support::TextHash>;

/// A text with gaps: \name where the name is one of those given, outside of strings and comments, and of
/// bodies in the text that have a name of that spelling themselves.
class Template {
  public:
    Template() = default;
    Template(std::string_view text, const WordTable& names);

    /// The text with the gaps filled: each by the text of its name's number.
    [[nodiscard]] std::string fill(std::span<const std::string_view> values) const;
    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] bool has_gaps() const { return !gaps_.empty(); }

  private:
    struct Gap {
        std::size_t from, to;
        std::uint32_t name;
    };
    std::string_view text_;
    std::vector<Gap> gaps_;
};

struct MacroParameter {
    std::string_view name;
    support::Span span;
    std::optional<std::string_view> default_text{};
    bool variadic = false;
};

/// The lines between a directive and the one that ends it.
struct Body {
    const support::SourceFile* file = nullptr;
    std::string_view text;
    std::uint32_t first_line = 1;
    std::vector<std::string_view> locals; ///< of its `.local`s, without those of bodies in it
    bool broken = false; ///< something is wrong with it, which was reported: it is not expanded
};

struct Macro {
    std::string_view name;
    support::Span span;      ///< of its name
    std::string_view header; ///< what follows its name
    std::vector<MacroParameter> parameters;
    Body body;
    Template content; ///< its names: the parameters, then the locals
};

/// `.if` up to its `.endif`.
struct Condition {
    support::Span span;
    bool taken = false;    ///< one of its branches is, or has been
    bool seeking = false;  ///< the next `.elif` or `.else` is the one that was looked for
    support::Span other{}; ///< the `.else`
};

/// A text that is being read: a file, a macro's body, a turn of a repetition, a line.
struct Reading {
    support::Origin::Kind kind = support::Origin::Kind::File;
    const support::SourceFile* file = nullptr;
    std::size_t conditions = 0; ///< that were open when it began
};

/// A directive's or a call's text, in which everything is substituted.
struct RawArguments {
    const support::SourceFile* file = nullptr;
    std::string_view text;
    [[nodiscard]] support::Span span(std::string_view part) const {
        const auto from = static_cast<std::size_t>(part.data() - file->text.data());
        return file->span(from, from + part.size());
    }
    [[nodiscard]] support::Span span() const { return span(text); }
};

/// What a line asks for beyond itself, once its rules are through.
enum class Task : std::uint8_t {
    None,
    Substitute, ///< read the statement again, with its markers replaced
    Jump,       ///< go on at `jump`
    Call,       ///< expand `called`
    Repeat,     ///< repeat `repeated`, then go on at `jump`
};

struct MacroLevel {
    using Symbols = tsl::robin_map<std::string_view, Quantity, support::TextHash>;
    using Macros = tsl::robin_map<std::string_view, std::shared_ptr<const Macro>, support::TextHash>;

    Symbols symbols;
    Macros macros;
    std::vector<Condition> conditions;
    std::vector<Reading> readings;

    Task task = Task::None;
    const char* jump = nullptr;
    std::shared_ptr<const Macro> called;
    support::Span call_span;        ///< the word
    const char* raw_from = nullptr; ///< of the line's arguments
    const char* raw_to = nullptr;
    const char* raw_marker = nullptr;
    const char* raw_opener = nullptr;
    const char* raw_next = nullptr; ///< the line behind them

    struct Repetition {
        support::Span span; ///< the directive
        Body body;
        Template content;
        std::uint64_t turns = 0;
        bool has_items = false;
        std::vector<std::string> items; ///< each on one line
    } repeated;

    bool leaving = false;   ///< `.exitmacro`: up to the end of the innermost macro
    bool exhausted = false; ///< a limit was passed, which is reported: nothing is expanded any more
    std::size_t depth = 0;
    std::size_t expansions = 0;
    std::size_t bytes = 0; ///< of the texts that are made, or of those that they are made of, whichever has
                           ///< more; and `statement_charge` for each statement in them
    support::Span target_asked{}; ///< where an expression first asked for the target
};

} // namespace pyasm::grammar
