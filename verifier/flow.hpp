#pragma once

#include "verifier/block_stacks.hpp"
#include "verifier/compact_ops.hpp"
#include "verifier/functions.hpp"
#include "verifier/slot.hpp"
#include "verifier/structure.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <tsl/robin_map.h>
#include <vector>

namespace pyasm::verifier {

/// What is known where several ways meet: in front of an instruction that is jumped to. Up to 3.8, finally
/// bodies run at several heights, so an instruction can have several states; later, a second one is an error.
struct State {
    static constexpr std::uint32_t none = 0xFFFF'FFFF;
    std::uint32_t instruction = 0;
    std::uint32_t height = 0;
    std::uint32_t blocks = BlockStacks::empty;
    bool started = false; ///< the generator is made (3.11+)
    bool waiting = false; ///< in the list of work
    std::uint16_t visits = 0;
    std::uint32_t next = none;       ///< another one of the same instruction
    std::uint32_t from_state = none; ///< from which it was first reached, none: the start
    std::uint32_t from = 0;          ///< and by which instruction
    Step::Way way = Step::Way::Jump;
    std::size_t slots = 0; ///< its locals and stack begin here in the arena
};

/// Follows the control of one code object: an abstract interpretation over kinds of slots. Bounds: a state is
/// joined at most `most_visits` times with something new, an instruction has at most `most_states` states,
/// and all states together hold at most `slots_for(code size)` slots; beyond, the code is refused as too
/// complex. So the work is at most the number of slots times the number of kinds, and linear for code whose
/// states are few.
class Flow {
  public:
    static constexpr std::uint16_t most_visits = 200;
    static constexpr std::uint32_t most_states = 64;
    /// Slots of all states of a code object together: what any real one needs, many times over.
    [[nodiscard]] static constexpr std::size_t slots_for(std::size_t instructions) {
        return (std::size_t{1} << 20) + 24 * instructions;
    }

    /// Slots that may be looked at or moved where ways meet and where a local changes.
    [[nodiscard]] static constexpr std::size_t work_for(std::size_t instructions) {
        return (std::size_t{1} << 26) + 512 * instructions;
    }

    Flow(const isa::Target& target, const objects::ValuePool& pool, const CompactOps& ops,
         Structure& structure, Functions& functions);

    /// `structure` has taken the code object. Afterwards the states are known, as far as there is no error.
    void run(Report& report);
    /// Warnings of what a whole run shows: code and handlers that no way leads to.
    void warn_of_dead_code();

    /// Calls `see` for each instruction that was reached, in order, with `stack_words()`, `locals()` and
    /// `block_words()` as they are in front of it, of the first state that leads there.
    template <class See> void replay(const See& see);
    [[nodiscard]] std::vector<std::string> stack_words() const;
    [[nodiscard]] std::span<const Slot> locals() const { return {frame_.data(), locals_}; }
    [[nodiscard]] std::vector<std::string> block_words() const;
    [[nodiscard]] bool was_reached(std::uint32_t index) const { return (marks_[index] & reached) != 0; }

  private:
    /// What a handler saves of the exception before, up to 3.10: type, value and traceback.
    static constexpr std::uint32_t saved_items = BlockStacks::saved_items;
    enum Mark : std::uint8_t { leader = 1, reached = 2 };
    enum class Next : std::uint8_t { Falls, Ends }; // whether control goes on behind the instruction

    // flow.cpp: the way through the code
    void begin();
    void mark_leaders();
    void enter();
    void process(std::uint32_t state);
    void load(const State& state);
    Next step(std::uint32_t index);
    void fall_off();
    void arrive(std::uint32_t index, std::uint32_t kept, std::span<const Slot> pushed, std::uint32_t blocks,
                Step::Way way);
    void arrive_here(std::uint32_t index) { arrive(index, height_, {}, blocks_, Step::Way::Jump); }
    [[nodiscard]] bool same_exceptions(const State& state, std::uint32_t kept,
                                       std::span<const Slot> pushed) const;
    bool merge(State& state, std::uint32_t kept, std::span<const Slot> pushed);
    std::uint32_t add_state(std::uint32_t index, std::uint32_t height, std::uint32_t blocks, Step::Way way);
    void disagree(std::uint32_t index, const State& other, std::uint32_t height, std::uint32_t blocks);
    [[nodiscard]] Slot join(Slot a, Slot b);
    void wait(std::uint32_t state);
    bool spend(std::size_t slots);

