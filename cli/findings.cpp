#include "cli/findings.hpp"

#include "support/render.hpp"
#include "verifier/verify.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pyasm::cli {
namespace {

using objects::ValueId;
using support::Diagnostic;
using support::Span;
using verifier::Finding;
using verifier::Severity;
using verifier::Step;

/// Steps of a way that are shown in a source, the last ones: each takes three lines.
constexpr std::size_t most_places = 3;

/// "takes 2 items from a stack that has 1 [stack-underflow]"
std::string message_of(const Finding& finding) {
    return fmt::format("{} [{}]", finding.message, verifier::name_of(finding.rule));
}

/// What the interpreter makes of it: of an error alone, as a warning has its consequence in the message.
std::string consequence_of(const Finding& finding) {
    return finding.severity == Severity::Error ? std::string(verifier::words_of(finding.consequence))
                                               : std::string();
}

/// "f at 12 (line 7)"
std::string place_of(const Finding& finding, FindingWords& words) {
    if (finding.code == objects::no_value) return "the file";
    std::string place = words.name(finding.code);
    if (finding.offset == Finding::no_offset) return place;
    place += fmt::format(" at {}", finding.offset);
    if (const auto line = words.line(finding.code, finding.offset)) place += fmt::format(" (line {})", *line);
    return place;
}

void add_text(std::string& text, const Finding& finding, std::string_view path, FindingWords& words,
              bool color) {
    Diagnostic head;
    head.severity =
        finding.severity == Severity::Error ? support::Severity::Error : support::Severity::Warning;
    head.path = path;
    head.message = fmt::format("{}: {}", place_of(finding, words), message_of(finding));
    text += support::render(head, support::Sources{}, color);
    const auto line = [&text](std::string_view label, std::string_view what) {
        if (!what.empty()) text += fmt::format("    {}{}\n", label, what);
    };
    if (finding.code != objects::no_value && finding.offset != Finding::no_offset)
        line(fmt::format("{}  ", finding.offset), words.instruction(finding.code, finding.offset));
    if (finding.has_stack) line("stack: ", stack_words(finding.stack));
    line("reached: ", way_words(finding));
    line("", consequence_of(finding));
    line("", finding.help);
}

/// The statements that led there, the first one first.
void add_way(const Finding& finding, const assembler::Places& places, Diagnostic& diagnostic) {
    const std::size_t first = finding.way.size() > most_places ? finding.way.size() - most_places : 0;
    for (std::size_t i = first; i < finding.way.size(); ++i) {
        const Step& step = finding.way[i];
        const Span span = places.at(finding.code, step.from);
        diagnostic.notes.push_back({span, step.way == Step::Way::Jump
                                              ? "reached by the jump here"
                                              : "reached when this raises an exception"});
    }
}

/// What marshal.dump wrote is not meant to be run as a program.
bool concerns_no_one(const Finding& finding, const objects::PycFile& file) {
    return finding.rule == verifier::Rule::NoCode && file.header.absent;
}

} // namespace

std::vector<Finding> find_faults(const objects::PycFile& file, std::span<const ValueId> unchecked) {
    std::vector<Finding> findings = verifier::verify(file);
    std::erase_if(findings, [&](const Finding& finding) {
        return concerns_no_one(finding, file) ||
               std::binary_search(unchecked.begin(), unchecked.end(), finding.code);
    });
    return findings;
}

std::vector<ValueId> code_with_errors(const objects::PycFile& file) {
    verifier::VerifyOptions options;
    options.warnings = false;
    options.most_findings = 1;
    std::vector<ValueId> codes;
    for (const Finding& finding : verifier::verify(file, options))
        if (finding.code != objects::no_value && !concerns_no_one(finding, file))
            codes.push_back(finding.code);
    std::sort(codes.begin(), codes.end());
    return codes;
}

std::size_t count_errors(std::span<const Finding> findings) {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.severity == Severity::Error; }));
}

std::string findings_text(std::string_view path, const objects::PycFile& file,
                          std::span<const Finding> findings, std::size_t most_errors, bool color) {
    if (findings.empty()) return {};
    FindingWords words(file);
    std::string text;
    std::size_t errors = 0, warnings = 0;
    for (const Finding& finding : findings) {
        std::size_t& count = finding.severity == Severity::Error ? errors : warnings;
        if (++count <= most_errors) add_text(text, finding, path, words, color);
    }
    if (errors > most_errors)
        text += fmt::format("... and {} more error{}\n", errors - most_errors,
                            errors - most_errors == 1 ? "" : "s");
    return text;
}

void report_findings(const objects::PycFile& file, std::span<const Finding> findings,
                     const assembler::Places& places, std::string_view path,
                     support::Diagnostics& diagnostics) {
    FindingWords words(file);
    for (const Finding& finding : findings) {
        const bool placed = finding.code != objects::no_value;
        const Span span = !placed                                ? Span{}
                          : finding.offset == Finding::no_offset ? places.block_of(finding.code)
                                                                 : places.at(finding.code, finding.offset);
        const std::string message =
            span.known() ? message_of(finding)
                         : fmt::format("{}: {}", place_of(finding, words), message_of(finding));
        Diagnostic& diagnostic = finding.severity == Severity::Error ? diagnostics.error(span, message)
                                                                     : diagnostics.warning(span, message);
        if (!span.known()) diagnostic.path = path;
        std::vector<std::string> lines;
        if (finding.has_stack) lines.push_back("the stack in front of it: " + stack_words(finding.stack));
        lines.push_back(consequence_of(finding));
        lines.push_back(finding.help);
        for (std::string& line : lines)
            if (!line.empty()) diagnostic.notes.push_back({Span{}, std::move(line)});
        if (placed) add_way(finding, places, diagnostic);
    }
}

} // namespace pyasm::cli
