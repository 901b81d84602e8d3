#include "tests/support/golden.hpp"

#include "cli/run.hpp"
#include "support/files.hpp"
#include "support/text.hpp"
#include "tests/support/interpreters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <sstream>

namespace pyasm::tests {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view heading_mark = "--- ";
constexpr std::string_view escaped_mark = " (escaped)";

std::string test_name;
bool rewrite = false;

/// Lines that cannot stand as they are: bytes that an editor would spoil, no newline at the end, a heading
/// inside.
bool must_escape(std::string_view body) {
    if (body.empty()) return false;
    if (body.back() != '\n' || support::find_invalid_utf8(body)) return true;
    if (body.starts_with(heading_mark) || body.find("\n--- ") != std::string_view::npos) return true;
    return std::any_of(body.begin(), body.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
    });
}

std::string escape(std::string_view body) {
    std::string result;
    const bool whole = !support::find_invalid_utf8(body);
    for (std::size_t i = 0; i < body.size(); ++i) {
        const char c = body[i];
        const auto byte = static_cast<unsigned char>(c);
        const bool heading = body.substr(i).starts_with(heading_mark) && (i == 0 || body[i - 1] == '\n');
        if (c == '\\') {
            result += "\\\\";
        } else if (heading || (byte < 0x20 && c != '\n') || byte == 0x7F || (byte >= 0x80 && !whole)) {
            result += fmt::format("\\x{:02x}", byte);
        } else {
            result += c;
        }
    }
    if (!body.ends_with('\n')) result += "\\\n"; // a backslash at the end of a line: it goes on
    return result;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool unescape(std::string_view body, std::string& out) {
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i] != '\\') {
            out += body[i];
            continue;
        }
        const char next = ++i < body.size() ? body[i] : '\0';
        if (next == '\n') continue;
        if (next == '\\') {
            out += next;
            continue;
        }
        if (next != 'x' || i + 2 >= body.size()) return false;
        const int high = hex_digit(body[i + 1]);
        const int low = hex_digit(body[i + 2]);
        if (high < 0 || low < 0) return false;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return true;
}

/// Splits a command line as a shell does: blanks, quotes, backslashes.
std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote == 0 && c == ' ') {
            in_word = false;
            continue;
        }
        if (!in_word) words.emplace_back();
        in_word = true;
        if (c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
            words.back() += text[++i];
        } else {
            words.back() += c;
        }
    }
    return words;
}

std::map<std::string, std::string> snapshot(const std::string& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string name = fs::relative(entry.path(), folder);
        if (entry.is_directory()) continue;
        auto content = support::read_file(entry.path());
        files[name] = content ? std::move(*content) : "unreadable: " + content.error().message;
    }
    return files;
}

/// The names of what is new or changed, and, with a minus, of what is gone.
std::string difference(const std::map<std::string, std::string>& before,
                       const std::map<std::string, std::string>& after) {
    std::string result;
    const auto add = [&](const std::string& name) { result += (result.empty() ? "" : " ") + name; };
    for (const auto& [name, content] : after) {
        const auto old = before.find(name);
        if (old == before.end() || old->second != content) add(name);
    }
    for (const auto& [name, content] : before) {
        if (!after.contains(name)) add("-" + name);
    }
    return result;
}

void write_input(const std::string& folder, const GoldenSection& section) {
    const fs::path path = fs::path(folder) / section.argument;
    fs::create_directories(path.parent_path());
    const auto written = support::write_file(path, support::as_bytes(section.body));
    if (!written) FAIL_CHECK(section.argument << ": " << written.error().message);
}

/// Works in a folder for as long as it lives: what is printed must not show where that folder is.
class WorkingFolder {
  public:
    explicit WorkingFolder(const std::string& path) : before_(fs::current_path()) { fs::current_path(path); }
    WorkingFolder(const WorkingFolder&) = delete;
    WorkingFolder& operator=(const WorkingFolder&) = delete;
    ~WorkingFolder() { fs::current_path(before_); }

  private:
    fs::path before_;
};

/// Performs one `run` section and appends what came out; `contents` are the files whose content is to be
/// shown.
void perform_run(const GoldenSection& run, const GoldenSection* input,
                 const std::vector<std::string>& contents, std::vector<GoldenSection>& results) {
    std::vector<std::string> words = split_words(run.argument);
    if (!words.empty() && words.front() == "pyasm") words.erase(words.begin());
    const auto before = snapshot(".");
    std::istringstream in(input ? input->body : std::string());
    std::ostringstream out;
    std::ostringstream err;
    const int status = cli::run(words, in, out, err);
    const auto after = snapshot(".");

    results.push_back(run);
    if (input) results.push_back(*input);
    if (!out.str().empty()) results.push_back({"stdout", {}, out.str()});
    if (!err.str().empty()) results.push_back({"stderr", {}, err.str()});
    if (status != 0) results.push_back({"exit", std::to_string(status), {}});
    if (std::string names = difference(before, after); !names.empty())
        results.push_back({"files", names, {}});
    for (const std::string& name : contents) {
        const auto file = after.find(name);
        results.push_back({"content", name, file == after.end() ? "" : file->second});
    }
}