    // flow_stack.cpp: what a stack signature says
    Next generic(const CompactOp& op, const program::Instruction& item);
    bool apply(const CompactSignature& signature, const program::Instruction& item);
    bool apply_fixed(const CompactSignature& signature, const program::Instruction& item);
    bool apply_counted(const isa::StackSignature& signature, const program::Instruction& item);
    bool refuse_item(SlotKinds wanted, bool demanded, std::string_view name, Slot have, std::uint32_t place,
                     const program::Instruction& at);
    bool needs(std::int64_t items, const program::Instruction& item);
    bool push(Slot slot);
    /// Room for a stack of this height.
    void make_room(std::uint32_t height) {
        const std::size_t wanted = std::size_t{locals_} + height + 1;
        if (wanted <= frame_.size()) return;
        frame_.resize(std::max(wanted, frame_.size() * 2));
        stack_ = frame_.data() + locals_;
    }
    void touch(std::uint32_t place) {
        if (place < watched_) handler_stale_ = true;
    }

    // flow_handlers.cpp: where exceptions go
    bool may_raise(std::uint32_t index, const CompactOp& op, const program::Instruction& item);
    [[nodiscard]] std::int64_t taken_when_raised(const CompactOp& op, const program::Instruction& item) const;
    bool tell_handler(std::uint32_t index, std::uint32_t row, std::uint32_t height);
    bool raise_by_table(std::uint32_t index, std::uint32_t height);
    bool raise_by_blocks(std::uint32_t index, std::uint32_t height);
    bool unwind_handler_block(const BlockStacks::Block& block, std::uint32_t height);

    // flow_locals.cpp: locals, cells, constants
    Next local_role(const CompactOp& op, const program::Instruction& item);
    [[nodiscard]] Slot constant(std::uint32_t index) const;
    bool load_local(std::uint32_t local, bool checked, bool borrowed);
    bool store_local(std::uint32_t local);
    bool kill_local(std::uint32_t local);
    void set_local(std::uint32_t local, Slot slot);
    void look_at_frees();
    bool need_cell(std::uint32_t local);
    Next make_cell(std::uint32_t local);
    Next copy_free_vars(std::uint32_t count);
    Next deref(const CompactOp& op, const program::Instruction& item);
    [[nodiscard]] bool is_type_params(std::uint32_t local) const;
    bool frees_are_cells(const CompactOp& op, const program::Instruction& item);
    Next jump_if_none(const CompactOp& op, const program::Instruction& item);
    Next reraise(const CompactOp& op, const program::Instruction& item);

    // flow_functions.cpp: what makes functions and calls them
    Next make_function(const CompactOp& op, const program::Instruction& item);
    Next set_function_attribute(const CompactOp& op, const program::Instruction& item);
    Next call(const CompactOp& op, const program::Instruction& item);
    bool check_callee(Slot* callee, const Slot* end);
    Next call_named(const CompactOp& op, const program::Instruction& item);
    Next precall(const CompactOp& op, const program::Instruction& item);
    bool check_names_of_arguments(const program::Instruction& item);
    bool check_names_on_stack(const CompactOp& op, const program::Instruction& item);
    bool are_argument_names(objects::ValueId id, std::uint32_t arguments) const;
    bool check_closure(Slot closure, const Functions::Facts& facts);
    bool check_annotations(Slot annotations);

    // flow_generators.cpp: where generators are made, wait and return
    Next return_value(const CompactOp& op, const program::Instruction& item);
    Next return_generator(const CompactOp& op, const program::Instruction& item);
    Next yield(const CompactOp& op, const program::Instruction& item);
    Next gen_start();

    // flow_containers.cpp: what is in a tuple or list, where an instruction depends on it
    Next container_role(const CompactOp& op, const program::Instruction& item);
    Next build_tuple(const CompactOp& op, const program::Instruction& item);
    Next build_list(const CompactOp& op, const program::Instruction& item);
    Next grow_list(const CompactOp& op, const program::Instruction& item);
    Next build_const_key_map(const CompactOp& op, const program::Instruction& item);
    Next raise_star(const CompactOp& op, const program::Instruction& item);
    Next build_template(const CompactOp& op, const program::Instruction& item);
    Next copy(const CompactOp& op, const program::Instruction& item);
    Next get_iter(const CompactOp& op, const program::Instruction& item);
    Next use_index(const CompactOp& op, const program::Instruction& item);
    [[nodiscard]] std::int64_t tuple_size(Slot tuple) const;

