// The layout changes blanks and nothing else: this is held against all sources there are, as they stand and
// with other blanks, and against random text. The project's own sources are laid out.

#include "grammar/layout.hpp"

#include "assembler/assemble.hpp"
#include "grammar/parse.hpp"
#include "objects/pyc.hpp"
#include "runtime-stubs/stubs.hpp"
#include "support/files.hpp"
#include "tests/docs/page.hpp"
#include "tests/support/command.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace pyasm;
using namespace pyasm::tests;
namespace fs = std::filesystem;

struct Text {
    std::string path;
    std::string text;
};

std::string content_of(const fs::path& path) {
    auto content = support::read_file(path.string());
    REQUIRE_MESSAGE(content.ok(), path.string());
    return std::move(*content);
}

std::vector<Text> sources_in(const std::string& folder) {
    std::vector<Text> texts;
    for (const auto& entry : fs::recursive_directory_iterator(source_path(folder))) {
        if (entry.path().extension() == ".pyasm")
            texts.push_back({entry.path().string(), content_of(entry.path())});
    }
    std::sort(texts.begin(), texts.end(), [](const Text& a, const Text& b) { return a.path < b.path; });
    REQUIRE(texts.size() > 5);
    return texts;
}

/// The assembly in the papers; lines of a function as a function.
std::vector<Text> sources_in_papers() {
    std::vector<fs::path> pages{source_path("README.md"), source_path("examples/README.md")};
    for (const auto& entry : fs::directory_iterator(source_path("docs"))) {
        if (entry.path().extension() == ".md") pages.push_back(entry.path());
    }
    std::vector<Text> texts;
    for (const fs::path& path : pages) {
        const Page page = parse_page(path.string(), content_of(path));
        for (const DocBlock& block : page.blocks) {
            if (block.language != "pyasm" || block.mark("untidy")) continue;
            std::string text = join_lines(block.lines);
            if (const auto how = block.mark("body")) {
                const std::size_t blank = std::min(how->find(' '), how->size());
                const std::string signature = blank < how->size() ? how->substr(blank + 1) : "()";
                text = ".target " + how->substr(0, blank) + "\n.function example" + signature + "\n" + text +
                       ".end\n";
            }
            texts.push_back({path.string() + ":" + std::to_string(block.fence + 1), std::move(text)});
        }
    }
    REQUIRE(texts.size() > 30);
    return texts;
}

std::vector<Text> sources_in_goldens() {
    std::vector<Text> texts;
    for (const auto& entry : fs::directory_iterator(source_path("tests/golden"))) {
        if (entry.path().extension() != ".txt") continue;
        GoldenFile file;
        std::string error;
        REQUIRE_MESSAGE(parse_golden(content_of(entry.path()), file, error), error);
        for (GoldenSection& section : file.sections) {
            if (section.kind == "file" && section.argument.ends_with(".pyasm"))
                texts.push_back({entry.path().string() + ":" + section.argument, std::move(section.body)});
        }
    }
    REQUIRE(texts.size() > 50);
    return texts;
}

std::vector<Text> all_sources() {
    std::vector<Text> texts = sources_in("examples");
    for (auto* more :
         {+[] { return sources_in("runtime-stubs"); }, &sources_in_papers, &sources_in_goldens}) {
        std::vector<Text> some = more();
        std::move(some.begin(), some.end(), std::back_inserter(texts));
    }
    return texts;
}

std::optional<std::string> laid_out(const std::string& text) {
    support::Sources sources;
    support::Diagnostics diagnostics;
    const auto file = sources.add("text.pyasm", text);
    REQUIRE(file.ok());
    std::optional<std::string> result = grammar::lay_out(**file, diagnostics);
    CHECK_EQ(diagnostics.has_errors(), !result.has_value());
    return result;
}

