#include "cli/parse_arguments.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using pyasm::cli::Arguments;
using pyasm::cli::CommandId;
using pyasm::cli::OptionId;
using Words = std::vector<std::string>;

bool no_file(const std::string&) { return false; }

Arguments parsed(const Words& words) {
    const auto result = pyasm::cli::parse_arguments(words, no_file);
    REQUIRE_MESSAGE(result.ok(), result.error().message);
    return result.value();
}

std::string refusal(const Words& words) {
    const auto result = pyasm::cli::parse_arguments(words, no_file);
    REQUIRE(!result.ok());
    return result.error().message;
}

/// A command line of an example as a shell would split it, up to a redirection or pipe.
Words shell_words(std::string_view line) {
    Words words;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(' '), line.size());
        std::string word(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
        if (word == "|" || word == "<") break;
        if (word.size() > 1 && word.front() == '\'' && word.back() == '\'')
            word = word.substr(1, word.size() - 2);
        words.push_back(std::move(word));
    }
    return words;
}

} // namespace

TEST_CASE("a word that is spelt like a file, or is one, means asm") {
    CHECK(parsed({"hello.pyasm"}).command == CommandId::Asm);
    CHECK(parsed({"hello.pyasm"}).words == Words{"hello.pyasm"});
    CHECK(parsed({"-"}).command == CommandId::Asm);
    CHECK(parsed({"dir/run"}).command == CommandId::Asm);
    CHECK(parsed({"--target", "3.13", "a.pyasm"}).command == CommandId::Asm);
    CHECK(parsed({"--", "run"}).words == Words{"run"});
    const auto by_presence =
        pyasm::cli::parse_arguments(Words{"prog"}, [](const std::string& path) { return path == "prog"; });
    REQUIRE(by_presence.ok());
    CHECK(by_presence.value().command == CommandId::Asm);
    CHECK(refusal({"prog"}) == "unknown command 'prog' (see pyasm --help)");
}

TEST_CASE("an unknown command is answered with the nearest one") {
    CHECK(refusal({"rn", "a.pyasm"}).find("did you mean run?") != std::string::npos);
    CHECK(refusal({"target"}).find("did you mean targets?") != std::string::npos);
    CHECK(refusal({"opps"}).find("did you mean ops?") != std::string::npos);
}

TEST_CASE("options stand before, between and behind operands, with their values in either form") {
    for (const Words& words : {Words{"asm", "-o", "x", "a.pyasm"}, Words{"asm", "a.pyasm", "-ox"},
                               Words{"--output", "x", "asm", "a.pyasm"},
                               Words{"asm", "a.pyasm", "--output=x"}, Words{"a.pyasm", "-o", "x"}}) {
        const Arguments arguments = parsed(words);
        CHECK(arguments.command == CommandId::Asm);
        CHECK(arguments.words == Words{"a.pyasm"});
        CHECK(arguments.value(OptionId::Output) == "x");
        CHECK(!arguments.has(OptionId::Target));
    }
    CHECK(parsed({"asm", "a.pyasm", "-o", "-"}).value(OptionId::Output) == "-");
    // Releases of CLI11 differ in whether this is an empty value or none; `asm` refuses both.
    const auto empty = pyasm::cli::parse_arguments(Words{"asm", "--output=", "a.pyasm"}, no_file);
    CHECK((!empty.ok() || empty.value().value(OptionId::Output) == ""));
    CHECK(parsed({"asm", "-o", "", "a.pyasm"}).value(OptionId::Output) == "");
}

TEST_CASE("operands are taken as they are") {
    const Words odd{"[a,b]", "++", "{}", "", "%%", "a b"};
    Words line{"asm", "--"};
    line.insert(line.end(), odd.begin(), odd.end());
    CHECK(parsed(line).words == odd);
    CHECK(parsed({"ops", "[A-Z]*", "LOAD_?ONST"}).words == Words{"[A-Z]*", "LOAD_?ONST"});
    CHECK(parsed({"asm", "--", "-x", "--help", "--"}).words == Words{"-x", "--help", "--"});
}

TEST_CASE("what follows run's file goes to the program untouched") {
    const Arguments arguments =
        parsed({"run", "--target", "3.12", "hello.pyasm", "--target", "2.7", "-x", "--", "--help", "-"});
    CHECK(arguments.command == CommandId::Run);
    CHECK(arguments.words == Words{"hello.pyasm"});
    CHECK(arguments.value(OptionId::Target) == "3.12");
    CHECK(arguments.program_arguments == Words{"--target", "2.7", "-x", "--", "--help", "-"});
    CHECK(!arguments.has(OptionId::Help));
    CHECK(parsed({"run", "--", "-odd.pyasm", "-v"}).program_arguments == Words{"-v"});
    CHECK(parsed({"run", "--python=python3", "-", "a"}).words == Words{"-"});
}

TEST_CASE("options that make no sense are refused with words of our own") {
    CHECK(
        refusal({"--tagret", "3.13", "a.pyasm"}).find("unknown option '--tagret'; did you mean --target?") ==
        0);
    CHECK(refusal({"a.pyasm", "--target"}) == "option --target needs a value: --target VERSION");
    CHECK(refusal({"a.pyasm", "-o"}) == "option --output needs a value: --output PATH");
    CHECK(refusal({"a.pyasm", "-o", "x", "-o", "y"}) == "option --output is given more than once");
    CHECK(refusal({"asm", "--python", "x", "a.pyasm"}) ==
          "option --python does not belong here (see pyasm asm --help)");
    CHECK(refusal({"targets", "x"}) == "unexpected argument 'x' (see pyasm targets --help)");
    CHECK(refusal({"ops", "-q"}) == "unknown option '-q' (see pyasm ops --help)");
    CHECK(refusal({"--frob\x1b[31m"}).find('\x1b') == std::string::npos);
}

TEST_CASE("every example of the help is a command line that is understood as its command") {
    const auto check = [](const pyasm::cli::CommandSpec& spec) {
        for (const pyasm::cli::Example& example : spec.examples) {
            Words words = shell_words(example.command);
            REQUIRE(words.front() == "pyasm");
            words.erase(words.begin());
            const Arguments arguments = parsed(words);
            if (spec.id != CommandId::None) CHECK(arguments.command == spec.id);
        }
    };
    check(pyasm::cli::program());
    for (const pyasm::cli::CommandSpec& spec : pyasm::cli::all_commands()) check(spec);
}

TEST_CASE("the option table stands in the order of its ids") {
    for (std::size_t i = 0; i < pyasm::cli::option_count; ++i) {
        CHECK(static_cast<std::size_t>(pyasm::cli::all_options()[i].id) == i);
    }
}
