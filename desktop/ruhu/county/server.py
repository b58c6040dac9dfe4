"""Runs the county's service over TLS, with its own certificate or one that was given."""

import contextlib
import secrets
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives import serialization

from ruhu.county.application import application
from ruhu.county.metrics import Metrics, MetricsServer
from ruhu.county.store import CountyStore
from ruhu.county.uploads import Uploads
from ruhu.survey.text import Text, UserError

AT_ONCE = 400
"""Requests at work at once; to those beyond, 503 says to come again."""


@dataclass(frozen=True, slots=True)
class Serving:
    """How the service is run.

    `uploads` holds parts of bundles; workers on one database share it. `share_port` lets several
    of them listen on one port. Without a `metrics_port` nothing is told to a monitoring system.
    """

    host: str
    port: int
    uploads: Path
    share_port: bool = False
    metrics_port: int | None = None
    certificate: Path | None = None
    key: Path | None = None


def make_server(
    store: CountyStore, serving: Serving, folder: Path, metrics: Metrics | None = None
) -> uvicorn.Server:
    """A server over TLS, ready to run. The county's own key lies in `folder` under a password nobody
    keeps.
    """
    certificate, key, password = serving.certificate, serving.key, None
    if certificate is None or key is None:
        certificate, key, password = _own_certificate(store, folder)
    config = uvicorn.Config(
        application(store, Uploads(serving.uploads), metrics),
        host=serving.host,
        port=serving.port,
        log_level="warning",
        access_log=False,  # which laptop came from where is nobody's business
        server_header=False,
        limit_concurrency=AT_ONCE,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        ssl_keyfile=key,
        ssl_keyfile_password=password,
        ssl_certfile=certificate,
    )
    return uvicorn.Server(config)


def _own_certificate(store: CountyStore, folder: Path) -> tuple[Path, Path, str]:
    key, certificate = store.certificate()
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


def _shared(host: str, port: int) -> socket.socket:
    """A socket on a port that other workers listen on, too."""
    if not hasattr(socket, "SO_REUSEPORT"):
        raise UserError(Text("本系统不支持共用端口", "this system cannot share a port"))
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((host, port))
    return made


def serve(store: CountyStore, serving: Serving) -> None:
    """Serve until the process is told to end; requests at work are finished first."""
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as stack:
        metrics = None
        if serving.metrics_port is not None:
            metrics = Metrics(store)
            stack.enter_context(MetricsServer(metrics, serving.metrics_port))
        server = make_server(store, serving, Path(place), metrics)
        if serving.share_port:
            server.run(sockets=[stack.enter_context(_shared(serving.host, serving.port))])
        else:
            server.run()
