#include "cli/link_map.hpp"

#include "inspector/json_writer.hpp"
#include "support/text.hpp"
#include "support/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::cli {
namespace {

using linker::Input;
using linker::InputKind;
using linker::LinkMap;
using linker::MapCode;
using linker::no_input;

constexpr std::string_view schema = "pyasm-map/1";

/// Columns that a text takes.
std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const support::CodePoint point = support::decode_utf8(text, at);
        width += static_cast<std::size_t>(std::max(support::display_width(point.value), 0));
        at += point.size;
    }
    return width;
}

/// Rows of texts, as wide as the widest of each column. The first column is right-aligned, the last one as it
/// is.
class Table {
  public:
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

    [[nodiscard]] std::string text() const {
        std::vector<std::size_t> widths(rows_.front().size(), 0);
        for (const auto& row : rows_)
            for (std::size_t i = 0; i + 1 < row.size(); ++i)
                widths[i] = std::max(widths[i], width_of(row[i]));
        std::string text;
        for (const auto& row : rows_) {
            std::string line;
            for (std::size_t i = 0; i < row.size(); ++i) {
                const std::string blanks(i + 1 < row.size() ? widths[i] - width_of(row[i]) : 0, ' ');
                line += i == 0 ? "" : "  ";
                line += i == 0 ? blanks + row[i] : row[i] + blanks;
            }
            line.resize(line.find_last_not_of(' ') + 1);
            text += line + "\n";
        }
        return text;
    }

  private:
    std::vector<std::vector<std::string>> rows_;
};

struct Sum {
    std::size_t bytes = 0, codes = 0;
};

std::vector<Sum> sums_of(const LinkMap& map) {
    std::vector<Sum> sums(map.inputs.size());
    for (const MapCode& code : map.codes) {
        if (code.input >= sums.size()) continue;
        sums[code.input].bytes += code.bytes;
        ++sums[code.input].codes;
    }
    return sums;
}

std::string shown(std::string_view text) { return support::printable(text, 100); }

std::string path_of(const LinkMap& map, linker::InputIndex input) {
    return input < map.inputs.size() ? shown(map.inputs[input].path) : "-";
}

std::string inputs_text(const LinkMap& map) {
    const std::vector<Sum> sums = sums_of(map);
    Table table;
    table.row({"bytes", "code objects", "input"});
    for (std::size_t i = 0; i < map.inputs.size(); ++i) {
        std::string input = path_of(map, static_cast<linker::InputIndex>(i));
        if (!map.inputs[i].library.empty())
            input += fmt::format(", of the library {}", shown(map.inputs[i].library));
        if (i == map.main) input += ", which has the module body";
        table.row({std::to_string(sums[i].bytes), std::to_string(sums[i].codes), input});
    }
    table.row({std::to_string(map.other_bytes), "", "header, and what stands in no code object"});
    return table.text();
}

/// Who brings a code object into the program.
std::string because_of(const LinkMap& map, const MapCode& code) {
    if (!code.wanted_in.empty())
        return code.wanted_by == no_input
                   ? shown(code.wanted_in)
                   : fmt::format("{} in {}", shown(code.wanted_in), path_of(map, code.wanted_by));
    if (code.outer >= 0) return shown(map.codes[static_cast<std::size_t>(code.outer)].name);
    return "the program";
}

class JsonMap {
  public:
    JsonMap(const LinkMap& map, inspector::JsonWriter& json) : map_(map), json_(json) {}

    void write(const std::string& output, const isa::Target& target) {
        json_.begin_object();
        text("schema", schema);
        text("file", output);
        text("python", target.name);
        number("bytes", map_.total_bytes);
        number("other_bytes", map_.other_bytes);
        index("main", map_.main, map_.inputs.size());
        json_.key("inputs");
        json_.begin_array();
        const std::vector<Sum> sums = sums_of(map_);
        for (std::size_t i = 0; i < sums.size(); ++i) input(map_.inputs[i], sums[i]);
        json_.end_array();
        json_.key("codes");
        json_.begin_array();
        for (const MapCode& one : map_.codes) code(one);
        json_.end_array();
        json_.end_object();
    }

  private:
    void input(const Input& one, const Sum& sum) {
        json_.begin_object();
        text("path", one.path);
        text("kind", one.kind == InputKind::Source   ? "source"
                     : one.kind == InputKind::Object ? "object"
                                                     : "bytecode");
        text_or_null("library", one.library);
        number("bytes", sum.bytes);
        number("code_objects", sum.codes);
        json_.end_object();
    }
    void code(const MapCode& one) {
        json_.begin_object();
        text("name", one.name);
        index("input", one.input, map_.inputs.size());
        number("bytes", one.bytes);
        index("outer", static_cast<std::uint32_t>(one.outer), map_.codes.size());
        index("wanted_by", one.wanted_by, map_.inputs.size());
        text_or_null("wanted_in", one.wanted_in);
        json_.end_object();
    }

    /// As it is, so that a program can use it. A path may be any bytes: where it is no UTF-8, it is written
    /// as `pyasm show --json` writes it.
    void text(std::string_view key, std::string_view value) {
        json_.key(key);
        if (!support::find_invalid_utf8(value)) return json_.string(value);
        json_.begin_object();
        json_.key("bytes");
        json_.hex(support::as_bytes(value));
        json_.end_object();
    }
    void text_or_null(std::string_view key, std::string_view value) {
        if (!value.empty()) return text(key, value);
        json_.key(key);
        json_.null();
    }
    void number(std::string_view key, std::size_t value) {
        json_.key(key);
        json_.number(static_cast<std::int64_t>(value));
    }
    /// An index into a list of the map, or null.
    void index(std::string_view key, std::uint32_t value, std::size_t size) {
        json_.key(key);
        value < size ? json_.number(value) : json_.null();
    }

    const LinkMap& map_;
    inspector::JsonWriter& json_;
};

} // namespace

std::string map_text(const LinkMap& map, const std::string& output, const isa::Target& target) {
    Table table;
    table.row({"bytes", "code object", "from", "because of"});
    for (const MapCode& code : map.codes)
        table.row(
            {std::to_string(code.bytes), shown(code.name), path_of(map, code.input), because_of(map, code)});
    return fmt::format("{}: {} bytes for CPython {}\n\n{}\n{}", shown(output), map.total_bytes, target.name,
                       inputs_text(map), table.text());
}

std::string map_json(const LinkMap& map, const std::string& output, const isa::Target& target) {
    std::string text;
    {
        inspector::Output out([&text](std::string_view piece) { text += piece; });
        inspector::JsonWriter json(out);
        JsonMap(map, json).write(output, target);
    }
    return text + "\n";
}

} // namespace pyasm::cli
