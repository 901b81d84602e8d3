// Every command and example in the papers is run, so that none of them can lie. A page works in a folder of
// its own, which holds a copy of examples/. A comment that no reader sees says what becomes of the block
// below it:
//
//     <!-- file: hello.pyasm -->    the block is written to this file; a later command must use it
//     <!-- assemble -->             a `pyasm` block: a whole source, which assembles without a word
//     <!-- body: 3.13 (a, b) -->    a `pyasm` block: the lines of a function of this target with this
//                                   signature, which may be left out
//     <!-- needs: 2.7 3.13 -->      left out where one of these interpreters is missing; the test says so
//     <!-- exit: 1 -->              a `console` block: the exit status of its last command, otherwise 0
//     <!-- python: 2.7 -->          a `pycon` block: the interpreter of the session, otherwise 3.13
//     <!-- untidy -->             a `pyasm` block that `pyasm fmt` would change
//     <!-- not run: REASON -->      a block that cannot be run
//
// A `console` block holds lines `$ command` (which lines `> more` go on with), run by sh, each followed by
// what it prints on both streams. A line `...` stands for any number of lines. `pyasm`, `pythonX.Y` and
// `python3` (3.13) are on its PATH. The `pycon` blocks of a page are one session for each interpreter, in
// which a blank line ends an output and the width of blanks does not count.
//
// A block of one of these kinds, or of none, that is not run and does not say why is a mistake. So is a link
// to a file or heading that is not there. PYASM_UPDATE_DOCS=1 in the environment rewrites the output in
// console blocks.

#include "support/files.hpp"
#include "tests/docs/run_page.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace {

using namespace pyasm::tests;
namespace fs = std::filesystem;
namespace support = pyasm::support;