    // flow_blocks.cpp, flow_finally.cpp: the block stack of versions up to 3.10
    Next block_role(const CompactOp& op, const program::Instruction& item);
    bool push_block(BlockType type, std::uint32_t handler, std::uint32_t level);
    Next setup(const CompactOp& op, const program::Instruction& item, BlockType type);
    Next setup_with(const CompactOp& op, const program::Instruction& item);
    Next setup_async_with(const program::Instruction& item);
    Next pop_block();
    Next pop_except();
    Next end_finally();
    Next end_finally_why(Slot top);
    Next end_finally_address(Slot top);
    Next pop_finally(const program::Instruction& item);
    Next call_finally(const program::Instruction& item);
    std::uint32_t items_above_exit(SlotKinds singles, SlotKinds known, std::uint32_t exception_items);
    Next with_cleanup();
    Next with_cleanup_start();
    Next with_cleanup_finish();
    Next end_async_for(const program::Instruction& item);
    void unwind(SlotKinds why, Slot retval, std::uint32_t height, std::uint32_t blocks);
    bool top_is_exception(std::uint32_t above);
    bool saved_at(std::uint32_t place);

    // Reports
    Finding& fault(Rule rule, Consequence consequence, std::string message, std::string help = {});
    void picture(Finding& finding);
    void trace(Finding& finding);

    [[nodiscard]] std::uint32_t offset() const { return structure_.offset_of(index_); }
    Slot& at_top(std::uint32_t depth) { return stack_[height_ - depth]; } // 1 is the top

    const isa::Target& target_;
    const objects::ValuePool& pool_;
    const CompactOps& ops_;
    Structure& structure_;
    Functions& functions_;
    Report* report_ = nullptr;

    // What is known where ways meet
    std::vector<std::uint8_t> marks_;         // by instruction
    std::vector<std::uint32_t> first_states_; // by instruction
    std::vector<State> states_;
    std::vector<Slot> arena_;
    std::vector<std::uint64_t> work_;      // a heap of instruction << 32 | state
    std::vector<std::uint32_t> region_of_; // by instruction: 1 + the row of the exception table, 0: none
    BlockStacks block_stacks_;
    JumpSets jump_sets_;
    /// By the BUILD_TUPLE that makes it: 1 + the local of each cell, 0 where it is not known.
    tsl::robin_map<std::uint64_t, std::vector<std::uint32_t>, support::NumberHash> closures_;
    bool too_complex_ = false;
    std::size_t spent_ = 0;

    // The frame in front of the instruction `index_`
    std::vector<Slot> frame_; // locals, then the stack
    Slot* stack_ = nullptr;
    std::uint32_t locals_ = 0; // slots that are followed: none up to 3.10
    std::uint32_t height_ = 0;
    std::uint32_t most_height_ = 0; // co_stacksize
    std::uint32_t blocks_ = BlockStacks::empty;
    bool started_ = false;
    std::uint32_t index_ = 0;
    std::uint32_t state_ = State::none; // the one that `process` began with
    std::uint32_t block_begin_ = 0;     // its instruction
    bool frees_whole_ = true;           // all free variables are cells
    bool handler_stale_ = true;         // what the handler would find has changed since it was told
    std::uint32_t handler_key_ = 0;
    std::uint32_t watched_ = 0; // the handler keeps the stack below this
    std::vector<Slot> moved_;   // items of one instruction
    bool replaying_ = false;
};

template <class See> void Flow::replay(const See& see) {
    replaying_ = true;
    std::vector<std::uint8_t> seen(structure_.count(), 0);
    for (std::uint32_t id = 0; id < states_.size(); ++id) {
        if (seen[states_[id].instruction]) continue;
        state_ = id;
        load(states_[id]);
        for (std::uint32_t index = states_[id].instruction; index < structure_.count(); ++index) {
            if (seen[index] || (index != states_[id].instruction && (marks_[index] & leader))) break;
            seen[index] = 1;
            index_ = index;
            see(index);
            if (step(index) == Next::Ends) break;
        }
    }
    replaying_ = false;
}

} // namespace pyasm::verifier
