"""What acts in real time is refused, and by its name."""

import asyncio
import signal
import socket

import pytest

from bus.clock import VirtualLoop
from bus.refused import OF_REAL_TIME


@pytest.mark.parametrize("name", OF_REAL_TIME)
async def test_what_acts_in_real_time_is_refused_by_name(name):
    with pytest.raises(NotImplementedError, match=rf"^{name}\(\) is refused in simulated time"):
        getattr(asyncio.get_running_loop(), name)()


@pytest.mark.parametrize("name", [name for name in dir(asyncio.AbstractEventLoop) if not name.startswith("_")])
def test_every_method_of_an_asyncio_loop_is_there_or_refused_by_name(name):
    assert getattr(VirtualLoop, name) is not getattr(asyncio.AbstractEventLoop, name)


async def test_a_thread_is_refused():
    with pytest.raises(NotImplementedError, match="run_in_executor"):
        await asyncio.to_thread(print)


async def test_a_connection_is_refused():
    with pytest.raises(NotImplementedError, match="create_connection"):
        await asyncio.open_connection("localhost", 80)


async def test_a_server_is_refused():
    with pytest.raises(NotImplementedError, match="create_server"):
        await asyncio.start_server(print, "localhost", 0)


async def test_a_socket_is_refused():
    with socket.socket() as sock, pytest.raises(NotImplementedError, match="sock_recv"):
        await asyncio.get_running_loop().sock_recv(sock, 1)


async def test_a_subprocess_is_refused():
    with pytest.raises(NotImplementedError, match="subprocess_exec"):
        await asyncio.create_subprocess_exec("true")
    with pytest.raises(NotImplementedError, match="subprocess_shell"):
        await asyncio.create_subprocess_shell("true")


async def test_a_signal_handler_is_refused():
    with pytest.raises(NotImplementedError, match="add_signal_handler"):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, print)
