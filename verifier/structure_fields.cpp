// The fields of a code object: their types, their counts, the kinds of locals, the tables. Sources:
// PyCode_New* and _PyCode_Validate in Objects/codeobject.c, r_object in Python/marshal.c, 2.7 and 3.6 - 3.15.

#include "verifier/structure.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace pyasm::verifier {

using objects::ValueId;
using objects::ValueKind;

namespace {

/// "the interpreter does not load it" or worse: a field that it takes for something without looking.
Finding& bad_field(Report& report, std::string message, Consequence consequence = Consequence::NotLoaded) {
    return report.error(Rule::Fields, consequence, Finding::no_offset, std::move(message));
}

} // namespace

bool Structure::is_text(ValueId id) const {
    const ValueKind kind = pool[id].kind;
    return kind == ValueKind::Str ||
           (kind == ValueKind::Bytes && target.literals == isa::LiteralDialect::Python2);
}

bool Structure::is_tuple_of_texts(ValueId id) const {
    if (id == objects::no_value || pool[id].kind != ValueKind::Tuple) return false;
    // Names of 2.7 are byte strings: a unicode object there stops the interpreter (PyCode_New).
    const ValueKind wanted =
        target.literals == isa::LiteralDialect::Python2 ? ValueKind::Bytes : ValueKind::Str;
    for (const ValueId name : pool.children(id))
        if (pool[name].kind != wanted) return false;
    return true;
}

bool Structure::take_fields(Report& report) {
    const auto is = [&](ValueId id, ValueKind kind) {
        return id != objects::no_value && pool[id].kind == kind;
    };
    if (!is(code->code, ValueKind::Bytes)) {
        bad_field(report, "co_code is no byte string");
        return false;
    }
    if (!is(code->consts, ValueKind::Tuple)) {
        bad_field(report, "co_consts is no tuple");
        return false;
    }
    if (!take_names(report)) return false;
    if (code->name == objects::no_value || !is_text(code->name) || code->filename == objects::no_value ||
        !is_text(code->filename)) {
        bad_field(report, "co_name or co_filename is no string");
        return false;
    }
    if (target.code.qualname && !is(code->qualname, ValueKind::Str)) {
        bad_field(report, "co_qualname is no string");
        return false;
    }
    if (!is(code->linetable, ValueKind::Bytes)) {
        bad_field(report, "the line table is no byte string");
        return false;
    }
    if (target.code.exceptiontable && !is(code->exceptiontable, ValueKind::Bytes)) {
        bad_field(report, "co_exceptiontable is no byte string");
        return false;
    }
    consts = pool.children(code->consts);
    names = static_cast<std::uint32_t>(pool.children(code->names).size());
    return true;
}

bool Structure::take_names(Report& report) {
    const auto check = [&](ValueId id, std::string_view field) {
        if (is_tuple_of_texts(id)) return true;
        bad_field(report, fmt::format("{} is no tuple of strings", field), Consequence::Crash);
        return false;
    };
    if (!check(code->names, "co_names")) return false;
    if (target.code.localsplus) {
        if (!check(code->localsplusnames, "co_localsplusnames")) return false;
        const ValueId bytes = code->localspluskinds;
        if (bytes == objects::no_value || pool[bytes].kind != ValueKind::Bytes) {
            bad_field(report, "co_localspluskinds is no byte string");
            return false;
        }
        local_names = pool.children(code->localsplusnames);
        kinds = pool.text(bytes);
        return true;
    }
    if (!check(code->varnames, "co_varnames") || !check(code->freevars, "co_freevars") ||
        !check(code->cellvars, "co_cellvars"))
        return false;
    local_names = pool.children(code->varnames);
    kinds = {};
    return true;
}

