"""Taking from this process what decoding needs not: network, files, other processes, endless time.

Whoever makes a decoder do what he wants finds himself in a process that can compute and answer its
keeper, nothing else. Linux gives the means to every user; what else this system lacks is told, so
that ``samspil doctor`` can say so. Programs started later inherit all of it.

Sources: Linux man-pages seccomp(2), landlock(7), setrlimit(2); the numbers of system calls from
asm/unistd_64.h (x86-64) and asm-generic/unistd.h (AArch64).
"""

import ctypes
import os
import platform
import resource
import struct
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.children.limits import MIB

_OPEN_FILES = 64
_LAST_SECONDS = 5
_MORE_THREADS = 4096
"""Beyond what the user runs already; the kernel counts all of a user's together."""
_OURS = Path(__file__).parents[2]
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/nix/store", "/gnu/store")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much a confined process may use.

    Attributes:
        cpu_s: Seconds of all its threads together; a program that it runs has as many.
    """

    memory_mib: int
    cpu_s: int


def confine(allowance: Allowance, *, readable: Iterable[Path] = ()) -> None:
    """Give up everything but computing, for good. Call it before any thread is started.

    Afterwards no socket can be opened or used, no file written, and none read but programs,
    libraries and ``readable``; what is open stays so.
    """
    _limit(allowance)
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return
    with suppress(OSError):
        _restrict_files(libc, [*_libraries(), *readable])
    with suppress(OSError):
        _refuse_calls(libc)


def _limit(allowance: Allowance) -> None:
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_AS: allowance.memory_mib * MIB,
        resource.RLIMIT_CPU: allowance.cpu_s,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_NPROC: _threads_of_user() + _MORE_THREADS,
    }
    for kind, most in limits.items():
        # At its hard limit of time a process is killed without a signal that says why.
        last = most + _LAST_SECONDS if kind == resource.RLIMIT_CPU else most
        with suppress(ValueError, OSError):  # some systems do not cap address space
            resource.setrlimit(kind, (_within(kind, most), _within(kind, last)))


def _within(kind: int, most: int) -> int:
    """Return a limit, or the one that this process is under already if that is less."""
    allowed = resource.getrlimit(kind)[1]
    return most if allowed == resource.RLIM_INFINITY else min(most, allowed)


def _threads_of_user() -> int:
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if process.stat().st_uid == os.getuid():
                count += sum(1 for _ in (process / "task").iterdir())
    return count


def _libraries() -> Iterator[Path]:
    """Yield where Python, its libraries and programs are; not the home, which may lie beside."""
    yield from map(Path, (*_SYSTEM, *_SYSTEM_FILES, sys.prefix, sys.base_prefix))
    yield from map(Path, (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    yield from (Path(entry) for entry in sys.path if Path(entry) != _OURS)
    yield from (_OURS / package for package in ("pipeline", "storage", "consent"))


_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 38, 22
_SECCOMP_MODE_FILTER = 2
_KILL_PROCESS, _ALLOW, _REFUSE = 0x8000_0000, 0x7FFF_0000, 0x0005_0000 | 13
"""What the kernel does with a call; 13 is EACCES."""
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _MACHINE = 0, 4
"""Where a call's number and the kind of machine stand in what the filter sees."""
_OTHER_NUMBERS = 0x4000_0000
"""From here on, x86-64 counts the same calls once more (x32)."""
_MACHINES = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_CALLS: dict[str, tuple[int, int]] = {
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "pidfd_getfd": (438, 438),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
}
"""Refused: talking over sockets, also round about; reaching into other processes; and what decoders
never need of the kernel. By number on x86-64 and on AArch64."""


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))


def _refuse_calls(libc: ctypes.CDLL) -> None:
    machine = platform.machine()
    if machine not in _MACHINES:
        raise OSError(machine)
    which = list(_MACHINES).index(machine)
    numbers = sorted(each[which] for each in _CALLS.values())
    program = _program(_MACHINES[machine], numbers)
    given = _Filter(len(program) // 8, program)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(given), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _program(machine: int, refused: list[int]) -> bytes:
    """Return a filter of the kernel's (classic BPF) that refuses some calls.

    A jump counts the steps that it leaves out, if it holds and if not.
    """
    count = len(refused)
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_IF_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, count + 1, 0, _OTHER_NUMBERS),
        *((_IF_EQUAL, count - at, 0, number) for at, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights over files each version of the interface knows; later ones add none."""
_TCP_SINCE, _TCP_RIGHTS = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11
"""Abstract sockets of, and signals to, processes outside."""


def _restrict_files(libc: ctypes.CDLL, readable: Iterable[Path]) -> None:
    version = libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    files = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1
    tcp = _TCP_RIGHTS if version >= _TCP_SINCE else 0
    scopes = _SCOPES if version >= _SCOPES_SINCE else 0
    asked = struct.pack("=QQQ", files, tcp, scopes)
    length = 24 if scopes else 16 if tcp else 8
    ruleset = libc.syscall(_CREATE_RULESET, asked, length, 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    try:
        for path in dict.fromkeys(readable):
            _allow(libc, ruleset, path, _EXECUTE | _READ_FILE | _READ_DIR)
        _allow(libc, ruleset, Path(os.devnull), _READ_FILE | _WRITE_FILE)
        _allow(libc, ruleset, Path("/dev/urandom"), _READ_FILE)
        if libc.syscall(_RESTRICT_SELF, ruleset, 0) != 0:
            raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    with suppress(FileNotFoundError), _opened(path) as place:
        if not path.is_dir():
            rights &= ~_READ_DIR
        rule = struct.pack("=Qi", rights, place)
        if libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0) != 0:
            raise OSError(ctypes.get_errno(), "landlock_add_rule")


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        yield place
    finally:
        os.close(place)
