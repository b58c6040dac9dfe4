"""Runs the county's service with its own certificate."""

import secrets
import tempfile
from pathlib import Path

import uvicorn
from cryptography.hazmat.primitives import serialization

from ruhu.county.service import Service
from ruhu.county.store import CountyStore
from ruhu.county.uploads import Uploads


def make_server(
    store: CountyStore, database: Path, host: str, port: int, folder: Path
) -> uvicorn.Server:
    """A server over TLS, ready to run. The key lies in `folder` under a password nobody keeps."""
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
    uploads = Uploads(database.with_name(f"{database.name}.uploads"))
    config = uvicorn.Config(
        Service(store, uploads).application(),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # which laptop came from where is nobody's business
        server_header=False,
        timeout_graceful_shutdown=10,
        ssl_keyfile=folder / "key.pem",
        ssl_keyfile_password=password,
        ssl_certfile=folder / "certificate.pem",
    )
    return uvicorn.Server(config)


def serve(store: CountyStore, database: Path, host: str, port: int) -> None:
    """Serve until the process is told to end; requests at work are finished first."""
    with tempfile.TemporaryDirectory() as place:
        make_server(store, database, host, port, Path(place)).run()
