#pragma once

#include "linker/definitions.hpp"
#include "linker/link.hpp"
#include "linker/program.hpp"
#include "support/arena.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::linker {

/// A folder of units and `.pyc` files (or the embedded stubs), of which a program takes what it needs.
class Library {
  public:
    explicit Library(std::string name) : name_(std::move(name)) {}

    /// A member that gives these names. Those of a `.pyc` are weak: see `Definitions`.
    void add(std::string path, InputKind kind, const std::vector<std::string>& names);

    [[nodiscard]] const std::string& name() const { return name_; }
    struct Member {
        std::string path;
        InputKind kind;
        bool taken = false;
    };
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    /// The members that have a symbol, not yet taken ones; several where it is ambiguous, which the linker
    /// will say.
    [[nodiscard]] std::vector<std::size_t> find(std::string_view symbol) const;
    void take(std::size_t member) { members_[member].taken = true; }
    /// All names, for suggestions.
    [[nodiscard]] std::vector<std::string> names() const;

  private:
    std::string name_;
    std::vector<Member> members_;
    Definitions definitions_;
    support::Arena texts_;
};

/// Takes from the libraries, in their order, the members that have what the linker wants, and what these
/// want, until nothing is left that they have. `load` adds a member to the linker; false, when it has told
/// why it cannot, ends the search. A symbol that several libraries have is the first one's.
bool take_needed(Linker& linker, std::vector<Library>& libraries,
                 const std::function<bool(const Library&, const Library::Member&)>& load);

} // namespace pyasm::linker