/// What a text assembles to; the number of its errors where it does not.
std::string assembled(const std::string& path, const std::string& text) {
    support::Sources sources;
    support::Diagnostics diagnostics;
    const auto file = sources.add(path, text);
    REQUIRE(file.ok());
    const auto read = [](const std::string& name) { return support::read_file(name); };
    grammar::ParseOptions options;
    options.read_include = read;
    options.find_stub = [](std::string_view name) -> std::optional<std::string_view> {
        const runtime_stubs::Stub* const stub = runtime_stubs::find(name);
        return stub ? std::optional(stub->text) : std::nullopt;
    };
    assembler::AssembleOptions assembling;
    assembling.read_source = read;
    const auto pyc = assembler::assemble(grammar::parse(**file, sources, options, diagnostics), sources,
                                         assembling, diagnostics);
    support::ByteWriter bytes;
    if (!pyc || diagnostics.has_errors()) return std::to_string(diagnostics.error_count()) + " errors";
    if (!objects::write_pyc(*pyc, bytes)) return "no layout, and errors"; // .marshal does not fit
    return std::string(bytes.text());
}

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

/// Behind the string literal or comment at `at`, or where `at` is if there is none.
std::size_t behind_token(std::string_view text, std::size_t at) {
    if (text[at] == '#') return std::min(text.find('\n', at), text.size());
    if (text[at] != '"' && text[at] != '\'') return at;
    const std::string_view quote = text.substr(at, text.substr(at, 3) == std::string(3, text[at]) ? 3 : 1);
    at += quote.size();
    while (at < text.size() && text.substr(at, quote.size()) != quote) at += text[at] == '\\' ? 2 : 1;
    return std::min(at + quote.size(), text.size());
}

/// Calls one of both for all parts of a text in order: `blanks` for runs of blanks outside of strings and
/// comments, also empty ones at both ends of a line and in front of a comment; `other` for what is between
/// them.
template <class Blanks, class Other>
void walk(std::string_view text, const Blanks& blanks, const Other& other) {
    std::size_t at = 0;
    bool starts = true;
    if (text.starts_with(byte_order_mark)) other(text.substr(0, at = byte_order_mark.size()));
    while (at < text.size()) {
        const std::size_t begin = at;
        while (at < text.size() && is_blank(text[at])) ++at;
        const bool ends = at == text.size() || text[at] == '\n' || text[at] == '\r';
        if (at != begin || starts || ends || text[at] == '#') blanks(starts, ends, ends ? '\n' : text[at]);
        starts = false;
        if (at == text.size()) break;
        std::size_t to = behind_token(text, at);
        if (to == at) ++to;
        starts = text[to - 1] == '\n' && text[at] == '\n';
        other(text.substr(at, to - at));
        at = to;
    }
}

/// The text with other blanks.
std::string shaken(std::string_view text, std::mt19937& random) {
    const auto number = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
    std::string result;
    const bool returns = number(4) == 0;
    const bool tabs = number(3) == 0;
    walk(
        text,
        [&](bool starts, bool ends, char next) {
            const bool needed = !starts && !ends && next != '#';
            const unsigned count = (number(3) ? number(4) : number(20)) + needed;
            for (unsigned i = 0; i < count; ++i)
                result += tabs && number(2) ? '\t' : number(200) ? ' ' : '\f';
        },
        [&](std::string_view other) {
            if (returns && other == "\n" && !result.ends_with('\r')) result += '\r';
            result += other;
        });
    return result;
}

/// The text with the same blanks everywhere: one in place of some, none at the ends of lines.
std::string without_blanks(std::string_view text) {
    std::string result;
    walk(
        text, [&](bool starts, bool ends, char) { result.append(starts || ends ? 0 : 1, ' '); },
        [&](std::string_view other) {
            if (other == "\r") return; // in front of a line feed
            if (other.starts_with('#')) other = other.substr(0, other.find_last_not_of(" \t\f\r") + 1);
            result += other;
        });
    for (std::size_t at; (at = result.find("\r\n")) != std::string::npos;) result.erase(at, 1); // in strings
    while (result.ends_with('\n')) result.pop_back();
    return result;
}

/// What must hold of any text. Gives it laid out.
std::string check(const std::string& text) {
    const std::optional<std::string> after = laid_out(text);
    if (!after) return text;
    CHECK_EQ(without_blanks(*after), without_blanks(text));
    CHECK_EQ(laid_out(*after).value_or("an error"), *after);
    CHECK((after->empty() || after->ends_with('\n') || *after == byte_order_mark));
    return *after;
}

