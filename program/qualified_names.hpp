#pragma once

#include "program/outline.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What the code objects of a `.pyc` are called from outside of it, in all versions alike: by how they are
/// nested.
///
/// - The name is spelt as CPython's `co_qualname`: `Class.method`, `outer.<locals>.inner`; the module's body
/// is
///   `<module>`. Versions without that field (<= 3.10) get the same names. The scope of type parameters
///   (3.12+) is passed over in the names of what is in it, as CPython does, and has itself the name
///   `<generic_parameters_of_f>`.
/// - Each part is the symbol that `pyasm dis` writes: what a symbol cannot hold is `_`, and a second `f` in
/// one
///   scope is `f$2`, in the order of the constants (`Class.size$2`: a property's setter). Names are unique in
///   the file.
/// - What is nested in no code object alone (it stands in several, or in a tuple) has a name without a path,
/// as `dis`
///   writes it at file level.
/// - Where a name is looked up, `<locals>` may be left out (`outer.inner`), and `f$1` is the first `f`. A
/// part without
///   a number means all of its name: `f` is ambiguous where there is an `f$2`, too.
namespace pyasm::program {

class QualifiedNames {
  public:
    /// Names all entries of an outline; `pool` is the outline's, and is not kept. Linear in the file and in
    /// the names: where these have come to `most_qualname_bytes`, which only a file that was made for it can
    /// ask for, the others have no path.
    QualifiedNames(const Outline& outline, const objects::ValuePool& pool);
    ~QualifiedNames();
    QualifiedNames(const QualifiedNames&) = delete;
    QualifiedNames& operator=(const QualifiedNames&) = delete;

    /// The name of an entry of the outline. It lives as long as this and the outline's symbols.
    [[nodiscard]] std::string_view operator[](std::size_t entry) const { return names_[entry]; }
    /// How many entries there are.
    [[nodiscard]] std::size_t size() const { return names_.size(); }
    /// The entries that `name` can mean, in their order: none, one, or several where it is ambiguous.
    /// Constant time for each entry whose plain name is that of `name`.
    [[nodiscard]] std::vector<std::uint32_t> find(std::string_view name) const;

    /// A name that means this entry and no other: where its name is ambiguous, its parts get the number 1.
    [[nodiscard]] std::string exact(std::size_t entry) const;

  private:
    struct Table;
    std::vector<std::string_view> names_;
    std::unique_ptr<Table> table_;
};

/// `name` without its `<locals>` and its numbers: `outer.inner` of `outer.<locals>.inner$2`. Names that can
/// mean the same have the same plain name: it is the key for tables over several files.
[[nodiscard]] std::string plain_name(std::string_view name);

/// `name` with the number 1 at each part that has none, so that no part means several.
[[nodiscard]] std::string with_numbers(std::string_view name);

/// The numbers that `name` has at those parts where `written` says one, each behind the part's index: "1:2;"
/// of `f$3.g$2` where `f.g$7` is written. Both have the same plain name. What `written` can mean has the
/// numbers of `written` itself.
[[nodiscard]] std::string numbers_at(std::string_view written, std::string_view name);

/// Whether a name that somebody wrote can mean a code object of this name.
enum class NameMatch : std::uint8_t {
    None,
    Loose, ///< yes, by leaving out a `<locals>`
    Tight, ///< yes; it goes before a loose one
};
[[nodiscard]] NameMatch match_name(std::string_view written, std::string_view name);

} // namespace pyasm::program
