#pragma once

#include "linker/program.hpp"
#include "linker/stems.hpp"
#include "support/arena.hpp"
#include "support/hash.hpp"
#include "support/span.hpp"

#include <tsl/robin_map.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::linker {

/// What an input gives under a name.
struct Definition {
    std::string_view name;
    InputIndex input = no_input;
    objects::ValueId value = objects::no_value; ///< in the program
    bool is_code = false;
    bool weak = false; ///< a name in a `.pyc`, or `<module>`: used where no other has it
    support::Span span;
    std::uint32_t previous = 0; ///< of the same plain name: 1 + its index; 0: none
};

/// All that can be referred to, by name.
class Definitions {
  public:
    /// Enters one. `name` must live as long as this.
    void add(Definition definition);
    /// An input's path, which says what can stand in front of a name of it.
    void add_file(std::string_view path) { files_.emplace_back(path); }
    /// By input.
    [[nodiscard]] const std::vector<FileName>& files() const { return files_; }

    /// What `symbol` means; more than one where it is ambiguous: a strong definition of this very name; else
    /// what it can mean in `.pyc` files (program/qualified_names.hpp), tight matches before loose ones. With
    /// `stem:` in front, of such inputs only (`FileName`), and what a unit exports does not go before what a
    /// `.pyc` has. Among several of one kind, in the order of the inputs.
    [[nodiscard]] std::vector<const Definition*> find(std::string_view symbol) const;
    /// Further strong ones of a name that has one.
    [[nodiscard]] std::vector<const Definition*> strong_twins(std::string_view name) const;
    /// The strong one of this name; null if there is none.
    [[nodiscard]] const Definition* strong(std::string_view name) const;

    [[nodiscard]] const std::vector<Definition>& all() const { return all_; }
    /// How a definition is to be written so that it is the only one that can be meant: "name", "name$1",
    /// "stem:name", "folder.stem:name"; `with_file`: rather with its file. Nothing where no name does that:
    /// two files of one name in folders of one name.
    [[nodiscard]] std::optional<std::string> full_name(const Definition& definition, bool with_file) const;

  private:
    /// The definitions of one plain name by the numbers that references say: of thousands of lambdas, a
    /// reference looks at one.
    struct Numbered {
        std::uint32_t known = 0; ///< 1 + the index of the last definition that is in it
        tsl::robin_map<std::string, std::vector<std::uint32_t>, support::TextHash> by_numbers;
    };
    /// What `symbol`, without a stem, can mean as far as its plain name and its numbers tell, in the order in
    /// which they were added. Takes no more than the new definitions of that plain name.
    [[nodiscard]] const std::vector<std::uint32_t>& candidates(std::string_view symbol) const;

    std::vector<Definition> all_;
    std::vector<FileName> files_; // by input
    support::Arena keys_;
    tsl::robin_map<std::string_view, std::uint32_t, support::TextHash> last_; // by plain name: 1 + its index
    mutable tsl::robin_map<std::string, Numbered, support::TextHash>
        numbered_; // by plain name, and which parts say a number
    tsl::robin_map<std::string_view, std::uint32_t, support::TextHash> strong_;
};

} // namespace pyasm::linker
