#include "tests/support/interpreters.hpp"

#include "isa/target.hpp"
#include "support/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <utility>

#include <unistd.h>

namespace pyasm::tests {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds time_limit{60};

struct Missing {
    std::string version;
    std::string why;
};

struct Found {
    std::vector<Interpreter> all;
    std::vector<Missing> missing;
};

bool was_asked = false; // for the closing report only

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> result;
    while (!text.empty()) {
        const std::size_t at = std::min(text.find(separator), text.size());
        if (at > 0) result.emplace_back(text.substr(0, at));
        text.remove_prefix(std::min(at + 1, text.size()));
    }
    return result;
}

/// The interpreter of a Debian root tree, run from outside of it.
std::optional<Interpreter> in_root_tree(const std::string& root, const std::string& version) {
    const std::string program = root + "/usr/bin/python" + version;
    std::error_code ignored;
    if (!fs::exists(program, ignored)) return std::nullopt;
    for (const auto& folder : fs::directory_iterator(root + "/usr/lib", ignored)) {
        const std::string triplet = folder.path().filename();
        if (triplet.find("-linux-gnu") == std::string::npos) continue;
        for (const auto& file : fs::directory_iterator(folder.path(), ignored)) {
            const std::string name = file.path().filename();
            if (!name.starts_with("ld-linux") && !name.starts_with("ld64")) continue;
            const std::string libraries = fmt::format("{0}/usr/lib/{1}:{0}/lib/{1}", root, triplet);
            return Interpreter{version,
                               {file.path(), "--library-path", libraries, program},
                               {"PYTHONHOME=" + root + "/usr"}};
        }
    }
    return std::nullopt;
}

/// Everything that may be the interpreter of this version, best first.
std::vector<Interpreter> candidates(const std::string& version) {
    std::vector<Interpreter> result;
    const auto add_program = [&](std::string path) { result.push_back({version, {std::move(path)}, {}}); };
    const auto add_tree = [&](const std::string& root) {
        if (auto found = in_root_tree(root, version)) result.push_back(std::move(*found));
    };
    std::error_code ignored;
    for (const std::string& entry : split(variable("PYASM_PYTHONS"), ':')) {
        const std::size_t equals = entry.find('=');
        if (fs::is_directory(entry, ignored)) {
            add_tree(entry);
        } else if (equals == std::string::npos) {
            add_program(entry);
        } else if (entry.substr(0, equals) == version) {
            add_program(entry.substr(equals + 1));
        }
    }
    for (std::string& path : support::find_on_path("python" + version)) add_program(std::move(path));

    const std::string home = variable("HOME");
    const std::string pyenv = variable("PYENV_ROOT");
    for (const auto& folder :
         fs::directory_iterator((pyenv.empty() ? home + "/.pyenv" : pyenv) + "/versions", ignored)) {
        const std::string name = folder.path().filename();
        if (name == version || name.starts_with(version + ".")) add_program(folder.path() / "bin/python");
    }
    const std::string cache = variable("XDG_CACHE_HOME");
    add_tree((cache.empty() ? home + "/.cache" : cache) + "/pyasm/sid");
    return result;
}

/// Asks the candidate what it is; says why it is not the target's interpreter, or nothing if it is.
std::optional<std::string> objection(const Interpreter& candidate, const isa::Target& target) {
    static const char* const question = R"(
import sys
try:
    from importlib.util import MAGIC_NUMBER as magic
except ImportError:
    import imp
    magic = imp.get_magic()
magic = bytearray(magic)
name = 'CPython' if 'PyPy' not in sys.version else 'PyPy'
sys.stdout.write('%s %d.%d %d' % ((name,) + tuple(sys.version_info[:2]) + (magic[0] + 256 * magic[1],)))
)";
    const RunResult answer = run_python(candidate, {"-c", question});
    if (answer.status != 0) return fmt::format("{} does not run", candidate.command.back());
    if (!answer.out.starts_with("CPython " + std::string(target.name) + " ")) {
        return fmt::format("{} is {}", candidate.command.back(), answer.out);
    }
    if (answer.out != fmt::format("CPython {} {}", target.name, target.magic)) {
        return fmt::format("{} is another release ({}; the target's magic number is {})",
                           candidate.command.back(), answer.out, target.magic);
    }
    return std::nullopt;
}

