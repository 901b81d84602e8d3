#include "linker/library.hpp"

#include <algorithm>

namespace pyasm::linker {

void Library::add(std::string path, InputKind kind, const std::vector<std::string>& names) {
    const auto index = static_cast<InputIndex>(members_.size());
    definitions_.add_file(path);
    members_.push_back({std::move(path), kind});
    for (const std::string& name : names)
        definitions_.add(
            {texts_.copy(name), index, objects::no_value, true, kind == InputKind::Bytecode, {}, 0});
}

std::vector<std::size_t> Library::find(std::string_view symbol) const {
    std::vector<std::size_t> found;
    for (const Definition* one : definitions_.find(symbol)) found.push_back(one->input);
    // Two units with one name: both are taken, so that both places can be shown.
    if (found.size() == 1)
        for (const Definition* other : definitions_.strong_twins(symbol)) found.push_back(other->input);
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    std::erase_if(found, [this](std::size_t member) { return members_[member].taken; });
    return found;
}

std::vector<std::string> Library::names() const {
    std::vector<std::string> names;
    for (const Definition& one : definitions_.all()) names.emplace_back(one.name);
    return names;
}

bool take_needed(Linker& linker, std::vector<Library>& libraries,
                 const std::function<bool(const Library&, const Library::Member&)>& load) {
    if (libraries.empty()) return true;
    const auto take_one = [&](std::string_view symbol) {
        for (Library& library : libraries) {
            const std::vector<std::size_t> found = library.find(symbol);
            for (const std::size_t member : found) {
                library.take(member);
                if (!load(library, library.members()[member])) return false;
            }
            if (!found.empty()) break;
        }
        return true;
    };
    // What no library has once it never has: only what new members want is looked for again.
    for (std::size_t searched = 0; searched != linker.wanted_count();) {
        const std::size_t count = linker.wanted_count();
        for (const WantedSymbol& wanted : linker.undefined(searched))
            if (!linker.is_defined(wanted.name) && !take_one(wanted.name)) return false;
        searched = count;
    }
    return true;
}

} // namespace pyasm::linker
