#include "cli/parse_arguments.hpp"

#include "support/text.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>

namespace pyasm::cli {
namespace {

using support::Error;
using support::Result;

/// A command line taken apart before CLI11 sees it: CLI11 has no notion of a command that may be left out, and none of
/// arguments that belong to another program.
struct Split {
    CommandId command = CommandId::None;
    std::vector<std::string> own;      ///< options and operands of the command
    std::vector<std::string> passed_on;
};

/// Whether the word after `word` is its value.
bool takes_next_word(const std::string& word) {
    for (const OptionSpec& entry : all_options()) {
        if (!entry.value.empty() && (word == entry.short_name || word == entry.long_name)) return true;
    }
    return false;
}

/// Index of the first word from `from` on that is neither an option nor an option's value; `args.size()` if none.
/// `ended` tells whether a `--` came before it.
std::size_t first_operand(std::span<const std::string> args, std::size_t from, bool& ended) {
    for (std::size_t i = from; i < args.size(); ++i) {
        if (ended) return i;
        if (args[i] == "--") {
            ended = true;
        } else if (args[i].size() < 2 || args[i][0] != '-') {
            return i;
        } else if (takes_next_word(args[i])) {
            ++i;
        }
    }
    return args.size();
}

bool spelt_like_a_file(const std::string& word) {
    return word == "-" || word.find_first_of("./") != std::string::npos;
}

Error unknown_command(const std::string& word) {
    std::vector<std::string_view> names;
    for (const CommandSpec& entry : all_commands()) names.push_back(entry.name);
    std::string message = "unknown command '" + support::printable(word) + "'";
    const std::string_view near = support::nearest(word, names);
    if (!near.empty()) message += "; did you mean " + std::string(near) + "?";
    return Error{message + " (see pyasm --help)"};
}

Result<Split> split(std::span<const std::string> args, const std::function<bool(const std::string&)>& is_file) {
    Split result;
    bool ended = false;
    const std::size_t first = first_operand(args, 0, ended);
    result.own.assign(args.begin(), args.begin() + first);
    if (first == args.size()) return result;

    std::size_t next = first;
    const CommandSpec* found = ended ? nullptr : find_command(args[first]);
    if (found) {
        result.command = found->id;
        ++next;
    } else if (!ended && args[first] == "help") {
        result.command = CommandId::Help;
        ++next;
    } else if (ended || spelt_like_a_file(args[first]) || is_file(args[first])) {
        result.command = CommandId::Asm;
    } else {
        return unknown_command(args[first]);
    }
    std::size_t end = args.size();
    if (found && found->passes_arguments_on) {
        const std::size_t operand = first_operand(args, next, ended);
        end = std::min(operand + 1, args.size());
        result.passed_on.assign(args.begin() + end, args.end());
    }
    result.own.insert(result.own.end(), args.begin() + next, args.begin() + end);
    return result;
}

Error unexpected(const std::string& word, const CommandSpec& spec, std::span<const OptionId> allowed) {
    const std::string see = spec.id == CommandId::None ? " (see pyasm --help)"
                                                       : " (see pyasm " + std::string(spec.name) + " --help)";
    if (word.size() < 2 || word[0] != '-') return Error{"unexpected argument '" + support::printable(word) + "'" + see};
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
    return Error{message + see};
}

std::string cli11_name(const OptionSpec& spec) {
    std::string name(spec.short_name);
    if (!name.empty()) name += ',';
    return name + std::string(spec.long_name);
}

/// One CLI11 parser, filled from the table for one command.
class Parser {
  public:
    explicit Parser(CommandId id) : spec_(command(id)), allowed_(common_options().begin(), common_options().end()) {
        allowed_.insert(allowed_.end(), spec_.options.begin(), spec_.options.end());
        app_.set_help_flag("");
        for (const OptionId allowed : allowed_) {
            const OptionSpec& entry = option(allowed);
            added_[index(allowed)] = entry.value.empty()
                                         ? app_.add_flag(cli11_name(entry), flags_[index(allowed)])
                                         : app_.add_option(cli11_name(entry), values_[index(allowed)]);
        }
        if (!spec_.operands.empty() || id == CommandId::Help) {
            // Without "extra" arguments, CLI11 takes a word such as "[a,b]" as it is, and not as a list.
            app_.add_option("OPERAND", words_)->expected(0, 1 << 28)->allow_extra_args(false);
        }
    }

    Result<Arguments> parse(Split split) {
        const std::vector<std::string> given = split.own;
        std::reverse(split.own.begin(), split.own.end()); // CLI11 takes words from the end
        try {
            app_.parse(split.own);
        } catch (const CLI::ParseError& problem) {
            return explain(problem);
        }
        Arguments result;
        result.words = std::move(words_);
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
        for (const std::string& word : app_.remaining()) {
            if (word != "--") return unexpected(word, spec_, allowed_);
        }
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
    std::vector<std::string> words_;
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
