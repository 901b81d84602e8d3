#include "cli/parse_arguments.hpp"

#include "support/text.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace pyasm::cli {
namespace {

using support::Error;
using support::Result;

/// A command line taken apart before CLI11 sees it. CLI11 has no notion of a command that may be left out,
/// and none of arguments that belong to another program; and it takes an operand such as "[a,b]" for a list.
struct Split {
    CommandId command = CommandId::None;
    std::vector<std::string> options; ///< with their values
    std::vector<std::string> words;
    std::vector<std::string> passed_on;
    /// An option that repeats: as it was written, and its value, if any.
    struct Repeated {
        const OptionSpec* option;
        std::string_view name;
        std::optional<std::string> value;
    };
    std::vector<Repeated> repeated;
};

/// The option that repeats which `word` names, and what follows its name in the word: "-Idir",
/// "--include=dir".
const OptionSpec* repeated_option(const std::string& word, std::optional<std::string>& value) {
    for (const OptionSpec& entry : all_options()) {
        if (!entry.repeats) continue;
        if (word == entry.long_name || (!word.empty() && word == entry.short_name)) return &entry;
        const bool is_short =
            !entry.short_name.empty() && !word.starts_with("--") && word.starts_with(entry.short_name);
        if (!is_short && !word.starts_with(std::string(entry.long_name) + '=')) continue;
        value = word.substr(is_short ? entry.short_name.size() : entry.long_name.size() + 1);
        return &entry;
    }
    return nullptr;
}

/// Whether the word after `word` is its value.
bool takes_next_word(const std::string& word) {
    for (const OptionSpec& entry : all_options()) {
        if (!entry.value.empty() && !word.empty() && (word == entry.short_name || word == entry.long_name))
            return true;
    }
    return false;
}

/// A name of several letters behind one dash, as compilers have them: CLI11 takes it for several options.
bool is_compiler_name(std::string_view short_name) { return short_name.size() > 2; }

/// The long name of an option that is written by such a name; any other word as it is.
std::string plain_option(const std::string& word) {
    for (const OptionSpec& entry : all_options())
        if (is_compiler_name(entry.short_name) && word == entry.short_name)
            return std::string(entry.long_name);
    return word;
}

bool spelt_like_a_file(const std::string& word) {
    return word == "-" || word.find_first_of("./") != std::string::npos;
}

Error unknown_command(const std::string& word, const std::function<bool(const std::string&)>& is_file) {
    std::vector<std::string_view> names;
    for (const CommandSpec& entry : all_commands()) names.push_back(entry.name);
    std::string message = "unknown command '" + support::printable(word) + "'";
    if (is_file(word + ".pyasm")) return Error{message + "; did you mean the file " + word + ".pyasm?"};
    std::string_view near = support::nearest(word, names);
    for (const std::string_view name : names) { // `nearest` is strict with words as short as these
        if (near.empty() && word.size() > 1 && support::edit_distance(word, name, 1) <= 1) near = name;
    }
    if (!near.empty()) message += "; did you mean " + std::string(near) + "?";
    return Error{message + " (see pyasm --help)"};
}

/// Which command the first operand means. `consumed` tells whether it is the command's name, and not its
/// operand.
Result<CommandId> choose_command(const std::string& word, bool after_end_of_options,
                                 const std::function<bool(const std::string&)>& is_file, bool& consumed) {
    if (!after_end_of_options) {
        consumed = true;
        if (const CommandSpec* found = find_command(word)) return found->id;
        if (word == "help") return CommandId::Help;
        if (!spelt_like_a_file(word) && !is_file(word)) return unknown_command(word, is_file);
    }
    consumed = false;
    return CommandId::Asm;
}

/// The value of -o, however it is written; empty if there is none.
std::string output_of(const Split& split) {
    const OptionSpec& output = option(OptionId::Output);
    for (std::size_t i = 0; i < split.options.size(); ++i) {
        const std::string& word = split.options[i];
        if (word == output.short_name || word == output.long_name)
            return i + 1 < split.options.size() ? split.options[i + 1] : std::string();
        if (word.starts_with(std::string(output.long_name) + '='))
            return word.substr(output.long_name.size() + 1);
        if (!word.starts_with("--") && word.starts_with(output.short_name)) return word.substr(2);
    }
    return {};
}

bool is_given(const Split& split, OptionId id) {
    const OptionSpec& spec = option(id);
    if (spec.repeats)
        return std::any_of(split.repeated.begin(), split.repeated.end(),
                           [id](const auto& one) { return one.option->id == id; });
    return std::any_of(split.options.begin(), split.options.end(), [&spec](const std::string& word) {
        if (word.starts_with("--")) return word.substr(0, word.find('=')) == spec.long_name;
        return !spec.short_name.empty() && word.starts_with(spec.short_name);
    });
}

/// Whether files in place of a command are to be linked: one is no source, or there are several and one
/// output for all.
bool means_link(const Split& split, const std::function<bool(const std::string&)>& is_file) {
    for (const OptionId id : {OptionId::Compile, OptionId::Expand, OptionId::Recursive, OptionId::Jobs})
        if (is_given(split, id)) return false;
    for (const OptionId id :
         {OptionId::LibraryPath, OptionId::Library, OptionId::Main, OptionId::Splice, OptionId::Replace,
          OptionId::Map, OptionId::Strip, OptionId::Gc, OptionId::Fold})
        if (is_given(split, id)) return true;
    const std::string output = output_of(split);
    // A .pyc alone is a slip, and `asm` says so.
    for (const std::string& word : split.words)
        for (const std::string_view ending : {".pyc", ".pyo", ".pyasmo"})
            if (word.ends_with(ending)) return split.words.size() > 1 || !output.empty();
    return split.words.size() > 1 && !output.empty() && output != "-" && !output.ends_with('/') &&
           !is_file(output + '/');
}

Result<Split> split(std::span<const std::string> args,
                    const std::function<bool(const std::string&)>& is_file) {
    Split result;
    bool ended = false; // a `--` was seen: no more options
    bool knows_command = false, is_driver = false;
    for (std::size_t i = 0; i < args.size(); ++i) {
        const std::string& word = args[i];
        if (!ended && word == "--") {
            ended = true;
        } else if (std::optional<std::string> value; !ended && repeated_option(word, value)) {
            const OptionSpec* const found = repeated_option(word, value);
            if (!value && i + 1 < args.size()) value = args[++i];
            result.repeated.push_back(
                {found, word.starts_with("--") ? found->long_name : found->short_name, std::move(value)});
        } else if (!ended && word.size() > 1 && word[0] == '-') {
            result.options.push_back(plain_option(word));
            if (takes_next_word(word) && i + 1 < args.size()) result.options.push_back(args[++i]);
        } else {
            bool consumed = false;
            if (!knows_command) {
                const Result<CommandId> id = choose_command(word, ended, is_file, consumed);
                if (!id) return id.error();
                result.command = id.value();
                knows_command = true;
                is_driver = !consumed;
            }
            if (consumed) continue;
            result.words.push_back(word);
            if (command(result.command).passes_arguments_on) {
                result.passed_on.assign(args.begin() + i + 1, args.end());
                break;
            }
        }
    }
    if (is_driver && means_link(result, is_file)) result.command = CommandId::Link;
    return result;
}

std::string pointer_to_help(const CommandSpec& spec) {
    return spec.id == CommandId::None ? " (see pyasm --help)"
                                      : " (see pyasm " + std::string(spec.name) + " --help)";
}

Error unexpected_option(const std::string& word, const CommandSpec& spec, std::span<const OptionId> allowed) {
    const std::string name = word.substr(0, word.find('='));
    std::vector<std::string_view> names;
    for (const OptionId id : allowed) {
        if (!option(id).hidden) names.push_back(option(id).long_name);
    }
    std::string message = "unknown option '" + support::printable(name) + "'";
    for (const OptionSpec& entry : all_options()) {
        if (!entry.hidden && (entry.long_name == name || entry.short_name == name)) {
            message = "option " + name + " does not belong here";
        }
    }
    const std::string_view near = support::nearest(name, names);
    if (!near.empty()) message += "; did you mean " + std::string(near) + "?";
    return Error{message + pointer_to_help(spec)};
}

std::string cli11_name(const OptionSpec& spec) {
    std::string name(is_compiler_name(spec.short_name) ? std::string_view() : spec.short_name);
    if (!name.empty()) name += ',';
    return name + std::string(spec.long_name);
}

/// One CLI11 parser, filled from the table for one command.
class Parser {
  public:
    explicit Parser(CommandId id)
        : spec_(command(id)), allowed_(common_options().begin(), common_options().end()) {
        allowed_.insert(allowed_.end(), spec_.options.begin(), spec_.options.end());
        app_.set_help_flag("");
        for (const OptionId allowed : allowed_) {
            const OptionSpec& entry = option(allowed);
            added_[index(allowed)] = entry.value.empty()
                                         ? app_.add_flag(cli11_name(entry), flags_[index(allowed)])
                                         : app_.add_option(cli11_name(entry), values_[index(allowed)]);
        }
    }

