#include "cli/assemble_file.hpp"
#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/outputs.hpp"
#include "cli/verify_file.hpp"

#include <fmt/format.h>

#include <span>
#include <vector>

namespace pyasm::cli {
namespace {

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// Who asks for a folder wants to know that there was something in it.
void report_success(std::span<const VerifyCounts> files, const Console& console) {
    VerifyCounts all;
    for (const VerifyCounts& one : files) {
        all.code_objects += one.code_objects;
        all.warnings += one.warnings;
    }
    console.note(fmt::format(
        "{} in {}: no errors{}", counted(all.code_objects, "code object"), counted(files.size(), "file"),
        all.warnings == 0 ? std::string() : fmt::format(", {}", counted(all.warnings, "warning"))));
}

} // namespace

int run_verify(const Arguments& arguments, const Console& console) {
    VerifyRequest request;
    request.json = arguments.has(OptionId::Json);
    request.explain = arguments.has(OptionId::Explain);
    if (request.json && request.explain) {
        console.error("--json and --explain do not go together");
        return status_system_at_fault;
    }
    if (arguments.has(OptionId::Marshal)) {
        if (!marshal_target(arguments, console, request.marshal_target)) return status_system_at_fault;
    } else if (const auto& name = arguments.value(OptionId::Target)) {
        request.target = target_by_name(*name, console);
        if (request.target == nullptr) return status_system_at_fault;
    }
    AssembleRequest macros;
    if (!take_macro_options(arguments, macros, console)) return status_system_at_fault;
    request.include_folders = std::move(macros.include_folders);
    request.definitions = std::move(macros.definitions);
    const std::optional<std::size_t> threads = wanted_threads(arguments, console);
    if (!threads) return status_system_at_fault;
    const std::optional<Plan> plan = plan_verification(arguments, console);
    if (!plan) return status_system_at_fault;

    if (plan->is_tree) request.error_limit = tree_error_limit;
    std::vector<VerifyCounts> counts(plan->jobs.size()); // each thread writes those of its jobs
    const Convert verify = [&](const Job& job, const Console& its_console) {
        const auto index = static_cast<std::size_t>(&job - plan->jobs.data());
        VerifyRequest one = request;
        one.path = job.input;
        one.is_first = index == 0;
        return verify_file(one, its_console, counts[index]);
    };
    const int status = run_batch(*plan, *threads, verify, console);
    if (status == status_done && plan->is_tree) report_success(counts, console);
    return status;
}

} // namespace pyasm::cli