void run_golden_file() {
    const std::string path = source_path(test_name);
    const auto text = support::read_file(path);
    REQUIRE(text.ok());
    GoldenFile file;
    std::string error;
    if (!parse_golden(*text, file, error)) {
        FAIL(test_name << ": " << error);
    }
    const std::string real = print_golden(perform_golden(file));
    if (rewrite) {
        if (real != *text) REQUIRE(support::write_file(path, support::as_bytes(real)).ok());
        return;
    }
    const auto [wanted_at, real_at] = std::mismatch(text->begin(), text->end(), real.begin(), real.end());
    const auto line = std::count(text->begin(), wanted_at, '\n') + 1;
    const bool same = *text == real;
    CHECK_MESSAGE(same, test_name << ":" << line
                                  << ": differs from here on (--update rewrites it); it is now:\n"
                                  << real);
}

} // namespace

bool parse_golden(std::string_view text, GoldenFile& file, std::string& error) {
    std::string* body = &file.comment;
    bool escaped = false;
    int number = 0;
    const auto finish = [&] {
        if (!escaped) return true;
        std::string decoded;
        if (!unescape(*body, decoded)) {
            error = fmt::format("there is a bad escape in the section before line {}", number);
            return false;
        }
        *body = std::move(decoded);
        return true;
    };
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end);
        ++number;
        if (!line.starts_with(heading_mark)) {
            *body += line;
            continue;
        }
        if (!finish()) return false;
        line.remove_prefix(heading_mark.size());
        if (line.ends_with('\n')) line.remove_suffix(1);
        escaped = line.ends_with(escaped_mark);
        if (escaped) line.remove_suffix(escaped_mark.size());
        const std::size_t blank = std::min(line.find(' '), line.size());
        GoldenSection& section = file.sections.emplace_back();
        section.kind = line.substr(0, blank);
        section.argument = line.substr(std::min(blank + 1, line.size()));
        body = &section.body;
        constexpr std::string_view kinds[] = {"file",   "run",  "stdin", "stdout",
                                              "stderr", "exit", "files", "content"};
        if (std::find(std::begin(kinds), std::end(kinds), section.kind) == std::end(kinds)) {
            error = fmt::format("line {}: '{}' is no kind of section", number, section.kind);
            return false;
        }
    }
    return finish();
}

std::string print_golden(const GoldenFile& file) {
    std::string result = file.comment;
    for (const GoldenSection& section : file.sections) {
        result += heading_mark;
        result += section.kind;
        if (!section.argument.empty()) result += " " + section.argument;
        if (must_escape(section.body)) {
            result += escaped_mark;
            result += "\n" + escape(section.body);
        } else {
            result += "\n" + section.body;
        }
    }
    return result;
}

GoldenFile perform_golden(const GoldenFile& file) {
    const TemporaryFolder folder;
    const WorkingFolder inside(folder.path());
    GoldenFile result;
    result.comment = file.comment;
    for (std::size_t i = 0; i < file.sections.size(); ++i) {
        const GoldenSection& section = file.sections[i];
        if (section.kind == "file") {
            write_input(folder.path(), section);
            result.sections.push_back(section);
        }
        if (section.kind != "run") continue;
        const GoldenSection* input = nullptr;
        std::vector<std::string> contents;
        for (std::size_t j = i + 1; j < file.sections.size() && file.sections[j].kind != "run"; ++j) {
            if (file.sections[j].kind == "stdin") input = &file.sections[j];
            if (file.sections[j].kind == "content") contents.push_back(file.sections[j].argument);
        }
        perform_run(section, input, contents, result.sections);
    }
    return result;
}

void register_golden_tests(bool update) {
    rewrite = update;
    static std::deque<std::string> names; // doctest keeps pointers
    const std::string folder = source_path("tests/golden");
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
        if (entry.path().extension() != ".txt") continue;
        names.push_back("tests/golden/" + fs::relative(entry.path(), folder).string());
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
        using doctest::detail::TestCase;
        doctest::detail::regTest(
            TestCase(run_golden_file, name.c_str(), 1, doctest::detail::TestSuite() * "golden") *
            name.c_str());
    }
}

void current_golden_test(const char* name) { test_name = name; }

} // namespace pyasm::tests
