#include "cli/assemble_file.hpp"
#include "cli/commands.hpp"
#include "support/files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <ostream>
#include <system_error>

namespace pyasm::cli {
namespace {

namespace fs = std::filesystem;

/// One input and where its output goes.
struct Job {
    std::string input;  ///< "-" is standard input
    std::string output; ///< "-" is standard output
};

struct Plan {
    std::vector<Job> jobs;
    std::string folder; ///< to be made before something is written; empty: none
};

bool is_folder(const std::string& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

/// "dir/hello.pyasm" -> "dir/hello.pyc"; another ending stays and gets ".pyc" behind it.
std::string with_pyc_ending(const std::string& path) {
    constexpr std::string_view ending = ".pyasm";
    if (path.size() > ending.size() && path.ends_with(ending) &&
        path[path.size() - ending.size() - 1] != '/') {
        return path.substr(0, path.size() - ending.size()) + ".pyc";
    }
    return path + ".pyc";
}

std::string file_name(const std::string& path) { return fs::path(path).filename().string(); }

/// One spelling for all paths to a file, so that two can be compared. The file need not exist.
std::string identity(const std::string& path) {
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(fs::absolute(path, error), error);
    return error ? path : canonical.string();
}

std::optional<Plan> fail(const Console& console, const std::string& message) {
    console.error(message);
    return std::nullopt;
}

/// Decides where each output goes, without looking into the inputs.
std::optional<Plan> place_outputs(const Arguments& arguments, const Console& console) {
    const std::vector<std::string>& inputs = arguments.words;
    const std::optional<std::string>& wanted = arguments.value(OptionId::Output);
    if (inputs.empty()) return fail(console, "no input file (see pyasm asm --help)");
    if (wanted && wanted->empty()) return fail(console, "option --output needs a path, not an empty one");

    Plan plan;
    const bool into_folder = wanted && *wanted != "-" && (wanted->back() == '/' || is_folder(*wanted));
    if (into_folder) plan.folder = *wanted;
    if (wanted && !into_folder && inputs.size() > 1) {
        return fail(
            console,
            *wanted == "-"
                ? "standard output takes one .pyc, and there are several inputs"
                : fmt::format(
                      "{0} is not a folder, and there are several inputs (write -o {0}/ to make it one)",
                      *wanted));
    }
    if (std::count(inputs.begin(), inputs.end(), "-") > 1) {
        return fail(console, "standard input can be read only once");
    }
    for (const std::string& input : inputs) {
        if (input.empty()) return fail(console, "an input's name is empty");
        if (into_folder && input == "-") {
            return fail(console, "standard input has no name to use in a folder; write -o FILE");
        }
        std::string output;
        if (into_folder) {
            output = (fs::path(*wanted) / with_pyc_ending(file_name(input))).string();
        } else if (wanted) {
            output = *wanted;
        } else {
            output = input == "-" ? "-" : with_pyc_ending(input);
        }
        plan.jobs.push_back({input, std::move(output)});
    }
    return plan;
}

/// Outputs must not meet each other or an input.
bool is_free_of_clashes(const Plan& plan, const Console& console) {
    std::map<std::string, const Job*> outputs;
    for (const Job& job : plan.jobs) {
        const std::string key = job.output == "-" ? "-" : identity(job.output);
        const auto [place, is_new] = outputs.emplace(key, &job);
        if (!is_new) {
            console.error(fmt::format("{} and {} would both be written to {}", place->second->input,
                                      job.input, job.output == "-" ? "standard output" : job.output));
            return false;
        }
    }
    for (const Job& job : plan.jobs) {
        if (job.input == "-") continue;
        const auto clash = outputs.find(identity(job.input));
        if (clash != outputs.end()) {
            console.error(clash->second == &job
                              ? fmt::format("{} would be overwritten by its own output", job.input)
                              : fmt::format("{} would be overwritten by the output for {}", job.input,
                                            clash->second->input));
            return false;
        }
    }
    return true;
}

bool writes_to_terminal(const Plan& plan, const Console& console) {
    const bool to_stdout =
        std::any_of(plan.jobs.begin(), plan.jobs.end(), [](const Job& job) { return job.output == "-"; });
    if (!to_stdout || !console.out_is_terminal) return false;
    console.error("a .pyc is binary and standard output is a terminal; write -o FILE");
    return true;
}

bool write_output(const Job& job, const Plan& plan, support::Bytes pyc, const Console& console) {
    if (job.output == "-") {
        const std::string_view text = support::as_text(pyc);
        console.out.write(text.data(), static_cast<std::streamsize>(text.size()));
        console.out.flush();
        return true; // a failure shows in the stream's state, which is looked at when the run ends
    }
    if (!plan.folder.empty()) {
        std::error_code error;
        fs::create_directories(plan.folder, error);
        if (error && !is_folder(plan.folder)) {
            std::error_code ignored;
            const std::string path = plan.folder.substr(0, plan.folder.find_last_not_of('/') + 1);
            console.error(
                fmt::format("cannot make the folder {}: {}", plan.folder,
                            fs::exists(path, ignored) ? "a file of that name exists" : error.message()));
            return false;
        }
    }
    const support::Result<void> written = support::write_file(job.output, pyc);
    if (!written) console.error(fmt::format("{}: {}", job.output, written.error().message));
    return written.ok();
}

} // namespace

int run_asm(const Arguments& arguments, const Console& console) {
    AssembleRequest request;
    if (const auto& name = arguments.value(OptionId::Target)) {
        request.target = target_by_name(*name, console);
        if (request.target == nullptr) return status_system_at_fault;
    }
    const std::optional<Plan> plan = place_outputs(arguments, console);
    if (!plan || !is_free_of_clashes(*plan, console) || writes_to_terminal(*plan, console)) {
        return status_system_at_fault;
    }
    int status = status_done;
    std::size_t errors = 0;
    std::size_t failed = 0;
    for (const Job& job : plan->jobs) {
        request.path = job.input;
        const AssembleOutcome outcome = assemble_file(request, console);
        status = std::max(status, outcome.status);
        errors += outcome.errors;
        failed += outcome.errors != 0;
        if (outcome.pyc && !write_output(job, *plan, outcome.pyc->view(), console))
            status = status_system_at_fault;
    }
    if (errors > 1)
        console.err << errors << " errors" << (failed > 1 ? fmt::format(" in {} files", failed) : "") << '\n';
    return status;
}

} // namespace pyasm::cli