Found search() {
    Found found;
    for (const isa::Target& target : isa::all_targets()) {
        const std::string version(target.name);
        std::string why = "none found";
        bool have = false;
        for (Interpreter& candidate : candidates(version)) {
            if (auto reason = objection(candidate, target)) {
                why = std::move(*reason);
                continue;
            }
            found.all.push_back(std::move(candidate));
            have = true;
            break;
        }
        if (!have) found.missing.push_back({version, why});
    }
    return found;
}

const Found& found() {
    was_asked = true;
    static const Found result = search();
    return result;
}

} // namespace

const std::vector<Interpreter>& interpreters() { return found().all; }

const Interpreter* interpreter(std::string_view version) {
    const auto& all = interpreters();
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const Interpreter& one) { return one.version == version; });
    return at == all.end() ? nullptr : &*at;
}

std::string describe_interpreters() {
    if (!was_asked) return {};
    std::string result = "interpreters:";
    for (const Interpreter& one : found().all) result += " " + one.version;
    if (found().all.empty()) result += " none";
    result += "\n";
    for (const Missing& one : found().missing) {
        result += fmt::format("skipped what needs Python {}: {}\n", one.version, one.why);
    }
    return result;
}

std::size_t missing_interpreters() { return found().missing.size(); }

RunResult run_python(const Interpreter& interpreter, const std::vector<std::string>& args,
                     std::string_view stdin_text) {
    std::vector<std::string> argv = interpreter.command;
    argv.insert(argv.end(), args.begin(), args.end());
    std::vector<std::string> env = {
        "PYTHONIOENCODING=utf-8", "PYTHONHASHSEED=0", "PYTHONDONTWRITEBYTECODE=1", "PYTHONPATH=",
        "PYTHONSTARTUP=",         "NO_COLOR=1"};
    env.insert(env.end(), interpreter.env.begin(), interpreter.env.end());
    return run_command(argv, env, stdin_text);
}

RunResult run_command(const std::vector<std::string>& argv, const std::vector<std::string>& env,
                      std::string_view stdin_text) {
    support::ProcessRequest request;
    request.argv = argv;
    request.input_from = support::ProcessRequest::Input::Text;
    request.output_to = support::ProcessRequest::Output::Capture;
    request.input = stdin_text;
    request.timeout = time_limit;
    for (const std::string& setting : env) {
        const std::size_t equals = setting.find('=');
        request.environment.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
    const std::vector<std::string> programs = support::find_on_path(argv.front());
    if (programs.empty()) return {-1, {}, argv.front() + ": no such program\n"};
    request.argv.front() = programs.front();
    support::Result<support::ProcessResult> done = support::run_process(request);
    if (!done) return {-1, {}, done.error().message + "\n"};
    if (done->timed_out || done->overflowed) {
        const char* reason = done->timed_out ? "killed: it took too long\n" : "killed: it wrote too much\n";
        return {-1, std::move(done->out), done->err + reason};
    }
    return {done->signal ? 128 + done->signal : done->status, std::move(done->out), std::move(done->err)};
}

std::string source_path(std::string_view relative) {
    // Not by operator+: with a folder's name of certain lengths GCC 12 sees an overlap that is none.
    std::string path = PYASM_SOURCE_FOLDER "/";
    path += relative;
    return path;
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = fs::temp_directory_path() / "pyasm-test-XXXXXX";
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder: " + pattern);
    path_ = fs::canonical(pattern);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

} // namespace pyasm::tests
