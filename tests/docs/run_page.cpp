#include "tests/docs/run_page.hpp"

#include "support/files.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

namespace pyasm::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prompt = "$ ";
constexpr std::string_view continuation = "> ";
constexpr const char* default_python = "3.13";

std::string_view without_end_blanks(std::string_view line) {
    return line.substr(0, line.find_last_not_of(" \t\r") + 1);
}

/// Languages whose blocks claim that something works.
bool makes_a_claim(std::string_view language) {
    constexpr std::array<std::string_view, 8> languages{"",      "console", "sh",     "bash",
                                                        "shell", "pyasm",   "python", "pycon"};
    return std::find(languages.begin(), languages.end(), language) != languages.end();
}

std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t start = text.find_first_not_of(' ', i);
        if (start == std::string_view::npos) break;
        i = std::min(text.find(' ', start), text.size());
        words.emplace_back(text.substr(start, i - start));
    }
    return words;
}

/// The block's lines as a whole source. `how`: "3.13", or "3.13 (a, b)" with the signature they need.
std::string wrapped(const DocBlock& block, const std::string& how) {
    const std::size_t blank = std::min(how.find(' '), how.size());
    const std::string signature = blank < how.size() ? how.substr(blank + 1) : "()";
    return ".target " + how.substr(0, blank) + "\n.function example" + signature + "\n" +
           join_lines(block.lines) + ".end\n";
}

/// One `$ command` of a console block and the output it promises.
struct ConsoleStep {
    std::size_t line = 0;             ///< index in DocBlock::lines
    std::vector<std::string> written; ///< the command as it stands, with its continuation lines
    std::string command;
    std::vector<std::string> promised;
};

std::vector<ConsoleStep> console_steps(const DocBlock& block) {
    std::vector<ConsoleStep> steps;
    for (std::size_t i = 0; i < block.lines.size(); ++i) {
        const std::string& line = block.lines[i];
        if (line.starts_with(prompt)) {
            steps.push_back({i, {line}, line.substr(prompt.size()), {}});
        } else if (steps.empty()) {
            return {};
        } else if (line.starts_with(continuation) && steps.back().promised.empty()) {
            steps.back().written.push_back(line);
            steps.back().command += "\n" + line.substr(continuation.size());
        } else {
            steps.back().promised.push_back(line);
        }
    }
    return steps;
}

} // namespace

bool matches(const std::vector<std::string>& promised, const std::vector<std::string>& came) {
    // The usual wildcard match: on a mismatch, the last `...` takes one line more.
    std::size_t p = 0;
    std::size_t c = 0;
    std::size_t star = std::string::npos;
    std::size_t star_came = 0;
    while (c < came.size()) {
        if (p < promised.size() && promised[p] == "...") {
            star = p++;
            star_came = c;
        } else if (p < promised.size() && without_end_blanks(promised[p]) == without_end_blanks(came[c])) {
            ++p;
            ++c;
        } else if (star != std::string::npos) {
            p = star + 1;
            c = ++star_came;
        } else {
            return false;
        }
    }
    while (p < promised.size() && promised[p] == "...") ++p;
    return p == promised.size();
}

PageRunner::PageRunner(const Page& page, std::string path)
    : page_(page), search_path_(std::move(path)), findings_(page.findings) {
    fs::copy(source_path("examples"), folder_.file("examples"), fs::copy_options::recursive);
}

void PageRunner::run() {
    for (std::size_t i = 0; i < page_.blocks.size(); ++i) run_block(i);
    run_sessions();
    for (const WrittenFile& file : written_) {
        if (!file.used) complain(file.line, "no command after this block uses " + file.name);
    }
}

void PageRunner::run_block(std::size_t index) {
    const DocBlock& block = page_.blocks[index];
    if (const auto reason = block.mark("not run")) {
        if (reason->empty()) complain(block.fence, "'not run' gives no reason");
        return;
    }
    if (!has_interpreters(block)) return note_use(join_lines(block.lines));
    ++blocks_run_;
    if (const auto name = block.mark("file")) {
        write_block(block, *name);
    } else if (block.language == "pyasm" && block.mark("assemble")) {
        assemble(block, join_lines(block.lines));
    } else if (block.language == "pyasm" && block.mark("body")) {
        assemble(block, wrapped(block, *block.mark("body")));
    } else if (block.language == "console") {
        run_console(index);
    } else if (block.language == "pycon") {
        Session& session = sessions_[block.mark("python").value_or(default_python)];
        if (session.text.empty()) session.line = block.fence;
        session.text += join_lines(block.lines) + "\n";
    } else {
        --blocks_run_;
        if (makes_a_claim(block.language))
            complain(block.fence, "this block is not run and does not say why");
    }
}