bool Structure::take_counts(Report& report) {
    if (code->argcount < 0 || code->posonlyargcount < 0 || code->kwonlyargcount < 0) {
        bad_field(report, "a count of arguments is negative");
        return false;
    }
    if (code->posonlyargcount > code->argcount) {
        bad_field(report, fmt::format("{} arguments are positional-only, of {} positional ones",
                                      code->posonlyargcount, code->argcount));
        return false;
    }
    if (code->stacksize < 0) {
        bad_field(report, fmt::format("co_stacksize is {}", code->stacksize), Consequence::Crash);
        return false;
    }
    if (code->flags < 0) {
        bad_field(report, fmt::format("co_flags is {}", code->flags));
        return false;
    }
    locals = static_cast<std::uint32_t>(local_names.size());
    std::uint32_t true_locals = locals;
    if (target.code.localsplus) {
        if (!take_kinds(report)) return false;
        true_locals = cells; // for a moment: the number of those with the kind `local`
        cells = 0;
    } else {
        cells = static_cast<std::uint32_t>(pool.children(code->cellvars).size());
        frees = static_cast<std::uint32_t>(pool.children(code->freevars).size());
        cells += frees;
        free_first = locals; // they are not among the locals
        // The interpreter makes room for co_nlocals, and takes co_varnames for the arguments' names.
        if (code->nlocals < 0 || static_cast<std::uint32_t>(code->nlocals) != locals) {
            report.error(Rule::Locals, Consequence::Crash, Finding::no_offset,
                         fmt::format("co_nlocals is {}, and co_varnames has {}", code->nlocals, locals));
            return false;
        }
    }
    const auto flags = static_cast<std::uint32_t>(code->flags);
    const std::int64_t wanted = std::int64_t{code->argcount} + code->kwonlyargcount +
                                ((flags & target.flag_bits.varargs) != 0) +
                                ((flags & target.flag_bits.varkeywords) != 0);
    if (wanted > true_locals) {
        report.error(
            Rule::Locals,
            target.literals == isa::LiteralDialect::Python2 ? Consequence::Crash : Consequence::NotLoaded,
            Finding::no_offset, fmt::format("{} arguments, and {} locals to hold them", wanted, true_locals),
            "The arguments are the first locals.");
        return false;
    }
    arguments = static_cast<std::uint32_t>(wanted);
    if (std::int64_t{locals} + cells + code->stacksize > most_frame_slots) {
        bad_field(report,
                  fmt::format("a frame of {} slots is more than an interpreter will give",
                              std::int64_t{locals} + cells + code->stacksize),
                  Consequence::SystemError);
        return false;
    }
    return true;
}

/// Locals (which may be cells, too), then cells, then free variables: the interpreter counts on the order,
/// and nothing checks it (_PyCode_New, _Py_set_localsplus_info).
bool Structure::take_kinds(Report& report) {
    namespace kind = objects::local_kind;
    if (kinds.size() != local_names.size()) {
        bad_field(report, fmt::format("co_localspluskinds has {} bytes for {} names", kinds.size(),
                                      local_names.size()));
        return false;
    }
    std::uint8_t known = kind::local | kind::cell | kind::free;
    if (target.code.hidden_locals) known |= kind::hidden;
    if (target.code.argument_kinds)
        known |= kind::positional_argument | kind::keyword_argument | kind::variadic_argument;
    cells = 0;
    frees = 0;
    free_first = locals;
    int stage = 0;
    for (std::uint32_t i = 0; i < locals; ++i) {
        const auto bits = static_cast<std::uint8_t>(kinds[i]);
        const int here = (bits & kind::free) ? 2 : (bits & kind::local) ? 0 : (bits & kind::cell) ? 1 : -1;
        const bool mixed = (bits & kind::free) && (bits & (kind::local | kind::cell));
        if (here < stage || mixed || (bits & ~known)) {
            report.error(Rule::Locals, Consequence::Crash, Finding::no_offset,
                         fmt::format("co_localspluskinds has {:#04x} for slot {}", bits, i),
                         "Locals come first, then cells, then free variables.");
            return false;
        }
        stage = here;
        if (here == 0) ++cells;
        if (here == 2 && frees++ == 0) free_first = i;
    }
    return true;
}

