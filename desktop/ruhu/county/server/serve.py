"""Run the county's server over TLS, with its own certificate or a given one."""

import contextlib
import os
import secrets
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives import serialization

from ruhu.county.county import CountyStore
from ruhu.county.server.app import application
from ruhu.county.server.metrics import Metrics, MetricsServer
from ruhu.county.server.uploads import Uploads
from ruhu.errors import UserError
from ruhu.i18n import BilingualText

MAX_CONCURRENT_REQUESTS = 400
"""Concurrent requests; further ones get 503 and try again later."""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Options of the server.

    `uploads` holds parts of bundles; workers on one database share it. `share_port` lets several
    workers listen on one port. Without a `metrics_port` there are no metrics.
    """

    host: str
    port: int
    uploads: Path
    share_port: bool = False
    metrics_port: int | None = None
    certificate: Path | None = None
    key: Path | None = None


def notify_systemd(state: str) -> None:
    """Report a state to the service manager, see sd_notify(3); do nothing without one."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address and hasattr(socket, "AF_UNIX"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
            connection.sendto(state.encode(), "\0" + address[1:] if address[0] == "@" else address)


class _Server(uvicorn.Server):
    """A server that calls a function once it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()


def make_server(
    store: CountyStore,
    options: ServerOptions,
    folder: Path,
    metrics: Metrics | None = None,
    listening: Callable[[], None] = lambda: None,
) -> uvicorn.Server:
    """Create a server over TLS.

    The county's own key is written to `folder`, encrypted with a random password.
    """
    certificate, key, password = options.certificate, options.key, None
    if certificate is None or key is None:
        certificate, key, password = _own_certificate(store, folder)
    config = uvicorn.Config(
        application(store, Uploads(options.uploads), metrics),
        host=options.host,
        port=options.port,
        log_level="warning",
        access_log=False,  # addresses of laptops are personal data
        server_header=False,
        limit_concurrency=MAX_CONCURRENT_REQUESTS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        ssl_keyfile=key,
        ssl_keyfile_password=password,
        ssl_certfile=certificate,
    )
    return _Server(config, listening)


def _own_certificate(store: CountyStore, folder: Path) -> tuple[Path, Path, str]:
    key, certificate = store.keys.server_certificate()
    password = secrets.token_hex(16)
    loaded = serialization.load_pem_private_key(key.encode(), None)
    sealed = loaded.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password.encode()),
    )
    (folder / "key.pem").write_bytes(sealed)
    (folder / "certificate.pem").write_text(certificate)
    return folder / "certificate.pem", folder / "key.pem", password


def _shared_socket(host: str, port: int) -> socket.socket:
    """Return a socket on a port that other workers may listen on, too."""
    if not hasattr(socket, "SO_REUSEPORT"):
        raise UserError(
            BilingualText("本系统不支持共用端口", "this system does not support shared ports")
        )
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    return listener


def serve(store: CountyStore, options: ServerOptions, listening: Callable[[], None]) -> None:
    """Serve until the process is asked to end; open requests are finished first.

    Calls `listening` once laptops can connect.
    """
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        metrics = None
        if options.metrics_port is not None:
            metrics = Metrics(store)
            stack.enter_context(MetricsServer(metrics, options.metrics_port))
        server = make_server(store, options, Path(folder), metrics, listening)
        if options.share_port:
            server.run(sockets=[stack.enter_context(_shared_socket(options.host, options.port))])
        else:
            server.run()
