#include "cli/interpreter.hpp"

#include "support/process.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <set>
#include <system_error>
#include <vector>

namespace pyasm::cli {
namespace {

/// Prints "pyasm MAGIC X.Y.Z". Imports nothing that a file in the current folder could stand in for: the
/// frozen importlib is loaded already (3.3+), and `imp` is built in (2.7).
constexpr const char* question = R"(
import sys
try:
    from _frozen_importlib_external import MAGIC_NUMBER as magic
except ImportError:
    import imp
    magic = imp.get_magic()
magic = bytearray(magic)
sys.stdout.write('pyasm %d %d.%d.%d' % ((magic[0] | magic[1] << 8,) + tuple(sys.version_info[:3])))
)";

constexpr std::chrono::seconds patience{20};

} // namespace

std::optional<Interpreter> ask_interpreter(const std::string& path) {
    support::ProcessRequest request;
    request.argv = {path, "-S", "-c", question};
    request.input_from = support::ProcessRequest::Input::Text;
    request.output_to = support::ProcessRequest::Output::Capture;
    request.capture_limit = 1 << 20;
    request.timeout = patience;
    const support::Result<support::ProcessResult> result = support::run_process(request);
    if (!result || result->signal != 0 || result->status != 0) return std::nullopt;

    constexpr std::string_view mark = "pyasm ";
    std::string_view answer = result->out;
    if (!answer.starts_with(mark)) return std::nullopt;
    answer.remove_prefix(mark.size());
    Interpreter found;
    found.path = path;
    const auto [end, error] = std::from_chars(answer.data(), answer.data() + answer.size(), found.magic);
    if (error != std::errc{} || end == answer.data() + answer.size()) return std::nullopt;
    found.version = support::printable(answer.substr(static_cast<std::size_t>(end - answer.data()) + 1));
    return found;
}

std::string describe(const Interpreter& interpreter) {
    return fmt::format("{} (version {}, magic number {})", interpreter.path, interpreter.version,
                       interpreter.magic);
}

std::optional<Interpreter> named_interpreter(const std::string& name, const Console& console) {
    const std::vector<std::string> paths = support::find_on_path(name);
    if (paths.empty()) {
        console.error(
            name.find('/') == std::string::npos
                ? fmt::format("no program '{}' on PATH (asked for with --python)", support::printable(name))
                : fmt::format("{} is not an executable file (asked for with --python)", name));
        return std::nullopt;
    }
    std::optional<Interpreter> found = ask_interpreter(paths.front());
    if (!found) console.error(fmt::format("{} does not answer as a Python interpreter does", paths.front()));
    return found;
}

std::optional<Interpreter> matching_interpreter(const isa::Target& target, std::string_view advice,
                                                const Console& console) {
    std::vector<std::string> others;
    std::set<std::string> asked; // a program often stands on PATH under several names
    for (const std::string& name : {"python" + std::string(target.name), std::string("python3"),
                                    std::string("python2"), std::string("python")}) {
        for (const std::string& path : support::find_on_path(name)) {
            std::error_code error;
            const std::string real = std::filesystem::canonical(path, error).string();
            if (!error && !asked.insert(real).second) continue;
            const std::optional<Interpreter> found = ask_interpreter(path);
            if (!found) continue;
            if (found->magic == target.magic) return found;
            others.push_back(describe(*found));
        }
    }
    console.error(fmt::format("no interpreter for CPython {} on PATH: looked for python{}, python3, python2 "
                              "and python with magic number {}",
                              target.name, target.name, target.magic));
    for (const std::string& other : others) console.note("found " + other);
    console.note(advice);
    return std::nullopt;
}

const isa::Target* default_target(const Console& console) {
    for (const std::string name : {"python3", "python"}) {
        for (const std::string& path : support::find_on_path(name)) {
            const std::optional<Interpreter> found = ask_interpreter(path);
            if (!found) continue;
            const isa::Target* target = isa::target_of_magic(found->magic);
            if (target == nullptr) {
                console.error(fmt::format("{} is of no version that can be assembled for; write --target "
                                          "VERSION (see pyasm targets)",
                                          describe(*found)));
            }
            return target;
        }
    }
    console.error("no target is named, and there is no python3 or python on PATH to take it from; write "
                  "--target VERSION");
    return nullptr;
}

} // namespace pyasm::cli
