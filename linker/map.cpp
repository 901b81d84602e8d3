#include "linker/map.hpp"

#include "linker/children.hpp"
#include "objects/marshal_exact_writer.hpp"
#include "program/outline.hpp"
#include "program/qualified_names.hpp"
#include "support/hash.hpp"

#include <tsl/robin_map.h>

#include <algorithm>

namespace pyasm::linker {
namespace {

constexpr std::string_view module_name = "<module>";

using objects::no_value;
using objects::ValueId;
using objects::ValueKind;
using objects::ValuePool;

/// Follows a writer and counts the bytes of each code object.
class ByteCounter : public objects::NoObserver {
  public:
    ByteCounter(const ValuePool& pool, const support::ByteWriter& out)
        : pool_(pool), out_(out), sizes_(pool.size(), 0) {}

    void enter(ValueId id) {
        const bool is_code = pool_[id].kind == ValueKind::Code;
        // Of a code object, the type byte alone is written so far.
        count(out_.size() - is_code);
        owners_.push_back(is_code || owners_.empty() ? id : owners_.back());
    }
    void leave() {
        count(out_.size());
        owners_.pop_back();
    }
    [[nodiscard]] std::size_t operator[](ValueId id) const { return sizes_[static_cast<std::size_t>(id)]; }

  private:
    void count(std::size_t until) {
        if (!owners_.empty()) sizes_[static_cast<std::size_t>(owners_.back())] += until - counted_;
        counted_ = until;
    }

    const ValuePool& pool_;
    const support::ByteWriter& out_;
    std::vector<std::size_t> sizes_; // by value
    std::vector<ValueId> owners_;    // code objects that are open, a container counting as the one around it
    std::size_t counted_ = 0;
};

/// Which code object of the program each one of the written file is: both are walked side by side.
class Twins {
  public:
    Twins(const objects::PycFile& program, const objects::PycFile& written)
        : program_(program), written_(written), twins_(written.pool.size(), no_value) {
        waiting_.push_back({program.top, written.top});
        while (!waiting_.empty() && same_) {
            const auto [left, right] = waiting_.back();
            waiting_.pop_back();
            meet(left, right);
        }
    }
    [[nodiscard]] bool same() const { return same_; }
    [[nodiscard]] ValueId operator[](ValueId written) const {
        return twins_[static_cast<std::size_t>(written)];
    }

  private:
    void meet(ValueId left, ValueId right) {
        if (static_cast<std::size_t>(left) >= program_.pool.size() ||
            static_cast<std::size_t>(right) >= twins_.size()) {
            same_ = false;
            return;
        }
        ValueId& twin = twins_[static_cast<std::size_t>(right)];
        if (twin != no_value) return;
        twin = left;
        if (program_.pool[left].kind != written_.pool[right].kind) {
            same_ = false;
            return;
        }
        const std::vector<ValueId> lefts = children(program_, left), rights = children(written_, right);
        same_ = lefts.size() == rights.size();
        for (std::size_t i = 0; same_ && i < lefts.size(); ++i) waiting_.push_back({lefts[i], rights[i]});
    }
    [[nodiscard]] static std::vector<ValueId> children(const objects::PycFile& file, ValueId id) {
        std::vector<ValueId> found;
        for_each_child(file.pool, *file.target, id, [&](ValueId child) { found.push_back(child); });
        return found;
    }

    const objects::PycFile& program_;
    const objects::PycFile& written_;
    std::vector<ValueId> twins_; // by value of `written`
    std::vector<std::pair<ValueId, ValueId>> waiting_;
    bool same_ = true;
};

/// Who refers first to each code object that a symbol means.
class Wanters {
  public:
    explicit Wanters(const LinkedProgram& program) {
        for (const ResolvedSymbol& symbol : program.symbols) {
            if (!symbol.is_code) continue;
            const auto [place, is_new] =
                by_code_.try_emplace(static_cast<std::uint64_t>(symbol.value), &symbol);
            if (!is_new && symbol.wanted_by < place->second->wanted_by) place.value() = &symbol;
        }
    }
    /// Null for a code object that no symbol means.
    [[nodiscard]] const ResolvedSymbol* of(ValueId code) const {
        const auto found = by_code_.find(static_cast<std::uint64_t>(code));
        return found == by_code_.end() ? nullptr : found->second;
    }

  private:
    tsl::robin_map<std::uint64_t, const ResolvedSymbol*, support::NumberHash> by_code_;
};

/// What a symbol is called in its own file.
std::string name_of(const ResolvedSymbol& symbol) { return symbol.name.substr(symbol.name.rfind(':') + 1); }

/// The name of an entry by that of the code object around it, which may come from another file than the one
/// around that, and there be a module's body.
std::string nested_name(const LinkMap& map, const program::QualifiedNames& names, std::size_t entry,
                        std::int32_t parent) {
    const std::string_view name = names[entry];
    if (parent < 0) return std::string(name);
    const std::string_view outer = names[static_cast<std::size_t>(parent)];
    const std::string& shown = map.codes[static_cast<std::size_t>(parent)].name;
    if (shown == outer || !name.starts_with(outer)) return std::string(name);
    std::string_view rest = name.substr(outer.size());
    if (shown != module_name) return shown + std::string(rest);
    for (const std::string_view scope : {".<locals>", "."})
        if (rest.starts_with(scope)) rest.remove_prefix(scope.size());
    return std::string(rest);
}

} // namespace

std::optional<LinkMap> make_map(const LinkedProgram& program, support::Bytes written) {
    const auto file = program.file.header.absent ? objects::read_marshal_file(written, *program.file.target)
                                                 : objects::read_pyc(written);
    if (!file) return std::nullopt;
    support::ByteWriter again;
    ByteCounter counter(file->pool, again);
    if (!objects::ExactWriter<ByteCounter>(file->pool, file->hints, *file->target, again, counter)
             .run(file->top))
        return std::nullopt;
    const Twins twins(program.file, *file);
    if (!twins.same()) return std::nullopt;

    support::Arena arena;
    const program::Outline outline(file->pool, *file->target, file->top, arena);
    const program::QualifiedNames names(outline, file->pool);
    const Wanters wanters(program);
    LinkMap map;
    map.inputs = program.inputs;
    map.main = program.main;
    map.total_bytes = map.other_bytes = written.size();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const program::Outline::Entry& entry = outline.entries()[i];
        const ValueId code = twins[entry.code];
        MapCode& one = map.codes.emplace_back();
        one.bytes = counter[entry.code];
        one.outer = entry.parent;
        const CodeOrigin* origin = program.origin_of(code);
        one.input = origin ? origin->input : program.main;
        const ResolvedSymbol* symbol = entry.code == file->top ? nullptr : wanters.of(code);
        if (symbol) {
            one.wanted_by = symbol->wanted_by;
            one.wanted_in = symbol->wanted_in;
        }
        one.name =
            symbol && symbol->input != no_input ? name_of(*symbol) : nested_name(map, names, i, entry.parent);
        map.other_bytes -= one.bytes;
    }
    return map;
}

} // namespace pyasm::linker
