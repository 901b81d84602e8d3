#pragma once

#include "isa/target.hpp"
#include "objects/code_object.hpp"

#include <string_view>

namespace pyasm::objects {

/// What a field of a code object must be.
enum class FieldKind : std::uint8_t {
    Bytes,
    Text,      ///< a native string: byte string in 2.7
    Names,     ///< a tuple of native strings
    Constants, ///< a tuple
};

/// Visits the fields of a code object in marshal's order: `number(int32 field)` and `object(ValueId field,
/// FieldKind, name)` return false to stop. `Code` is CodeObject or const CodeObject. Source:
/// Python/marshal.c, w_object, of each version.
template <class Code, class Number, class Object>
bool visit_code_fields(const isa::CodeLayout& layout, Code& code, Number&& number, Object&& object) {
    if (!number(code.argcount)) return false;
    if (layout.posonlyargcount && !number(code.posonlyargcount)) return false;
    if (layout.kwonlyargcount && !number(code.kwonlyargcount)) return false;
    if (!layout.localsplus && !number(code.nlocals)) return false;
    if (!number(code.stacksize) || !number(code.flags)) return false;
    if (!object(code.code, FieldKind::Bytes, "code")) return false;
    if (!object(code.consts, FieldKind::Constants, "consts")) return false;
    if (!object(code.names, FieldKind::Names, "names")) return false;
    if (layout.localsplus) {
        if (!object(code.localsplusnames, FieldKind::Names, "localsplusnames")) return false;
        if (!object(code.localspluskinds, FieldKind::Bytes, "localspluskinds")) return false;
    } else {
        if (!object(code.varnames, FieldKind::Names, "varnames")) return false;
        if (!object(code.freevars, FieldKind::Names, "freevars")) return false;
        if (!object(code.cellvars, FieldKind::Names, "cellvars")) return false;
    }
    if (!object(code.filename, FieldKind::Text, "filename")) return false;
    if (!object(code.name, FieldKind::Text, "name")) return false;
    if (layout.qualname && !object(code.qualname, FieldKind::Text, "qualname")) return false;
    if (!number(code.firstlineno)) return false;
    if (!object(code.linetable, FieldKind::Bytes, "linetable")) return false;
    return !layout.exceptiontable || object(code.exceptiontable, FieldKind::Bytes, "exceptiontable");
}

} // namespace pyasm::objects
