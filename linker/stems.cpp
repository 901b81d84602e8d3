#include "linker/stems.hpp"

namespace pyasm::linker {
namespace {

bool take_ending(std::string_view& name, std::string_view ending) {
    if (name.size() <= ending.size() || !name.ends_with(ending)) return false;
    name.remove_suffix(ending.size());
    return true;
}

/// Letters of any language: the grammar takes all bytes above ASCII for them.
bool fits_symbol(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           static_cast<unsigned char>(c) >= 0x80;
}

} // namespace

std::string stem_of(std::string_view path) {
    path.remove_prefix(path.rfind('/') + 1); // npos + 1 is 0
    for (const std::string_view ending : {".pyasmo", ".pyasm", ".pyc", ".pyo"})
        if (take_ending(path, ending)) break;
    // PEP 3147 and 488: hello.cpython-313.opt-1.pyc
    for (const std::string_view mark : {".opt-", ".cpython-"}) {
        const std::size_t dot = path.rfind('.');
        if (dot != std::string_view::npos && dot != 0 && path.substr(dot).starts_with(mark)) path = path.substr(0, dot);
    }
    std::string stem(path);
    for (char& c : stem)
        if (!fits_symbol(c)) c = '_';
    return stem.empty() ? "_" : stem;
}

SplitSymbol split_symbol(std::string_view symbol) {
    const std::size_t colon = symbol.find(':');
    if (colon == std::string_view::npos) return {{}, symbol};
    return {symbol.substr(0, colon), symbol.substr(colon + 1)};
}

} // namespace pyasm::linker
