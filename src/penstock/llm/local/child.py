"""The program that serves one model: llama.cpp's HTTP server on loopback, as long as its parent lives.

Started by `server`. The first line of standard input is its task as JSON; when standard input ends, the parent
is gone, however it went, and so is this process. The one line on standard output is the server's address.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading

from penstock.kit.json import loads

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Serves until standard input ends."""
    task = loads(sys.stdin.buffer.readline())
    if not isinstance(task, dict):
        return
    _die_with(parent=int(str(task["parent"])))
    # Loaded here, so that the parent's death is noticed even while this takes its time.
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(task["path"])
    parameters.model_alias = [str(task["name"])]
    slots = int(str(task["slots"]))
    parameters.n_parallel = slots
    # llama.cpp divides the context among the slots.
    parameters.n_ctx = int(str(task["context_tokens"])) * slots
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = int(str(task["threads"]))
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    # Other users of this machine can connect to the port but do not know this path.
    parameters.api_prefix = str(task["prefix"])
    parameters.sleep_idle_seconds = int(str(task["idle_seconds"]))
    parameters.endpoint_slots = False  # it would show other requests' prompts
    parameters.ui = False
    parameters.verbosity = 2  # warnings and errors: no line for each request
    server = xllamacpp.Server(parameters)  # returns when the model is loaded
    sys.stdout.write(f"{server.listening_address}{task['prefix']}\n")
    sys.stdout.flush()
    threading.Event().wait()


def _die_with(parent: int) -> None:
    """Ends this process when the parent ends: by signal on Linux, and by the end of standard input everywhere.

    Both, because loading a model holds Python's lock, in which time no thread sees the end of the input.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)

    def watch() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    threading.Thread(target=watch, name="watch the parent", daemon=True).start()


if __name__ == "__main__":
    main()
