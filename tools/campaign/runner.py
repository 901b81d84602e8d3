"""Runs mutants under the interpreter that this file is run with: 2.7 or 3.6 and later.

  runner.py --functions FILE           writes the code objects of the corpus (a tuple of them, as a .pyc) for pyasm-mutate
  runner.py --run SETTINGS < RECORDS   runs what pyasm-mutate makes of them, each in a process of its own, and prints
                                       what became of them as JSON. SETTINGS is JSON, too: `accepted` is after how many
                                       accepted mutants to stop, `milliseconds` how long one may run, `trace` whether
                                       a tracer looks on.
  runner.py --names                    prints the names of the functions
"""
import fcntl
import gc
import json
import marshal
import os
import random
import resource
import signal
import struct
import sys
import types

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import corpus

HEADER = struct.Struct("<IQBIHI")
# How a child ends that did not die.
OK, RAISED, SYSTEM_ERROR, NOT_LOADED, NO_FUNCTION = 40, 41, 42, 43, 44
ENDS = {OK: "ok", RAISED: "raised", SYSTEM_ERROR: "SystemError", NOT_LOADED: "not loaded", NO_FUNCTION: "no function"}
TIMEOUTS = (signal.SIGVTALRM, signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL)
# An instruction is specialised after it ran a few times (3.11+).
ROUNDS = 12 if sys.version_info >= (3, 11) else 3
MEMORY = 3 << 30
EXAMPLES = 8
# Accepted mutants that share a process: forking costs more than most of them. When one dies, the next ones get another
# process, and it is run again alone.
BATCH = 16


def write_functions(path):
    from importlib import import_module
    try:
        magic = import_module("importlib.util").MAGIC_NUMBER
    except ImportError:
        magic = import_module("imp").get_magic()
    header = 8 if sys.version_info < (3, 3) else 12 if sys.version_info < (3, 7) else 16
    codes = tuple(case.function.__code__ for case in corpus.load())
    with open(path, "wb") as out:
        out.write(magic + b"\0" * (header - 4) + marshal.dumps(codes))


# What the child does

def exercise(value, depth=0):
    """Takes a few steps with whatever came out of a call."""
    if hasattr(value, "send") or hasattr(value, "asend"):
        return drive(value, depth)
    if hasattr(value, "__next__") or hasattr(value, "next"):
        for _, item in zip(range(4), value):
            exercise(item, depth + 1)
    elif isinstance(value, (types.FunctionType, types.MethodType)) and depth < 3:
        try:
            exercise(value(*(1, "a", None, (), 2)[:value.__code__.co_argcount]), depth + 1)
        except Exception:
            pass
    elif isinstance(value, (tuple, list)) and depth < 3:
        for item in value[:8]:
            exercise(item, depth + 1)
    elif isinstance(value, dict) and depth < 3:
        for item in list(value.values())[:8]:
            exercise(item, depth + 1)
    elif isinstance(value, BaseException):
        note_places(value)
    repr(value)


def wait_for(awaitable, most=6):
    """Sends to an awaitable of an asynchronous generator until it is done."""
    try:
        for _ in range(most):
            exercise(awaitable.send(None), 1)
        awaitable.throw(ValueError("waited long enough"))
    except:  # StopAsyncIteration and GeneratorExit, too
        pass


def drive(value, depth):
    if hasattr(value, "asend"):
        for step in (lambda: value.asend(None), lambda: value.asend(None), lambda: value.asend(7),
                     lambda: value.athrow(ValueError("thrown")), lambda: value.asend(None), value.aclose):
            wait_for(step())
        return
    sent = 0
    steps = (lambda: value.send(None), lambda: value.send(None), lambda: value.send(7), lambda: value.send(None),
             lambda: value.throw(ValueError("thrown")), lambda: value.send(None), value.close)
    for step in steps[:3] * 2 + steps if depth == 0 else steps:
        try:
            exercise(step(), depth + 1)
            sent += 1
        except Exception:
            if sent == 0:
                raise
            break
    value.close()


def note_places(error):
    """Uses the line table, which may be any bytes: then this may raise."""
    traceback = getattr(error, "__traceback__", None) or sys.exc_info()[2]
    while traceback is not None:
        traceback.tb_lineno
        if hasattr(traceback.tb_frame.f_code, "co_positions"):
            list(traceback.tb_frame.f_code.co_positions())
        traceback.tb_frame.f_locals
        traceback = traceback.tb_next
    str(error)


