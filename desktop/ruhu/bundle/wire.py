"""What a device and the county's service say to each other over HTTP."""

DEVICE = "Ruhu-Device"
SIGNATURE = "Ruhu-Signature"
NONCE = "Ruhu-Nonce"
OFFSET = "Upload-Offset"
LENGTH = "Upload-Length"
COMPLETE = "Upload-Complete"


def upload_proof(digest: str) -> bytes:
    """What a device signs to show that the bundle of a digest is its to send."""
    return b"ruhu.upload/1\0" + digest.encode()


def answer_proof(nonce: str) -> bytes:
    """What a device signs to be given its answer; the server's nonce counts once."""
    return b"ruhu.answer-request/1\0" + nonce.encode()
