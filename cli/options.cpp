#include "cli/options.hpp"

#include <algorithm>

namespace pyasm::cli {
namespace {

constexpr std::array<OptionSpec, option_count> options{{
    {OptionId::Help, "-h", "--help", "", "show this help and exit"},
    {OptionId::Version, "", "--version", "", "show the version and exit"},
    {OptionId::Color, "", "--color", "WHEN",
     "colour messages: auto (on a terminal, unless NO_COLOR is set), always or never", Completion::Color},
    {OptionId::Output, "-o", "--output", "PATH",
     "write to this file; a folder (existing, or with a / at its end) takes one output for each FILE; - is "
     "standard output",
     Completion::File},
    {OptionId::Recursive, "-r", "--recursive", "",
     "FILE is a folder: take every file in it and in the folders below; with -o, mirror them under PATH"},
    {OptionId::Jobs, "-j", "--jobs", "N",
     "work on N files at a time; as many as there are processors by default"},
    {OptionId::Target, "", "--target", "VERSION", "the CPython version to work for, such as 3.13",
     Completion::Target},
    {OptionId::Python, "", "--python", "EXE",
     "run with this interpreter, a path or a name on PATH, in place of searching one", Completion::Program},
    {OptionId::Exact, "", "--exact", "",
     "note down how marshal wrote the objects too, so that the listing assembles to the same bytes"},
    {OptionId::Source, "", "--source", "", "the source lines as comments, where the source file is found"},
    {OptionId::Offsets, "", "--offsets", "", "the byte offset of each instruction as a comment"},
    {OptionId::Stack, "", "--stack", "", "the height of the stack in front of each instruction as a comment"},
    {OptionId::Bytes, "", "--bytes", "", "every byte of the file, and what it means"},
    {OptionId::Json, "", "--json", "", "one JSON object for each FILE, for programs, on one line"},
    {OptionId::Explain, "", "--explain", "",
     "every instruction with the stack in front of it, and the locals where they change"},
    {OptionId::NoVerify, "", "--no-verify", "",
     "let code pass that could crash the interpreter; `.unchecked` in a block does so for that block"},
    {OptionId::Marshal, "", "--marshal", "",
     "FILE is what marshal.dump wrote, without magic number and header; needs --target"},
    {OptionId::Include, "-I", "--include", "DIR",
     "look for included files in this folder, too, behind the folder of the file that includes them; may be "
     "given "
     "several times; one that is not there is passed over",
     Completion::File, false, true},
    {OptionId::Define, "-D", "--define", "NAME[=VALUE]",
     "set a symbol that expressions can ask for: an int, a version, a word or a string in quotes; 1 without "
     "a VALUE; "
     "may be given several times",
     Completion::None, false, true},
    {OptionId::Expand, "", "--expand", "",
     "write no .pyc but the text with all macros, conditions and included files expanded; it assembles to "
     "the same "
     "bytes"},
    {OptionId::Check, "", "--check", "",
     "write nothing, and say which files would change; exit status 1 if any would"},
    {OptionId::Generate, "", "--generate", "WHAT",
     "write the man page (man) or the completions of a shell (bash, zsh, fish) to standard output",
     Completion::None, true},
    {OptionId::Compile, "-c", "--compile", "",
     "make an object file (.pyasmo) for pyasm link: symbols of other files may be missing"},
    {OptionId::LibraryPath, "-L", "--library-path", "DIR",
     "look for libraries in this folder, too; may be given several times, and the first goes first; one that "
     "is not "
     "there is passed over",
     Completion::Folder, false, true},
    {OptionId::Library, "-l", "--library", "NAME",
     "take what is needed from the files in DIR/NAME; may be given several times, and the first goes first",
     Completion::None, false, true},
    {OptionId::Main, "", "--main", "FILE", "the input whose module body is the program's",
     Completion::LinkInput},
    {OptionId::ListStubs, "", "--list-stubs", "", "show the embedded stubs, with their documentation"},
    {OptionId::Depfile, "-MD", "--depfile", "",
     "also write what each output is made of, for make, ninja and CMake: beside the output, with the ending "
     ".d"},
    {OptionId::DepfilePath, "-MF", "--depfile-path", "FILE", "write that to FILE", Completion::File},
    {OptionId::Splice, "", "--splice", "ORIGINAL.pyc",
     "write this compiled module with the code objects replaced that --replace names; all else stays, byte "
     "for byte",
     Completion::Bytecode},
    {OptionId::Replace, "", "--replace", "QUALNAME=SYMBOL",
     "put the code object SYMBOL in the place of QUALNAME, such as Encoder.encode; may be given several "
     "times",
     Completion::None, false, true},
    {OptionId::Map, "", "--map", "PATH",
     "write what came from where, how large it is and what wanted it: a table, or JSON where PATH ends with "
     ".json; - is "
     "standard output",
     Completion::File},
    {OptionId::Strip, "", "--strip", "", "take out docstrings, line numbers and file names"},
    {OptionId::Gc, "", "--gc", "",
     "take out constants and names that no instruction refers to, and code that nothing else has"},
    {OptionId::Fold, "", "--fold", "", "let code objects and constants that are the same be there once"},
}};

constexpr std::array<OptionId, 2> shared_options{OptionId::Help, OptionId::Color};
constexpr std::array<OptionId, 2> program_options{OptionId::Version, OptionId::Generate};

constexpr std::array<OperandSpec, 1> asm_operands{
    {{"FILE", "a .pyasm source; - is standard input, and without -o its .pyc goes to standard output",
      Completion::Source}}};
constexpr std::array<OptionId, 11> asm_options{OptionId::Output,  OptionId::Compile,    OptionId::Recursive,
                                               OptionId::Jobs,    OptionId::Target,     OptionId::Include,
                                               OptionId::Define,  OptionId::Expand,     OptionId::NoVerify,
                                               OptionId::Depfile, OptionId::DepfilePath};
constexpr std::array<Example, 9> asm_examples{{
    {"pyasm hello.pyasm", "writes hello.pyc beside hello.pyasm"},
    {"pyasm asm --target 3.13 hello.pyasm -o world.pyc", "for CPython 3.13, into world.pyc"},
    {"pyasm asm hello.pyasm -o build/", "writes build/hello.pyc and makes the folder where it is missing"},
    {"pyasm asm - -o hello.pyc < hello.pyasm", "reads standard input"},
    {"pyasm asm hello.pyasm -o - | wc -c", "writes to standard output"},
    {"pyasm asm -D DEBUG -D limit=10 hello.pyasm", "with two symbols set, for .if and other expressions"},
    {"pyasm asm --expand hello.pyasm", "prints what is assembled, without macros"},
    {"pyasm asm -c hello.pyasm", "writes hello.pyasmo, an object file for pyasm link"},
    {"pyasm asm -r listings -o tree", "every .pyasm in the folder listings, into the same places in tree"},
}};

constexpr std::array<OperandSpec, 1> link_operands{
    {{"FILE", "a .pyasm source, a .pyasmo object file, or a .pyc; - is standard input",
      Completion::LinkInput}}};
constexpr std::array<OptionId, 17> link_options{
    OptionId::Output,  OptionId::LibraryPath, OptionId::Library,  OptionId::Main,      OptionId::Target,
    OptionId::Include, OptionId::Define,      OptionId::NoVerify, OptionId::ListStubs, OptionId::Splice,
    OptionId::Replace, OptionId::Map,         OptionId::Strip,    OptionId::Gc,        OptionId::Fold,
    OptionId::Depfile, OptionId::DepfilePath};
constexpr std::array<Example, 6> link_examples{{
    {"pyasm link hello.pyasm helpers.pyc -o app.pyc", "one program of both"},
    {"pyasm hello.pyasm helpers.pyc -o app.pyc", "the same"},
    {"pyasm link hello.pyasm -L lib -l tools -o app.pyc", "with what it needs of the files in lib/tools"},
    {"pyasm link --list-stubs", "what pyasm brings along"},
    {"pyasm link hello.pyasm -o app.pyc --strip --gc --map -",
     "without what is for people, and what is left"},
    {"pyasm link --splice a.pyc --replace f=g b.pyasm -o c.pyc",
     "a.pyc with the g of b.pyasm in the place of its f"},
}};

constexpr std::array<OperandSpec, 1> dis_operands{
    {{"FILE", "a .pyc (or .pyo); - is standard input", Completion::Bytecode}}};
constexpr std::array<OptionId, 9> dis_options{OptionId::Output, OptionId::Recursive, OptionId::Jobs,
                                              OptionId::Exact,  OptionId::Source,    OptionId::Offsets,
                                              OptionId::Stack,  OptionId::Marshal,   OptionId::Target};
constexpr std::array<Example, 5> dis_examples{{
    {"pyasm dis hello.pyc", "prints the listing; `pyasm asm` turns it into an equal file again"},
    {"pyasm dis --exact hello.pyc -o hello-copy.pyasm", "a listing that assembles to the same bytes"},
    {"pyasm dis --source --stack hello.pyc", "with source lines and heights of the stack as comments"},
    {"pyasm dis -r tree -o listings", "every .pyc in the folder tree, into the same places in listings"},
    {"pyasm dis --marshal --target 3.13 hello.dump", "what marshal.dump wrote"},
}};

constexpr std::array<OperandSpec, 1> show_operands{
    {{"FILE", "a .pyc (or .pyo), or an object file of pyasm asm -c; - is standard input",
      Completion::BytecodeOrObject}}};
constexpr std::array<OptionId, 4> show_options{OptionId::Bytes, OptionId::Json, OptionId::Marshal,
                                               OptionId::Target};
constexpr std::array<Example, 3> show_examples{{
    {"pyasm show hello.pyc", "the header, and the code objects as a tree"},
    {"pyasm show --bytes hello.pyc", "the whole file in hexadecimal, every byte explained"},
    {"pyasm show --json hello.pyc", "for programs"},
}};

constexpr std::array<OperandSpec, 1> verify_operands{{{"FILE",
                                                       "a .pyc (or .pyo), a .pyasm source, or a folder: then "
                                                       "every such file in it and in the folders below; - is "
                                                       "standard input",
                                                       Completion::SourceOrBytecode}}};
constexpr std::array<OptionId, 7> verify_options{OptionId::Json,    OptionId::Explain, OptionId::Jobs,
                                                 OptionId::Marshal, OptionId::Target,  OptionId::Include,
                                                 OptionId::Define};
constexpr std::array<Example, 5> verify_examples{{
    {"pyasm verify hello.pyc", "prints nothing if nothing is wrong"},
    {"pyasm verify hello.pyasm", "what is wrong is shown in the source"},
    {"pyasm verify tree", "every .pyc, .pyo and .pyasm in the folder tree"},
    {"pyasm verify --explain hello.pyc", "the stack and the locals in front of each instruction"},
    {"pyasm verify --json hello.pyc", "for programs"},
}};

constexpr std::array<OperandSpec, 2> run_operands{{
    {"FILE", "a .pyasm source; - is standard input", Completion::Source},
    {"ARG", "an argument for the program; all that follows FILE goes to it untouched", Completion::File},
}};
constexpr std::array<OptionId, 5> run_options{OptionId::Target, OptionId::Python, OptionId::Include,
                                              OptionId::Define, OptionId::NoVerify};
constexpr std::array<Example, 4> run_examples{{
    {"pyasm run hello.pyasm", "assembles hello.pyasm and runs it"},
    {"pyasm run hello.pyasm --verbose -x", "the program's sys.argv[1:] is ['--verbose', '-x']"},
    {"pyasm run --python python3 hello.pyasm", "with this interpreter"},
    {"pyasm run - < hello.pyasm", "the source comes from standard input, so the program reads an empty one"},
}};

constexpr std::array<OperandSpec, 1> fmt_operands{
    {{"FILE", "a .pyasm source; - is standard input, which goes to standard output", Completion::Source}}};
constexpr std::array<OptionId, 3> fmt_options{OptionId::Check, OptionId::Recursive, OptionId::Jobs};
constexpr std::array<Example, 4> fmt_examples{{
    {"pyasm fmt hello.pyasm", "lays out hello.pyasm"},
    {"pyasm fmt --check hello.pyasm", "says whether that would change it, and where first"},
    {"pyasm fmt - < hello.pyasm", "prints it laid out"},
    {"pyasm fmt -r listings", "every .pyasm in the folder listings"},
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

constexpr std::array<CommandSpec, 9> commands{{
    {CommandId::Asm, "asm", "[OPTION]... FILE...", "assemble sources into .pyc files",
     "Assembles each FILE into a .pyc beside it: hello.pyasm becomes hello.pyc. The target is that of "
     "--target, else of the file's .target directive, else the newest; where both name one, they must "
     "agree.\n\n"
     "All mistakes found are reported, and so is code that could crash the interpreter: see pyasm help "
     "verify. An "
     "output is written whole or not at all: nothing is written for a "
     "FILE with an error, and an existing output stays as it is.\n\n"
     "With -c, each FILE becomes an object file beside it, hello.pyasmo, which pyasm link takes.\n\n"
     "With -r, every .pyasm file in a folder and the folders below is a source, and its .pyc has the same "
     "place under PATH; give files that are only included another ending. Links to folders are not followed. "
     "What fails is listed at the end, and the rest is done.",
     asm_operands, asm_options, asm_examples},
    {CommandId::Link, "link", "[OPTION]... FILE... -o OUT.pyc", "join several files into one .pyc",
     "Joins units of assembly and compiled modules into one program. A source's or object file's .global "
     "symbols, and "
     "the functions, methods and classes of a .pyc by their qualified names, are what .extern, code(NAME) "
     "and "
     "const(NAME) of the others mean. One FILE's module body is the program's: that of the only unit that "
     "has one, else "
     "the stub start, where a function main is exported, which it calls; else that of the only .pyc.\n\n"
     "A library NAME is a folder DIR/NAME with such files, of which those are taken that have a wanted "
     "symbol; without "
     "-L, DIR is the current folder. The embedded stubs are searched last.\n\n"
     "All inputs must be for one version of CPython; a source that names none takes that of the others. The "
     "program is "
     "verified as a whole (see pyasm help verify), and written whole or not at all.\n\n"
     "With --splice, the output is the compiled module ORIGINAL.pyc with some of its code objects replaced. "
     "A replacement "
     "must fit: the same parameters, free variables and kind of function. It gets the name of what it "
     "replaces; every "
     "other code object, and the header, stays as it is.\n\n"
     "--strip, --gc and --fold make the program smaller, in this order, and say what they saved.\n\n"
     "`pyasm FILE... -o OUT.pyc` without a command links, too, where a FILE is no source or there are "
     "several.",
     link_operands, link_options, link_examples, false,
     "write the program to this file; - is standard output"},
    {CommandId::Dis, "dis", "[OPTION]... FILE...", "take .pyc files apart into listings",
     "Prints each FILE as assembly text that assembles to an equal file: every field of every code object "
     "and the header, constants by type and bits. With --exact, to the same bytes.\n\n"
     "The version is told by the file itself, which may have up to 512 MiB. FILE is only read, never run, "
     "and may be damaged or hostile; a file that marshal could not load is refused with the offset of the "
     "byte that is wrong. Where a code object could crash the interpreter, its block says `.unchecked`: "
     "without that word, it would not be assembled. The source files that --source shows are looked for "
     "where the file says, and "
     "beside the file and its __pycache__.\n\n"
     "With -r, every .pyc and .pyo in a folder and the folders below is taken apart, and its listing has the "
     "same place under PATH: a.pyc becomes a.pyasm, a.pyo becomes a.pyo.pyasm. Links to folders are not "
     "followed. What fails is listed at the end, and the rest is done.",
     dis_operands, dis_options, dis_examples},
    {CommandId::Show, "show", "[OPTION]... FILE...", "show what is in .pyc files",
     "Shows the header, and of each code object what dis.code_info shows and more: flags by name, tables, "
     "sizes, and the code objects in it as a tree. Nothing is run, and the file may be damaged or hostile.",
     show_operands, show_options, show_examples},
    {CommandId::Verify, "verify", "[OPTION]... FILE...", "find code that could crash the interpreter",
     "Follows all ways through each code object, exceptions included, and reports what CPython does not "
     "check "
     "itself: operands, jumps, tables, and what is on the stack and in the locals in front of each "
     "instruction. "
     "Nothing is run, and the file may be damaged or hostile.\n\n"
     "An error is what can crash or corrupt the interpreter, what it refuses, and what cannot be followed. A "
     "warning is well defined, but surely not meant; it does not change the exit status. Each says where it "
     "is, "
     "what is on the stack there, how control got there, and what the interpreter would do.\n\n"
     "`pyasm asm` and `pyasm run` do the same with what they assemble. Blocks that say `.unchecked` are left "
     "out; a .pyc does not know which they were.",
     verify_operands, verify_options, verify_examples},
    {CommandId::Run, "run", "[OPTION]... FILE [ARG]...", "assemble a source and run it",
     "Assembles FILE into a temporary folder and runs it with a stock interpreter of the same version: "
     "pythonX.Y, python3, python2 or python on PATH, whichever has the target's magic number. Standard "
     "streams and exit status are the program's own.\n\n"
     "Without --target and .target, the target is that of --python, else of the python3 or python on "
     "PATH.\n\n"
     "A program that could crash the interpreter is not run: see pyasm help verify.\n\n"
     "The program imports modules from FILE's folder, as a script does.",
     run_operands, run_options, run_examples, true},
    {CommandId::Fmt, "fmt", "[OPTION]... FILE...", "lay out sources",
     "Brings the blanks of each FILE into the layout of pyasm's own sources: indentation, columns of "
     "operands and "
     "comments, ends of lines. A file is written whole or not at all, and only if it changes.\n\n"
     "Only runs of blanks outside of strings and comments change, and line ends become LF. No line comes or "
     "goes but "
     "empty ones at the end of the file, so what a source assembles to stays the same, line numbers "
     "included. Macros, "
     "conditions and comments stay where they are. A FILE need not be free of mistakes, but a string that is "
     "not closed "
     "is an error, and leaves the file as it is.\n\n"
     "With -r, every .pyasm file in a folder and the folders below is laid out. Links are not followed.",
     fmt_operands, fmt_options, fmt_examples},
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

constexpr std::array<Example, 6> program_examples{{
    {"pyasm hello.pyasm", "writes hello.pyc; the same as: pyasm asm hello.pyasm"},
    {"pyasm hello.pyasm helpers.pyc -o app.pyc", "one program of both; the same as: pyasm link ..."},
    {"pyasm run hello.pyasm", "assembles and runs it"},
    {"pyasm dis hello.pyc", "takes it apart: the listing assembles to an equal file"},
    {"pyasm ops LOAD_GLOBAL", "what an instruction does, in every version"},
    {"pyasm help run", "the help of a command; the same as: pyasm run --help"},
}};

constexpr CommandSpec whole_program{
    CommandId::None,
    "pyasm",
    "COMMAND [OPTION]... [ARG]...",
    "assembler and disassembler for CPython bytecode",
    "Turns assembly text into .pyc files that stock CPython interpreters run, and any .pyc into such text; "
    "`pyasm targets` lists the versions. A file in place of a command is assembled.",
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
OptionSpec option_of(const CommandSpec& command, OptionId id) {
    OptionSpec spec = option(id);
    if (id == OptionId::Output && !command.output_help.empty()) spec.help = command.output_help;
    // What works in place has no -o to speak of.
    const auto& own = command.options;
    if (id == OptionId::Recursive && std::find(own.begin(), own.end(), OptionId::Output) == own.end())
        spec.help = spec.help.substr(0, spec.help.find("; with -o"));
    return spec;
}
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