bool Structure::take_flags(Report& report) {
    const isa::CodeFlagBits& bits = target.flag_bits;
    const auto flags = static_cast<std::uint32_t>(code->flags);
    // PyFunction_New takes it for granted (Objects/funcobject.c, 3.14).
    if ((flags & bits.has_docstring) && (consts.empty() || pool[consts[0]].kind != ValueKind::Str)) {
        report.error(Rule::Flags, Consequence::Crash, Finding::no_offset,
                     "co_flags have HAS_DOCSTRING, and the first constant is no string");
        return false;
    }
    if (target.frame.trusts_nofree && (flags & bits.nofree) && cells != 0) {
        report.error(Rule::Flags, Consequence::Crash, Finding::no_offset,
                     "co_flags have NOFREE, and there are cells or free variables");
        return false;
    }
    if (!target.frame.generator_instruction) return true;
    const std::uint32_t made = flags & bits.generators();
    const std::uint32_t makes = generator_at;
    check_prologue(report);
    if (report.has_errors()) return false;
    if (made && makes == nowhere) {
        report.error(Rule::Flags, Consequence::WrongResult, Finding::no_offset,
                     "co_flags say that it makes a generator or coroutine, and it has no RETURN_GENERATOR",
                     "Begin it with RETURN_GENERATOR and POP_TOP; of the macros, generator_prologue and "
                     "async_prologue do, "
                     "in place of prologue.");
        return false;
    }
    if (!made && makes != nowhere) {
        report.error(Rule::Flags, Consequence::Crash, offset_of(makes),
                     "RETURN_GENERATOR, and co_flags have none of GENERATOR, COROUTINE and ASYNC_GENERATOR");
        return false;
    }
    if (made & (made - 1)) {
        report.error(Rule::Flags, Consequence::Crash, Finding::no_offset,
                     "co_flags have more than one of GENERATOR, COROUTINE and ASYNC_GENERATOR");
        return false;
    }
    return true;
}

/// What must come before anything that can run code (which could call locals() or super() on the frame;
/// dropping a reference can run code): the free variables and the arguments that are cells are made so, and
/// the generator is made.
void Structure::check_prologue(Report& report) {
    std::vector<bool> unmade(arguments);
    std::uint32_t missing = 0;
    for (std::uint32_t i = 0; i < arguments; ++i)
        missing += unmade[i] = local_is(i, objects::local_kind::cell);
    bool copied = false;
    for (std::uint32_t i = 0; i < count(); ++i) {
        const program::Instruction& item = decoded.items[i];
        const isa::OpRole role = item.op->role;
        if (role == isa::OpRole::MakeCell && item.argument < arguments && unmade[item.argument]) {
            unmade[item.argument] = false;
            --missing;
        }
        copied |= role == isa::OpRole::CopyFreeVars;
        if (role == isa::OpRole::MakeCell || role == isa::OpRole::CopyFreeVars ||
            role == isa::OpRole::ReturnGenerator || item.op->name == "NOP")
            continue;
        if (frees != 0 && !copied)
            report.error(
                Rule::Cell, Consequence::Crash, offset_of(i),
                fmt::format("{} can run code, and the free variables are no cells yet", item.op->name),
                "COPY_FREE_VARS must come first.");
        if (missing != 0)
            report.error(Rule::Cell, Consequence::Crash, offset_of(i),
                         fmt::format("{} can run code, and argument {} is not made a cell yet", item.op->name,
                                     std::find(unmade.begin(), unmade.end(), true) - unmade.begin()),
                         "MAKE_CELL must come first.");
        if (generator_at != nowhere && generator_at > i && target.frame.generator_first)
            report.error(Rule::Generator, Consequence::Crash, offset_of(generator_at),
                         "RETURN_GENERATOR comes after an instruction that can run code");
        break;
    }
}