std::string quoted(const std::string& word) {
    std::string result = "'";
    for (const char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

/// A folder with `pyasm` and a `pythonX.Y` for each interpreter.
class Programs {
  public:
    Programs() {
        REQUIRE_MESSAGE(fs::exists(PYASM_PROGRAM), "no " PYASM_PROGRAM);
        fs::create_symlink(PYASM_PROGRAM, folder_.file("pyasm"));
        for (const Interpreter& python : interpreters()) add(python, "python" + python.version);
        if (const Interpreter* python = interpreter("3.13")) add(*python, "python3");
    }
    [[nodiscard]] std::string search_path() const { return folder_.path() + ":/usr/bin:/bin"; }

  private:
    void add(const Interpreter& python, const std::string& name) {
        std::string script = "#!/bin/sh\nexec env";
        for (const std::string& setting : python.env) script += " " + quoted(setting);
        for (const std::string& word : python.command) script += " " + quoted(word);
        script += " \"$@\"\n";
        REQUIRE(support::write_file(folder_.file(name), support::as_bytes(script)));
        fs::permissions(folder_.file(name), fs::perms::owner_all);
    }
    TemporaryFolder folder_;
};

std::vector<std::string> page_paths() {
    std::vector<std::string> paths{"README.md", "examples/README.md", "runtime-stubs/README.md",
                                   "tests/golden/README.md"};
    for (const auto& entry : fs::directory_iterator(source_path("docs"))) {
        if (entry.path().extension() == ".md") paths.push_back("docs/" + entry.path().filename().string());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

Page load_page(const std::string& path) {
    const auto text = support::read_file(source_path(path));
    REQUIRE_MESSAGE(text.ok(), path);
    return parse_page(path, *text);
}

std::vector<std::string> broken_links(const Page& page) {
    std::vector<std::string> findings;
    for (const DocLink& link : page.links) {
        if (link.target.find("://") != std::string::npos) continue;
        const std::size_t hash = std::min(link.target.find('#'), link.target.size());
        const std::string file = link.target.substr(0, hash);
        const fs::path path = file.empty() ? fs::path(page.path) : fs::path(page.path).parent_path() / file;
        const std::string target = path.lexically_normal().string();
        if (!fs::exists(source_path(target))) {
            findings.push_back(finding(page, link.line, "the link leads nowhere: " + link.target));
        } else if (hash < link.target.size()) {
            const std::vector<std::string> anchors = load_page(target).anchors;
            if (std::find(anchors.begin(), anchors.end(), link.target.substr(hash + 1)) == anchors.end()) {
                findings.push_back(finding(page, link.line, "no such heading: " + link.target));
            }
        }
    }
    return findings;
}

void rewrite(const Page& page, const PageRunner& runner) {
    std::vector<std::string> lines = page.lines;
    for (auto at = runner.corrected().rbegin(); at != runner.corrected().rend(); ++at) {
        const DocBlock& block = page.blocks[at->first];
        const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(block.fence) + 1;
        const auto place = lines.erase(begin, begin + static_cast<std::ptrdiff_t>(block.lines.size()));
        lines.insert(place, at->second.begin(), at->second.end());
    }
    REQUIRE(support::write_file(source_path(page.path), support::as_bytes(join_lines(lines))));
}

/// What is found wrong with a page of this text.
std::vector<std::string> findings_in(const Programs& programs, const std::string& text) {
    const Page page = parse_page("page.md", text);
    PageRunner runner(page, programs.search_path());
    runner.run();
    return runner.findings();
}

TEST_CASE("every command and example in the papers is true") {
    const Programs programs;
    const bool update = std::getenv("PYASM_UPDATE_DOCS") != nullptr;
    for (const std::string& path : page_paths()) {
        CAPTURE(path);
        const Page page = load_page(path);
        PageRunner runner(page, programs.search_path());
        runner.run();
        for (const std::string& problem : runner.findings()) FAIL_CHECK(problem);
        for (const std::string& problem : broken_links(page)) FAIL_CHECK(problem);
        for (const std::string& version : runner.missing()) {
            MESSAGE(path << ": skipped what needs Python " << version);
        }
        if (path == "README.md" || path == "docs/tutorial.md")
            CHECK(runner.blocks_run() >= (runner.missing().empty() ? 8U : 1U));
        if (update) rewrite(page, runner);
    }
}

TEST_CASE("a page that lies is found out") {
    const Programs programs;
    const auto count = [&](const std::string& text) { return findings_in(programs, text).size(); };

    CHECK(count("```console\n$ echo one; echo two >&2\none\ntwo\n```\n") == 0);
    CHECK(count("```console\n$ echo one\ntwo\n```\n") == 1);
    CHECK(count("```console\n$ echo one\n```\n") == 1);
    CHECK(count("```console\n$ false\n```\n") == 1);
    CHECK(count("<!-- exit: 1 -->\n```console\n$ false\n```\n") == 0);
    CHECK(count("<!-- exit: 1 -->\n```console\n$ true\n```\n") == 1);
    CHECK(count("```console\n$ echo one\\\n> two\nonetwo\n```\n") == 0);
    CHECK(count("```console\necho one\n```\n") == 1);

    CHECK(count("```pyasm\n.module\n.end\n```\n") == 1);
    CHECK(count("<!-- not run: a sketch -->\n```pyasm\n...\n```\n") == 0);
    CHECK(count("<!-- not run: -->\n```pyasm\n...\n```\n") == 1);
    CHECK(count("```\nwhat is this?\n```\n") == 1);
    CHECK(count("<!-- exit: 1 -->\nA mark without a block.\n") == 1);
    CHECK(count("```text\nno end\n") == 1);

    CHECK(count("<!-- body: 3.13 -->\n```pyasm\nRETURN_CONST None\n```\n") == 0);
    CHECK(count("<!-- body: 3.13 -->\n```pyasm\nRETURN_CONTS None\n```\n") == 1);
    CHECK(count("<!-- assemble -->\n```pyasm\n.target 2.7\n.module\n    LOAD_CONST None\n    "
                "RETURN_VALUE\n.end\n```\n") == 0);
    CHECK(count("<!-- assemble -->\n```pyasm\n.target 2.7\n.module\n    PON\n.end\n```\n") == 1);

    const std::string file = "<!-- file: a.txt -->\n```text\nhello\n```\n";
    CHECK(count(file + "```console\n$ cat a.txt\nhello\n```\n") == 0);
    CHECK(count(file) == 1);
}

TEST_CASE("a link that leads nowhere is found out") {
    const auto count = [](const char* text) { return broken_links(parse_page("docs/page.md", text)).size(); };
    CHECK(count("[a](language.md), [b](../README.md), [c](language.md#targets), [d](https://example.org)") ==
          0);
    CHECK(count("[a](nowhere.md)") == 1);
    CHECK(count("[a](language.md#nothing)") == 1);
    CHECK(count("`items[a](nowhere.md)` is no link") == 0);
}

TEST_CASE("what needs a missing interpreter is left out and named") {
    const Programs programs;
    const Page page = parse_page("page.md", "<!-- needs: 1.5 -->\n```console\n$ false\n```\n");
    PageRunner runner(page, programs.search_path());
    runner.run();
    CHECK(runner.findings().empty());
    CHECK(runner.blocks_run() == 0);
    CHECK(runner.missing() == std::set<std::string>{"1.5"});
}

TEST_CASE("a session that lies is found out") {
    if (!interpreter("3.13")) {
        MESSAGE("skipped: it needs Python 3.13");
        return;
    }
    const Programs programs;
    const std::string first = "```pycon\n>>> a = 20\n```\n";
    CHECK(findings_in(programs, first + "and\n```pycon\n>>> a + 1\n21\n```\n").empty());
    CHECK(findings_in(programs, first + "and\n```pycon\n>>> a + 1\n22\n```\n").size() == 1);
}

TEST_CASE("an ellipsis stands for any number of lines") {
    using Lines = std::vector<std::string>;
    CHECK(matches(Lines{"a", "...", "c"}, Lines{"a", "b", "b", "c"}));
    CHECK(matches(Lines{"a", "...", "c"}, Lines{"a", "c"}));
    CHECK(matches(Lines{"..."}, Lines{}));
    CHECK(matches(Lines{"...", "b", "..."}, Lines{"a", "b", "b"}));
    CHECK(matches(Lines{"a  "}, Lines{"a"}));
    CHECK_FALSE(matches(Lines{"a", "...", "c"}, Lines{"a", "c", "d"}));
    CHECK_FALSE(matches(Lines{}, Lines{"a"}));
    CHECK_FALSE(matches(Lines{"a"}, Lines{}));
}

} // namespace
