#include "cli/findings_json.hpp"

#include "cli/findings.hpp"
#include "inspector/json_writer.hpp"
#include "support/text.hpp"

namespace pyasm::cli {
namespace {

using inspector::JsonWriter;
using verifier::Consequence;
using verifier::Finding;
using verifier::Severity;
using verifier::Step;

constexpr std::string_view schema = "pyasm-verify/1";

std::string_view name_of(Consequence consequence) {
    switch (consequence) {
    case Consequence::Crash: return "crash";
    case Consequence::WrongResult: return "wrong-result";
    case Consequence::SystemError: return "system-error";
    case Consequence::NotLoaded: return "not-loaded";
    case Consequence::Unknown: break;
    }
    return "unknown";
}

class Writer {
  public:
    Writer(const FoundInFile& found, JsonWriter& json) : found_(found), words_(found.file), json_(json) {}

    void file() {
        json_.begin_object();
        text("schema", schema);
        path("file", found_.path);
        text("python", found_.file.target->name);
        number("code_objects", static_cast<std::int64_t>(found_.code_objects));
        const std::size_t errors = count_errors(found_.findings);
        number("errors", static_cast<std::int64_t>(errors));
        number("warnings", static_cast<std::int64_t>(found_.findings.size() - errors));
        json_.key("findings");
        json_.begin_array();
        for (const Finding& one : found_.findings) finding(one);
        json_.end_array();
        json_.end_object();
    }

  private:
    void finding(const Finding& one) {
        const bool has_code = one.code != objects::no_value;
        const bool has_offset = has_code && one.offset != Finding::no_offset;
        json_.begin_object();
        text("severity", one.severity == Severity::Error ? "error" : "warning");
        text("rule", verifier::name_of(one.rule));
        text("consequence", name_of(one.consequence));
        text("message", shown(one.message));
        text("help", shown(one.help));
        json_.key("code");
        has_code ? code(one.code) : json_.null();
        json_.key("offset");
        has_offset ? json_.number(one.offset) : json_.null();
        json_.key("line");
        const auto line = has_offset ? words_.line(one.code, one.offset) : std::nullopt;
        line ? json_.number(*line) : json_.null();
        json_.key("instruction");
        const std::string instruction = has_offset ? words_.instruction(one.code, one.offset) : std::string();
        instruction.empty() ? json_.null() : json_.string(shown(instruction));
        json_.key("source");
        has_code ? source(one) : json_.null();
        json_.key("stack");
        one.has_stack ? stack(one.stack) : json_.null();
        way(one);
        json_.end_object();
    }

    /// A code object by the number that `pyasm show` gives it.
    void code(objects::ValueId id) {
        json_.begin_object();
        number("number", words_.number(id));
        text("name", shown(words_.name(id)));
        number("firstlineno", found_.file.pool.code(id).firstlineno);
        json_.end_object();
    }

    void source(const Finding& one) {
        if (!found_.places || !found_.sources) return json_.null();
        const support::Span span = one.offset == Finding::no_offset ? found_.places->block_of(one.code)
                                                                    : found_.places->at(one.code, one.offset);
        const support::Location location =
            span.known() ? found_.sources->locate(span.begin) : support::Location{};
        if (!location.file) return json_.null();
        json_.begin_object();
        path("file", location.file->path);
        number("line", location.line);
        number("column", location.column);
        json_.end_object();
    }

    void stack(const std::vector<std::string>& slots) {
        json_.begin_array();
        for (const std::string& slot : slots) json_.string(shown(slot));
        json_.end_array();
    }

    void way(const Finding& one) {
        json_.key("way");
        json_.begin_array();
        for (const Step& step : one.way) {
            json_.begin_object();
            text("by", step.way == Step::Way::Jump ? "jump" : "exception");
            number("from", step.from);
            number("to", step.to);
            json_.end_object();
        }
        json_.end_array();
        json_.key("way_is_cut");
        json_.boolean(one.steps_left_out);
    }

    void text(std::string_view key, std::string_view value) {
        json_.key(key);
        json_.string(value);
    }
    void number(std::string_view key, std::int64_t value) {
        json_.key(key);
        json_.number(value);
    }
    /// A path may be any bytes.
    void path(std::string_view key, std::string_view value) {
        json_.key(key);
        if (!support::find_invalid_utf8(value)) return json_.string(value);
        json_.begin_object();
        json_.key("bytes");
        json_.hex(support::as_bytes(value));
        json_.end_object();
    }
    /// Names in a message may be cut within a character.
    static std::string shown(std::string_view text) { return support::printable(text, text.size()); }

    const FoundInFile& found_;
    FindingWords words_;
    JsonWriter& json_;
};

} // namespace

void write_findings_json(const FoundInFile& found, support::ByteWriter& out) {
    inspector::Output output([&out](std::string_view text) { out.bytes(text); });
    {
        JsonWriter json(output);
        Writer(found, json).file();
    }
    output.text("\n");
}

} // namespace pyasm::cli
