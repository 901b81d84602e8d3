#include "linker/code_names.hpp"

#include "program/outline.hpp"
#include "program/qualified_names.hpp"
#include "program/symbol_text.hpp"

namespace pyasm::linker {
namespace {

bool take_ending(std::string_view& name, std::string_view ending) {
    if (name.size() <= ending.size() || !name.ends_with(ending)) return false;
    name.remove_suffix(ending.size());
    return true;
}

} // namespace

std::string as_symbol(std::string_view name) {
    return program::symbol_text(name, longest_code_name, program::Dots::Kept);
}

std::string stem_of(std::string_view path) {
    path.remove_prefix(path.rfind('/') + 1); // npos + 1 is 0
    for (const std::string_view ending : {".pyasmo", ".pyasm", ".pyc", ".pyo"})
        if (take_ending(path, ending)) break;
    // PEP 3147 and 488: hello.cpython-313.opt-1.pyc
    for (const std::string_view mark : {".opt-", ".cpython-"}) {
        const std::size_t dot = path.rfind('.');
        if (dot != std::string_view::npos && dot != 0 && path.substr(dot).starts_with(mark))
            path = path.substr(0, dot);
    }
    return as_symbol(path);
}

std::vector<NamedCode> name_code_objects(const objects::PycFile& file, support::Arena& arena) {
    const program::Outline outline(file.pool, *file.target, file.top, arena);
    const program::QualifiedNames names(outline, file.pool);
    std::vector<NamedCode> found;
    found.reserve(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const objects::ValueId code = outline.entries()[i].code;
        found.push_back({code == file.top ? "<module>" : arena.copy(names[i]), code});
    }
    return found;
}

} // namespace pyasm::linker
