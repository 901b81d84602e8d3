#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The real interpreters that tests hold facts and output against, and the means to run them.
namespace pyasm::tests {

/// A CPython whose version and bytecode magic are those of one of our targets; it was asked for both.
struct Interpreter {
    std::string version;              ///< "3.13"
    std::vector<std::string> command; ///< what arguments are added to
    std::vector<std::string> env;     ///< "K=V", on top of this process's environment
};

/// All that were found, oldest first, at most one a target. Searched at the first call, in this order:
/// $PYASM_PYTHONS, `pythonX.Y` on $PATH, pyenv's versions, the cache folder.
///
/// PYASM_PYTHONS is a list with colons between: an executable; VERSION=EXECUTABLE; or a folder that holds a
/// Debian root tree with usr/bin/pythonX.Y, which is run with the tree's own dynamic loader and libraries.
const std::vector<Interpreter>& interpreters();

/// Null if there is none of this version.
const Interpreter* interpreter(std::string_view version);

/// For the end of a test run: which interpreters were used and which targets have none, and why. Empty if no
/// test asked for one.
std::string describe_interpreters();
/// How many targets have no interpreter.
std::size_t missing_interpreters();

struct RunResult {
    int status = 0; ///< exit status; 128 + the signal's number if one ended it; -1 if it did not start or
                    ///< took too long
    std::string out, err;
};

/// Runs an interpreter with arguments to its end, within a minute. What it prints is UTF-8, hashes are not
/// random and no
/// `.pyc` is written unasked.
RunResult run_python(const Interpreter& interpreter, const std::vector<std::string>& args,
                     std::string_view stdin_text = {});

/// Runs a command to its end, within a minute. argv[0] is looked up on $PATH; `env` ("K=V") goes on top.
RunResult run_command(const std::vector<std::string>& argv, const std::vector<std::string>& env = {},
                      std::string_view stdin_text = {});

/// The absolute path of a file of the checkout.
std::string source_path(std::string_view relative);

/// A folder of its own that goes away with the object.
class TemporaryFolder {
  public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    [[nodiscard]] const std::string& path() const { return path_; }
    /// The path of a file in it.
    [[nodiscard]] std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

  private:
    std::string path_;
};

} // namespace pyasm::tests
