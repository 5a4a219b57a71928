"""What an event loop may not do in simulated time."""

from collections.abc import Callable
from typing import Never

OF_REAL_TIME = """
    run_in_executor set_default_executor getaddrinfo getnameinfo create_connection create_server create_unix_connection
    create_unix_server create_datagram_endpoint connect_accepted_socket connect_read_pipe connect_write_pipe start_tls sendfile
    subprocess_shell subprocess_exec add_reader remove_reader add_writer remove_writer sock_recv sock_recv_into sock_recvfrom
    sock_recvfrom_into sock_sendall sock_sendto sock_connect sock_accept sock_sendfile add_signal_handler remove_signal_handler
""".split()  # noqa: SIM905 - as a list, a name a line, it would be a page
"""The methods of an asyncio loop that act in real time."""


def refusal(name: str) -> Callable[..., Never]:
    """Return a method that refuses, by its name, what a simulated clock would not wait for."""

    def refuse(self: object, *_args: object, **_options: object) -> Never:
        raise NotImplementedError(
            f"{name}() is refused in simulated time: threads, sockets, subprocesses and signal handlers act in real time, "
            "which the simulated clock does not wait for"
        )

    refuse.__name__ = name
    return refuse
