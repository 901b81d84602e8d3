#include "linker/stems.hpp"

#include <algorithm>

namespace pyasm::linker {
namespace {

bool take_ending(std::string_view& name, std::string_view ending) {
    if (name.size() <= ending.size() || !name.ends_with(ending)) return false;
    name.remove_suffix(ending.size());
    return true;
}

/// Letters of any language: the grammar takes all bytes above ASCII for them.
bool fits_symbol(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

std::string fitted(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (!fits_symbol(c)) c = '_';
    return result.empty() ? "_" : result;
}

} // namespace

FileName::FileName(std::string_view path) : stem_(stem_of(path)) {
    const std::size_t name = path.rfind('/') + 1; // npos + 1 is 0
    name_ = fitted(path.substr(name));
    for (std::size_t at = 0; at < name;) {
        const std::size_t end = path.find('/', at);
        const std::string_view folder = path.substr(at, end - at);
        at = end + 1;
        if (folder.empty() || folder == "." || folder == ".." || folder == "__pycache__") continue;
        std::string part = fitted(folder);
        std::ranges::replace(part, '.', '_'); // a dot is between folders
        folders_ += part + '.';
    }
}

bool FileName::matches(std::string_view prefix) const {
    return matches(prefix, stem_) || matches(prefix, name_);
}

bool FileName::matches(std::string_view prefix, std::string_view name) const {
    if (!prefix.ends_with(name)) return false;
    prefix.remove_suffix(name.size());
    if (prefix.empty()) return true;
    const std::string_view folders = folders_;
    if (!prefix.ends_with('.') || !folders.ends_with(prefix)) return false;
    return prefix.size() == folders.size() || folders[folders.size() - prefix.size() - 1] == '.';
}

std::vector<std::string> FileName::prefixes(std::size_t most) const {
    std::vector<std::string> result{stem_};
    if (name_ != stem_) result.push_back(name_);
    // From the innermost folder outwards.
    for (std::size_t end = folders_.size(); end != 0 && result.size() < most;) {
        const std::size_t dot = end < 2 ? std::string::npos : folders_.rfind('.', end - 2);
        end = dot == std::string::npos ? 0 : dot + 1;
        result.push_back(folders_.substr(end) + stem_);
        if (name_ != stem_) result.push_back(folders_.substr(end) + name_);
    }
    if (result.size() > most) result.resize(most);
    return result;
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
    return fitted(path);
}

SplitSymbol split_symbol(std::string_view symbol) {
    const std::size_t colon = symbol.find(':');
    if (colon == std::string_view::npos) return {{}, symbol};
    return {symbol.substr(0, colon), symbol.substr(colon + 1)};
}

} // namespace pyasm::linker
