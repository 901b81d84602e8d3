// Several files, divided by lines of `%%`, linked to one: `.pyc` files, object files and sources, whichever a
// part begins as. They must be refused with messages, or give a program that is read back; the same in any
// order, and the same from object files as from sources. The first byte chooses the target.

#include "assembler/assemble.hpp"
#include "grammar/parse.hpp"
#include "grammar/print.hpp"
#include "grammar/state_places.hpp"
#include "isa/target.hpp"
#include "linker/link.hpp"
#include "linker/object_file.hpp"
#include "objects/pyc.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace pyasm;
using linker::InputKind;

[[noreturn]] void fail(const char* what, const std::string& why) {
    std::fprintf(stderr, "%s: %s\n", what, why.c_str());
    std::abort();
}

struct File {
    std::string path;
    std::string content;
};

/// A unit with the texts that it points into.
struct Unit {
    support::Sources sources;
    support::Diagnostics diagnostics;
    std::optional<program::ObjectModule> module;
    std::string listing;
};

void assemble(const std::string& text, const isa::Target& target, Unit& work) {
    const auto file = work.sources.add("fuzz.pyasm", text);
    if (!file) return;
    grammar::ParseOptions options;
    options.fallback = &target;
    options.most_expanded_bytes = std::size_t{1} << 20;
    options.most_expansions = 20'000;
    program::Unit unit = grammar::parse(**file, work.sources, options, work.diagnostics);
    if (!work.diagnostics.has_errors()) {
        grammar::state_places(unit, work.sources);
        support::ByteWriter listing;
        grammar::print(unit, {}, listing);
        work.listing = '\n' + std::string(listing.text());
    }
    work.module = assembler::assemble_object(std::move(unit), work.sources, {}, work.diagnostics);
    if (work.diagnostics.has_errors()) work.module.reset();
}

/// The file as an object file, where it is a source without mistakes.
std::optional<std::string> as_object(const File& file, const isa::Target& target) {
    if (linker::is_object_file(file.content) || file.content.substr(0, 4).find("\r\n") == 2)
        return std::nullopt;
    Unit work;
    assemble(file.content, target, work);
    if (!work.module) return std::nullopt;
    support::ByteWriter out;
    linker::write_object(*work.module, file.path, work.listing, out);
    const std::string object(out.text());
    const auto header = linker::read_object(object);
    if (!header) fail("an object file is refused", header.error().message);
    if (const auto wrong = linker::contradiction(*header, *work.module))
        fail("its header is wrong", wrong->message);
    return object;
}

bool add(const File& file, const isa::Target& target, linker::Linker& link) {
    if (file.content.substr(0, 4).find("\r\n") == 2) {
        const auto pyc = objects::read_pyc(support::as_bytes(file.content));
        if (pyc) link.add({file.path, InputKind::Bytecode, {}}, *pyc);
        return pyc.ok();
    }
    const bool is_object = linker::is_object_file(file.content);
    if (is_object && !linker::read_object(file.content)) return false;
    Unit work;
    assemble(file.content, target, work);
    if (!work.module) return false;
    link.add({file.path, is_object ? InputKind::Object : InputKind::Source, {}}, *work.module);
    return true;
}

/// The program's bytes; nothing where the files make none.
std::optional<std::string> link_files(const std::vector<File>& files, const isa::Target& target) {
    linker::Linker link;
    for (const File& file : files)
        if (!add(file, target, link)) return std::nullopt;
    const auto program = link.finish();
    if (program.has_value() != link.errors().empty()) fail("neither a program nor an error", "");
    if (!program) return std::nullopt;
    support::ByteWriter written;
    if (auto done = objects::write_pyc(program->file, written); !done) return std::nullopt;
    if (const auto read = objects::read_pyc(written.view()); !read)
        fail("the reader refuses what the writer wrote", read.error().message);
    return std::string(written.text());
}

std::vector<File> split(std::string_view text) {
    constexpr std::string_view mark = "\n%%\n";
    constexpr std::size_t most_files = 8;
    std::vector<File> files;
    while (files.size() < most_files) {
        const std::size_t end = text.find(mark);
        files.push_back({"f" + std::to_string(files.size()) + ".pyasm", std::string(text.substr(0, end))});
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + mark.size());
    }
    return files;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto targets = isa::all_targets();
    const isa::Target& target = targets[data[0] % targets.size()];
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    (void)linker::read_object(text);
    std::vector<File> files = split(text);
    const auto program = link_files(files, target);
    std::vector<File> turned(files.rbegin(), files.rend());
    if (link_files(turned, target) != program) fail("the order of the files makes a difference", "");
    if (!program) return 0;
    for (File& file : files)
        // The text says where it stands, and so does the object file.
        if (auto object = as_object({"fuzz.pyasm", file.content}, target)) file.content = *object;
    if (link_files(files, target) != program) fail("object files make another program than sources", "");
    return 0;
}