    Result<Arguments> parse(Split split) {
        if (!split.words.empty() && spec_.operands.empty() && split.command != CommandId::Help) {
            return Error{"unexpected argument '" + support::printable(split.words.front()) + "'" +
                         pointer_to_help(spec_)};
        }
        std::reverse(split.options.begin(), split.options.end()); // CLI11 takes words from the end
        try {
            app_.parse(split.options);
        } catch (const CLI::ParseError& problem) {
            return explain(problem);
        }
        Arguments result;
        for (auto& [entry, written, value] : split.repeated) {
            const std::string name(written);
            if (std::find(allowed_.begin(), allowed_.end(), entry->id) == allowed_.end())
                return unexpected_option(name, spec_, allowed_);
            if (!value || value->empty())
                return Error{"option " + name + " needs a value: " + name + " " + std::string(entry->value)};
            result.spellings[index(entry->id)].push_back(name);
            result.lists[index(entry->id)].push_back(std::move(*value));
        }
        result.words = std::move(split.words);
        result.program_arguments = std::move(split.passed_on);
        for (const OptionId id : allowed_) {
            if (added_[index(id)]->count() > 0) result.values[index(id)] = values_[index(id)];
        }
        return result;
    }

  private:
    static std::size_t index(OptionId id) { return static_cast<std::size_t>(id); }

