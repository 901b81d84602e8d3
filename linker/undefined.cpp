// FILE:NAME that no input has: is it the file, or the name?

#include "linker/parts.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::linker {

namespace {
constexpr std::size_t most_candidates = 4096; ///< names that are looked at for a suggestion
constexpr std::size_t most_prefixes = 8;
} // namespace

Linker::Parts::MissingInFile Linker::Parts::missing_in_file(const SplitSymbol& symbol,
                                                            const FinishOptions& options) const {
    std::vector<InputIndex> inputs;
    std::vector<std::string> stems;
    for (InputIndex i = 0; i < definitions.files().size(); ++i) {
        if (definitions.files()[i].matches(symbol.stem)) inputs.push_back(i);
        if (stems.size() < most_candidates)
            stems.push_back(definitions.files()[i].prefixes(most_prefixes).front());
    }
    const std::string name = support::printable(symbol.name, 200);
    if (!inputs.empty()) {
        const std::string what = symbol.name == "<module>" ? "module body" : fmt::format("'{}'", name);
        const std::string near = inputs.size() == 1 ? nearest_in(inputs[0], symbol.name) : std::string();
        return {fmt::format(": {} {} no {}", list(inputs), inputs.size() == 1 ? "has" : "have", what),
                near.empty() ? elsewhere(symbol.name) : fmt::format("{}:{}", symbol.stem, near)};
    }
    for (const std::string& path : options.known_files) {
        const FileName file(path);
        if (file.matches(symbol.stem))
            return {fmt::format(": {} has no '{}'", support::printable(path, 200), name),
                    elsewhere(symbol.name)};
        if (stems.size() < most_candidates) stems.push_back(file.prefixes(most_prefixes).front());
    }
    const std::vector<std::string_view> views(stems.begin(), stems.end());
    const std::string_view near = support::nearest(symbol.stem, views);
    return {fmt::format(": no input is called {}", support::printable(symbol.stem, 200)),
            near.empty() ? elsewhere(symbol.name) : fmt::format("{}:{}", near, symbol.name)};
}

/// The name in an input that is likely meant; empty where none is.
std::string Linker::Parts::nearest_in(InputIndex input, std::string_view name) const {
    std::vector<std::string_view> names;
    for (const Definition& one : definitions.all()) {
        if (names.size() == most_candidates) break;
        if (one.input == input && one.name != "<module>") names.push_back(one.name);
    }
    return std::string(support::nearest(name, names));
}

/// The name with its file, where another one has it; empty where none has, or several.
std::string Linker::Parts::elsewhere(std::string_view name) const {
    if (name == "<module>") return {}; // which each has
    const std::vector<const Definition*> found = definitions.find(name);
    return found.size() == 1 ? definitions.full_name(*found[0], true).value_or(std::string()) : std::string();
}

} // namespace pyasm::linker
