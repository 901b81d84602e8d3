#include "cli/outputs.hpp"

#include "cli/tree.hpp"
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

bool is_folder(const std::string& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

bool exists(const std::string& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// Whether `path` is more than this ending.
bool ends_with(std::string_view path, std::string_view ending) {
    return path.size() > ending.size() && path.ends_with(ending) &&
           path[path.size() - ending.size() - 1] != '/';
}

std::string with_pyc_ending(const std::string& path) {
    constexpr std::string_view ending = ".pyasm";
    if (!ends_with(path, ending)) return path + ".pyc";
    std::string stem = path.substr(0, path.size() - ending.size());
    return ends_with(stem, ".pyo") ? stem : stem + ".pyc";
}

std::string with_object_ending(const std::string& path) {
    return ends_with(path, ".pyasm") ? path + "o" : path + ".pyasmo";
}

std::string with_pyasm_ending(const std::string& path) {
    constexpr std::string_view ending = ".pyc";
    return (ends_with(path, ending) ? path.substr(0, path.size() - ending.size()) : path) + ".pyasm";
}

bool is_source(std::string_view name) { return ends_with(name, ".pyasm"); }
std::string same_name(const std::string& path) { return path; }
bool is_bytecode(std::string_view name) { return ends_with(name, ".pyc") || ends_with(name, ".pyo"); }

constexpr OutputRules rules_of_asm{"asm", ".pyc", with_pyc_ending, is_source, ".pyasm", true, true};
constexpr OutputRules rules_of_object{"asm", "object file", with_object_ending, is_source, ".pyasm",
                                      true,  false};
constexpr OutputRules rules_of_dis{"dis", "listing", with_pyasm_ending, is_bytecode, ".pyc", false,
                                   false, true};
constexpr OutputRules rules_of_expand{"asm", "text", same_name, is_source, ".pyasm", false, false, true};
constexpr OutputRules rules_of_fmt{"fmt", "source", same_name, is_source, ".pyasm", true, false, true};
constexpr OutputRules rules_of_verify{
    "verify",
    "message",
    same_name,
    [](std::string_view name) { return is_source(name) || is_bytecode(name); },
    ".pyc or .pyasm",
    false,
    false,
    true};

std::string file_name(const std::string& path) { return fs::path(path).filename().string(); }

std::optional<Plan> fail(const Console& console, const std::string& message) {
    console.error(message);
    return std::nullopt;
}

std::string several_inputs(const std::string& wanted, const OutputRules& rules) {
    if (wanted == "-") {
        return fmt::format("standard output takes one {}, and there are several inputs{}", rules.noun,
                           rules.beside_input ? "" : " (write -o FOLDER/)");
    }
    return fmt::format("{0} is not a folder, and there are several inputs (write -o {0}/ to make it one)",
                       wanted);
}

/// Where the outputs of single files go.
std::optional<Plan> place_files(const Arguments& arguments, const OutputRules& rules,
                                const Console& console) {
    const std::vector<std::string>& inputs = arguments.words;
    const std::optional<std::string>& option = arguments.value(OptionId::Output);
    const std::string wanted = option ? *option : rules.beside_input ? "" : "-";
    Plan plan;
    const bool into_folder = !wanted.empty() && wanted != "-" && (wanted.back() == '/' || is_folder(wanted));
    if (into_folder) plan.folder = wanted;
    if (!wanted.empty() && !into_folder && inputs.size() > 1) {
        return fail(console, several_inputs(wanted, rules));
    }
    if (std::count(inputs.begin(), inputs.end(), "-") > 1) {
        return fail(console, "standard input can be read only once");
    }
    for (const std::string& input : inputs) {
        if (input.empty()) return fail(console, "an input's name is empty");
        if (into_folder && input == "-") {
            return fail(console, "standard input has no name to use in a folder; write -o FILE");
        }
        std::string output = wanted;
        if (into_folder) {
            output = (fs::path(wanted) / rules.output_name(file_name(input))).string();
        } else if (wanted.empty()) {
            output = input == "-" ? "-" : rules.output_name(input);
        }
        plan.jobs.push_back({input, std::move(output), {}});
    }
    return plan;
}

/// Where the outputs for the files of a folder go.
std::optional<Plan> place_tree(const Arguments& arguments, const OutputRules& rules, const Console& console) {
    if (arguments.words.size() > 1) {
        return fail(console, fmt::format("-r takes one folder, and {} is one more", arguments.words[1]));
    }
    const std::string& root = arguments.words.front();
    const std::optional<std::string>& wanted = arguments.value(OptionId::Output);
    if (!is_folder(root)) {
        return fail(console, exists(root) ? fmt::format("{} is not a folder; -r takes one", root)
                                          : fmt::format("{}: no such folder", root));
    }
    if (!wanted && !rules.beside_input) {
        return fail(console, fmt::format("-r needs a folder for the {}s: -o FOLDER", rules.noun));
    }
    const std::string out = wanted.value_or(root);
    if (out == "-" || (!is_folder(out) && exists(out.substr(0, out.find_last_not_of('/') + 1)))) {
        return fail(console, fmt::format("the output of -r is a folder, and {} is none",
                                         out == "-" ? "standard output" : out));
    }
    Plan plan;
    plan.is_tree = true;
    plan.jobs = walk_tree(root, out, rules);
    if (plan.jobs.empty())
        return fail(console, fmt::format("there is no {} file in {}", rules.tree_files, root));
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

/// A source without which the program cannot be made again is easily lost to a .pyc of its name.
bool takes_source_names(const Plan& plan, const OutputRules& rules, const Console& console) {
    if (rules.is_source) return false;
    const auto job = std::ranges::find_if(plan.jobs, [](const Job& one) { return is_source(one.output); });
    if (job == plan.jobs.end()) return false;
    console.error(fmt::format("the output {} is named like a source, and would be {} {}; name it {}",
                              job->output, rules.binary ? "a" : "an", rules.noun,
                              rules.output_name(job->output)));
    return true;
}

bool writes_to_terminal(const Plan& plan, const OutputRules& rules, const Console& console) {
    const bool to_stdout =
        std::any_of(plan.jobs.begin(), plan.jobs.end(), [](const Job& job) { return job.output == "-"; });
    if (!rules.binary || !to_stdout || !console.out_is_terminal) return false;
    console.error(fmt::format("a {} is binary and standard output is a terminal; write -o FILE", rules.noun));
    return true;
}

/// Makes a folder and those that it is in.
bool make_folder(const std::string& folder, const Console& console) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error || is_folder(folder)) return true;
    console.error(fmt::format("cannot make the folder {}: {}", folder,
                              exists(folder.substr(0, folder.find_last_not_of('/') + 1))
                                  ? "a file of that name exists"
                                  : error.message()));
    return false;
}

/// In a tree, which may come from anywhere, a link must not lead an output out of it.
bool is_link(const std::string& path) {
    std::error_code ignored;
    return fs::is_symlink(fs::symlink_status(path, ignored));
}

} // namespace

