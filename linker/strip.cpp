#include "linker/strip.hpp"

#include "linker/codes.hpp"
#include "linker/retable.hpp"
#include "objects/line_table.hpp"
#include "program/outline.hpp"

#include <algorithm>
#include <set>

namespace pyasm::linker {
namespace {

using objects::CodeObject;
using objects::ValueId;
using objects::ValueKind;
using program::BlockKind;
using program::Instruction;

/// What class bodies store on their own before the docstring.
bool is_stored_before(std::string_view name) {
    static constexpr std::string_view names[] = {"__module__", "__qualname__", "__firstlineno__",
                                                 "__type_params__", "__conditional_annotations__"};
    return std::ranges::find(names, name) != std::end(names);
}

class Stripper {
  public:
    explicit Stripper(objects::PycFile& file)
        : file_(file), pool_(file.pool), target_(*file.target), tables_(target_, pool_) {}

    void strip(ValueId code) {
        // A module's body can be a constant of the program's: the macro run_module runs one.
        const bool is_body = code == file_.top || pool_.text(pool_.code(code).name) == "<module>";
        switch (program::kind_of(pool_, target_, pool_.code(code), is_body)) {
        case BlockKind::Function: strip_function(code); break;
        case BlockKind::Class:
        case BlockKind::Module: strip_body(code); break;
        case BlockKind::Code: break;
        }
        strip_lines(pool_.code(code));
        strip_filename(pool_.code(code));
    }

    StripSaved saved;

  private:
    [[nodiscard]] static ValueId none() { return objects::ValuePool::singleton(ValueKind::None); }

    /// The docstring is the first constant. Where instructions use it, too, they get another entry with it.
    void strip_function(ValueId id) {
        if (!has_docstring(pool_, target_, pool_.code(id)) || !tables_.load(id)) return;
        const bool used = tables_.count_uses(true).front() != 0;
        const std::uint32_t flag = target_.flag_bits.has_docstring;
        if (flag == 0) {
            // A comprehension has no docstring, and any string may be its first constant.
            if (used && pool_.text(pool_.code(id).name).starts_with('<')) return;
            if (used) move_first_to_end();
            tables_.constants.front() = none();
        } else if (!used) {
            std::vector<bool> keep(tables_.constants.size(), true);
            keep.front() = false;
            tables_.keep_constants(keep);
        }
        if (!tables_.store()) return;
        CodeObject& code = pool_.code(id);
        code.flags = static_cast<std::int32_t>(static_cast<std::uint32_t>(code.flags) & ~flag);
        ++saved.docstrings;
    }
    void move_first_to_end() {
        const auto end = static_cast<std::uint32_t>(tables_.constants.size());
        tables_.constants.push_back(tables_.constants.front());
        for (Retable::Use& use : tables_.uses)
            if (use.is_constant && use.index == 0) use.index = end;
    }

    /// A body begins with LOAD_CONST and STORE_NAME __doc__: it stores None.
    void strip_body(ValueId id) {
        if (!tables_.load(id)) return;
        const std::size_t load = find_docstring();
        if (load == tables_.uses.size()) return;
        const auto place = std::ranges::find_if(
            tables_.constants, [this](ValueId constant) { return pool_[constant].kind == ValueKind::None; });
        const auto index = static_cast<std::uint32_t>(place - tables_.constants.begin());
        if (place == tables_.constants.end()) tables_.constants.push_back(none());
        const std::uint32_t docstring = tables_.uses[load].index;
        tables_.uses[load].index = index;
        if (tables_.count_uses(true)[docstring] == 0) {
            std::vector<bool> keep(tables_.constants.size(), true);
            keep[docstring] = false;
            tables_.keep_constants(keep);
        }
        if (tables_.store()) ++saved.docstrings;
    }

    /// Which use loads the docstring of a body; how many there are where none does.
    [[nodiscard]] std::size_t find_docstring() const {
        for (std::size_t i = 0; i < tables_.uses.size(); ++i) {
            const Retable::Use& use = tables_.uses[i];
            if (use.is_constant || tables_.items()[use.item].op->name != "STORE_NAME") continue;
            const std::string_view name = pool_.text(tables_.names[use.index]);
            if (is_stored_before(name)) continue;
            if (name != "__doc__" || i == 0) break;
            const Retable::Use& load = tables_.uses[i - 1];
            const bool right_before = load.is_constant && load.item + 1 == use.item &&
                                      tables_.items()[load.item].op->name == "LOAD_CONST";
            if (right_before && is_docstring(target_, pool_[tables_.constants[load.index]].kind))
                return i - 1;
            break;
        }
        return tables_.uses.size();
    }

    void strip_lines(CodeObject& code) {
        support::ByteWriter out;
        if (!objects::has_line_entries(target_)) {
            const objects::Position position{code.firstlineno, code.firstlineno, objects::Position::none,
                                             objects::Position::none};
            const objects::PositionRun run{0, pool_[code.code].size, position};
            if (run.end != 0) objects::encode_line_table(target_, code.firstlineno, {&run, 1}, out);
        }
        if (out.size() >= pool_[code.linetable].size) return;
        code.linetable = pool_.add_text(ValueKind::Bytes, pool_.arena().copy(support::as_text(out.view())));
        ++saved.line_tables;
    }

    void strip_filename(CodeObject& code) {
        if (pool_.text(code.filename) == stripped_filename) return;
        if (filenames_.insert(std::string(pool_.text(code.filename))).second) ++saved.filenames;
        if (filename_ == objects::no_value)
            filename_ =
                pool_.add_text(pool_[code.filename].kind, stripped_filename, objects::Value::interned);
        code.filename = filename_;
    }

    objects::PycFile& file_;
    objects::ValuePool& pool_;
    const isa::Target& target_;
    Retable tables_;
    ValueId filename_ = objects::no_value;
    std::set<std::string> filenames_;
};

} // namespace

StripSaved strip(objects::PycFile& file) {
    Stripper stripper(file);
    for (const ValueId code : code_objects(file)) stripper.strip(code);
    return stripper.saved;
}

} // namespace pyasm::linker