    /// CLI11's own messages differ from release to release; these do not.
    Error explain(const CLI::ParseError& problem) const {
        const std::vector<std::string> unknown = app_.remaining();
        if (!unknown.empty()) return unexpected_option(unknown.front(), spec_, allowed_);
        const std::string message = problem.what();
        for (const OptionId id : allowed_) {
            const OptionSpec& entry = option(id);
            if (added_[index(id)]->count() > 1) {
                return Error{"option " + std::string(entry.long_name) + " is given more than once"};
            }
            if (message.rfind(std::string(entry.long_name) + ":", 0) == 0 && !entry.value.empty()) {
                return Error{"option " + std::string(entry.long_name) + " needs a value: " +
                             std::string(entry.long_name) + " " + std::string(entry.value)};
            }
        }
        return Error{message};
    }

    const CommandSpec& spec_;
    std::vector<OptionId> allowed_;
    CLI::App app_;
    std::array<std::string, option_count> values_;
    std::array<bool, option_count> flags_{};
    std::array<CLI::Option*, option_count> added_{};
};

} // namespace

Result<Arguments> parse_arguments(std::span<const std::string> args,
                                  const std::function<bool(const std::string&)>& is_file) {
    Result<Split> parts = split(args, is_file);
    if (!parts) return parts.error();
    const CommandId id = parts->command;
    Result<Arguments> result = Parser(id).parse(std::move(*parts));
    if (result) result->command = id;
    return result;
}

} // namespace pyasm::cli
