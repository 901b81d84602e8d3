#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/disassemble_file.hpp"
#include "cli/input.hpp"
#include "cli/outputs.hpp"

namespace pyasm::cli {

int run_dis(const Arguments& arguments, const Console& console) {
    DisassembleRequest request;
    if (!marshal_target(arguments, console, request.marshal_target)) return status_system_at_fault;
    const std::optional<std::size_t> threads = wanted_threads(arguments, console);
    if (!threads) return status_system_at_fault;
    std::optional<Plan> plan = plan_outputs(arguments, dis_outputs(), console);
    if (!plan) return status_system_at_fault;

    request.exact = arguments.has(OptionId::Exact);
    request.offsets = arguments.has(OptionId::Offsets);
    request.stack = arguments.has(OptionId::Stack);
    request.source = arguments.has(OptionId::Source);
    plan->reads_more = request.source;
    request.source_notes = !plan->is_tree;
    const Convert disassemble = [&request](const Job& job, const Console& its_console) {
        DisassembleRequest one = request;
        one.path = job.input;
        return disassemble_file(one, its_console);
    };
    return run_batch(*plan, *threads, disassemble, console);
}

} // namespace pyasm::cli
