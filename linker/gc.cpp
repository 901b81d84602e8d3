#include "linker/gc.hpp"

#include "linker/codes.hpp"
#include "linker/retable.hpp"
#include "program/outline.hpp"

#include <algorithm>

namespace pyasm::linker {
namespace {

using objects::ValueId;

std::size_t dropped(const std::vector<bool>& keep) {
    return static_cast<std::size_t>(std::ranges::count(keep, false));
}

class Collector {
  public:
    explicit Collector(objects::PycFile& file)
        : pool_(file.pool), target_(*file.target), top_(file.top), tables_(target_, pool_) {}

    void collect(ValueId code) {
        if (!tables_.load(code)) {
            ++saved.left_alone;
            return;
        }
        const std::vector<bool> constants = used(true), names = used(false);
        const std::vector<bool> kept = with_first(code, constants);
        if (dropped(kept) + dropped(names) == 0) return;
        tables_.keep_constants(kept);
        tables_.keep_names(names);
        if (!tables_.store()) {
            ++saved.left_alone;
            return;
        }
        saved.constants += dropped(kept);
        saved.names += dropped(names);
    }

    GcSaved saved;

  private:
    std::vector<bool> used(bool of_constants) const {
        const std::vector<std::uint32_t> counts = tables_.count_uses(of_constants);
        std::vector<bool> keep;
        for (const std::uint32_t count : counts) keep.push_back(count != 0);
        return keep;
    }

    /// A function's first constant stays where it is its docstring, and where another string would become
    /// that.
    std::vector<bool> with_first(ValueId id, std::vector<bool> keep) const {
        const objects::CodeObject& code = pool_.code(id);
        if (keep.empty() || keep.front()) return keep;
        const program::BlockKind kind = program::kind_of(pool_, target_, code, id == top_);
        if (kind == program::BlockKind::Module || kind == program::BlockKind::Class) return keep;
        if (has_docstring(pool_, target_, code)) {
            keep.front() = true;
            return keep;
        }
        const bool any_string = target_.flag_bits.has_docstring == 0; // it takes no flag
        const auto next = std::ranges::find(keep, true);
        if (any_string && next != keep.end())
            keep.front() = is_docstring(
                target_, pool_[tables_.constants[static_cast<std::size_t>(next - keep.begin())]].kind);
        return keep;
    }

    objects::ValuePool& pool_;
    const isa::Target& target_;
    ValueId top_;
    Retable tables_;
};

} // namespace

GcSaved collect_garbage(objects::PycFile& file) {
    const std::size_t before = code_objects(file).size();
    Collector collector(file);
    // From outside to inside: what is dropped is not looked at.
    std::size_t after = 0;
    walk_values(file, [&](ValueId id) {
        if (file.pool[id].kind != objects::ValueKind::Code) return;
        ++after;
        collector.collect(id);
    });
    collector.saved.codes = before - after;
    return collector.saved;
}

} // namespace pyasm::linker
