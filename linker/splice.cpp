#include "linker/splice.hpp"

#include "linker/fit.hpp"
#include "linker/graft.hpp"
#include "linker/settle.hpp"
#include "program/derived.hpp"
#include "program/outline.hpp"
#include "program/qualified_names.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace pyasm::linker {
namespace {

using objects::CodeObject;
using objects::ValueId;
using objects::ValueKind;
using program::Outline;

constexpr std::size_t most_choices = 8;

class Splicer {
  public:
    Splicer(objects::PycFile& file, std::span<const Replacement> replacements)
        : file_(file), pool_(file.pool), target_(*file.target), replacements_(replacements),
          outline_(file.pool, *file.target, file.top, file.pool.arena()), names_(outline_, file.pool) {}

    SpliceResult run() {
        for (std::size_t i = 0; i < replacements_.size(); ++i) entries_.push_back(find(i));
        if (result_.errors.empty()) check_places();
        for (std::size_t i = 0; i < replacements_.size(); ++i)
            if (entries_[i]) check_fit(i);
        if (result_.errors.empty()) put_in();
        return std::move(result_);
    }

  private:
    SpliceError& error(std::size_t replacement, std::string message, std::string help = {}) {
        result_.errors.push_back({replacement, std::move(message), std::move(help), {}});
        return result_.errors.back();
    }
    [[nodiscard]] const Outline::Entry& entry(std::size_t replacement) const {
        return outline_.entries()[*entries_[replacement]];
    }
    [[nodiscard]] std::string name(std::size_t replacement) const {
        return support::printable(names_.exact(*entries_[replacement]), 200);
    }

    // ------------------------------------------------------------------ which ones

    std::optional<std::uint32_t> find(std::size_t index) {
        const std::string_view wanted = replacements_[index].name;
        const std::vector<std::uint32_t> found = names_.find(wanted);
        if (found.size() == 1) return found.front();
        const std::string shown = support::printable(wanted, 200);
        if (found.empty()) {
            unknown(index, shown);
            return std::nullopt;
        }
        SpliceError& fault =
            error(index, fmt::format("'{}' means {} code objects of the file", shown, found.size()),
                  "Choose one by its number.");
        for (std::size_t i = 0; i < found.size() && i < most_choices; ++i)
            fault.notes.push_back(choice(found[i]));
        if (found.size() > most_choices)
            fault.notes.push_back(fmt::format("and {} more", found.size() - most_choices));
        return std::nullopt;
    }

    /// "'C.size$1', at line 3 of shapes.py": each name with a number, so that it can be copied as it is.
    [[nodiscard]] std::string choice(std::uint32_t entry) const {
        return fmt::format("'{}', {}", support::printable(names_.exact(entry), 200),
                           place_of(pool_, outline_.entries()[entry].code));
    }
    [[nodiscard]] static std::string place_of(const objects::ValuePool& pool, ValueId id) {
        const CodeObject& code = pool.code(id);
        return fmt::format("at line {} of {}", code.firstlineno,
                           support::printable(pool.text(code.filename)));
    }