TEST_CASE("layout: the project's own sources are laid out") {
    for (auto* some : {+[] { return sources_in("examples"); }, +[] { return sources_in("runtime-stubs"); },
                       &sources_in_papers}) {
        for (const Text& source : some()) {
            CAPTURE(source.path);
            CHECK_EQ(laid_out(source.text).value_or("an error"), source.text);
        }
    }
}

TEST_CASE("layout: listings are laid out") {
    const TemporaryFolder folder;
    const std::string pyc = folder.file("a.pyc");
    const std::string listing = folder.file("a.pyasm");
    std::size_t listings = 0;
    for (const Text& source : sources_in("examples")) {
        CAPTURE(source.path);
        if (run_pyasm({"asm", source.path, "-o", pyc}).status != 0) continue; // part of a program
        ++listings;
        for (const std::vector<std::string>& options :
             {std::vector<std::string>{}, {"--source", "--stack"}, {"--exact", "--offsets"}}) {
            std::vector<std::string> command{"dis", pyc, "-o", listing};
            command.insert(command.end(), options.begin(), options.end());
            REQUIRE_EQ(run_pyasm(command).status, 0);
            CHECK_EQ(run_pyasm({"fmt", "--check", listing}).err, "");
        }
    }
    CHECK(listings > 80);
}

TEST_CASE("layout: a source assembles to the same, however it was laid out before") {
    std::mt19937 random(1);
    std::size_t assembling = 0;
    for (const Text& source : all_sources()) {
        CAPTURE(source.path);
        CHECK_EQ(assembled(source.path, check(source.text)), assembled(source.path, source.text));
        for (int i = 0; i < 3; ++i) {
            const std::string text = shaken(source.text, random);
            CAPTURE(text);
            const std::string after = check(text);
            const std::string before = assembled(source.path, text);
            CHECK_EQ(assembled(source.path, after), before);
            assembling += !before.ends_with(" errors");
        }
    }
    CHECK(assembling > 500);
}

TEST_CASE("layout: any text keeps its tokens") {
    const std::vector<std::string> parts{" ",
                                         "  ",
                                         "\t",
                                         "\n",
                                         "\n",
                                         "\r\n",
                                         "\n\n",
                                         "\f",
                                         "a:",
                                         "b: c:",
                                         "\\x:",
                                         "\\(i + 1):",
                                         "LOAD_CONST",
                                         "NOP",
                                         "load",
                                         "f",
                                         "x, y",
                                         "print + NULL",
                                         "(",
                                         "[1,",
                                         ")",
                                         "]",
                                         "{",
                                         "}",
                                         "\"s  s\"",
                                         "'t  '",
                                         "\"\"\"a  \n b  \"\"\"",
                                         "'\\\n  '",
                                         "\"",
                                         "'''",
                                         "# c  c ",
                                         "#c",
                                         "@ 10",
                                         "@ none",
                                         "@",
                                         "@ 1:2-3",
                                         ".module",
                                         ".end",
                                         ".function f",
                                         ".if x",
                                         ".else",
                                         ".elif",
                                         ".endif",
                                         ".macro m",
                                         ".endmacro",
                                         ".repeat",
                                         ".names a,",
                                         ".consts",
                                         ".endrepeat",
                                         ".try h",
                                         ".op 1",
                                         ".line 5",
                                         ".name",
                                         "\xc3\xa4\xe2\x82\xac",
                                         "\xe5\xad\x97",
                                         "\xef\xbb\xbf",
                                         "+1",
                                         ".",
                                         ",",
                                         "=",
                                         "\\",
                                         "SLICE+1",
                                         ".endtry"};
    std::mt19937 random(2);
    std::size_t read = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (std::size_t count = 1 + random() % 40; count--;) {
            text += parts[random() % parts.size()];
            if (random() % 3 == 0) text += ' ';
            if (random() % 4 == 0) text += '\n';
        }
        CAPTURE(text);
        check(text);
        read += laid_out(text).has_value();
    }
    CHECK(read > 5'000);
}

