#include "cli/options.hpp"

namespace pyasm::cli {
namespace {

constexpr std::array<OptionSpec, option_count> options{{
    {OptionId::Help, "-h", "--help", "", "show this help and exit"},
    {OptionId::Version, "", "--version", "", "show the version and exit"},
    {OptionId::Color, "", "--color", "WHEN",
     "colour messages: auto (on a terminal, unless NO_COLOR is set), always or never", Completion::Color},
    {OptionId::Output, "-o", "--output", "PATH",
     "write to this file; a folder (existing, or with a / at its end) takes one .pyc for each FILE; - is "
     "standard output",
     Completion::File},
    {OptionId::Target, "", "--target", "VERSION", "the CPython version to work for, such as 3.13",
     Completion::Target},
    {OptionId::Python, "", "--python", "EXE",
     "run with this interpreter, a path or a name on PATH, in place of searching one", Completion::Program},
    {OptionId::Generate, "", "--generate", "WHAT",
     "write the man page (man) or the completions of a shell (bash, zsh, fish) to standard output",
     Completion::None, true},
}};

constexpr std::array<OptionId, 2> shared_options{OptionId::Help, OptionId::Color};
constexpr std::array<OptionId, 2> program_options{OptionId::Version, OptionId::Generate};

constexpr std::array<OperandSpec, 1> asm_operands{
    {{"FILE", "a .pyasm source; - is standard input, and without -o its .pyc goes to standard output",
      Completion::Source}}};
constexpr std::array<OptionId, 2> asm_options{OptionId::Output, OptionId::Target};
constexpr std::array<Example, 5> asm_examples{{
    {"pyasm hello.pyasm", "writes hello.pyc beside hello.pyasm"},
    {"pyasm asm --target 3.13 hello.pyasm -o world.pyc", "for CPython 3.13, into world.pyc"},
    {"pyasm asm hello.pyasm -o build/", "writes build/hello.pyc and makes the folder where it is missing"},
    {"pyasm asm - -o hello.pyc < hello.pyasm", "reads standard input"},
    {"pyasm asm hello.pyasm -o - | wc -c", "writes to standard output"},
}};

constexpr std::array<OperandSpec, 2> run_operands{{
    {"FILE", "a .pyasm source; - is standard input", Completion::Source},
    {"ARG", "an argument for the program; all that follows FILE goes to it untouched", Completion::File},
}};
constexpr std::array<OptionId, 2> run_options{OptionId::Target, OptionId::Python};
constexpr std::array<Example, 4> run_examples{{
    {"pyasm run hello.pyasm", "assembles hello.pyasm and runs it"},
    {"pyasm run hello.pyasm --verbose -x", "the program's sys.argv[1:] is ['--verbose', '-x']"},
    {"pyasm run --python python3 hello.pyasm", "with this interpreter"},
    {"pyasm run - < hello.pyasm", "the source comes from standard input, so the program reads an empty one"},
}};

constexpr std::array<Example, 1> targets_examples{{{"pyasm targets", "one line for each target"}}};

constexpr std::array<OperandSpec, 1> ops_operands{
    {{"NAME", "an instruction, in any case, or a pattern with * and ?", Completion::Instruction}}};
constexpr std::array<OptionId, 1> ops_options{OptionId::Target};
constexpr std::array<Example, 4> ops_examples{{
    {"pyasm ops", "all instructions of all targets"},
    {"pyasm ops --target 3.13", "those of 3.13"},
    {"pyasm ops LOAD_GLOBAL", "one instruction in full, with all its meanings"},
    {"pyasm ops 'load_*' --target 2.7", "those of 2.7 that match a pattern"},
}};

constexpr std::array<CommandSpec, 4> commands{{
    {CommandId::Asm, "asm", "[OPTION]... FILE...", "assemble sources into .pyc files",
     "Assembles each FILE into a .pyc beside it: hello.pyasm becomes hello.pyc. The target is that of "
     "--target, else of the file's .target directive, else the newest; where both name one, they must "
     "agree.\n\n"
     "All mistakes found are reported. An output is written whole or not at all: nothing is written for a "
     "FILE with an error, and an existing output stays as it is.",
     asm_operands, asm_options, asm_examples},
    {CommandId::Run, "run", "[OPTION]... FILE [ARG]...", "assemble a source and run it",
     "Assembles FILE into a temporary folder and runs it with a stock interpreter of the same version: "
     "pythonX.Y, python3, python2 or python on PATH, whichever has the target's magic number. Standard "
     "streams and "
     "exit status are the program's own.\n\n"
     "Without --target and .target, the target is that of --python, else of the python3 or python on "
     "PATH.\n\n"
     "The program imports modules from FILE's folder, as a script does.",
     run_operands, run_options, run_examples, true},
    {CommandId::Targets,
     "targets",
     "[OPTION]...",
     "show what each target is",
     "Lists the CPython versions that can be assembled for, with the facts of each that shape a .pyc: magic "
     "number, header, form of an instruction, line table, exception table, marshal version.",
     {},
     {},
     targets_examples},
    {CommandId::Ops, "ops", "[OPTION]... [NAME]...", "show the instruction reference",
     "Without NAME, lists the instructions of the target, or of all targets: operand, stack before -- after, "
     "versions and meaning. With NAME, shows that instruction in full; an instruction that changed has one "
     "entry for each of its meanings. The last item of a stack is its top.",
     ops_operands, ops_options, ops_examples},
}};

constexpr std::array<Example, 4> program_examples{{
    {"pyasm hello.pyasm", "writes hello.pyc; the same as: pyasm asm hello.pyasm"},
    {"pyasm run hello.pyasm", "assembles and runs it"},
    {"pyasm ops LOAD_GLOBAL", "what an instruction does, in every version"},
    {"pyasm help run", "the help of a command; the same as: pyasm run --help"},
}};

constexpr CommandSpec whole_program{
    CommandId::None,
    "pyasm",
    "COMMAND [OPTION]... [ARG]...",
    "assembler for CPython bytecode",
    "Turns assembly text into .pyc files that stock CPython interpreters run; `pyasm targets` lists their "
    "versions. A file in place of a command is assembled.",
    {},
    program_options,
    program_examples,
};

constexpr std::array<ExitStatus, 3> statuses{{
    {0, "done"},
    {1, "an input is at fault: it has an error, or what was asked for does not exist"},
    {2, "the command line or the system is at fault: nothing readable under that name, no interpreter, a "
        "full disk"},
}};

} // namespace

std::span<const OptionSpec> all_options() { return options; }
const OptionSpec& option(OptionId id) { return options[static_cast<std::size_t>(id)]; }
std::span<const OptionId> common_options() { return shared_options; }
std::span<const CommandSpec> all_commands() { return commands; }
const CommandSpec& program() { return whole_program; }
std::span<const ExitStatus> exit_statuses() { return statuses; }

const CommandSpec* find_command(std::string_view name) {
    for (const CommandSpec& entry : commands) {
        if (entry.name == name) return &entry;
    }
    return nullptr;
}

const CommandSpec& command(CommandId id) {
    for (const CommandSpec& entry : commands) {
        if (entry.id == id) return entry;
    }
    return whole_program;
}

} // namespace pyasm::cli