const OutputRules& asm_outputs() { return rules_of_asm; }
const OutputRules& expand_outputs() { return rules_of_expand; }
const OutputRules& object_outputs() { return rules_of_object; }
const OutputRules& dis_outputs() { return rules_of_dis; }

std::optional<Plan> plan_outputs(const Arguments& arguments, const OutputRules& rules,
                                 const Console& console) {
    const bool is_tree = arguments.has(OptionId::Recursive);
    const std::optional<std::string>& wanted = arguments.value(OptionId::Output);
    if (arguments.words.empty()) {
        return fail(console, fmt::format("no input {} (see pyasm {} --help)", is_tree ? "folder" : "file",
                                         rules.command));
    }
    if (wanted && wanted->empty()) return fail(console, "option --output needs a path, not an empty one");
    if (is_tree) return place_tree(arguments, rules, console); // no two of its outputs are the same
    std::optional<Plan> plan = place_files(arguments, rules, console);
    if (!plan || !is_free_of_clashes(*plan, console) || takes_source_names(*plan, rules, console) ||
        writes_to_terminal(*plan, rules, console)) {
        return std::nullopt;
    }
    return plan;
}

std::optional<Plan> plan_verification(const Arguments& arguments, const Console& console) {
    const std::vector<std::string>& inputs = arguments.words;
    if (inputs.empty()) return fail(console, "no input file (see pyasm verify --help)");
    if (std::count(inputs.begin(), inputs.end(), "-") > 1)
        return fail(console, "standard input can be read only once");
    Plan plan;
    for (const std::string& input : inputs) {
        if (input.empty()) return fail(console, "an input's name is empty");
        if (input == "-" || !is_folder(input)) {
            plan.jobs.push_back({input, "-", {}});
            continue;
        }
        plan.is_tree = true;
        std::vector<Job> jobs = walk_tree(input, input, rules_of_verify);
        if (jobs.empty())
            return fail(console, fmt::format("there is no {} file in {}", rules_of_verify.tree_files, input));
        for (Job& job : jobs) plan.jobs.push_back({std::move(job.input), "-", std::move(job.problem)});
    }
    return plan;
}

