#!/usr/bin/env python3
"""A bad network: a TCP proxy on 127.0.0.1 that forwards to a server and makes faults, drawn from a seed.

    fault_proxy.py SERVER_PORT SEED [--garbage none|inserted|changed]

It prints "listening on PORT" and then nothing more: never what passes through it. Each connection draws its kind from
the seed and its number, and each piece of at most 4 KB in either direction draws again:

    refuse      reset as soon as it is accepted
    half-open   accepted and read, never answered, closed 1 to 20 s later
    slow        2 KB/s in both directions
    bad         a piece waits 0 to 500 ms, or the connection is cut in the middle of it, or bytes are inserted into it
                (--garbage changed: or changed, which only TLS can find out in sealed values)
    good        as it is

SIGUSR1 ends the faults, and the connections that suffer from them; SIGUSR2 begins them again; SIGTERM ends the proxy and
prints how many faults of each kind it made.
"""

import argparse
import asyncio
import random
import signal
import socket
import struct
from collections import Counter

PIECE_BYTES = 4096
SLOW_BYTES_PER_SECOND = 2048
KINDS = {"good": 40, "bad": 40, "slow": 6, "half-open": 6, "refuse": 8}


class Cut(Exception):
    """The connection is to end here."""


class Proxy:
    def __init__(self, server_port: int, seed: str, garbage: str) -> None:
        self.server_port = server_port
        self.seed = seed
        self.garbage = garbage
        self.faulty = True
        self.connections = 0
        self.counts: Counter[str] = Counter()
        self.suffering: set[asyncio.Task] = set()

    # The life of the proxy.

    async def run(self) -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, ended.set)
        loop.add_signal_handler(signal.SIGUSR1, self.make_good)
        loop.add_signal_handler(signal.SIGUSR2, self.make_bad)
        listener = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        print(f"listening on {listener.sockets[0].getsockname()[1]}", flush=True)
        await ended.wait()
        listener.close()
        print(" ".join(f"{name}:{count}" for name, count in sorted(self.counts.items())), flush=True)

    def make_good(self) -> None:
        self.faulty = False
        for task in self.suffering:
            task.cancel()

    def make_bad(self) -> None:
        self.faulty = True

    # One connection.

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        choices = random.Random(f"{self.seed}/{self.connections}")
        kind = choices.choices(list(KINDS), KINDS.values())[0] if self.faulty else "good"
        self.counts[kind] += 1
        task = asyncio.current_task()
        if kind != "good":
            self.suffering.add(task)
        try:
            if kind == "half-open":
                await self.swallow(reader, choices.uniform(1, 20))
            elif kind != "refuse":
                await self.forward(kind, choices, reader, writer)
        except (Cut, OSError, asyncio.CancelledError):
            pass
        finally:
            self.suffering.discard(task)
            reset(writer)

    async def swallow(self, reader: asyncio.StreamReader, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while await reader.read(PIECE_BYTES):
                    pass
        except TimeoutError:
            pass

    async def forward(self, kind: str, choices: random.Random, reader, writer) -> None:
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.server_port)
        # A generator for each direction: which of the two is first must not change what is drawn.
        up, down = random.Random(choices.random()), random.Random(choices.random())
        try:
            async with asyncio.TaskGroup() as directions:
                directions.create_task(self.pass_on(kind, up, reader, up_writer))
                directions.create_task(self.pass_on(kind, down, up_reader, writer))
        except* (Cut, OSError):
            pass
        finally:
            reset(up_writer)

    async def pass_on(self, kind: str, choices: random.Random, reader, writer) -> None:
        while piece := await reader.read(256 if kind == "slow" else PIECE_BYTES):
            if kind == "slow":
                await asyncio.sleep(len(piece) / SLOW_BYTES_PER_SECOND)
            elif kind == "bad":
                piece = await self.damage(piece, choices, writer)
            writer.write(piece)
            await writer.drain()
        if kind == "good":
            # The other direction may still have something to say.
            writer.write_eof()
        else:
            raise Cut

    async def damage(self, piece: bytes, choices: random.Random, writer) -> bytes:
        if choices.random() < 0.4:
            self.counts["delayed"] += 1
            await asyncio.sleep(choices.uniform(0, 0.5))
        if choices.random() < 0.12:
            self.counts["cut"] += 1
            writer.write(piece[: choices.randrange(len(piece))])
            await writer.drain()
            raise Cut
        if self.garbage != "none" and choices.random() < 0.08:
            self.counts["garbage"] += 1
            place = choices.randrange(len(piece))
            some = choices.randbytes(choices.randint(1, 8))
            is_change = choices.random() < 0.5 and self.garbage == "changed"
            piece = piece[:place] + some + piece[place + len(some) if is_change else place :]
        return piece


def reset(writer: asyncio.StreamWriter) -> None:
    """Ends a connection with RST rather than FIN: what breaks does not say goodbye."""
    endpoint = writer.get_extra_info("socket")
    if endpoint is not None and endpoint.fileno() >= 0 and not writer.is_closing():
        if endpoint.family in (socket.AF_INET, socket.AF_INET6):
            endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def main() -> None:
    parser = argparse.ArgumentParser(description="A TCP proxy that makes faults.")
    parser.add_argument("server_port", type=int)
    parser.add_argument("seed")
    parser.add_argument("--garbage", choices=["none", "inserted", "changed"], default="inserted")
    given = parser.parse_args()
    asyncio.run(Proxy(given.server_port, given.seed, given.garbage).run())


if __name__ == "__main__":
    main()
