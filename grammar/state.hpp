#pragma once

#include "grammar/context.hpp"
#include "grammar/directives.hpp"
#include "grammar/literal_reader.hpp"
#include "grammar/macros.hpp"
#include "grammar/parse.hpp"
#include "grammar/place_table.hpp"
#include "grammar/raw_text.hpp"
#include "program/unit.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::grammar {

inline constexpr std::size_t max_block_depth = 100;
inline constexpr std::size_t max_include_depth = 100;
/// Files that one unit may include in all, and their size together: a few small files that include one
/// another several times would otherwise grow without bound.
inline constexpr std::size_t max_includes = 10'000;
inline constexpr std::size_t max_included_bytes = std::size_t{256} << 20;

/// What the grammar's actions write to. A line's actions fill `line_`; the line is committed to the unit when
/// all of it has matched. Places are pointers into the current file's text; [from, to) throughout.
class State {
  public:
    /// Reads a file's text through the grammar.
    using Runner = void (*)(State& state, std::string_view text);

    State(program::Unit& unit, support::Sources& sources, const ParseOptions& options,
          support::Diagnostics& diagnostics, Runner runner);

    void parse_file(const support::SourceFile& file);
    /// What is to be said when the last file has been read.
    void finish(const support::SourceFile& file);

    LiteralReader& literals() { return literals_; }

    // What the grammar's own rules ask.
    void expected(Expected what, const char* at);
    void begin_literal() { literals_.begin(); }
    [[nodiscard]] bool wants_value() const { return literals_.wants_value(); }
    [[nodiscard]] bool inside_literal() const { return literals_.nested(); }
    [[nodiscard]] bool inside_brackets() const { return literals_.nested() || line_.in_signature; }
    [[nodiscard]] bool literal_failed() const { return literals_.failed(); }
    [[nodiscard]] bool bad_value(const char* at) { return literals_.bad_value(at); }
    [[nodiscard]] bool bad_separator(const char* at) { return literals_.bad_separator(at); }
    void skipped_value() { literals_.skipped_value(); }
    [[nodiscard]] Shape shape() const { return line_.directive->shape; }
    [[nodiscard]] const char* end_of_bad_line(const char* at, const char* end);

    // Words and operands.
    void head(const char* from, const char* to);
    void label();
    void last_label();
    void numbered_mnemonic(const char* to) { line_.word_to = to; }
    void instruction() { line_.kind = LineKind::Instruction; }
    bool directive_word(const char* from, const char* to);
    bool operand_name(const char* from, const char* to);
    void operand_suffix(const char* from, const char* to);
    void second_name(const char* from, const char* to);
    void second_string();
    bool further_words(const char* from, const char* to);
    bool small_integer(const char* from, const char* to);
    void raw_operand(const char* from, const char* to);
    void operand_literal();
    bool words(const char* from, const char* to);

    // Directives' arguments.
    void number(const char* from, const char* to);
    void symbol(const char* from, const char* to);
    void async_mark(const char* from, const char* to);
    void open_signature(const char* from);
    void close_signature() { line_.in_signature = false; }
    void star_mark(const char* from, int stars);
    void bare_star();
    void slash_mark(const char* from);
    void parameter(const char* from, const char* to);
    void quoted_parameter();
    void default_value();
    void word(const char* from, const char* to);
    void source_key(const char* from, const char* to);
    void source_item();
    void hash_kind(bool checked) { line_.checked = checked; }
    void text_literal();
    void line_part(int which, const char* from, const char* to);
    void line_none() { line_.position = {}; }
    /// Reads a whole position where it is plain; null where `line_part` and `line_none` have to.
    [[nodiscard]] const char* plain_position(const char* from, const char* end);
    void position_begin(const char* from, const char* to);
    void label_name(const char* from, const char* to);
    void label_addend(const char* from, const char* to);
    void lasti(const char* from, const char* to);
    void depth_option(const char* from, const char* to);
    void flag_names(const char* from, const char* to) { word(from, to); }
    void listed_symbol(const char* from, const char* to);
    void list_value();
    void bare_item(const char* from, const char* to);
    void quoted_item();
    void byte_string();

    // The macro level.
    void begin_statement(const char* at) {
        context_.statement = at;
        context_.matching = true;
    }
    /// Whether the line's word is a macro's name; what can be no instruction is reported.
    [[nodiscard]] bool is_call(const char* at, const char* end);
    void macro_call() { line_.kind = LineKind::Call; }
    /// Takes the rest of a statement as text; its end.
    [[nodiscard]] const char* raw_text(const char* from, const char* end, bool call);
    void stub_name(const char* from, const char* to);
    [[nodiscard]] bool has_task() const { return macros_.task != Task::None || context_.substitute; }
    /// Does what the line that was read asks for; `behind` is where the next one begins. Where to go on.
    [[nodiscard]] const char* run_task(const char* behind);

    // Lines.
    void stray_mark(const char* from, const char* to);
    void commit();
    void recover();

