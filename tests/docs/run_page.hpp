#pragma once

#include "tests/docs/page.hpp"
#include "tests/support/interpreters.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::tests {

/// Whether the lines that came are the lines that were promised. Blanks at the end of a line do not count; a
/// promised line `...` stands for any number of lines.
[[nodiscard]] bool matches(const std::vector<std::string>& promised, const std::vector<std::string>& came);

/// Does what a page says, block by block, in a folder of its own. The conventions stand in docs_test.cpp.
class PageRunner {
  public:
    /// `path` is the $PATH of the commands.
    PageRunner(const Page& page, std::string path);

    void run();

    [[nodiscard]] const std::vector<std::string>& findings() const { return findings_; }
    /// Versions without an interpreter that some block needs.
    [[nodiscard]] const std::set<std::string>& missing() const { return missing_; }
    /// Blocks that did something.
    [[nodiscard]] std::size_t blocks_run() const { return blocks_run_; }
    /// Console blocks whose output was not the promised one, as they should read: by index in Page::blocks.
    [[nodiscard]] const std::map<std::size_t, std::vector<std::string>>& corrected() const {
        return corrected_;
    }

  private:
    struct WrittenFile {
        std::size_t line;
        std::string name;
        bool used;
    };
    struct Session {
        std::size_t line;
        std::string text;
    };

    void run_block(std::size_t index);
    void write_block(const DocBlock& block, const std::string& name);
    void assemble(const DocBlock& block, const std::string& source);
    void run_console(std::size_t index);
    /// Notes which files `text`, a command or a session, uses.
    void note_use(const std::string& text);
    void run_sessions();
    [[nodiscard]] bool has_interpreters(const DocBlock& block);
    RunResult run_shell(const std::string& command) const;
    void complain(std::size_t line, std::string_view message) {
        findings_.push_back(finding(page_, line, message));
    }

    const Page& page_;
    std::string search_path_;
    TemporaryFolder folder_;
    std::vector<WrittenFile> written_;
    std::map<std::string, Session> sessions_; ///< by interpreter version
    std::vector<std::string> findings_;
    std::set<std::string> missing_;
    std::map<std::size_t, std::vector<std::string>> corrected_;
    std::size_t blocks_run_ = 0;
};

} // namespace pyasm::tests
