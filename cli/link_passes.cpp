#include "cli/link_passes.hpp"

#include "linker/codes.hpp"
#include "linker/fold.hpp"
#include "linker/gc.hpp"
#include "linker/strip.hpp"

#include <fmt/format.h>

#include <string>

namespace pyasm::cli {
namespace {

std::string counted(std::size_t count, std::string_view one, std::string_view several) {
    return fmt::format("{} {}", count, count == 1 ? one : several);
}

std::string strip(objects::PycFile& file) {
    const linker::StripSaved saved = linker::strip(file);
    return fmt::format("{}, {} and {}", counted(saved.docstrings, "docstring", "docstrings"),
                       counted(saved.line_tables, "line table", "line tables"),
                       counted(saved.filenames, "file name", "file names"));
}

std::string collect(objects::PycFile& file) {
    const linker::GcSaved saved = linker::collect_garbage(file);
    std::string text = fmt::format("{}, {} and {}", counted(saved.constants, "constant", "constants"),
                                   counted(saved.names, "name", "names"),
                                   counted(saved.codes, "code object", "code objects"));
    if (saved.left_alone != 0)
        text += fmt::format("; {} that no compiler writes {} left alone",
                            counted(saved.left_alone, "code object", "code objects"),
                            saved.left_alone == 1 ? "was" : "were");
    return text;
}

std::string fold(objects::PycFile& file) {
    const linker::FoldSaved saved = linker::fold(file);
    return fmt::format("{} and {}", counted(saved.codes, "code object", "code objects"),
                       counted(saved.constants, "constant", "constants"));
}

} // namespace

bool wants_passes(const Arguments& arguments) {
    return arguments.has(OptionId::Strip) || arguments.has(OptionId::Gc) || arguments.has(OptionId::Fold);
}

void run_passes(const Arguments& arguments, objects::PycFile& file, const Console& console) {
    const auto run = [&](OptionId id, std::string (*pass)(objects::PycFile&)) {
        if (!arguments.has(id)) return;
        const std::size_t before = linker::written_size(file);
        const std::string what = pass(file);
        const std::size_t after = linker::written_size(file);
        // A table that was the same as another one and is no more has to be written itself.
        const std::string saved = after > before
                                      ? fmt::format("adds {} to {} bytes", after - before, before)
                                      : fmt::format("saves {} of {} bytes", before - after, before);
        console.note(fmt::format("{}: {}; {}", option(id).long_name, what, saved));
    };
    run(OptionId::Strip, strip);
    run(OptionId::Gc, collect);
    run(OptionId::Fold, fold);
}

} // namespace pyasm::cli