def make_cell(value):
    function = (lambda x: lambda: x)(value)
    return (getattr(function, "__closure__", None) or function.func_closure)[0]


def function_of(case, code):
    original = case.function
    closure = list(original.__closure__ or ())
    missing = len(code.co_freevars) - len(closure)
    closure = closure[:len(code.co_freevars)] + [make_cell(i) for i in range(missing)]
    function = types.FunctionType(code, original.__globals__, original.__name__, original.__defaults__,
                                  tuple(closure) or None)
    if getattr(original, "__kwdefaults__", None):
        function.__kwdefaults__ = original.__kwdefaults__
    return function


def run_rounds(calls):
    """All calls, a few times; the exception of the last call that raised one."""
    last = None
    for number in range(ROUNDS):
        raised = 0
        for call in calls:
            try:
                exercise(call())
            except:  # also GeneratorExit, SystemExit, and in 2.7 instances of classes of the old kind
                raised += 1
                last = error = sys.exc_info()[1]
                try:
                    note_places(error)
                except:
                    pass
        if raised == len(calls) and number > ROUNDS // 2:
            break
    return last


def trace(frame, event, argument):
    """A tracer that sees every instruction, and jumps nowhere."""
    if hasattr(frame, "f_trace_opcodes"):
        frame.f_trace_opcodes = True
    frame.f_lineno
    return trace


def result_of(case, code_bytes, report, traced=False):
    try:
        code = marshal.loads(code_bytes)
        if not isinstance(code, types.CodeType):
            raise TypeError("no code object")
    except Exception as error:
        report(error)
        return NOT_LOADED
    if case.call:
        try:
            case.function.__code__ = code
        except Exception as error:
            report(error)
            return NO_FUNCTION
        calls = [case.call]
    else:
        try:
            function = function_of(case, code)
        except Exception as error:
            report(error)
            return NO_FUNCTION
        calls = [lambda a=arguments: function(*a) for arguments in case.arguments]
    if traced:
        sys.settrace(trace)
    last = run_rounds(calls)
    sys.settrace(None)
    if isinstance(last, SystemError):
        report(last)
        return SYSTEM_ERROR
    return RAISED if last is not None else OK