bool PageRunner::has_interpreters(const DocBlock& block) {
    std::vector<std::string> needed = split_words(block.mark("needs").value_or(""));
    if (block.language == "pycon") needed.push_back(block.mark("python").value_or(default_python));
    bool has_all = true;
    for (const std::string& version : needed) {
        if (interpreter(version)) continue;
        missing_.insert(version);
        has_all = false;
    }
    return has_all;
}

void PageRunner::write_block(const DocBlock& block, const std::string& name) {
    const fs::path path = folder_.file(name);
    fs::create_directories(path.parent_path());
    const std::string text = join_lines(block.lines);
    if (!support::write_file(path.string(), support::as_bytes(text)))
        complain(block.fence, "cannot write " + name);
    std::erase_if(written_, [&](const WrittenFile& file) { return file.name == name && file.used; });
    written_.push_back({block.fence, name, false});
}

void PageRunner::assemble(const DocBlock& block, const std::string& source) {
    const TemporaryFolder apart;
    const std::string path = apart.file("block.pyasm");
    if (!support::write_file(path, support::as_bytes(source)))
        complain(block.fence, "cannot write the block's text");
    const RunResult result = run_shell("pyasm asm " + path);
    if (result.status != 0 || !result.out.empty()) {
        complain(block.fence, "this block does not assemble:\n" + result.out + "of\n" + source);
    }
}

RunResult PageRunner::run_shell(const std::string& command) const {
    const std::vector<std::string> argv{"/bin/sh", "-c", "cd \"$0\" && exec 2>&1 && eval \"$1\"",
                                        folder_.path(), command};
    const std::vector<std::string> env{"PATH=" + search_path_, "HOME=" + folder_.path(), "LC_ALL=C.UTF-8",
                                       "PYTHONUNBUFFERED=1",   "PYTHONHASHSEED=0",       "PYTHONPATH=",
                                       "PYTHONSTARTUP=",       "PYTHONIOENCODING=utf-8"};
    return run_command(argv, env);
}

void PageRunner::note_use(const std::string& text) {
    for (WrittenFile& file : written_) {
        const std::string stem = fs::path(file.name).stem().string();
        file.used = file.used || text.find(stem) != std::string::npos;
    }
}

void PageRunner::run_console(std::size_t index) {
    const DocBlock& block = page_.blocks[index];
    const std::vector<ConsoleStep> steps = console_steps(block);
    if (steps.empty()) return complain(block.fence, "a console block starts with a line '$ command'");
    const std::string last_status = block.mark("exit").value_or("0");
    std::vector<std::string> correct;
    bool all_match = true;
    for (const ConsoleStep& step : steps) {
        note_use(step.command);
        const std::size_t line = block.fence + 1 + step.line;
        const RunResult result = run_shell(step.command);
        const std::string wanted = &step == &steps.back() ? last_status : "0";
        const std::string status = std::to_string(result.status);
        if (status != wanted)
            complain(line, "exit status " + status + ", not " + wanted + ":\n" + result.out);
        const bool match = matches(step.promised, split_lines(result.out));
        if (!match) {
            complain(line, "prints something else:\n" + result.out + "not:\n" + join_lines(step.promised));
            all_match = false;
        }
        const std::vector<std::string> output = match ? step.promised : split_lines(result.out);
        correct.insert(correct.end(), step.written.begin(), step.written.end());
        correct.insert(correct.end(), output.begin(), output.end());
    }
    if (!all_match) corrected_[index] = std::move(correct);
}

/// The sessions of one interpreter on a page are one session, held against it by Python's own doctest.
void PageRunner::run_sessions() {
    const std::string driver = "import doctest, sys\n"
                               "sys.path.insert(0, '')\n"
                               "flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE\n"
                               "failed, tried = doctest.testfile(sys.argv[1], module_relative=False, "
                               "optionflags=flags)\n"
                               "sys.exit(failed > 0 or tried == 0)\n";
    for (const auto& [version, session] : sessions_) {
        const std::string name = "session-" + version + ".txt";
        if (!support::write_file(folder_.file(name), support::as_bytes(session.text)) ||
            !support::write_file(folder_.file("run_session.py"), support::as_bytes(driver))) {
            complain(session.line, "cannot write " + name);
        }
        const RunResult result = run_shell("python" + version + " run_session.py " + name);
        if (result.status != 0)
            complain(session.line, "a session from here on goes otherwise:\n" + result.out);
        note_use(session.text);
    }
}

} // namespace pyasm::tests
