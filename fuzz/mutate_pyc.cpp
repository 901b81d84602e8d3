// How libFuzzer changes a `.pyc`: half of the time within the parts of a code object, so that the file is
// still one. Bytes changed blindly are seldom read at all.

#include "objects/code_fields.hpp"
#include "objects/pyc.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using namespace pyasm;
using objects::CodeObject;
using objects::FieldKind;
using objects::ValueId;
using objects::ValueKind;

class Mutator {
  public:
    Mutator(objects::PycFile file, std::uint32_t seed) : file_(std::move(file)), random_(seed) {
        for (std::uint32_t i = 0; i < file_.pool.size(); ++i) {
            const ValueId id{i};
            const ValueKind kind = file_.pool[id].kind;
            if (kind == ValueKind::Code)
                codes_.push_back(id);
            else if (objects::is_container(kind))
                containers_.push_back(id);
            else if (is_text(id))
                texts_.push_back(id), leaves_.push_back(id);
            else
                leaves_.push_back(id);
        }
    }

    [[nodiscard]] bool has_code() const { return !codes_.empty(); }

    void mutate() {
        CodeObject& code = file_.pool.code(codes_[below(codes_.size())]);
        switch (below(8)) {
        case 0:
        case 1:
        case 2: return change_bytes(code, below(4));
        case 3: return change_number(code);
        case 4: return exchange_field(code);
        case 5: return change_member(code.consts == objects::no_value ? code.names : code.consts, leaves_);
        case 6: return change_text();
        default: return change_name(code);
        }
    }

    /// Nothing where the file cannot be written.
    [[nodiscard]] std::optional<std::string> written() {
        support::ByteWriter out;
        if (below(2) == 0 && objects::write_pyc_exact(file_, out)) return std::string(out.text());
        out.clear();
        if (!objects::write_pyc(file_, out)) return std::nullopt;
        return std::string(out.text());
    }

  private:
    std::size_t below(std::size_t end) { return random_() % end; }
    [[nodiscard]] bool is_text(ValueId id) const {
        return file_.pool[id].kind == ValueKind::Bytes || file_.pool[id].kind == ValueKind::Str;
    }

    ValueId changed(ValueId text) {
        std::string bytes(file_.pool.text(text));
        const std::size_t size = bytes.size();
        bytes.resize(size + 16);
        bytes.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(bytes.data()), size, bytes.size()));
        return file_.pool.add_text(file_.pool[text].kind, file_.pool.arena().copy(bytes));
    }

    void change_bytes(CodeObject& code, std::size_t which) {
        const std::array<ValueId*, 4> fields{&code.code, &code.linetable, &code.exceptiontable,
                                             &code.localspluskinds};
        ValueId& field = *fields[which];
        if (field != objects::no_value) field = changed(field);
    }

    void change_number(CodeObject& code) {
        static constexpr std::array<std::int32_t, 12> numbers{0,   1,   2,     3,         4,         -1,
                                                              255, 256, 65536, INT32_MAX, INT32_MIN, 0x20};
        std::vector<std::int32_t*> fields;
        objects::visit_code_fields(
            file_.target->code, code,
            [&](std::int32_t& field) {
                fields.push_back(&field);
                return true;
            },
            [](ValueId&, FieldKind, const char*) { return true; });
        std::int32_t& field = *fields[below(fields.size())];
        if (below(2) == 0)
            field ^= std::int32_t{1} << below(31);
        else
            field = numbers[below(numbers.size())];
    }

    /// A field of another code object, or another field of this one, of the same kind.
    void exchange_field(CodeObject& code) {
        const CodeObject other = file_.pool.code(codes_[below(codes_.size())]);
        const auto wanted = static_cast<FieldKind>(below(4));
        std::vector<ValueId> values;
        const auto collect = [&](const ValueId& field, FieldKind kind, const char*) {
            if (kind == wanted && kind != FieldKind::Constants) values.push_back(field);
            return true;
        };
        const auto number = [](const std::int32_t&) { return true; };
        objects::visit_code_fields(file_.target->code, other, number, collect);
        if (values.empty()) return;
        std::size_t left = below(values.size());
        objects::visit_code_fields(
            file_.target->code, code, [](std::int32_t&) { return true; },
            [&](ValueId& field, FieldKind kind, const char*) {
                if (kind == wanted && left-- == 0) field = values[below(values.size())];
                return true;
            });
    }

    /// Members of a leaf's kind only: no cycle comes of it.
    void change_member(ValueId container, const std::vector<ValueId>& by) {
        if (container == objects::no_value || by.empty()) return;
        const auto members = file_.pool.children(container);
        if (!members.empty()) members[below(members.size())] = by[below(by.size())];
    }

    void change_name(CodeObject& code) {
        const std::array<ValueId, 5> tables{code.names, code.varnames, code.freevars, code.cellvars,
                                            code.localsplusnames};
        const ValueId table = tables[below(tables.size())];
        if (table == objects::no_value || file_.pool[table].size == 0) return;
        const ValueKind kind = file_.pool[file_.pool.children(table)[0]].kind;
        std::vector<ValueId> names;
        for (const ValueId id : texts_)
            if (file_.pool[id].kind == kind) names.push_back(id);
        change_member(table, names);
    }

    /// One text in all its places.
    void change_text() {
        if (texts_.empty()) return;
        const ValueId id = texts_[below(texts_.size())];
        const ValueId made = changed(id);
        const objects::Value value = file_.pool[made];
        file_.pool[id].text = value.text;
        file_.pool[id].size = value.size;
    }

    objects::PycFile file_;
    std::minstd_rand random_;
    std::vector<ValueId> codes_, containers_, texts_, leaves_;
};

} // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
    if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, max_size);
    auto file = objects::read_pyc({data, size});
    if (!file) return LLVMFuzzerMutate(data, size, max_size);
    Mutator mutator(std::move(*file), seed);
    if (!mutator.has_code()) return LLVMFuzzerMutate(data, size, max_size);
    mutator.mutate();
    const auto bytes = mutator.written();
    if (!bytes || bytes->size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
    std::memcpy(data, bytes->data(), bytes->size());
    return bytes->size();
}
