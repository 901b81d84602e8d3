#pragma once

#include "cli/assemble_file.hpp"
#include "cli/console.hpp"
#include "cli/input.hpp"
#include "cli/unit_text.hpp"
#include "linker/library.hpp"
#include "linker/link.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pyasm::cli {

/// The files that a program is linked from: reads them, tells what is wrong with one by itself, and hands it
/// to the linker. What it needs of a file again, for a message, it reads again.
class LinkInputs {
  public:
    /// `common` holds for all sources: its target, folders and definitions.
    LinkInputs(linker::Linker& linker, AssembleRequest common, const Console& console)
        : linker_(linker), common_(std::move(common)), console_(console) {}

    /// Sources that name no target get this one, where no other input tells one before.
    void set_fallback(const isa::Target* target) { fallback_ = target; }
    /// Reads the files of the command line and adds them. False, and messages, where one is at fault.
    bool add_files(const std::vector<std::string>& paths);
    /// Adds a library's member.
    bool add_member(const linker::Library& library, const linker::Library::Member& member);
    /// Adds an embedded stub; its index, or `no_input` and messages.
    linker::InputIndex add_stub(std::string_view name);

    /// Lists what the files of a folder give, for the target at hand; those for others are passed over. Files
    /// that are at fault are told, whether something of them is wanted or not. Nothing where there is no such
    /// folder.
    [[nodiscard]] std::optional<linker::Library> read_library(const std::string& name,
                                                              const std::string& folder);
    /// The embedded stubs as a library.
    [[nodiscard]] linker::Library stub_library() const;

    /// What is to be said of a symbol that nothing has: the members of libraries that would have it for
    /// another target, and the units that have it and do not export it.
    [[nodiscard]] std::vector<std::string> passed_over(std::string_view symbol);

    [[nodiscard]] int status() const { return status_; }
    [[nodiscard]] std::size_t errors() const { return errors_; }
    /// The files that were read so far, or looked into; not what they include.
    [[nodiscard]] const std::vector<std::string>& files_read() const { return files_read_; }
    /// An input's content, as it was; of a `.pyc` or unit.
    [[nodiscard]] support::Result<std::string> content(const linker::Input& input) const;
    /// What a unit is assembled from.
    [[nodiscard]] UnitRequest unit_request(const linker::Input& input, std::string text) const;
    [[nodiscard]] const linker::Linker& linker() const { return linker_; }
    [[nodiscard]] const Console& console() const { return console_; }

  private:
    /// A file's content, or the standard input's, which is kept.
    [[nodiscard]] support::Result<std::string> read(const std::string& path);
    /// A source that names no target waits for the others to name one.
    enum class Added { Yes, Failed, TargetIsMissing };

    bool fail(int status) {
        status_ = std::max(status_, status);
        ++errors_;
        return false;
    }
    [[nodiscard]] std::optional<linker::InputKind> kind_of(const std::string& path,
                                                           const std::string& content);
    [[nodiscard]] const isa::Target* target_of_others(std::span<const std::string> paths);
    [[nodiscard]] Added add(linker::Input input, std::string& content);
    [[nodiscard]] bool add_bytecode(linker::Input input, std::string content);
    [[nodiscard]] Added add_unit(linker::Input input, std::string& content);
    [[nodiscard]] bool check_object(const linker::Input& input, const std::string& content);
    void report_texts(UnitText& work);
    void index_member(linker::Library& library, const std::string& path);
    bool add_to(linker::Library& library, const std::string& path, linker::InputKind kind,
                const isa::Target* target, const std::vector<std::string>& names);

    linker::Linker& linker_;
    AssembleRequest common_;
    const isa::Target* fallback_ = nullptr; ///< for sources, while no input has told one
    const Console& console_;
    std::optional<std::string> standard_input_; ///< it can be read only once
    std::vector<std::string> files_read_;
    linker::Library others_{""};                     ///< members of libraries for other targets
    std::vector<const isa::Target*> others_targets_; ///< of each
    linker::Library hidden_{""};                     ///< what units have and do not export
    bool knows_hidden_ = false;                      ///< also of the inputs
    int status_ = status_done;
    std::size_t errors_ = 0;
};

} // namespace pyasm::cli