class Runner(object):
    def __init__(self, settings):
        self.settings = settings
        self.cases = corpus.load()
        self.seconds = settings.get("milliseconds", 50) / 1000.0
        self.counts = {"accepted": {}, "refused": {}}
        self.deaths, self.strange, self.rules = [], [], {}
        self.left_out = self.sampled = 0
        self.output = os.dup(1)
        self.words, self.report_to = os.pipe()
        for descriptor in (self.words, self.report_to):
            fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_NONBLOCK)
        null = os.open(os.devnull, os.O_RDWR)
        self.input = os.dup(0)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.dup2(self.report_to, 2)  # what an interpreter says when it gives up
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    def report(self, error):
        try:
            words = "%s: %s" % (type(error).__name__, error)
        except Exception:
            words = type(error).__name__
        os.write(self.report_to, b"\0" + (words if isinstance(words, bytes) else words.encode("utf-8", "replace"))[:400])

    def fork(self, function, number, code_bytes):
        """How a run ended, in words: `ok`, `raised`, ..., `timeout`, or the name of a signal."""
        child = os.fork()
        if child == 0:
            status = 99
            try:
                resource.setrlimit(resource.RLIMIT_CPU, (2, 3))
                resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
                self.arm()
                status = result_of(self.cases[function], code_bytes, self.report, self.settings.get("trace"))
                if number % 4 == 0:
                    gc.collect()
            finally:
                os._exit(status)
        return self.end_of(os.waitpid(child, 0)[1])

    def arm(self):
        signal.setitimer(signal.ITIMER_REAL, 20)
        signal.setitimer(signal.ITIMER_VIRTUAL, self.seconds)

    def fork_batch(self, records):
        """How the runs of accepted mutants ended, one after the other in as few processes as can be."""
        ends = []
        while len(ends) < len(records):
            ends += self.fork_some(records[len(ends):])
        return ends

    def fork_some(self, records):
        """The ends of the first records, up to one that ended its process."""
        results, to_parent = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                resource.setrlimit(resource.RLIMIT_CPU, (4, 5))
                resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
                for function, number, _, code_bytes in records:
                    case = self.cases[function]
                    original = case.function.__code__
                    self.arm()
                    status = result_of(case, code_bytes, self.report, self.settings.get("trace"))
                    if number % 4 == 0:
                        gc.collect()
                    case.function.__code__ = original
                    os.write(to_parent, struct.pack("B", status))
            finally:
                os._exit(0)
        os.close(to_parent)
        status = os.waitpid(child, 0)[1]
        ends = [ENDS[value] for value in bytearray(os.read(results, len(records)))]
        os.close(results)
        if len(ends) < len(records):
            ends.append(self.end_of(status) if os.WIFSIGNALED(status) else "exit %d" % os.WEXITSTATUS(status))
        return ends

    def end_of(self, status):
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            return "timeout" if number in TIMEOUTS else "signal %d" % number
        return ENDS.get(os.WEXITSTATUS(status), "exit %d" % os.WEXITSTATUS(status))

    def said(self, end):
        """What the last child reported, or its last words, if it died."""
        try:
            words = os.read(self.words, 1 << 16)
        except OSError:
            return ""
        if end in ("SystemError", "not loaded", "no function"):
            words = words.rsplit(b"\0", 1)[-1]
        elif end.startswith(("signal", "exit")):
            telling = [line for line in words.split(b"\n") if b"Assertion" in line or b"Fatal" in line or b"ASSERT" in line]
            words = b"; ".join(telling or [words[:200]])
        else:
            words = b""
        return words[:400].decode("utf-8", "replace")

    def run(self, function, number, accepted, text, code_bytes, end=None, before=()):
        if end is None or (end not in ("ok", "raised", "timeout") and len(self.strange) < 200):
            end = self.fork(function, number, code_bytes) if not (end or "").startswith(("signal", "exit")) else end
        words = self.said(end)
        counts = self.counts["accepted" if accepted else "refused"]
        counts[end] = counts.get(end, 0) + 1
        rule, finding, changes = text.decode("utf-8", "replace").split("\t", 2)
        what = {"function": self.cases[function].name, "number": number, "end": end, "changes": changes,
                "finding": finding, "words": words}
        died = end.startswith("signal") or end.startswith("exit")
        if not accepted:
            by_rule = self.rules.setdefault(rule, {"ends": {}, "examples": []})
            by_rule["ends"][end] = by_rule["ends"].get(end, 0) + 1
            if end in ("ok", "raised") and len(by_rule["examples"]) < EXAMPLES:
                by_rule["examples"].append(what)
        elif died:
            what["again"] = [self.fork(function, number, code_bytes) for _ in range(2)]
            # Alone it may live: then one of those that ran before it in the same process has left the damage.
            what["before"] = list(before)
            self.said("")
            self.deaths.append(what)
        elif end in ("SystemError", "not loaded", "no function") and len(self.strange) < 200:
            self.strange.append(what)

    def run_batch(self, records):
        before = []
        for (function, number, text, code_bytes), end in zip(records, self.fork_batch(records)):
            self.run(function, number, True, text, code_bytes, end, before)
            before = [] if end == "timeout" or end.startswith(("signal", "exit")) else before + [number]

    def all(self):
        stream = os.fdopen(self.input, "rb", 1 << 16)
        accepted = 0
        waiting = []
        while accepted < self.settings["accepted"]:
            header = stream.read(HEADER.size)
            if len(header) < HEADER.size:
                break
            function, number, is_accepted, left_out, text_size, code_size = HEADER.unpack(header)
            text, code_bytes = stream.read(text_size), stream.read(code_size)
            if len(code_bytes) < code_size:
                break
            self.left_out += left_out
            self.sampled += not is_accepted
            accepted += is_accepted
            if is_accepted:
                waiting.append((function, number, text, code_bytes))
            else:
                self.run(function, number, False, text, code_bytes)
            if len(waiting) == BATCH or accepted == self.settings["accepted"]:
                self.run_batch(waiting)
                waiting = []
        self.run_batch(waiting)
        answer = {"accepted": accepted, "refused": self.left_out + self.sampled, "counts": self.counts,
                  "deaths": self.deaths, "strange": self.strange, "rules": self.rules}
        os.write(self.output, (json.dumps(answer, sort_keys=True) + "\n").encode())


def main():
    if sys.argv[1] == "--functions":
        write_functions(sys.argv[2])
    elif sys.argv[1] == "--names":
        print("\n".join(case.name for case in corpus.load()))
    else:
        runner = Runner(json.loads(sys.argv[2]))
        random.seed(0)
        gc.collect()
        if hasattr(gc, "freeze"):
            gc.freeze()
        runner.all()


if __name__ == "__main__":
    main()
