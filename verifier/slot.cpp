#include "verifier/slot.hpp"

#include <string_view>

namespace pyasm::verifier {
namespace {

struct Word {
    SlotKinds kinds;
    std::string_view word;
};
// What stands for several kinds comes first.
constexpr Word kind_words[] = {
    {slots::objects, "any object"},
    {SlotKinds::Object, "object"},
    {SlotKinds::None, "None"},
    {SlotKinds::Bool, "bool"},
    {SlotKinds::Str, "str"},
    {SlotKinds::Tuple, "tuple"},
    {SlotKinds::List, "list"},
    {SlotKinds::Set, "set"},
    {SlotKinds::Dict, "dict"},
    {SlotKinds::Code, "code"},
    {SlotKinds::Function, "function"},
    {SlotKinds::Cell, "cell"},
    {SlotKinds::Iter, "iterator"},
    {SlotKinds::Receiver, "awaited iterator"},
    {SlotKinds::Exc, "exception"},
    {SlotKinds::ExcType, "exception type"},
    {SlotKinds::ExcValue, "exception value"},
    {SlotKinds::ExcTb, "traceback"},
    {SlotKinds::Closure, "tuple of cells"},
    {SlotKinds::AliasParts, "parts of a type alias"},
    {SlotKinds::Indexed, "indexed iterator"},
    {SlotKinds::Prev, "saved exception"},
    {SlotKinds::Null, "NULL"},
    {SlotKinds::Lasti, "place of an instruction"},
    {SlotKinds::Index, "index"},
    {slots::why, "why code"},
    {SlotKinds::WhyBreak, "why code (break)"},
    {SlotKinds::WhyReturn, "why code (return)"},
    {SlotKinds::WhyContinue, "why code (continue)"},
    {SlotKinds::WhySilenced, "why code (silenced)"},
    {SlotKinds::ReturnAddress, "return address"},
    {SlotKinds::ContinueTarget, "place to continue at"},
    {SlotKinds::Unready, "unfinished function"},
};

} // namespace

std::string words_of(SlotKinds kinds) {
    std::string text = isa::any(kinds & SlotKinds::Borrowed) ? "borrowed " : "";
    kinds = kinds & ~SlotKinds::Borrowed;
    bool first = true;
    for (const Word& row : kind_words) {
        if (!isa::within(row.kinds, kinds)) continue;
        kinds = kinds & ~row.kinds;
        if (!first) text += " or ";
        first = false;
        text += row.word;
    }
    if (first) text += "nothing";
    return text;
}

} // namespace pyasm::verifier
