#include "cli/batch.hpp"
#include "cli/commands.hpp"
#include "cli/format_file.hpp"
#include "cli/input.hpp"
#include "cli/outputs.hpp"

namespace pyasm::cli {

int run_fmt(const Arguments& arguments, const Console& console) {
    const std::optional<std::size_t> threads = wanted_threads(arguments, console);
    if (!threads) return status_system_at_fault;
    const std::optional<Plan> plan = plan_in_place(arguments, console);
    if (!plan) return status_system_at_fault;
    const bool check = arguments.has(OptionId::Check);
    const Convert format = [&](const Job& job, const Console& its_console) {
        return format_file(job.input, check, its_console);
    };
    return run_batch(*plan, *threads, format, console);
}

} // namespace pyasm::cli
