#include "inspector/byte_walker.hpp"
#include "inspector/code_summary.hpp"
#include "inspector/code_tree.hpp"
#include "inspector/show.hpp"
#include "inspector/words.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::inspector {
namespace {

using objects::CodeObject;
using objects::PycHeader;
using objects::ValueKind;

constexpr std::size_t width_without_terminal = 120;
constexpr std::uint32_t deepest_indent = 24;

std::string header_text(const isa::Target& target, const PycHeader& header) {
    std::string text = fmt::format("magic {}", target.magic);
    if (target.header == isa::HeaderLayout::Flags) text += fmt::format(", flags {:#x}", header.flags);
    if (header.flags & PycHeader::hash_based) {
        return text + fmt::format(", hash {} of the source ({} at import)", hex_text(header.hash),
                                  header.flags & PycHeader::check_source ? "checked" : "not checked");
    }
    text += fmt::format(", source of {} ({})", time_text(header.mtime), header.mtime);
    if (target.header != isa::HeaderLayout::Mtime) text += fmt::format(", {} bytes", header.source_size);
    return text;
}

std::size_t header_size(const isa::Target& target) {
    switch (target.header) {
    case isa::HeaderLayout::Mtime: return 8;
    case isa::HeaderLayout::MtimeSize: return 12;
    case isa::HeaderLayout::Flags: return 16;
    }
    return 0;
}

void show_file(const Subject& subject, const Context& context, std::size_t width, Output& out) {
    const objects::PycFile& file = subject.file;
    const isa::Target& target = context.target();
    const std::size_t header = file.header.absent ? 0 : header_size(target);
    const std::size_t trailing = file.trailing.size();
    out.line(fmt::format("{}: CPython {}, {} bytes", support::printable(subject.name, 200), target.name,
                         subject.bytes.size()));
    out.line(file.header.absent
                 ? "  header    none: marshal data alone"
                 : fmt::format("  header    {} bytes: {}", header, header_text(target, file.header)));
    // A value that is no code object is all there is to show: it gets more room.
    const std::size_t most = file.pool[file.top].kind == ValueKind::Code ? width - 30 : 4000;
    out.line(fmt::format("  object    {}: {}",
                         plural(subject.bytes.size() - header - trailing, "byte", "bytes"),
                         value_text(context, file.top, most)));
    if (trailing != 0) {
        const bool cut = trailing > 16;
        out.line(fmt::format("  trailing  {}: {}{}", plural(trailing, "byte", "bytes"),
                             hex_text(file.trailing.first(cut ? 16 : trailing)), cut ? "..." : ""));
    }
}

/// The table of all code objects.
void show_tree(const Context& context, const std::vector<ByteWalker::Extent>& extents, std::size_t width,
               Output& out) {
    out.line("");
    out.line("     #    bytes     code  consts  names  stack   line  name");
    for (std::uint32_t i = 0; i < context.tree.entries().size(); ++i) {
        const CodeTree::Entry& entry = context.tree.entries()[i];
        const CodeObject& code = context.pool().code(entry.code);
        const objects::ValuePool& pool = context.pool();
        const std::size_t indent = 2 * std::min(entry.depth, deepest_indent);
        const objects::ValueId name = entry.parent == CodeTree::none ? best_name(context, code) : code.name;
        out.line(fmt::format("{:>6} {:8} {:8} {:7} {:6} {:6} {:6}  {:{}}{}", fmt::format("#{}", i),
                             extents[i].end - extents[i].begin, pool[code.code].size, pool[code.consts].size,
                             pool[code.names].size, code.stacksize, code.firstlineno, "", indent,
                             plain_text(context, name, std::max<std::size_t>(width, 100) - 56)));
    }
}

} // namespace

void show_summary(const Subject& subject, std::size_t width, Output& out) {
    const CodeTree tree(subject.file);
    const Context context{subject.file, tree};
    if (width == 0) width = width_without_terminal;
    width = std::max<std::size_t>(width, 60);
    show_file(subject, context, width, out);
    if (tree.entries().empty()) return;
    ByteWalker walker(context, subject.bytes, {});
    walker.run();
    show_tree(context, walker.extents(), width, out);
    CodeSummary summary(context, subject.bytes.size(), width, out);
    for (std::uint32_t i = 0; i < tree.entries().size(); ++i) summary.show(i);
}

} // namespace pyasm::inspector
