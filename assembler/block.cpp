#include "assembler/block.hpp"

#include "assembler/mnemonics.hpp"
#include "program/decode.hpp"
#include "support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>

namespace pyasm::assembler {

using objects::CodeObject;
using objects::ValueId;
using objects::ValueKind;
using program::Block;
using program::BlockKind;
using program::Instruction;
using program::OperandForm;
using program::ParameterKind;
using program::Statement;
using program::StatementKind;

namespace {

constexpr std::uint64_t most_line_step_bytes = std::uint64_t{64} << 20;

} // namespace

BlockAssembler::BlockAssembler(UnitContext& context)
    : context_(context), tables_(context), variables_(context), labels_(context),
      operands_(context, tables_, variables_, labels_, list_), positions_(context),
      exceptions_(context, labels_), encoder_(context.target),
      stated_filenames_(context.unit.blocks.size(), objects::no_value) {}

void BlockAssembler::assemble(std::int32_t index) {
    const std::size_t errors = context_.diagnostics.error_count();
    index_ = index;
    block_ = &context_.unit.blocks[static_cast<std::size_t>(index)];
    list_.clear();
    list_.items.reserve(block_->body.size());
    traits_ = {};
    pending_prefixes_ = 0;
    takes_caches_ = has_data_ = false;
    tables_.begin(*block_, index);
    variables_.begin(*block_, index);
    labels_.begin(index);
    operands_.begin(*block_);
    positions_.begin(*block_);
    exceptions_.begin();
    check_pins();

    for (const Statement& statement : block_->body) add(statement);
    tables_.end_of_body();
    exceptions_.end_of_body(static_cast<std::uint32_t>(list_.items.size()));

    const std::uint32_t flags = block_->pins.flags ? stated_flags(context_, block_->pins.flags) : 0;
    const ArgumentCounts counts = argument_counts(flags);
    variables_.finish(counts);
    if (context_.diagnostics.error_count() == errors && !context_.text_had_errors) check_counts(counts);
    operands_.finish();
    set_names(context_.unit.values.code(context_.symbols.code_of(index_)));
    const bool sound =
        context_.diagnostics.error_count() == errors && encoder_.encode(list_, context_.diagnostics);
    if (sound && whole_units()) build(flags, counts);
}

/// The loader refuses a co_code that ends within a code unit, from 3.11 on (Objects/codeobject.c); the
/// versions before it cannot run it to its end.
bool BlockAssembler::whole_units() {
    const std::size_t size = encoder_.code().size();
    if (size % program::code_unit(context_.target) == 0 || block_->pins.unchecked) return true;
    support::Span place = block_->span;
    for (const Statement& statement : block_->body)
        if (statement.kind == StatementKind::Bytes) place = statement.span;
    context_.diagnostics.error(place, fmt::format("co_code ends within a code unit: it has {} bytes", size),
                               "Add a byte, or say `.unchecked` in the block if that is what you want.");
    return false;
}

void BlockAssembler::add(const Statement& statement) {
    const auto next = static_cast<std::uint32_t>(list_.items.size());
    switch (statement.kind) {
    case StatementKind::Instruction: return add_instruction(statement);
    case StatementKind::Label: return labels_.define(statement.text, next, statement.span);
    case StatementKind::Line: return positions_.line(statement, next);
    case StatementKind::Try: return exceptions_.open(statement, next);
    case StatementKind::EndTry: return exceptions_.close(statement, next);
    case StatementKind::Except: return exceptions_.row(statement);
    case StatementKind::Op: return add_opcode(statement);
    case StatementKind::Bytes: return add_bytes(statement);
    case StatementKind::Cache: return add_caches(statement);
    }
}

void BlockAssembler::push(Instruction& item) {
    if (item.kind == Instruction::Kind::Prefix) {
        ++pending_prefixes_;
    } else {
        if (item.has_argument)
            item.written_prefixes = static_cast<std::uint8_t>(std::min(pending_prefixes_, 255U));
        pending_prefixes_ = 0;
    }
    takes_caches_ = item.kind == Instruction::Kind::Operation;
    list_.items.push_back(item);
}

void BlockAssembler::add_instruction(const Statement& statement) {
    const isa::OpInfo* op = context_.target.find(statement.text);
    if (!op) return report_unknown_instruction(context_, statement);
    if (op->is(isa::OpFlag::Internal) && !block_->pins.unchecked)
        return report_internal_instruction(context_, *op, statement.span);
    if (op->is(isa::OpFlag::Prefix)) return add_prefix(statement, *op);
    Instruction item;
    item.op = op;
    item.span = statement.span;
    item.opcode = context_.target.number(*op);
    item.has_argument = op->takes_argument() || statement.operand.form == OperandForm::Raw;
    operands_.resolve(statement, item);
    tables_.imply(*op, item.argument);
    program::note_traits(context_.target, *op, item.argument, traits_);
    push(item);
}

void BlockAssembler::add_prefix(const Statement& statement, const isa::OpInfo& op) {
    Instruction item;
    item.kind = Instruction::Kind::Prefix;
    item.op = &op;
    item.span = statement.span;
    item.opcode = context_.target.extended_arg;
    const auto& operand = statement.operand;
    if (operand.form == OperandForm::Integer || operand.form == OperandForm::Raw) {
        const std::int64_t largest = context_.target.form == isa::InstructionForm::Wordcode ? 0xFF : 0xFFFF;
        if (operand.number < 0 || operand.number > largest)
            context_.diagnostics.error(
                operand.span.known() ? operand.span : statement.span,
                fmt::format("the operand of one EXTENDED_ARG is a number from 0 to {}", largest),
                "Write one for each part, or none: then they are added as needed.");
        item.operand_given = true;
        item.argument = static_cast<std::uint32_t>(operand.number & largest);
    } else if (operand.form != OperandForm::None) {
        context_.diagnostics.error(operand.span.known() ? operand.span : statement.span,
                                   "EXTENDED_ARG takes a number, or nothing");
    }
    push(item);
}

void BlockAssembler::add_opcode(const Statement& statement) {
    Instruction item;
    item.span = statement.span;
    item.opcode = static_cast<std::uint8_t>(statement.index);
    item.op = context_.target.op(item.opcode);
    item.own_caches = true; // and none of them
    const bool given = statement.operand.form != OperandForm::None;
    const std::int64_t number = given ? statement.operand.number : 0;
    const bool words = context_.target.form == isa::InstructionForm::Wordcode;
    if (number < 0 || number > 0xFFFF'FFFF) {
        context_.diagnostics.error(statement.operand.span,
                                   fmt::format("an argument is a number of 32 bits, and {} is not", number));
        return;
    }
    if (given && !words && item.opcode < context_.target.have_argument) {
        context_.diagnostics.error(
            statement.operand.span,
            fmt::format("opcode {} has no place for an argument in {}", item.opcode, context_.target.name),
            fmt::format("Opcodes from {} on have one.", context_.target.have_argument));
        return;
    }
    item.argument = static_cast<std::uint32_t>(number);
    item.has_argument = words ? given : item.opcode >= context_.target.have_argument;
    if (item.op) program::note_traits(context_.target, *item.op, item.argument, traits_);
    push(item);
}

void BlockAssembler::add_bytes(const Statement& statement) {
    Instruction item;
    item.kind = Instruction::Kind::Data;
    item.span = statement.span;
    item.data = static_cast<std::uint32_t>(list_.data.size());
    if (statement.operand.form == OperandForm::Value &&
        context_.unit.values[statement.operand.value].kind == ValueKind::Bytes)
        list_.data.bytes(context_.unit.values.text(statement.operand.value));
    item.data_size = static_cast<std::uint32_t>(list_.data.size()) - item.data;
    has_data_ = true;
    push(item);
}

void BlockAssembler::add_caches(const Statement& statement) {
    if (!takes_caches_ || context_.target.form != isa::InstructionForm::Wordcode) {
        context_.diagnostics.error(statement.span,
                                   takes_caches_ ? "instructions of this version have no caches"
                                                 : ".cache does not follow an instruction",
                                   "It stands right behind the instruction whose cache units it gives.");
        return;
    }
    takes_caches_ = false;
    Instruction& item = list_.items.back();
    item.own_caches = true;
    item.data = static_cast<std::uint32_t>(list_.data.size());
    if (statement.operand.form == OperandForm::Value &&
        context_.unit.values[statement.operand.value].kind == ValueKind::Tuple) {
        for (const ValueId unit : context_.unit.values.children(statement.operand.value)) {
            const objects::Value& value = context_.unit.values[unit];
            if (value.kind != ValueKind::Int || value.integer < 0 || value.integer > 0xFFFF) {
                context_.diagnostics.error(statement.span, "a cache unit is a number from 0 to 65535");
                break;
            }
            list_.data.u16(static_cast<std::uint16_t>(value.integer));
        }
    }
    item.data_size = static_cast<std::uint32_t>(list_.data.size()) - item.data;
}

/// Directives for fields that the target's code objects do not have.
void BlockAssembler::check_pins() {
    const auto& pins = block_->pins;
    const isa::CodeLayout& layout = context_.target.code;
    const auto refuse = [&](const auto& pin, bool exists, std::string_view field) {
        if (pin && !exists)
            context_.diagnostics.error(
                pin.span, fmt::format("code objects of {} have no {}", context_.target.name, field));
    };
    refuse(pins.posonlyargcount, layout.posonlyargcount, "co_posonlyargcount");
    refuse(pins.kwonlyargcount, layout.kwonlyargcount, "co_kwonlyargcount");
    refuse(pins.nlocals, !layout.localsplus, "stored co_nlocals: it follows from the variables");
    refuse(pins.qualname, layout.qualname, "co_qualname");
    refuse(pins.exceptiontable, layout.exceptiontable, "exception table");
    refuse(pins.localsplusnames, layout.localsplus, "co_localsplusnames");
    refuse(pins.localspluskinds, layout.localsplus, "co_localspluskinds");
    refuse(pins.hidden, layout.hidden_locals, "hidden locals");
    const auto refuse_negative = [&](const program::Pin<std::int32_t>& pin, std::string_view field) {
        if (pin && pin.value < 0 && !pins.unchecked)
            context_.diagnostics.error(pin.span, fmt::format("{} is negative: {}", field, pin.value),
                                       "`.unchecked` in the block takes it as it is.");
    };
    refuse_negative(pins.argcount, "co_argcount");
    refuse_negative(pins.posonlyargcount, "co_posonlyargcount");
    refuse_negative(pins.kwonlyargcount, "co_kwonlyargcount");
    refuse_negative(pins.nlocals, "co_nlocals");
    refuse_negative(pins.stacksize, "co_stacksize");
    if (layout.localsplus && pins.localsplusnames.set != pins.localspluskinds.set)
        context_.diagnostics.error(pins.localsplusnames ? pins.localsplusnames.span
                                                        : pins.localspluskinds.span,
                                   ".localsplusnames and .localspluskinds stand together or not at all");
}

ArgumentCounts BlockAssembler::argument_counts(std::uint32_t stated_flags) const {
    const auto& pins = block_->pins;
    ArgumentCounts counts;
    for (const auto& parameter : block_->parameters) {
        const bool posonly = parameter.kind == ParameterKind::PositionalOnly;
        counts.posonlyargcount += posonly;
        counts.argcount += posonly || parameter.kind == ParameterKind::Positional;
        counts.kwonlyargcount += parameter.kind == ParameterKind::KeywordOnly;
        counts.varargs |= parameter.kind == ParameterKind::VarArgs;
        counts.varkeywords |= parameter.kind == ParameterKind::VarKeywords;
    }
    if (pins.argcount) counts.argcount = pins.argcount.value;
    if (pins.posonlyargcount) counts.posonlyargcount = pins.posonlyargcount.value;
    if (pins.kwonlyargcount) counts.kwonlyargcount = pins.kwonlyargcount.value;
    if (pins.flags) {
        counts.varargs = (stated_flags & context_.target.flag_bits.varargs) != 0;
        counts.varkeywords = (stated_flags & context_.target.flag_bits.varkeywords) != 0;
    }
    return counts;
}

/// Arguments are the first locals; an interpreter refuses more of them, or fails. Source: _PyCode_Validate in
/// Objects/codeobject.c, 3.11.
void BlockAssembler::check_counts(const ArgumentCounts& counts) {
    const auto& pins = block_->pins;
    if (pins.unchecked) return;
    const auto report = [&](const auto& pin, std::string message) {
        context_.diagnostics.error(pin ? pin.span : block_->span, std::move(message),
                                   "`.unchecked` in the block takes it as it is.");
    };
    if (counts.posonlyargcount > counts.argcount)
        report(pins.posonlyargcount,
               fmt::format("{} positional-only arguments, and {} positional ones in all",
                           counts.posonlyargcount, counts.argcount));
    const std::int64_t arguments =
        std::int64_t{counts.argcount} + counts.kwonlyargcount + counts.varargs + counts.varkeywords;
    const std::int64_t locals =
        pins.nlocals ? pins.nlocals.value : static_cast<std::int64_t>(variables_.proper_locals());
    if (arguments <= locals) return;
    const std::string message = fmt::format("{} arguments, and {} locals to hold them", arguments, locals);
    if (pins.argcount || !pins.flags)
        report(pins.argcount         ? pins.argcount
               : pins.kwonlyargcount ? pins.kwonlyargcount
                                     : pins.nlocals,
               message);
    else
        report(pins.flags, message);
}

void BlockAssembler::build(std::uint32_t stated_flags, const ArgumentCounts& counts) {
    const auto& pins = block_->pins;
    // Filled apart from the pool: values that are added meanwhile must not matter.
    CodeObject code = context_.unit.values.code(context_.symbols.code_of(index_));
    code.argcount = counts.argcount;
    code.posonlyargcount = counts.posonlyargcount;
    code.kwonlyargcount = counts.kwonlyargcount;
    code.flags = static_cast<std::int32_t>(pins.flags ? stated_flags
                                                      : program::derive_flags(context_.unit, *block_, traits_,
                                                                              variables_.has_cells_or_frees(),
                                                                              outer_flags()));
    code.firstlineno = pins.firstlineno ? pins.firstlineno.value : positions_.firstlineno();
    code.code = context_.bytes(encoder_.code());
    code.consts = context_.tuple(tables_.consts());
    code.names = context_.tuple(tables_.names());
    set_variables(code);
    set_stack_and_exceptions(code);
    code.linetable = pins.linetable ? pins.linetable.value : line_table(code.firstlineno);
    context_.unit.values.code(context_.symbols.code_of(index_)) = code;
    if (context_.places) note_places();
}

void BlockAssembler::note_places() {
    context_.places->begin(context_.symbols.code_of(index_), block_->span);
    for (std::size_t i = 0; i < list_.items.size(); ++i) {
        // A written prefix belongs to the instruction behind it.
        std::size_t whose = i;
        while (list_.items[whose].kind == Instruction::Kind::Prefix && whose + 1 < list_.items.size())
            ++whose;
        for (; i < whose; ++i) context_.places->add({encoder_.starts()[i], list_.items[whose].span});
        context_.places->add({encoder_.starts()[i], list_.items[i].span});
    }
}

std::uint32_t BlockAssembler::outer_flags() const {
    if (block_->parent < 0) return 0;
    return static_cast<std::uint32_t>(
        context_.unit.values.code(context_.symbols.code_of(block_->parent)).flags);
}

ValueId BlockAssembler::line_table(std::int32_t firstlineno) {
    const isa::Target& target = context_.target;
    buffer_.clear();
    if (positions_.has_entries()) {
        const auto entries = positions_.entries(encoder_.starts());
        if (has_room_for_lines(objects::long_step_bytes(firstlineno, entries)))
            objects::encode_line_entries(target, firstlineno, entries, buffer_);
    } else {
        const auto runs = positions_.runs(list_, encoder_.starts(), firstlineno);
        if (has_room_for_lines(objects::long_step_bytes(target, firstlineno, runs)))
            objects::encode_line_table(target, firstlineno, runs, buffer_);
    }
    return context_.bytes(buffer_.view());
}

/// Bounds the bytes of all line tables that far steps take; reports it once where there are too many.
bool BlockAssembler::has_room_for_lines(std::uint64_t step_bytes) {
    const bool fitted = line_step_bytes_ <= most_line_step_bytes;
    line_step_bytes_ += step_bytes;
    if (line_step_bytes_ <= most_line_step_bytes) return true;
    if (fitted)
        context_.diagnostics.error(
            block_->span,
            fmt::format("the lines are so far apart that the line tables would take more than {} MiB",
                        most_line_step_bytes >> 20));
    return false;
}

void BlockAssembler::set_variables(CodeObject& code) {
    const auto& pins = block_->pins;
    if (!context_.target.code.localsplus) {
        code.varnames = context_.tuple(variables_.varnames());
        code.cellvars = context_.tuple(variables_.cellvars());
        code.freevars = context_.tuple(variables_.freevars());
        code.nlocals =
            pins.nlocals ? pins.nlocals.value : static_cast<std::int32_t>(variables_.varnames().size());
        return;
    }
    if (pins.localsplusnames) {
        code.localsplusnames = pins.localsplusnames.value;
        code.localspluskinds = pins.localspluskinds.value;
        return;
    }
    code.localsplusnames = context_.tuple(variables_.localsplusnames());
    code.localspluskinds = context_.bytes(variables_.localspluskinds());
}

void BlockAssembler::set_stack_and_exceptions(CodeObject& code) {
    const auto& pins = block_->pins;
    const bool tables = context_.target.code.exceptiontable;
    const auto handled = exceptions_.resolve(encoder_.starts());
    if (!pins.stacksize || !pins.unchecked || !handled.empty()) analyse_stack();
    if (pins.stacksize) {
        code.stacksize = pins.stacksize.value;
        if (!pins.unchecked && code.stacksize < depths_.greatest())
            context_.diagnostics.warning(
                pins.stacksize.span,
                fmt::format("the body needs a stack of {}: with {} the interpreter writes beyond its end",
                            depths_.greatest(), code.stacksize),
                "Leave .stacksize out, and it is derived.");
    } else if (depths_.greatest() > std::numeric_limits<std::int32_t>::max()) {
        context_.diagnostics.error(
            block_->span,
            fmt::format("the stack would grow to {} values: co_stacksize holds 31 bits", depths_.greatest()),
            "`.stacksize N` states it outright.");
    } else {
        code.stacksize = static_cast<std::int32_t>(
            std::max<std::int64_t>(depths_.greatest(), context_.target.conventions.least_stacksize));
    }
    if (!tables) return;
    if (pins.exceptiontable) {
        code.exceptiontable = pins.exceptiontable.value;
        return;
    }
    buffer_.clear();
    objects::encode_exception_table(exceptions_.entries(encoder_.starts(), depths_), buffer_);
    code.exceptiontable = context_.bytes(buffer_.view());
}

/// Heights from the instructions as written; from the bytes, where `.bytes` hides some.
void BlockAssembler::analyse_stack() {
    const auto& pins = block_->pins;
    std::vector<program::HandledRegion> regions(exceptions_.handled().begin(), exceptions_.handled().end());
    if (pins.exceptiontable && context_.is_text(pins.exceptiontable.value)) {
        const auto rows = objects::decode_exception_table(
            support::as_bytes(context_.unit.values.text(pins.exceptiontable.value)));
        if (rows)
            for (const objects::ExceptionEntry& row : *rows)
                regions.push_back({row.begin, row.end, row.target, row.depth, row.lasti});
    }
    if (!has_data_) return depths_.analyse(context_.target, list_.items, encoder_.starts(), regions);
    program::decode(context_.target, encoder_.code(), decoded_);
    depths_.analyse(context_.target, decoded_.items, decoded_.starts, regions);
}

void BlockAssembler::set_names(CodeObject& code) {
    const auto& pins = block_->pins;
    code.name = pins.name ? pins.name.value : text(program::derived_name(*block_));
    code.filename = filename();
    if (context_.target.code.qualname)
        code.qualname = pins.qualname ? pins.qualname.value : text(context_.names.qualname(index_));
}

/// The block's own, or that of the block around it, or the file's.
ValueId BlockAssembler::filename() {
    ValueId& stated = stated_filenames_[static_cast<std::size_t>(index_)];
    if (block_->pins.filename)
        stated = block_->pins.filename.value;
    else if (block_->parent >= 0)
        stated = stated_filenames_[static_cast<std::size_t>(block_->parent)];
    else if (context_.unit.filename)
        stated = context_.unit.filename.value;
    return stated != objects::no_value ? stated : source_path();
}

/// The path of the file that the block stands in, as the interpreter would decode it.
ValueId BlockAssembler::source_path() {
    std::uint32_t line = 0;
    const support::SourceFile* file = context_.sources.asked_at(block_->span.begin, line);
    const auto known = filenames_.find(file);
    if (known != filenames_.end()) return known->second;
    std::string path = file ? file->path : "<unknown>";
    if (context_.text_kind() == ValueKind::Str) path = support::decoded_path(path);
    const ValueId id = text(context_.unit.values.arena().copy(path));
    filenames_.emplace(file, id);
    return id;
}

} // namespace pyasm::assembler