    void unknown(std::size_t index, const std::string& shown) {
        std::vector<std::string> near_names = others_of_that_name(replacements_[index].name);
        std::string help;
        if (near_names.size() == 1) {
            help = fmt::format("Did you mean '{}'?", support::printable(near_names.front(), 200));
            near_names.clear();
        } else if (near_names.empty()) {
            std::vector<std::string_view> candidates;
            for (std::size_t i = 0; i < names_.size(); ++i) candidates.push_back(names_[i]);
            const std::string_view near = support::nearest(replacements_[index].name, candidates);
            help = near.empty() ? fmt::format("It has {}.", some_names())
                                : fmt::format("Did you mean '{}'?", support::printable(near, 200));
        }
        SpliceError& fault =
            error(index, fmt::format("the file has no code object '{}'", shown), std::move(help));
        for (const std::string& near : near_names)
            fault.notes.push_back(fmt::format("there is '{}'", support::printable(near, 200)));
    }
    /// Names that end with the same part: `Encoder.encode` where `encode` was asked for.
    [[nodiscard]] std::vector<std::string> others_of_that_name(std::string_view wanted) const {
        const std::string plain = program::plain_name(wanted);
        const std::string last = plain.substr(plain.rfind('.') + 1);
        std::vector<std::string> found;
        for (std::size_t i = 0; i < names_.size() && found.size() < most_choices; ++i) {
            const std::string other = program::plain_name(names_[i]);
            if (!last.empty() && other.substr(other.rfind('.') + 1) == last) found.push_back(names_.exact(i));
        }
        return found;
    }
    [[nodiscard]] std::string some_names() const {
        std::string text;
        std::size_t shown = 0;
        for (std::size_t i = 0; i < names_.size() && shown < most_choices; ++i) {
            if (names_[i] == "<module>") continue;
            text += fmt::format("{}'{}'", shown++ ? ", " : "", support::printable(names_[i]));
        }
        if (shown == 0) return "no functions and classes";
        const std::size_t others = names_.size() - 1 - shown;
        return others == 0 ? text : fmt::format("{} and {} more", text, others);
    }

    /// Each place once, and none in another: what is put there would be lost.
    void check_places() {
        std::map<std::uint32_t, std::size_t> taken; // by entry
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            const auto [at, is_new] = taken.try_emplace(*entries_[i], i);
            if (!is_new)
                error(i, fmt::format("'{}' is replaced twice: by '{}' and by '{}'", name(i),
                                     replacements_[at->second].symbol, replacements_[i].symbol));
        }
        for (std::size_t i = 0; i < entries_.size(); ++i)
            for (std::int32_t outer = entry(i).parent; outer >= 0;
                 outer = outline_.entries()[static_cast<std::size_t>(outer)].parent)
                if (const auto at = taken.find(static_cast<std::uint32_t>(outer)); at != taken.end()) {
                    error(
                        i,
                        fmt::format("'{}' stands in '{}', which is replaced, too", name(i), name(at->second)),
                        fmt::format("Change it in '{}'.", replacements_[at->second].symbol));
                    break;
                }
    }

    void check_fit(std::size_t index) {
        const Replacement& replacement = replacements_[index];
        const bool is_body = entry(index).kind == program::BlockKind::Module;
        const Callable original = callable_of(pool_, target_, pool_.code(entry(index).code), is_body);
        const Callable other =
            callable_of(*replacement.pool, target_, replacement.pool->code(replacement.code), is_body);
        const std::vector<Misfit> found = misfits(original, other);
        if (found.empty()) return;
        SpliceError& fault =
            error(index, fmt::format("'{}' does not fit in the place of '{}'",
                                     support::printable(replacement.symbol, 200), name(index)));
        for (const Misfit& misfit : found)
            fault.notes.push_back(fmt::format("{}: the original {} {}, the replacement {} {}. {}",
                                              misfit.what, misfit.verb, misfit.original, misfit.verb,
                                              misfit.replacement, misfit.help));
        fault.notes.push_back(
            fmt::format("the replacement is {}", place_of(*replacement.pool, replacement.code)));
    }

    // ------------------------------------------------------------------ putting them in

    void put_in() {
        const ValueId added{static_cast<std::uint32_t>(pool_.size())};
        std::vector<Transplant> transplants;
        Graft graft(pool_);
        for (std::size_t i = 0; i < replacements_.size(); ++i) {
            const Replacement& replacement = replacements_[i];
            if (i == 0 || replacement.pool != replacements_[i - 1].pool) graft.begin(*replacement.pool);
            const std::size_t known = graft.codes().size();
            const ValueId copy = graft.copy(replacement.code);
            for (std::size_t j = known; j < graft.codes().size(); ++j)
                origins_.insert_or_assign(graft.codes()[j].copy,
                                          SplicedCode{{}, i, graft.codes()[j].original});
            // A code object of its own: one symbol may go to several places, which give it different names.
            const ValueId code = pool_.add_code(pool_.code(copy));
            take_over(code, entry(i).code);
            transplants.push_back({entry(i).code, code});
            origins_.insert_or_assign(entry(i).code, SplicedCode{{}, i, replacement.code});
            result_.done.push_back({names_.exact(*entries_[i]), entry(i).code, false});
        }
        const std::vector<bool> changed = settle(file_, transplants, added);
        for (std::size_t i = 0; i < transplants.size(); ++i) result_.done[i].changed = changed[i];
        for (auto& [code, origin] : origins_) {
            origin.code = code;
            result_.codes.push_back(origin);
        }
    }

