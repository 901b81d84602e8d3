#include "verifier/verify.hpp"

#include "verifier/flow.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pyasm::verifier {

using objects::ValueId;
using objects::ValueKind;

struct Verifier::Parts {
    Parts(const isa::Target& target, const objects::ValuePool& pool, const VerifyOptions& wanted)
        : options(wanted), ops(CompactOps::of(target)), structure(target, pool), functions(target, pool),
          flow(target, pool, ops, structure, functions) {}

    VerifyOptions options;
    const CompactOps& ops;
    Structure structure;
    Functions functions;
    Flow flow;
};

Verifier::Verifier(const isa::Target& target, const objects::ValuePool& pool, const VerifyOptions& options)
    : parts_(std::make_unique<Parts>(target, pool, options)) {}
Verifier::~Verifier() = default;
Verifier::Verifier(Verifier&&) noexcept = default;
Verifier& Verifier::operator=(Verifier&&) noexcept = default;

bool Verifier::verify(ValueId code, std::vector<Finding>& findings) {
    Report report(findings, code, parts_->options);
    if (parts_->structure.pool[code].kind != ValueKind::Code) {
        report.error(Rule::NoCode, Consequence::NotLoaded, Finding::no_offset, "this is no code object");
        return false;
    }
    if (parts_->structure.take(code, report)) {
        parts_->flow.run(report);
        if (!report.has_errors() && report.wants_warnings()) parts_->flow.warn_of_dead_code();
    }
    report.sort();
    return !report.has_errors();
}

bool Verifier::counts_on_caller(ValueId code) { return !parts_->functions.of(code).demands.empty(); }

std::vector<Explained> Verifier::explain(ValueId code) {
    std::vector<Finding> findings;
    std::vector<Explained> lines;
    if (parts_->structure.pool[code].kind != ValueKind::Code) return lines;
    Report report(findings, code, parts_->options);
    Structure& structure = parts_->structure;
    if (!structure.take(code, report)) return lines;
    Flow& flow = parts_->flow;
    flow.run(report);
    for (std::uint32_t i = 0; i < structure.count(); ++i) {
        const program::Instruction& item = structure.decoded.items[i];
        Explained line;
        line.offset = structure.offset_of(i);
        line.reached = flow.was_reached(i);
        line.instruction = item.op->takes_argument() ? fmt::format("{} {}", item.op->name, item.argument)
                                                     : std::string(item.op->name);
        if (item.op->jumps())
            line.instruction += fmt::format(" (to {})", structure.offset_of(item.destination));
        lines.push_back(std::move(line));
    }
    flow.replay([&](std::uint32_t index) {
        Explained& line = lines[index];
        line.stack = flow.stack_words();
        std::uint32_t local = 0;
        for (const Slot& item : flow.locals()) {
            const std::string_view name = structure.local_name(local++);
            line.locals.emplace_back(name, item.kinds == SlotKinds::Null ? "unbound" : words_of(item.kinds));
        }
        line.blocks = flow.block_words();
    });
    return lines;
}

std::vector<ValueId> code_objects(const objects::PycFile& file) {
    // Depth first over the values, each once; the order is that of the constants.
    std::vector<ValueId> found;
    std::vector<std::uint8_t> seen(file.pool.size(), 0);
    std::vector<ValueId> waiting{file.top};
    while (!waiting.empty()) {
        const ValueId id = waiting.back();
        waiting.pop_back();
        if (id == objects::no_value || seen[static_cast<std::uint32_t>(id)]) continue;
        seen[static_cast<std::uint32_t>(id)] = 1;
        const ValueKind kind = file.pool[id].kind;
        if (kind == ValueKind::Code) {
            found.push_back(id);
            waiting.push_back(file.pool.code(id).consts);
        } else if (objects::is_container(kind)) {
            const auto members = file.pool.children(id);
            for (std::size_t i = members.size(); i != 0; --i) waiting.push_back(members[i - 1]);
        }
    }
    return found;
}

std::vector<Finding> verify(const objects::PycFile& file, const VerifyOptions& options) {
    std::vector<Finding> findings;
    if (file.pool[file.top].kind != ValueKind::Code) {
        Report(findings, objects::no_value, options)
            .error(Rule::NoCode, Consequence::NotLoaded, Finding::no_offset, "the file holds no code object");
        return findings;
    }
    Verifier verifier(*file.target, file.pool, options);
    const std::uint32_t frees = free_count(*file.target, file.pool, file.pool.code(file.top));
    if (frees != 0) {
        Report(findings, file.top, options)
            .error(Rule::NoCode, Consequence::Crash, Finding::no_offset,
                   fmt::format("the module's code has {} free variables, and gets no closure", frees));
    }
    if (verifier.counts_on_caller(file.top)) {
        Report(findings, file.top, options)
            .error(Rule::NoCode, Consequence::Crash, Finding::no_offset,
                   "the code takes an argument for what its caller passes without looking, and any caller "
                   "may come",
                   "Make the function in a module, where it is called with that.");
    }
    for (const ValueId code : code_objects(file)) verifier.verify(code, findings);
    return findings;
}

} // namespace pyasm::verifier