/// An entry that is cut short makes the interpreter read on behind the table. Source: advance_with_locations
/// and scan_varint in Objects/codeobject.c, 3.11.
bool Structure::check_locations(Report& report) {
    if (target.line_table != isa::LineTableKind::LocationTable) return true;
    const std::string_view table = pool.text(code->linetable);
    constexpr std::uint8_t lengths[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2};
    std::size_t at = 0;
    std::size_t units = 0; // with more than the code has, a tracer's table of lines overflows (3.11)
    const auto byte = [&](std::size_t place) { return static_cast<std::uint8_t>(table[place]); };
    const auto skip_numbers = [&](int many) {
        for (; many > 0; --many) {
            for (;;) {
                if (at == table.size()) return false;
                const std::uint8_t next = byte(at++);
                if (next & 0x80) return false;
                if (!(next & 0x40)) break;
            }
        }
        return true;
    };
    while (at < table.size()) {
        const std::size_t entry = at;
        const std::uint8_t first = byte(at++);
        const std::uint32_t form = first >> 3 & 15;
        bool good = (first & 0x80) != 0;
        if (good && form < std::size(lengths)) {
            good = table.size() - at >= lengths[form];
            // The bit is on the first byte of an entry only; the interpreter looks for starts by it.
            for (std::uint8_t n = 0; good && n < lengths[form]; ++n) good = (byte(at++) & 0x80) == 0;
        } else if (good && form < 15) {
            good = skip_numbers(form == 14 ? 4 : 1);
        }
        units += (first & 7) + 1;
        if (good && units * 2 <= pool[code->code].size) continue;
        if (good) {
            bad_field(report, "co_linetable covers more than the code", Consequence::Crash);
            return false;
        }
        bad_field(report, fmt::format("co_linetable has no whole entry at its byte {}", entry),
                  Consequence::Crash);
        return false;
    }
    return true;
}

bool Structure::take_handlers(Report& report) {
    handlers.clear();
    if (!target.code.exceptiontable) return true;
    const std::string_view table = pool.text(code->exceptiontable);
    if (table.empty()) return true;
    auto rows = objects::decode_exception_table(support::as_bytes(table));
    const auto fault = [&](Consequence consequence, std::string message) {
        report.error(Rule::ExceptionTable, consequence, Finding::no_offset, std::move(message));
        return false;
    };
    // The interpreter looks for the start of a row backwards, without an end (get_exception_handler, 3.11):
    // the first of four numbers has the bit, and no other byte.
    std::uint32_t numbers = 0;
    bool at_start = true;
    for (const char byte : table) {
        const auto bits = static_cast<std::uint8_t>(byte);
        if (((bits & 0x80) != 0) != (at_start && numbers % 4 == 0))
            return fault(Consequence::Crash, "co_exceptiontable does not tell where its rows start");
        at_start = (bits & 0x40) == 0;
        numbers += at_start;
    }
    if (!rows) return fault(Consequence::Crash, "co_exceptiontable: " + rows.error().message);
    handlers = std::move(*rows);
    std::uint32_t end = 0;
    for (const objects::ExceptionEntry& row : handlers) {
        const std::string place = fmt::format("co_exceptiontable: the row for {} to {}", row.begin, row.end);
        if (row.begin >= row.end) return fault(Consequence::WrongResult, place + " covers nothing");
        if (row.begin < end)
            return fault(Consequence::WrongResult, place + " overlaps one before it or is not in order");
        end = row.end;
        if (index_at(row.begin) == nowhere ||
            (index_at(row.end) == nowhere && row.end != decoded.starts.back()))
            return fault(Consequence::Crash, place + " does not cover whole instructions");
        if (index_at(row.target) == nowhere) {
            report.error(Rule::Target, Consequence::Crash, Finding::no_offset,
                         fmt::format("{} leads to {}, where no instruction starts", place, row.target));
            return false;
        }
    }
    return true;
}

std::string_view Structure::local_name(std::uint32_t index) const {
    return index < local_names.size() ? pool.text(local_names[index]) : std::string_view{};
}

std::uint32_t free_count(const isa::Target& target, const objects::ValuePool& pool,
                         const objects::CodeObject& code) {
    if (!target.code.localsplus) {
        if (code.freevars == objects::no_value || pool[code.freevars].kind != ValueKind::Tuple) return 0;
        return static_cast<std::uint32_t>(pool.children(code.freevars).size());
    }
    if (code.localspluskinds == objects::no_value || pool[code.localspluskinds].kind != ValueKind::Bytes)
        return 0;
    std::uint32_t frees = 0;
    for (const char kind : pool.text(code.localspluskinds))
        frees += (static_cast<std::uint8_t>(kind) & objects::local_kind::free) != 0;
    return frees;
}

} // namespace pyasm::verifier