std::optional<Plan> plan_in_place(const Arguments& arguments, const Console& console) {
    const bool is_tree = arguments.has(OptionId::Recursive);
    if (arguments.words.empty()) {
        return fail(console, fmt::format("no input {} (see pyasm fmt --help)", is_tree ? "folder" : "file"));
    }
    std::optional<Plan> plan = is_tree ? place_tree(arguments, rules_of_fmt, console)
                                       : place_files(arguments, rules_of_fmt, console);
    if (!plan) return plan;
    if (is_tree) { // what a link in the tree leads to has a place of its own, or is none of the tree's
        std::erase_if(plan->jobs, [](const Job& job) { return is_link(job.input); });
        return plan;
    }
    std::map<std::string, const Job*> inputs;
    for (const Job& job : plan->jobs) {
        const auto [place, is_new] = inputs.emplace(job.input == "-" ? "-" : identity(job.input), &job);
        if (!is_new) {
            return fail(console, fmt::format("{} and {} are the same file", place->second->input, job.input));
        }
    }
    return plan;
}

bool write_output(const Job& job, const Plan& plan, support::Bytes content, const Console& console) {
    if (job.output == "-") {
        const std::string_view text = support::as_text(content);
        console.out.write(text.data(), static_cast<std::streamsize>(text.size()));
        console.out.flush();
        return true; // a failure shows in the stream's state, which is looked at when the run ends
    }
    const std::string folder = plan.is_tree ? fs::path(job.output).parent_path().string() : plan.folder;
    if (!folder.empty() && !make_folder(folder, console)) return false;
    if (plan.is_tree && is_link(job.output)) {
        console.error(fmt::format("{}: is a symbolic link, which is not followed in a tree", job.output));
        return false;
    }
    const support::Result<void> written = support::write_file(job.output, content);
    if (!written) console.error(fmt::format("{}: {}", job.output, written.error().message));
    return written.ok();
}

bool is_file_path(std::string_view path) {
    return path != "-" && !(path.starts_with('<') && path.ends_with('>'));
}

bool check_outputs(std::span<const OutputFile> outputs, std::span<const std::string> inputs,
                   const Console& console) {
    std::map<std::string, const OutputFile*> known;
    for (const OutputFile& output : outputs) {
        const auto [place, is_new] = known.emplace(output.path == "-" ? "-" : identity(output.path), &output);
        if (is_new) continue;
        console.error(fmt::format("{} and {} name the same place, {}", output.option, place->second->option,
                                  output.path));
        return false;
    }
    for (const std::string& input : inputs) {
        if (!is_file_path(input)) continue;
        const auto clash = known.find(identity(input));
        if (clash == known.end()) continue;
        const OutputFile& output = *clash->second;
        console.error(output.option == "-o"
                          ? fmt::format("the output {} is also an input", output.path)
                          : fmt::format("{} would overwrite the input {}", output.option, output.path));
        return false;
    }
    return true;
}

bool check_output_names(std::span<const OutputFile> outputs, const Console& console) {
    const auto wrong =
        std::ranges::find_if(outputs, [](const OutputFile& one) { return is_source(one.path); });
    if (wrong == outputs.end()) return true;
    console.error(wrong->option == "-o"
                      ? fmt::format("the output {} is named like a source, and would be a .pyc; name it {}",
                                    wrong->path, with_pyc_ending(wrong->path))
                      : fmt::format("{} {} is named like a source; give it another ending", wrong->option,
                                    wrong->path));
    return false;
}

std::string identity(const std::string& path) {
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(fs::absolute(path, error), error);
    return error ? path : canonical.string();
}

} // namespace pyasm::cli