TEST_CASE("layout: operands stay in their column, whatever words there are") {
    std::mt19937 random(3);
    for (int i = 0; i < 5'000; ++i) {
        std::string text = i % 2 ? ".macro m\n" : ".module\n";
        const std::size_t words = 1 + random() % 20, gaps = 1 + random() % 4;
        for (std::size_t count = 1 + random() % 12; count--;)
            text += std::string(1 + random() % words, 'x') +
                    std::string(1 + (random() % gaps) * (random() % 5), ' ') + " y\n";
        CAPTURE(text);
        check(text);
    }
    // Where most do, and not where a word of one length happens to lead.
    CHECK_EQ(check(".macro m\nload    x\nstore   1\nlonger_word 1\n.endmacro\n"),
             ".macro m\n    load    x\n    store   1\n    longer_word 1\n.endmacro\n");
    CHECK_EQ(check(".macro m\nload x\nload y\nload z\nx   1\n.endmacro\n"),
             ".macro m\n    load x\n    load y\n    load z\n    x 1\n.endmacro\n");
}

TEST_CASE("layout: linear in what is nested, open or repeated") {
    const auto times = [](std::size_t count, const std::string& text) {
        std::string result;
        for (std::size_t i = 0; i < count; ++i) result += text;
        return result;
    };
    constexpr std::size_t many = 200'000;
    const std::vector<std::string> texts{
        times(many, ".if x\n") + times(many, ".endif\n"),
        times(many, ".if x\n") + times(many, ".function f()\n") + times(many, ".endif\n"),
        times(many, ".function f()\n") + times(many, ".if x\n") + times(many, ".end\n") +
            times(many, ".else\n"),
        times(many, ".macro m\n") + times(many, ".end\n.endif\n") + times(many, ".endmacro\n"),
        times(many, "(\n"),
        times(many, "("),
        ".names " + times(many, "a,\n"),
        "X " + times(many, "@ 1 "),
        "X " + times(many, "@ 1 \\x"),
        times(many, "a:"),
        times(many, "\\(") + "\n" + times(many, "\\(\n"),
        times(many, "NOP # c\n"),
        times(many, "# c\n"),
        times(many, "\t") + "NOP" + times(many, "\t") + "# c\n" + times(many, "\t") + "# c\n",
        times(many, ".name a\n"),
        times(many, "\n"),
        times(many, "'a'"),
        "\"\"\"" + times(many, "\\\"\n") + "\"\"\"",
    };
    for (const std::string& text : texts) {
        const std::string start = text.substr(0, 40);
        CAPTURE(start);
        const std::optional<std::string> after = laid_out(text);
        REQUIRE(after.has_value());
        CHECK(laid_out(*after) == after);
        CHECK(after->size() < 100 * text.size());
    }
}

TEST_CASE("layout: what is no text, or has an open string, is refused with its place") {
    const auto message = [](const std::string& text) {
        support::Sources sources;
        support::Diagnostics diagnostics;
        const auto file = sources.add("a.pyasm", text);
        CHECK_FALSE(grammar::lay_out(**file, diagnostics));
        REQUIRE_EQ(diagnostics.all().size(), 1);
        const support::Diagnostic& first = diagnostics.all().front();
        const support::Location place = sources.locate(first.span.begin);
        return std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + first.message;
    };
    CHECK_EQ(message("NOP\nX 'a\nNOP\n"), "2:3: the string is not closed");
    CHECK_EQ(message("X 'a"), "1:3: the string is not closed");
    CHECK_EQ(message("X 'a\\\n"), "1:3: the string is not closed");
    CHECK_EQ(message("X \"\"\"a\n"), "1:3: the string is not closed");
    CHECK_EQ(message("X \"\"\"a\r\n"), "1:3: the string is not closed");
    CHECK_EQ(message("X \"\"\"a"), "1:3: the string is not closed");
    CHECK_EQ(message("X \"\"\"a\\"), "1:3: the string is not closed");
    CHECK_EQ(message("X\n \xff\n"), "2:2: byte 0xff at offset 3 is not valid UTF-8");
    CHECK_EQ(message(std::string("X\n\0", 3)), "2:1: control character U+0000");
    CHECK_EQ(message("X # \x1b[m\n"), "1:5: control character U+001B");
    CHECK_EQ(message("X\n \xEF\xBB\xBFY\n"),
             "2:2: a byte order mark (U+FEFF) that is not at the file's beginning");
    CHECK_EQ(message("X\rY\n"), "1:2: a carriage return without a line feed");
}

} // namespace
