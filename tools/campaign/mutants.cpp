#include "tools/campaign/mutants.hpp"

#include "tools/campaign/changes.hpp"
#include "verifier/verify.hpp"

#include <algorithm>
#include <array>

namespace pyasm::campaign {

using objects::ValueId;
using objects::ValueKind;

namespace {

std::vector<std::uint8_t> marshalled(const objects::ValuePool& pool, ValueId id, const isa::Target& target) {
    support::ByteWriter out;
    if (!objects::write_marshal(pool, id, target, out)) return {};
    return {out.view().begin(), out.view().end()};
}

/// FNV-1a: the same on every machine.
std::uint64_t fingerprint(std::uint64_t start, support::Bytes bytes) {
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325 ^ start;
    for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 0x100'0000'01B3;
    return hash;
}

/// A tab or the end of a line parts what stands in a record.
std::string in_one_line(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
    return text;
}

} // namespace

std::vector<ValueId> code_objects_in(const objects::ValuePool& pool, ValueId top) {
    std::vector<ValueId> found, left{top};
    std::unordered_set<std::uint32_t> seen;
    while (!left.empty()) {
        const ValueId id = left.back();
        left.pop_back();
        if (id == objects::no_value || !seen.insert(static_cast<std::uint32_t>(id)).second) continue;
        if (pool[id].kind == ValueKind::Code) {
            found.push_back(id);
            left.push_back(pool.code(id).consts);
        } else if (objects::is_container(pool[id].kind)) {
            const auto children = pool.children(id);
            left.insert(left.end(), children.rbegin(), children.rend());
        }
    }
    return found;
}

std::string Mutant::text() const {
    std::string all = rule + '\t' + in_one_line(finding) + '\t';
    for (const std::string& change : changes)
        all += (&change == changes.data() ? "" : "; ") + in_one_line(change);
    return all;
}

std::optional<Mutants> Mutants::of(objects::PycFile file, std::uint64_t seed) {
    if (file.pool[file.top].kind != ValueKind::Tuple) return std::nullopt;
    const auto functions = file.pool.children(file.top);
    const auto is_code = [&](ValueId id) { return file.pool[id].kind == ValueKind::Code; };
    if (functions.empty() || !std::ranges::all_of(functions, is_code)) return std::nullopt;
    return Mutants(std::move(file), seed);
}

Mutants::Mutants(objects::PycFile file, std::uint64_t seed)
    : file_(std::move(file)), seed_(seed), subjects_(file_.pool[file_.top].size) {}

/// A subject is made when it is first wanted. It gets another function whose code objects are none of its
/// own, so that nothing can come to contain itself.
Subject& Mutants::subject(std::size_t index) {
    if (subjects_[index]) return *subjects_[index];
    const auto functions = file_.pool.children(file_.top);
    const auto own = code_objects_in(file_.pool, functions[index]);
    Random random = Random::of(seed_, ~std::uint64_t{index});
    ValueId donor = functions[index];
    for (int tries = 0; tries < 1000; ++tries) {
        const ValueId other = functions[random.below(functions.size())];
        const auto others = code_objects_in(file_.pool, other);
        const auto mine = [&](ValueId id) { return std::ranges::find(own, id) != own.end(); };
        if (std::ranges::any_of(others, mine)) continue;
        donor = other;
        break;
    }
    const std::array<ValueId, 2> pair{functions[index], donor};
    const ValueId top = file_.pool.add_container(ValueKind::Tuple, pair);
    subjects_[index] = std::make_unique<Subject>(*file_.target, marshalled(file_.pool, top, *file_.target));
    return *subjects_[index];
}

std::optional<Mutant> Mutants::make(std::uint64_t number, const std::vector<std::size_t>* keep) {
    Random random = Random::of(seed_, number);
    Mutant mutant;
    mutant.number = number;
    mutant.function = static_cast<std::uint32_t>(random.below(subjects_.size()));
    Subject& subject = this->subject(mutant.function);
    subject.restore();
    // One change more often than two, and so on; most of them to the same code object.
    static constexpr std::size_t counts[] = {1, 1, 1, 1, 2, 2, 2, 3, 3, 4};
    const std::size_t count = counts[random.below(std::size(counts))];
    const ValueId usual = random.of(subject.codes());
    for (std::size_t i = 0; i < count; ++i) {
        Random own = Random::of(random.next(), i);
        const ValueId code = own.once_in(4) ? own.of(subject.codes()) : usual;
        if (keep && std::ranges::find(*keep, i) == keep->end()) continue;
        std::string done;
        for (int tries = 0; tries < 8 && done.empty(); ++tries) done = change(subject, code, own);
        if (!done.empty()) mutant.changes.push_back(std::move(done));
    }
    if (mutant.changes.empty()) return std::nullopt;
    mutant.marshalled = marshalled(subject.pool(), subject.function(), *file_.target);
    if (mutant.marshalled.empty()) return std::nullopt;
    return mutant;
}

/// As `pyasm verify` would see it: from its bytes.
void Mutants::judge(Mutant& mutant) const {
    objects::ValuePool pool;
    const auto read = objects::read_marshal(mutant.marshalled, *file_.target, pool);
    if (!read) {
        mutant.rule = "unreadable";
        mutant.finding = read.error().message;
        return;
    }
    verifier::Verifier verifier(*file_.target, pool, {.warnings = false, .most_findings = 1});
    std::vector<verifier::Finding> findings;
    if (verifier.counts_on_caller(read->top)) { // the runner calls it
        mutant.rule = verifier::name_of(verifier::Rule::NoCode);
        mutant.finding = "it counts on its caller";
        return;
    }
    mutant.accepted = true;
    for (const ValueId code : code_objects_in(pool, read->top)) {
        if (verifier.verify(code, findings)) continue;
        mutant.accepted = false;
        const auto error =
            std::ranges::find(findings, verifier::Severity::Error, &verifier::Finding::severity);
        if (error == findings.end()) return;
        mutant.rule = verifier::name_of(error->rule);
        mutant.finding = std::string(pool.text(pool.code(code).name));
        if (error->offset != verifier::Finding::no_offset)
            mutant.finding += " at " + std::to_string(error->offset);
        mutant.finding += ": " + error->message;
        return;
    }
}

bool Mutants::is_new(const Mutant& mutant) {
    return seen_.insert(fingerprint(mutant.function, mutant.marshalled)).second;
}

std::vector<std::uint8_t> Mutants::pyc(const Mutant& mutant) const {
    objects::PycFile file;
    file.target = file_.target;
    file.header = file_.header;
    const auto read = objects::read_marshal(mutant.marshalled, *file_.target, file.pool);
    if (!read) return {};
    file.top = read->top;
    support::ByteWriter out;
    if (!objects::write_pyc(file, out)) return {};
    return {out.view().begin(), out.view().end()};
}

} // namespace pyasm::campaign