  private:
    enum class LineKind : std::uint8_t { Nothing, Instruction, Directive, Call };
    struct Number {
        std::int64_t value;
        support::Span span;
        bool known; ///< false: it was wrong, and reported
    };
    struct SourceItem {
        std::string_view key;
        support::Span span;
        Number number;
    };
    /// What has been read of a line; reset for each.
    struct Line {
        LineKind kind = LineKind::Nothing;
        const char* word_from = nullptr;
        const char* word_to = nullptr;
        const char* previous_from = nullptr;
        const char* previous_to = nullptr;
        const Directive* directive = nullptr;
        const Directive* meant = nullptr; ///< of an unknown directive: what it was likely meant to be
        const char* meant_to = nullptr;
        support::Span directive_span;
        // Directives only, and reset only by them:
        std::string_view symbol;
        support::Span symbol_span;
        const char* signature = nullptr; ///< its '('
        bool has_signature = false;
        bool in_signature = false;
        bool is_async = false;
        bool checked = false;
        bool has_text = false;
        bool is_bytes = false;
        bool is_stub = false; ///< `.include <name>`
        std::string_view text;
        support::Span text_span;
        std::string_view key; ///< of NAME=NUMBER
        support::Span key_span;
        objects::Position position; ///< also behind an instruction, and then not reset
        int line_parts = 0;
        program::ExceptRow row;
        int labels = 0;
        bool has_lasti = false;
    };
    struct OpenBlock {
        std::uint32_t index = 0;
        std::size_t include_depth = 0;
        const support::SourceFile* file = nullptr;
        std::vector<program::Statement> body;
        std::vector<support::Span> tries; ///< open ones; an unknown place: one that has been reported
        bool started = false;             ///< an instruction has been read
        bool tables_reported = false;     ///< it has a `.try`, and the target no tables
        bool holds_module = false;        ///< a `.module` stands in it: it has likely lost its `.end`
    };
    /// A block and its `.end`, where they are not indented alike.
    struct Misfit {
        support::Span block;
        support::Span end;
    };
    struct IncludeFrame {
        const support::SourceFile* file;
        std::string path; ///< normal form, to find cycles
    };

    [[nodiscard]] program::Unit& unit() { return context_.unit; }
    [[nodiscard]] support::Span span(const char* from, const char* to) const {
        return context_.span(from, to);
    }
    [[nodiscard]] std::string_view directive_name() const {
        return line_.directive ? line_.directive->word : std::string_view{};
    }
    void reset_line();
    void commit_instruction();
    void commit_directive();
    void commit_body_directive(program::Statement& statement);
    void commit_op(program::Statement& statement);
    void commit_bytes(program::Statement& statement);
    void commit_cache(program::Statement& statement);
    void commit_except(program::Statement& statement);
    [[nodiscard]] bool number_in(const Number& number, std::int64_t low, std::int64_t high,
                                 std::string_view what);
    [[nodiscard]] bool allowed_here();
    [[nodiscard]] bool has_exception_tables();
    [[nodiscard]] bool takes_constant() const;
    [[nodiscard]] bool is_constant_fraction(const char* from, const char* to) const;
    void add_label(const char* from, const char* to);
    /// Takes the innermost open `.try`, if there is one, for closed; whether it was a region.
    bool close_try();
    void guess_symbol();
    void check_first_name();
    void check_name(objects::ValueId id, support::Span place);
    [[nodiscard]] program::Statement& add();
    void add(const program::Statement& statement) { add() = statement; }
    void grow_body();

    // positions.cpp
    void commit_line(program::Statement& statement);
    void add_position();
    void finish_position();

    // blocks.cpp
    void open_block(program::BlockKind kind);
    void end_block();
    void close_block(support::Span end, support::Span place);
    [[nodiscard]] std::optional<std::string_view> indentation(support::Span place) const;
    void report_missing_end(support::Span place);
    void outside_block(support::Span place, std::string_view what);
    void commit_target();
    void set_target(const isa::Target& target);

    // pins.cpp
    void commit_pin();
    void commit_count(program::BlockPins& pins);
    void commit_value(program::BlockPins& pins);
    void commit_list(program::BlockPins& pins);
    template <class T> bool set_pin(program::Pin<T>& pin, T value);
    void commit_source();
    void commit_hash();
    void commit_header();
    void commit_file_value();
    void commit_symbols();
    void commit_constant();
    void recover_constant();
    void recover_symbols();
    [[nodiscard]] bool define_symbol(std::uint32_t scope, std::string_view name, support::Span place);
    void wrong_value(std::string_view what, std::string help);
    [[nodiscard]] unsigned header_fields(objects::PycHeader& header, unsigned allowed);
    [[nodiscard]] bool header_is_free();

    // signature.cpp
    void add_parameter(program::ParameterKind kind, std::string_view name, support::Span place);
    void check_signature();

    // includes.cpp
    void include();
    [[nodiscard]] support::Result<std::string> find_include(std::string& path,
                                                            std::vector<std::string>& tried);
    void include_text(std::string path, std::string text, support::Span place);
    [[nodiscard]] bool check_bytes(const support::SourceFile& file);
    [[nodiscard]] bool check_controls(const support::SourceFile& file);

