#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

namespace pyasm::isa {

/// What an instruction does to the frame, beyond taking and leaving what its stack signature says. Most have
/// none.
enum class OpRole : std::uint8_t {
    None,
    // Constants and locals
    LoadConst,
    NameArguments, ///< KW_NAMES
    ReturnConst,
    LoadLocal,
    LoadLocalChecked,
    LoadLocalBorrowed,
    LoadLocalAndClear,
    LoadTwoLocals,
    LoadTwoLocalsBorrowed,
    StoreLocal,
    StoreAndLoadLocal,
    StoreTwoLocals,
    DeleteLocal,
    // Cells and functions
    MakeCell,
    CopyFreeVars,
    LoadClassDeref,
    BuildTuple,
    MakeFunction,
    SetFunctionAttribute,
    // Blocks (up to 3.10)
    SetupLoop,
    SetupExcept,
    SetupFinally,
    SetupWith,
    SetupAsyncWith,
    PopBlock,
    PopExcept,
    EndFinally,
    BeginFinally,
    CallFinally,
    PopFinally,
    BreakLoop,
    ContinueLoop,
    WithCleanup,
    WithCleanupStart,
    WithCleanupFinish,
    EndAsyncFor,
    // The frame
    Return,
    Yield,
    YieldFrom,
    Send,
    ReturnGenerator,
    GenStart,
    Resume,
    LoadGlobal,
    LoadAttribute,
    // Tests and loops
    GetIter,
    ForIter,
    EndFor,
    JumpIfNone,
    JumpIfNotNone,
    // Calls
    Call,
    Precall,
    CallNamed,
    Reraise,
    // Containers
    Copy,
    Duplicate,  ///< DUP_TOP, DUP_TOP_TWO, DUP_TOPX
    ImportFrom, ///< leaves the module, from which the item can be reached
    Swap,
    BuildList,
    ListAppend,
    ListExtend,
    BuildConstKeyMap,
    BuildInterpolation,
    BuildTemplate,
    Compare,
    PushNumber, ///< GET_LEN, LOAD_SMALL_INT
    ImportStar, ///< IMPORT_STAR, CALL_INTRINSIC_1 (one of which is that), EXEC_STMT
    RaiseStar,  ///< PREP_RERAISE_STAR, and CALL_INTRINSIC_2 where it has that operand
};

struct NamedRole {
    std::string_view name;
    OpRole role;
};
inline constexpr NamedRole op_roles[] = {
    {"LOAD_CONST", OpRole::LoadConst},
    {"KW_NAMES", OpRole::NameArguments},
    {"RETURN_CONST", OpRole::ReturnConst},
    {"LOAD_FAST", OpRole::LoadLocal},
    {"LOAD_FAST_CHECK", OpRole::LoadLocalChecked},
    {"LOAD_FAST_BORROW", OpRole::LoadLocalBorrowed},
    {"LOAD_FAST_AND_CLEAR", OpRole::LoadLocalAndClear},
    {"LOAD_FAST_LOAD_FAST", OpRole::LoadTwoLocals},
    {"LOAD_FAST_BORROW_LOAD_FAST_BORROW", OpRole::LoadTwoLocalsBorrowed},
    {"STORE_FAST", OpRole::StoreLocal},
    {"STORE_FAST_LOAD_FAST", OpRole::StoreAndLoadLocal},
    {"STORE_FAST_STORE_FAST", OpRole::StoreTwoLocals},
    {"DELETE_FAST", OpRole::DeleteLocal},
    {"MAKE_CELL", OpRole::MakeCell},
    {"COPY_FREE_VARS", OpRole::CopyFreeVars},
    {"LOAD_CLASSDEREF", OpRole::LoadClassDeref},
    {"BUILD_TUPLE", OpRole::BuildTuple},
    {"MAKE_FUNCTION", OpRole::MakeFunction},
    {"MAKE_CLOSURE", OpRole::MakeFunction},
    {"SET_FUNCTION_ATTRIBUTE", OpRole::SetFunctionAttribute},
    {"SETUP_LOOP", OpRole::SetupLoop},
    {"SETUP_EXCEPT", OpRole::SetupExcept},
    {"SETUP_FINALLY", OpRole::SetupFinally},
    {"SETUP_WITH", OpRole::SetupWith},
    {"SETUP_ASYNC_WITH", OpRole::SetupAsyncWith},
    {"POP_BLOCK", OpRole::PopBlock},
    {"POP_EXCEPT", OpRole::PopExcept},
    {"END_FINALLY", OpRole::EndFinally},
    {"BEGIN_FINALLY", OpRole::BeginFinally},
    {"CALL_FINALLY", OpRole::CallFinally},
    {"POP_FINALLY", OpRole::PopFinally},
    {"BREAK_LOOP", OpRole::BreakLoop},
    {"CONTINUE_LOOP", OpRole::ContinueLoop},
    {"WITH_CLEANUP", OpRole::WithCleanup},
    {"WITH_CLEANUP_START", OpRole::WithCleanupStart},
    {"WITH_CLEANUP_FINISH", OpRole::WithCleanupFinish},
    {"END_ASYNC_FOR", OpRole::EndAsyncFor},
    {"RETURN_VALUE", OpRole::Return},
    {"YIELD_VALUE", OpRole::Yield},
    {"YIELD_FROM", OpRole::YieldFrom},
    {"SEND", OpRole::Send},
    {"RETURN_GENERATOR", OpRole::ReturnGenerator},
    {"GEN_START", OpRole::GenStart},
    {"RESUME", OpRole::Resume},
    {"LOAD_GLOBAL", OpRole::LoadGlobal},
    {"LOAD_ATTR", OpRole::LoadAttribute},
    {"GET_ITER", OpRole::GetIter},
    {"FOR_ITER", OpRole::ForIter},
    {"END_FOR", OpRole::EndFor},
    {"POP_JUMP_IF_NONE", OpRole::JumpIfNone},
    {"POP_JUMP_IF_NOT_NONE", OpRole::JumpIfNotNone},
    {"POP_JUMP_FORWARD_IF_NONE", OpRole::JumpIfNone},
    {"POP_JUMP_FORWARD_IF_NOT_NONE", OpRole::JumpIfNotNone},
    {"POP_JUMP_BACKWARD_IF_NONE", OpRole::JumpIfNone},
    {"POP_JUMP_BACKWARD_IF_NOT_NONE", OpRole::JumpIfNotNone},
    {"CALL_FUNCTION", OpRole::Call},
    {"CALL", OpRole::Call},
    {"PRECALL", OpRole::Precall},
    {"COPY", OpRole::Copy},
    {"DUP_TOP", OpRole::Duplicate},
    {"DUP_TOP_TWO", OpRole::Duplicate},
    {"DUP_TOPX", OpRole::Duplicate},
    {"IMPORT_FROM", OpRole::ImportFrom},
    {"IMPORT_STAR", OpRole::ImportStar},
    {"EXEC_STMT", OpRole::ImportStar},
    {"CALL_INTRINSIC_1", OpRole::ImportStar},
    {"SWAP", OpRole::Swap},
    {"CALL_KW", OpRole::CallNamed},
    {"CALL_FUNCTION_KW", OpRole::CallNamed},
    {"CALL_FUNCTION_VAR", OpRole::CallNamed},
    {"CALL_FUNCTION_VAR_KW", OpRole::CallNamed},
    {"RERAISE", OpRole::Reraise},
    {"BUILD_LIST", OpRole::BuildList},
    {"LIST_APPEND", OpRole::ListAppend},
    {"LIST_EXTEND", OpRole::ListExtend},
    {"BUILD_CONST_KEY_MAP", OpRole::BuildConstKeyMap},
    {"BUILD_INTERPOLATION", OpRole::BuildInterpolation},
    {"COMPARE_OP", OpRole::Compare},
    {"GET_LEN", OpRole::PushNumber},
    {"LOAD_SMALL_INT", OpRole::PushNumber},
    {"PREP_RERAISE_STAR", OpRole::RaiseStar},
    {"CALL_INTRINSIC_2", OpRole::RaiseStar},
    {"BUILD_TEMPLATE", OpRole::BuildTemplate},
};

/// The role of the instruction with this name.
constexpr OpRole role_of(std::string_view name) {
    for (const NamedRole& row : op_roles)
        if (row.name == name) return row.role;
    return OpRole::None;
}

} // namespace pyasm::isa
