#include "assembler/header.hpp"

#include "support/text.hpp"

#include <fmt/format.h>

namespace pyasm::assembler {
namespace {

/// A path as a file at `span` means it: relative to that file's folder.
std::string resolved_path(const UnitContext& context, std::string_view path, support::Span span) {
    const support::SourceFile* file = context.sources.file_at(span.begin);
    if (path.starts_with('/') || !file) return std::string(path);
    const std::size_t slash = file->path.rfind('/');
    if (slash == std::string::npos) return std::string(path);
    return file->path.substr(0, slash + 1) + std::string(path);
}

void hash_file(UnitContext& context, const AssembleOptions& options, objects::PycHeader& header) {
    const auto& directives = context.unit.header;
    if (!options.read_source) {
        context.diagnostics.error(directives.hash_of_file_span, "no files can be read here",
                                  "Write the eight bytes of the hash.");
        return;
    }
    const std::string path = resolved_path(context, directives.hash_of_file, directives.hash_of_file_span);
    const auto source = options.read_source(path);
    if (!source) {
        context.diagnostics.error(
            directives.hash_of_file_span,
            fmt::format("cannot read '{}': {}", support::printable(path, 200), source.error().message));
        return;
    }
    header.hash = objects::source_hash(context.target, support::as_bytes(*source));
}

} // namespace

objects::PycHeader make_header(UnitContext& context, const AssembleOptions& options) {
    const auto& directives = context.unit.header;
    objects::PycHeader header = directives.header.value;
    const bool hashed = !directives.hash_of_file.empty();
    if (!directives.header && !hashed) return {};
    const bool wants_flags = hashed || header.flags != 0;
    if (wants_flags && context.target.header != isa::HeaderLayout::Flags) {
        const bool has_size = context.target.header == isa::HeaderLayout::MtimeSize;
        const bool is_hash = hashed || (header.flags & objects::PycHeader::hash_based) != 0;
        if (!is_hash || !context.text_had_errors)
            context.diagnostics.error(directives.header.span.known() ? directives.header.span
                                                                     : directives.hash_of_file_span,
                                      fmt::format("the header of a {} file has no {}", context.target.name,
                                                  is_hash ? "hash" : "flags"),
                                      has_size ? "Use `.source mtime=N size=N`." : "Use `.source mtime=N`.");
        return header;
    }
    if (header.source_size != 0 && context.target.header == isa::HeaderLayout::Mtime) {
        context.diagnostics.error(directives.header.span,
                                  fmt::format("the header of a {} file has no size", context.target.name),
                                  "Use `.source mtime=N`.");
        return header;
    }
    if (hashed) hash_file(context, options, header);
    return header;
}

} // namespace pyasm::assembler
