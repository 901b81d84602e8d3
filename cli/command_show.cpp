#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/show_object.hpp"
#include "inspector/show.hpp"
#include "linker/object_file.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

namespace pyasm::cli {

int run_show(const Arguments& arguments, const Console& console) {
    if (arguments.words.empty()) {
        console.error("no input file (see pyasm show --help)");
        return status_system_at_fault;
    }
    if (arguments.has(OptionId::Bytes) && arguments.has(OptionId::Json)) {
        console.error("--bytes and --json do not go together");
        return status_system_at_fault;
    }
    if (std::count(arguments.words.begin(), arguments.words.end(), "-") > 1) {
        console.error("standard input can be read only once");
        return status_system_at_fault;
    }
    const isa::Target* target = nullptr;
    if (!marshal_target(arguments, console, target)) return status_system_at_fault;
    int status = status_done;
    bool is_first = true;
    for (const std::string& path : arguments.words) {
        auto content = read_input(path, console);
        if (!content) {
            report_input(path, content.error().message, {}, console);
            status = std::max(status, status_system_at_fault);
            continue;
        }
        const bool as_json = arguments.has(OptionId::Json);
        if (!target && !as_json && !arguments.has(OptionId::Bytes) && linker::is_object_file(*content)) {
            if (!is_first) console.out << '\n';
            is_first = false;
            status = std::max(status, show_object(path, *content, console));
            continue;
        }
        PycInput input;
        input.content = std::move(*content);
        parse_pyc_input(path, target, console, input);
        status = std::max(status, input.status);
        if (input.status != status_done) continue;
        const std::string name = display_name(path);
        const inspector::Subject subject{input.file, support::as_bytes(input.content), name};
        inspector::Output out([&console](std::string_view text) {
            console.out.write(text.data(), static_cast<std::streamsize>(text.size()));
        });
        if (!is_first && !as_json) out.line("");
        is_first = false;
        if (as_json)
            inspector::show_json(subject, out);
        else if (arguments.has(OptionId::Bytes))
            inspector::show_bytes(subject, out);
        else
            inspector::show_summary(subject, console.width, out);
    }
    return status;
}

} // namespace pyasm::cli
