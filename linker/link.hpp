#pragma once

#include "isa/target.hpp"
#include "linker/program.hpp"
#include "program/object_module.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pyasm::linker {

/// A place in an input. The span counts in a `Sources` that holds just what belongs to that input: loading it
/// again brings it back.
struct Place {
    InputIndex input = no_input;
    support::Span span; ///< unknown: the input as a whole
};

struct PlacedNote {
    Place place;
    std::string message;
};

/// Why inputs do not make a program. The texts are as those of a `support::Diagnostic`.
struct LinkError {
    Place place; ///< its input may be `no_input`: the command line as a whole
    std::string message;
    std::string help;
    std::vector<PlacedNote> notes;
};

/// A symbol that is referred to and that no input defines yet.
struct WantedSymbol {
    std::string_view name;
    bool wants_code = false;
    Place place;
    std::string_view wanted_in;
};

struct FinishOptions {
    InputIndex main =
        no_input; ///< whose module body the program gets; `no_input`: the only one that can be meant
    bool needs_main = true; ///< false: the program is its symbols, and its file has no top object
    std::vector<std::string> known_names;   ///< further ones, for suggestions
    std::vector<std::string> known_files{}; ///< of libraries, taken or not: FILE:NAME can mean one of them
    bool calls_main =
        false; ///< the stub start is among the inputs on its own account: it calls `main` with one argument
    /// What else is to be said of a symbol that no input has; may be empty.
    std::function<std::vector<std::string>(std::string_view symbol)> about_undefined{};
};

/// Joins units and `.pyc` files into one program. Inputs are copied into the program as they are added, and
/// can be freed at once; symbols are resolved at the end. The result depends on the order of inputs only
/// where libraries do.
class Linker {
  public:
    /// `target`: that of the command line; null: that of the inputs, which must agree.
    explicit Linker(const isa::Target* target = nullptr);
    ~Linker();
    Linker(const Linker&) = delete;
    Linker& operator=(const Linker&) = delete;

    /// Adds a unit.
    InputIndex add(Input input, const program::ObjectModule& module);
    /// Adds a compiled module: its code objects can be referred to by their names
    /// (program/qualified_names.hpp).
    InputIndex add(Input input, const objects::PycFile& file);

    [[nodiscard]] const std::vector<Input>& inputs() const;
    /// The target of the inputs so far; null if there are none and the command line names none.
    [[nodiscard]] const isa::Target* target() const;
    /// How many symbols have been referred to so far.
    [[nodiscard]] std::size_t wanted_count() const;
    /// What libraries are to be searched for, of all but the first so many symbols, sorted by name.
    [[nodiscard]] std::vector<WantedSymbol> undefined(std::size_t first = 0) const;
    /// Whether there is something that a symbol can mean.
    [[nodiscard]] bool is_defined(std::string_view symbol) const;
    /// Whether a unit of the command line has a module body. A compiled module's is taken only where nothing
    /// else gives one.
    [[nodiscard]] bool has_unit_body() const;
    /// Whether some input defines a code object `name` for others.
    [[nodiscard]] bool defines_code(std::string_view name) const;

    /// Adds a reference to a code object that no input has: it is among the program's symbols.
    void want_code(std::string_view symbol, std::string wanted_in);

    /// Resolves all symbols and makes the program. Nothing, and `errors()`, where they do not fit.
    [[nodiscard]] std::optional<LinkedProgram> finish(const FinishOptions& options = {});
    /// In the order of the inputs.
    [[nodiscard]] const std::vector<LinkError>& errors() const;

    struct Parts; ///< the implementation's (linker/parts.hpp)

  private:
    std::unique_ptr<Parts> parts_;
};

} // namespace pyasm::linker