    // expansion.cpp: texts that are made of others
    class Scope;
    [[nodiscard]] const char* substitute_statement();
    [[nodiscard]] const char* substitute_labels(const char* to);
    void forget_statement(const char* to);
    [[nodiscard]] std::optional<std::string> substitute(std::string_view text);
    [[nodiscard]] bool substitute_marker(const Marker& marker, std::string& out);
    [[nodiscard]] std::optional<RawArguments> arguments();
    [[nodiscard]] bool are_closed(const RawArguments& arguments);
    [[nodiscard]] bool is_misspelt_call(std::string_view word, const char* at);
    [[nodiscard]] std::string end_of_try(support::Span place) const;
    [[nodiscard]] const support::SourceFile* add_line(std::string text, const char* to);
    [[nodiscard]] bool expand(const Body& body, const Template& content,
                              std::span<const std::string_view> values, const support::Origin& origin);
    void read_expansion(const support::SourceFile& file);
    void run_call();
    void run_repetition();
    [[nodiscard]] bool charge(support::Span place, std::size_t expansions, std::size_t bytes);
    void exhaust(support::Span place, std::string message, std::string help = {});
    [[nodiscard]] std::optional<Quantity> evaluate(const RawArguments& arguments);
    [[nodiscard]] std::vector<std::string> fresh_locals(const Body& body) const;

    // macro_directives.cpp
    [[nodiscard]] RawStatement read_raw(const char* from, const char* end, RawRules rules);
    void commit_macro_level();
    void commit_call();
    void define_macro(const RawArguments& arguments);
    [[nodiscard]] std::shared_ptr<Macro> read_macro_header(const RawArguments& arguments);
    [[nodiscard]] bool add_macro_parameter(Macro& macro, const RawArguments& arguments,
                                           std::string_view text);
    void commit_set(const RawArguments& arguments);
    void commit_repeat(const RawArguments& arguments);
    void commit_message(const RawArguments& arguments);
    void commit_local();
    void leave_macro();
    void jump(const char* to);

    // macro_arguments.cpp
    [[nodiscard]] bool bind(const Macro& macro, const RawArguments& arguments, support::Span call,
                            std::vector<std::string>& values);

    // bodies.cpp: text that is passed over
    struct BodyEnd {
        const char* at = nullptr; ///< the directive's dot; null where it is missing
        DirectiveId id{};
        const char* likely = nullptr; ///< a word that may have been meant for it
        const char* open =
            nullptr; ///< where it is missing: the innermost body in this one that is not ended either
    };
    [[nodiscard]] BodyEnd find_end(const char* from, DirectiveId opener, bool branches,
                                   std::vector<std::string_view>* locals);
    void report_no_end(support::Span place, DirectiveId opener, const BodyEnd& found);
    [[nodiscard]] bool take_body(DirectiveId opener, Body& body);
    void check_nesting(std::string_view text);
    void read_locals(std::string_view text, std::vector<std::string_view>& locals);
    [[nodiscard]] const char* behind_line(const char* at) const;

    // conditions.cpp
    void commit_condition();
    void report_branch(support::Span place, std::string_view word, support::Span other);
    void seek_branch(Condition& condition, bool branches);
    void close_conditions();
    [[nodiscard]] std::string_view kind_of(std::string_view name);

    support::Sources& sources_;
    const ParseOptions& options_;
    Runner runner_;
    Context context_;
    LiteralReader literals_;
    Line line_;
    program::Operand operand_;
    bool positioned_ = false; ///< the line's instruction has a position behind it: `line_.position`
    support::Span position_span_;
    std::vector<Number> numbers_;
    std::vector<SourceItem> source_items_;
    std::vector<program::Parameter> parameters_;
    program::PinnedList list_;
    std::vector<program::SymbolName> listed_symbols_;
    std::string_view unread_symbols_; ///< of a bad list, what stands at the mistake and behind it
    program::ParameterKind next_kind_ = program::ParameterKind::Positional;
    bool seen_slash_ = false;
    int stars_ = 0; ///< of the parameter that is being read
    support::Span stars_span_;
    support::Span bare_star_; ///< a `*` that no keyword-only parameter has followed yet

    std::vector<OpenBlock> open_; ///< the first `depth_` are in use; the others keep their memory
    std::size_t depth_ = 0;
    std::vector<program::Statement>* body_ = nullptr; ///< of the innermost open block
    PlaceTable labels_;
    PlaceTable symbols_;
    PlaceTable parameter_names_;
    std::uint32_t signatures_ = 0;
    bool outside_reported_ = false;
    Misfit misfit_;                  ///< the first in the current file
    std::size_t skipped_blocks_ = 0; ///< blocks nested too deep, of which only the ends are looked for
    support::Span module_span_;
    support::Span hash_span_;
    std::vector<IncludeFrame> includes_;
    std::size_t include_count_ = 0;
    std::size_t included_bytes_ = 0;
    MacroLevel macros_;
};

} // namespace pyasm::grammar
