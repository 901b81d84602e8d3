#pragma once

#include "linker/definitions.hpp"
#include "linker/graft.hpp"
#include "linker/link.hpp"
#include "program/scoped_name.hpp"

#include <tsl/robin_map.h>

#include <optional>
#include <string>
#include <vector>

namespace pyasm::linker {

/// What a linker knows of its inputs.
struct Linker::Parts {
    explicit Parts(const isa::Target* target) : wanted_target(target), common_target(target) {}

    /// What an input is, beyond what others are told of it.
    struct InputFacts {
        const isa::Target* target = nullptr;
        objects::ValueId top = objects::no_value; ///< the copy of its module body
        support::Span top_span;
        objects::PycHeader header;
        support::Bytes trailing; ///< in the pool's arena
    };
    /// A reference to a symbol: the first one of each name and kind.
    struct Wanted {
        std::string_view name;
        bool wants_code = false;
        Place place;
        std::string wanted_in;
        objects::ValueId value = objects::no_value; ///< what it has turned out to be
        InputIndex input = no_input;                ///< which has it
    };
    /// A value of the program that stands for a wanted symbol.
    struct Symbol {
        objects::ValueId id;
        std::uint32_t wanted; ///< index
    };

    InputIndex begin(Input input, const isa::Target& target);
    void want(const Wanted& wanted);
    [[nodiscard]] objects::ValueId copy_top(InputIndex input, const objects::PycFile& file);
    void note_codes(InputIndex input);
    void report_two(const Definition& first, const Definition& second);

    // resolve.cpp
    void resolve_all(const FinishOptions& options);
    void resolve(Wanted& wanted, const std::vector<std::string_view>& names, const FinishOptions& options);
    void report_undefined(const Wanted& wanted, const std::vector<std::string_view>& names,
                          const FinishOptions& options);
    void report_ambiguous(const Wanted& wanted, const std::vector<const Definition*>& found);
    void report_kind(const Wanted& wanted, const Definition& found);
    [[nodiscard]] std::optional<std::uint32_t> symbol_at(objects::ValueId id) const;
    void resolve_aliases();
    void report_aliases(const std::vector<std::uint32_t>& way, std::uint32_t first);
    [[nodiscard]] objects::ValueId follow(objects::ValueId id) const;
    void put_in_place();
    void check_targets();

    // undefined.cpp
    /// Why FILE:NAME is undefined, and what may be meant.
    struct MissingInFile {
        std::string reason, near;
    };
    [[nodiscard]] MissingInFile missing_in_file(const SplitSymbol& symbol,
                                                const FinishOptions& options) const;
    [[nodiscard]] std::string nearest_in(InputIndex input, std::string_view name) const;
    [[nodiscard]] std::string elsewhere(std::string_view name) const;

    // main_unit.cpp
    void check_main();
    void report_no_body();
    [[nodiscard]] bool can_rebind_main() const;
    [[nodiscard]] InputIndex choose_main(InputIndex wanted);
    [[nodiscard]] std::string list(const std::vector<InputIndex>& which) const;

    // circles.cpp
    void check_circles();

    LinkError& error(Place place, std::string message, std::string help = {}) {
        return errors.emplace_back(LinkError{place, std::move(message), std::move(help), {}});
    }

    const isa::Target* wanted_target;
    const isa::Target* common_target;
    LinkedProgram program;
    std::vector<InputFacts> facts; // by input
    std::optional<Graft> graft;    // once the target is known
    Definitions definitions;
    std::vector<Wanted> wanted;
    tsl::robin_map<program::ScopedName, std::uint32_t, program::ScopedNameHash>
        wanted_index; // by kind and name
    std::vector<LinkError> errors;
    bool targets_differ = false;
    std::vector<Graft::Slot> slots; // where symbols stood, sorted
};

} // namespace pyasm::linker
