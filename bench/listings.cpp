#include "bench/listings.hpp"

#include "assembler/assemble.hpp"
#include "bench/give_up.hpp"
#include "disassembler/disassemble.hpp"
#include "grammar/parse.hpp"
#include "grammar/print.hpp"
#include "objects/pyc.hpp"
#include "verifier/verify.hpp"

#include <benchmark/benchmark.h>

namespace pyasm::bench {
namespace {

void disassemble(support::Bytes blob, const isa::Target& target, support::ByteWriter& text) {
    auto file = objects::read_marshal_file(blob, target);
    if (!file) give_up(file.error().message);
    const auto unit = disassembler::disassemble(std::move(*file), {});
    if (!unit) give_up(unit.error().message);
    grammar::print(*unit, {}, text);
}

void verify(const objects::PycFile& file) {
    for (const verifier::Finding& finding : verifier::verify(file))
        if (finding.severity == verifier::Severity::Error)
            give_up("an error in a library: " + finding.message);
}

void assemble(const std::string& text, bool verified, support::ByteWriter& pyc) {
    support::Sources sources;
    support::Diagnostics diagnostics;
    const auto source = sources.add("listing.pyasm", text);
    if (!source) give_up(source.error().message);
    assembler::Places places;
    assembler::AssembleOptions options;
    if (verified) options.places = &places;
    const auto file = assembler::assemble(grammar::parse(**source, sources, {}, diagnostics), sources,
                                          options, diagnostics);
    if (!file) give_up(diagnostics.all().front().message);
    if (verified) verify(*file);
    if (auto written = objects::write_pyc(*file, pyc); !written) give_up(written.error().message);
}

} // namespace

Listings::Listings(const std::vector<support::Bytes>& blobs, const isa::Target& target)
    : blobs_(blobs), target_(target) {
    for (const support::Bytes blob : blobs) {
        support::ByteWriter text;
        disassemble(blob, target, text);
        texts_.emplace_back(text.text());
    }
}

void Listings::disassemble_all() const {
    for (const support::Bytes blob : blobs_) {
        support::ByteWriter text;
        disassemble(blob, target_, text);
        benchmark::DoNotOptimize(text.size());
    }
}

void Listings::verify_all() const {
    for (const support::Bytes blob : blobs_) {
        const auto file = objects::read_marshal_file(blob, target_);
        if (!file) give_up(file.error().message);
        verify(*file);
    }
}

void Listings::assemble_all(bool verified) const {
    for (const std::string& text : texts_) {
        support::ByteWriter pyc;
        assemble(text, verified, pyc);
        benchmark::DoNotOptimize(pyc.size());
    }
}

std::size_t Listings::size() const {
    std::size_t size = 0;
    for (const std::string& text : texts_) size += text.size();
    return size;
}

} // namespace pyasm::bench