    /// Gives a new code object what it has from the place where it stands.
    void take_over(ValueId code, ValueId place) {
        const CodeObject original = pool_.code(place);
        const isa::CodeFlagBits& bits = target_.flag_bits;
        const std::uint32_t of_place = bits.nested | bits.method | bits.future;
        pool_.code(code).flags =
            static_cast<std::int32_t>((static_cast<std::uint32_t>(pool_.code(code).flags) & ~of_place) |
                                      (static_cast<std::uint32_t>(original.flags) & of_place));
        pool_.code(code).name = original.name;
        if (!target_.code.qualname) return;
        const std::string from = std::string(pool_.text(pool_.code(code).qualname)) + ".";
        const std::string to = std::string(pool_.text(original.qualname)) + ".";
        pool_.code(code).qualname = original.qualname;
        if (from != to) rename_nested(code, from, to);
    }

    /// `fast.<locals>.<lambda>` becomes `Encoder.encode.<locals>.<lambda>`: in copies, as `fast` may go
    /// elsewhere, too.
    void rename_nested(ValueId outermost, const std::string& from, const std::string& to) {
        std::map<ValueId, ValueId> copies;
        std::vector<ValueId> waiting{outermost};
        while (!waiting.empty()) {
            const ValueId code = waiting.back();
            waiting.pop_back();
            std::vector<ValueId> consts;
            if (pool_[pool_.code(code).consts].kind == ValueKind::Tuple)
                consts.assign(pool_.children(pool_.code(code).consts).begin(),
                              pool_.children(pool_.code(code).consts).end());
            bool renamed = false;
            for (ValueId& nested : consts) {
                if (pool_[nested].kind != ValueKind::Code) continue;
                const auto [copy, is_new] = copies.try_emplace(nested, nested);
                if (is_new && rename(copy->second, from, to)) waiting.push_back(copy->second);
                renamed |= copy->second != nested;
                nested = copy->second;
            }
            if (renamed) pool_.code(code).consts = pool_.add_container(ValueKind::Tuple, consts);
        }
    }
    /// Makes `code` a renamed copy; false where its name does not begin so.
    bool rename(ValueId& code, const std::string& from, const std::string& to) {
        const ValueId qualname = pool_.code(code).qualname;
        const std::string_view old = pool_.text(qualname);
        if (!old.starts_with(from) || renamed_bytes_ > program::most_qualname_bytes) return false;
        renamed_bytes_ += to.size() + old.size();
        const std::string_view text = pool_.arena().copy(to + std::string(old.substr(from.size())));
        const auto origin = origins_.find(code);
        code = pool_.add_code(pool_.code(code));
        if (origin != origins_.end()) origins_.insert_or_assign(code, SplicedCode(origin->second));
        pool_.code(code).qualname = pool_.add_text(pool_[qualname].kind, text, pool_[qualname].flags);
        return true;
    }

    objects::PycFile& file_;
    objects::ValuePool& pool_;
    const isa::Target& target_;
    const std::span<const Replacement> replacements_;
    const Outline outline_;
    const program::QualifiedNames names_;
    std::vector<std::optional<std::uint32_t>> entries_; // by replacement
    std::map<ValueId, SplicedCode> origins_;            // by code object of the file
    std::size_t renamed_bytes_ = 0;                     // a long name could be put in front of many
    SpliceResult result_;
};

} // namespace

SpliceResult splice(objects::PycFile& file, std::span<const Replacement> replacements) {
    return Splicer(file, replacements).run();
}

} // namespace pyasm::linker
