#pragma once

#include "support/result.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pyasm::support {

/// What to run and how its streams are connected.
struct ProcessRequest {
    enum class Input { Inherit, Text };     ///< Text: it reads `input`, then the end of file
    enum class Output { Inherit, Capture }; ///< for standard output and standard error alike

    std::vector<std::string> argv; ///< argv[0] is the program's path, used as it is; see `find_on_path`
    /// Set in the child's environment on top of this process's own.
    std::vector<std::pair<std::string, std::string>> environment;
    Input input_from = Input::Inherit;
    Output output_to = Output::Inherit;
    std::string input;
    /// Bytes kept of each captured stream; a program that writes more is killed.
    std::size_t capture_limit = std::size_t{256} << 20;
    /// Only where output is captured: a program that takes longer is killed.
    std::optional<std::chrono::milliseconds> timeout;
};

struct ProcessResult {
    int status = 0;          ///< exit status 0..255; meaningless if `signal` is not 0
    int signal = 0;          ///< the signal that ended it; 0 if it ended by itself
    bool timed_out = false;  ///< it was killed for `timeout`
    bool overflowed = false; ///< it was killed for `capture_limit`
    std::string out, err;    ///< what was captured
};

/// Runs a program to its end. A program that cannot be started is an error that says why. While it runs with
/// inherited streams, a signal sent to this process (SIGTERM, SIGHUP, SIGINT, SIGQUIT) goes on to the
/// program, whose end is then waited for, so that the caller can tidy up.
[[nodiscard]] Result<ProcessResult> run_process(const ProcessRequest& request);

/// Every executable file of this name in the folders of $PATH, in order. A name with a slash is itself the
/// only candidate. Empty if there is none.
[[nodiscard]] std::vector<std::string> find_on_path(const std::string& name);

/// "SIGSEGV"; "signal 42" for one without a name.
[[nodiscard]] std::string signal_name(int signal);

} // namespace pyasm::support
