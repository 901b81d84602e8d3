#include "cli/assemble_file.hpp"
#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/compile_object.hpp"
#include "cli/input.hpp"
#include "cli/outputs.hpp"

#include <algorithm>

namespace pyasm::cli {
namespace {

/// Whether no depfile meets an output, an input or another depfile, or is called as a source is, and each can
/// name its files.
bool check_depfiles(const Arguments& arguments, const Plan& plan, const Console& console) {
    std::vector<OutputFile> outputs;
    std::vector<OutputFile> depfiles;
    std::vector<std::string> inputs;
    for (const Job& job : plan.jobs) {
        outputs.push_back({"-o", job.output});
        depfiles.push_back({depfile_option(arguments), depfile_path(arguments, job.output)});
        outputs.push_back(depfiles.back());
        inputs.push_back(job.input);
        if (!check_depfile_names({job.output, job.input}, console)) return false;
    }
    return check_outputs(outputs, inputs, console) && check_output_names(depfiles, console);
}

} // namespace

int run_asm(const Arguments& arguments, const Console& console) {
    const isa::Target* target = nullptr;
    if (const auto& name = arguments.value(OptionId::Target)) {
        target = target_by_name(*name, console);
        if (target == nullptr) return status_system_at_fault;
    }
    const std::optional<std::size_t> threads = wanted_threads(arguments, console);
    if (!threads) return status_system_at_fault;
    AssembleRequest common;
    if (!take_macro_options(arguments, common, console)) return status_system_at_fault;
    const bool expand = arguments.has(OptionId::Expand);
    const bool objects = arguments.has(OptionId::Compile);
    if (expand && objects) {
        console.error("--expand prints text, and -c makes an object file; give one of them");
        return status_system_at_fault;
    }
    std::optional<Plan> plan = plan_outputs(arguments,
                                            expand    ? expand_outputs()
                                            : objects ? object_outputs()
                                                      : asm_outputs(),
                                            console);
    if (!plan) return status_system_at_fault;
    plan->reads_more = true;
    plan->reads_first = expand && plan->jobs.size() > 1; // no source includes a .pyc or an object file
    const bool to_stdout =
        expand || std::ranges::any_of(plan->jobs, [](const Job& job) { return job.output == "-"; });
    if (!check_depfile_options(arguments, plan->jobs.size(), to_stdout, console))
        return status_system_at_fault;
    if (arguments.has(OptionId::Depfile) && !check_depfiles(arguments, *plan, console))
        return status_system_at_fault;

    const Convert assemble = [&](const Job& job, const Console& its_console) {
        AssembleRequest request = common;
        request.path = job.input;
        request.target = target;
        request.verify = !arguments.has(OptionId::NoVerify);
        if (plan->is_tree) request.error_limit = tree_error_limit;
        std::vector<std::string> found;
        request.files_read = &found;
        AssembleOutcome outcome = expand    ? expand_file(std::move(request), its_console)
                                  : objects ? compile_object(std::move(request), its_console)
                                            : assemble_file(std::move(request), its_console);
        Converted converted{outcome.status, outcome.errors, std::move(outcome.pyc), outcome.bytes_read};
        if (arguments.has(OptionId::Depfile) && converted.output) {
            auto text = depfile_text(job.output, {job.input}, found, its_console);
            if (text) {
                converted.depfile = {depfile_path(arguments, job.output), *std::move(text)};
            } else {
                converted.output.reset();
                converted.status = status_system_at_fault;
            }
        }
        converted.files_read = std::move(found);
        return converted;
    };
    return run_batch(*plan, *threads, assemble, console);
}

} // namespace pyasm::cli
