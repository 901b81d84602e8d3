#include "grammar/state_places.hpp"

#include "support/text.hpp"

#include <vector>

namespace pyasm::grammar {
namespace {

using objects::ValueId;
using program::Block;
using program::Statement;
using program::StatementKind;

class Places {
  public:
    Places(program::Unit& unit, const support::Sources& sources)
        : unit_(unit), sources_(sources), filenames_(unit.blocks.size()) {}

    void run() {
        for (std::size_t i = 0; i < unit_.blocks.size(); ++i) {
            state_filename(i);
            state_lines(unit_.blocks[i]);
        }
    }

  private:
    /// The co_filename that a block has, as it was before: its own, or that of the block around it, or the
    /// file's, or the path of the file that it stands in.
    void state_filename(std::size_t index) {
        Block& block = unit_.blocks[index];
        const bool nested = block.parent >= 0;
        Filename& name = filenames_[index];
        if (block.pins.filename) {
            name = {block.pins.filename.value, true, nullptr};
            return;
        }
        const Filename outer = nested ? filenames_[static_cast<std::size_t>(block.parent)]
                               : unit_.filename
                                   ? Filename{unit_.filename.value, !filename_is_new_, file_of_name_}
                                   : Filename{};
        if (outer.stated) {
            name = outer;
            return;
        }
        const support::SourceFile* file = file_of(block);
        name = {outer.value, false, file};
        if (!file || file == (nested ? outer.file : file_of_name_)) return;
        name.value = path_of(*file);
        if (unit_.filename) {
            block.pins.filename = {name.value, block.span, true};
        } else {
            unit_.filename = {name.value, block.span, true};
            filename_is_new_ = true;
            file_of_name_ = file;
        }
    }

    /// The file that the block stands in or, where it comes of an expansion, is asked for.
    [[nodiscard]] const support::SourceFile* file_of(const Block& block) const {
        const support::SourceFile* const file = sources_.file_at(block.span.begin);
        return file && file->asked_in ? file->asked_in : file;
    }

    [[nodiscard]] ValueId path_of(const support::SourceFile& file) {
        const bool python2 = unit_.target->literals == isa::LiteralDialect::Python2;
        auto& pool = unit_.values;
        return pool.add_text(python2 ? objects::ValueKind::Bytes : objects::ValueKind::Str,
                             pool.arena().copy(python2 ? file.path : support::decoded_path(file.path)));
    }

    void state_lines(Block& block) {
        home_ = file_of(block);
        bool stated = false, has_line = false, has_items = false;
        for (const Statement& statement : block.body) {
            if (statement.kind == StatementKind::Line) {
                stated = true;
                has_line = has_line || unit_.positions[statement.index].line != objects::Position::none;
            }
            has_items = has_items || is_item(statement);
        }
        if (!block.pins.firstlineno && block.kind != program::BlockKind::Module && !has_line)
            block.pins.firstlineno = {line_of(block.span), block.span, true};
        if (!stated && has_items && !block.pins.linetable) add_lines(block);
    }

    /// What has a place in the code.
    [[nodiscard]] static bool is_item(const Statement& statement) {
        return statement.kind == StatementKind::Instruction || statement.kind == StatementKind::Op ||
               statement.kind == StatementKind::Bytes;
    }

    void add_lines(Block& block) {
        std::vector<Statement> body;
        body.reserve(block.body.size() + block.body.size() / 2);
        std::int32_t line = no_line;
        for (const Statement& statement : block.body) {
            if (is_item(statement)) {
                const std::int32_t here = line_of(statement.span);
                if (here != line) body.push_back(line_statement(here, statement.span));
                line = here;
            }
            body.push_back(statement);
        }
        block.body = std::move(body);
    }

    [[nodiscard]] Statement line_statement(std::int32_t line, support::Span span) {
        Statement statement;
        statement.kind = StatementKind::Line;
        statement.index = static_cast<std::uint32_t>(unit_.positions.size());
        statement.span = span;
        statement.text = "line";
        objects::Position position;
        position.line = position.end_line = line;
        unit_.positions.push_back(position);
        return statement;
    }

    /// In the file of the block at hand.
    [[nodiscard]] std::int32_t line_of(support::Span span) {
        return home_ ? static_cast<std::int32_t>(sources_.line_in(*home_, span.begin)) : 1;
    }

    static constexpr std::int32_t no_line = -1;
    struct Filename {
        ValueId value = objects::no_value;
        bool stated = false; ///< by a directive of the text: it holds for the blocks in this one
        const support::SourceFile* file = nullptr; ///< else, whose path it is
    };
    program::Unit& unit_;
    const support::Sources& sources_;
    std::vector<Filename> filenames_; // by block
    bool filename_is_new_ = false;
    const support::SourceFile* file_of_name_ = nullptr; // where the unit's `.filename` is new
    const support::SourceFile* home_ = nullptr;
};

} // namespace

void state_places(program::Unit& unit, const support::Sources& sources) { Places(unit, sources).run(); }

} // namespace pyasm::grammar
