"""Starts a stock Firefox and stands between it and Playwright on their WebDriver BiDi line.

Playwright sets the colour scheme of every new context by a command that Firefox's long-term
releases do not know, and gives the context up when that is refused. Whatever merely emulates
another screen or system and is unknown to this Firefox is therefore answered as if it were done.
Playwright also lets each script that a test runs count as a click; here only clicks and keys do,
so that Firefox refuses sound as it would to anyone. Everything else goes through untouched.

Usage: bidi_relay.py COMMAND ARGUMENT ...
"""

import asyncio
import json
import re
import sys
from asyncio.subprocess import PIPE, STDOUT, Process

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

LISTENING = "WebDriver BiDi listening on "


async def main(command: list[str]) -> int:
    """Run Firefox until it ends, and let one listen to it here instead of there."""
    firefox = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT)
    address = await _address(firefox)
    if not address:
        return await firefox.wait()

    async def relay(near: ServerConnection) -> None:
        async with connect(f"{address}/session", max_size=None, compression=None) as far:
            emulations: set[int] = set()
            ends = _outwards(near, far, emulations), _back(far, near, emulations)
            await asyncio.wait(map(asyncio.ensure_future, ends), return_when="FIRST_COMPLETED")

    async with serve(relay, "127.0.0.1", 0, max_size=None, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        _tell(f"{LISTENING}ws://127.0.0.1:{port}\n")
        await _address(firefox)  # there is no second one, so this reads until the end
        return await firefox.wait()


async def _address(firefox: Process) -> str:
    """Pass on what Firefox says until it names its address, or ends."""
    assert firefox.stdout
    async for line in firefox.stdout:
        if found := re.search(rf"{LISTENING}(ws://\S+)", line.decode()):
            return found[1]
        _tell(line.decode())
    return ""


def _tell(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()


async def _outwards(near: ServerConnection, far: ClientConnection, emulations: set[int]) -> None:
    async for said in near:
        command = json.loads(said)
        if command["method"].startswith("emulation."):
            emulations.add(command["id"])
        if "userActivation" in command["params"]:
            command["params"]["userActivation"] = False
        await far.send(json.dumps(command))


async def _back(far: ClientConnection, near: ServerConnection, emulations: set[int]) -> None:
    async for said in far:
        answer = json.loads(said)
        unknown = answer.get("error") == "unknown command" and answer["id"] in emulations
        done = {"type": "success", "id": answer.get("id"), "result": {}}
        await near.send(json.dumps(done) if unknown else said)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
