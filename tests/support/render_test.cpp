#include "support/render.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace pyasm::support;

namespace {

/// A source text with one error where `mark` stands in it.
std::string error_at(const std::string& text, std::string_view mark, bool color = false) {
    Sources sources;
    const SourceFile* file = *sources.add("a.pyasm", text);
    Diagnostics diagnostics;
    const std::size_t at = file->text.find(mark);
    REQUIRE(at != std::string_view::npos);
    diagnostics.error(file->span(at, at + mark.size()), "wrong");
    return render(diagnostics, sources, color);
}

} // namespace

TEST_CASE("an error shows its line, with marks under the place") {
    CHECK(error_at("one\n    LOAD_COSNT \"x\"\n", "LOAD_COSNT") == "a.pyasm:2:5: error: wrong\n"
                                                                   "    2 |     LOAD_COSNT \"x\"\n"
                                                                   "      |     ^~~~~~~~~~\n");
}

TEST_CASE("marks stand under the place whatever comes before it") {
    SUBCASE("tabs are one blank") {
        CHECK(error_at("\t\tBAD\n", "BAD") == "a.pyasm:1:3: error: wrong\n    1 |   BAD\n      |   ^~~\n");
    }
    SUBCASE("wide characters take two columns, combining ones none") {
        CHECK(error_at("日本 e\u0301 BAD\n", "BAD") ==
              "a.pyasm:1:7: error: wrong\n    1 | 日本 e\u0301 BAD\n      |        ^~~\n");
    }
    SUBCASE("controls, direction marks and invalid bytes are escapes") {
        CHECK(error_at("\x1b\u202e\xff BAD\r\n", "BAD") ==
              "a.pyasm:1:5: error: wrong\n    1 | \\x1b\\u202e\\xff BAD\n      |                ^~~\n");
    }
    SUBCASE("a byte order mark is not shown") {
        CHECK(error_at("\xEF\xBB\xBF"
                       "BAD\n",
                       "BAD") == "a.pyasm:1:1: error: wrong\n    1 | BAD\n      | ^~~\n");
    }
}

TEST_CASE("a span of several lines is marked up to the end of its first") {
    CHECK(error_at("  (1,\n  2)\n", "(1,\n  2)") ==
          "a.pyasm:1:3: error: wrong\n    1 |   (1,\n      |   ^~~\n");
}

TEST_CASE("a place at the end of the text has a line") {
    Sources sources;
    const SourceFile* file = *sources.add("a", "ab");
    const SourceFile* empty = *sources.add("b", "");
    Diagnostics diagnostics;
    diagnostics.error(file->span(2, 2), "more");
    diagnostics.error(empty->span(0, 0), "nothing");
    CHECK(render(diagnostics, sources, false) == "a:1:3: error: more\n    1 | ab\n      |   ^\n"
                                                 "b:1:1: error: nothing\n    1 |\n      | ^\n");
}

TEST_CASE("long lines are cut around the place") {
    std::string source(5000, 'a');
    source.append(" BAD ").append(5000, 'b');
    const std::string text = error_at(source, "BAD");
    const std::size_t line = text.find('\n') + 1;
    const std::size_t marks = text.find('\n', line) + 1;
    CHECK(text.starts_with("a.pyasm:1:5002: error: wrong\n    1 | ...aaaa"));
    CHECK(marks - line < 120);
    CHECK(text.find("BAD") - line == text.find("^~~") - marks);
    CHECK(text.substr(line, marks - line).ends_with("bbb...\n"));
}

TEST_CASE("notes, help, files as a whole and includes") {
    Sources sources;
    const SourceFile* main = *sources.add("main.pyasm", ".include \"x\"\na:\na:\n");
    const SourceFile* part = *sources.add("x.pyasm", "BAD\n", {.from = main->span(0, 8)});
    Diagnostics diagnostics;
    diagnostics.error(part->span(0, 3), "unknown word", "did you mean GOOD?");
    diagnostics.error(main->span(16, 18), "label again").notes.push_back({main->span(13, 15), "first here"});
    diagnostics.error_in("gone.pyasm", "no such file");
    diagnostics.warning({}, "odd\nindeed");
    diagnostics.sort(sources);
    CHECK(render(diagnostics, sources, false) == "gone.pyasm: error: no such file\n"
                                                 "warning: odd\\x0aindeed\n"
                                                 "x.pyasm:1:1: error: unknown word; did you mean GOOD?\n"
                                                 "    1 | BAD\n"
                                                 "      | ^~~\n"
                                                 "main.pyasm:1:1: note: included from here\n"
                                                 "main.pyasm:3:1: error: label again\n"
                                                 "    3 | a:\n"
                                                 "      | ^~\n"
                                                 "main.pyasm:2:1: note: first here\n"
                                                 "    2 | a:\n"
                                                 "      | ^~\n");
    diagnostics.sort();
    CHECK(diagnostics.all().back().message == "unknown word");
}

