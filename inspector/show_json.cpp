#include "inspector/byte_walker.hpp"
#include "inspector/code_tree.hpp"
#include "inspector/json_code.hpp"
#include "inspector/json_values.hpp"
#include "inspector/json_writer.hpp"
#include "inspector/show.hpp"
#include "support/text.hpp"

namespace pyasm::inspector {
namespace {

constexpr std::string_view schema = "pyasm-show/1";

void put_header(const objects::PycFile& file, JsonWriter& json) {
    const objects::PycHeader& header = file.header;
    const isa::HeaderLayout layout = file.target->header;
    if (header.absent) return json.null();
    const bool has_hash = (header.flags & objects::PycHeader::hash_based) != 0;
    const auto number = [&json](std::string_view key, bool present, std::uint32_t value) {
        json.key(key);
        present ? json.number(value) : json.null();
    };
    json.begin_object();
    number("magic", true, file.target->magic);
    number("flags", layout == isa::HeaderLayout::Flags, header.flags);
    number("mtime", !has_hash, header.mtime);
    number("source_size", !has_hash && layout != isa::HeaderLayout::Mtime, header.source_size);
    json.key("hash");
    has_hash ? json.hex(header.hash) : json.null();
    json.end_object();
}

/// A path may be any bytes.
void put_path(std::string_view path, JsonWriter& json) {
    if (!support::find_invalid_utf8(path)) return json.string(path);
    json.begin_object();
    json.key("bytes");
    json.hex(support::as_bytes(path));
    json.end_object();
}

} // namespace

void show_json(const Subject& subject, Output& out) {
    const objects::PycFile& file = subject.file;
    const CodeTree tree(file);
    const Context context{file, tree};
    JsonWriter json(out);
    JsonValues values(context, json);
    ByteWalker walker(context, subject.bytes, {});
    walker.run();
    json.begin_object();
    json.key("schema");
    json.string(schema);
    json.key("file");
    put_path(subject.name, json);
    json.key("size");
    json.number(static_cast<std::int64_t>(subject.bytes.size()));
    json.key("python");
    json.string(context.target().name);
    json.key("header");
    put_header(file, json);
    json.key("top");
    values.value(file.top);
    json.key("code_objects");
    json.begin_array();
    JsonCode code(context, subject.bytes.size(), walker.extents(), values, json);
    for (std::uint32_t i = 0; i < tree.entries().size(); ++i) code.put(i);
    json.end_array();
    json.key("trailing");
    json.hex(file.trailing);
    json.end_object();
    out.text("\n");
}

} // namespace pyasm::inspector