TEST_CASE("help goes on where the message ends") {
    const Sources sources;
    const auto shown = [&](std::string help) {
        Diagnostics diagnostics;
        diagnostics.error({}, "m", std::move(help));
        return render(diagnostics, sources, false);
    };
    CHECK(shown("Did you mean LOAD_CONST?") == "error: m; did you mean LOAD_CONST?\n");
    CHECK(shown("Use BINARY_OP +.") == "error: m; use BINARY_OP +\n");
    CHECK(shown("LOAD_FAST takes one name") == "error: m; LOAD_FAST takes one name\n");
    CHECK(shown("A label is missing...") == "error: m; a label is missing...\n");
}

TEST_CASE("colour only where it is asked for") {
    CHECK(error_at("x\n", "x").find('\x1b') == std::string::npos);
    CHECK(error_at("x\n", "x", true) ==
          "\x1b[1ma.pyasm:1:1:\x1b[0m \x1b[1;31merror:\x1b[0m \x1b[1mwrong\x1b[0m\n"
          "    1 | x\n      | \x1b[1;32m^\x1b[0m\n");
}

TEST_CASE("errors past the limit are counted") {
    const Sources sources;
    Diagnostics diagnostics(2);
    for (int i = 0; i < 5; ++i) diagnostics.error({}, "e").notes.push_back({{}, "n"});
    CHECK(diagnostics.error_count() == 5);
    CHECK(diagnostics.all().size() == 2);
    CHECK(render(diagnostics, sources, false) ==
          "error: e\nnote: n\nerror: e\nnote: n\n... and 3 more errors\n");
}

TEST_CASE("many errors on one endless line take no longer than on many lines") {
    Sources sources;
    const SourceFile* file = *sources.add("a", std::string(20'000'000, 'x'));
    Diagnostics diagnostics(100'000);
    for (std::size_t i = 0; i < 20'000; ++i) diagnostics.error(file->span(i * 1000, i * 1000 + 1), "e");
    const auto start = std::chrono::steady_clock::now();
    const std::string text = render(diagnostics, sources, false);
    CHECK(text.find("a:1:19999001: error: e\n") != std::string::npos);
    // Counting from the line's start each time would take minutes.
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

TEST_CASE("what the user wrote goes before text that comes along, and one call makes one error") {
    Sources sources;
    const SourceFile* user = *sources.add("a.pyasm", "    call x\n    call y\n");
    const auto expand = [&](std::size_t at) {
        return *sources.add(
            "<call>", "    LOAD x\n    LOAD x\n    .error\n",
            {.from = user->span(at, at + 4), .kind = Origin::Kind::Macro, .name = "call", .first_line = 12});
    };
    const SourceFile *first = expand(4), *second = expand(15);
    Diagnostics diagnostics;
    diagnostics.error(second->span(26, 32), "not this way");
    diagnostics.error(first->span(20, 21), "no x, again");
    diagnostics.warning(first->span(20, 21), "odd");
    diagnostics.error(first->span(9, 10), "no x");
    diagnostics.sort(sources);
    CHECK(diagnostics.error_count() == 2);
    CHECK(render(diagnostics, sources, false) == "a.pyasm:1:5: error: no x\n"
                                                 "    1 |     call x\n"
                                                 "      |     ^~~~\n"
                                                 "<call>:12:10: note: which comes to this\n"
                                                 "   12 |     LOAD x\n"
                                                 "      |          ^\n"
                                                 "a.pyasm:1:5: warning: odd\n"
                                                 "    1 |     call x\n"
                                                 "      |     ^~~~\n"
                                                 "<call>:13:10: note: which comes to this\n"
                                                 "   13 |     LOAD x\n"
                                                 "      |          ^\n"
                                                 "a.pyasm:2:5: error: not this way\n"
                                                 "    2 |     call y\n"
                                                 "      |     ^~~~\n");
    // By itself, such a text is shown as any other.
    const SourceFile* alone = *sources.add("<start>", "x\n");
    Diagnostics other;
    other.error(alone->span(0, 1), "wrong");
    CHECK(render(other, sources, false) == "<start>:1:1: error: wrong\n    1 | x\n      | ^\n");
}
