"""What a device and the county's service say to each other when a bundle is sent over HTTP."""

DOMAIN = b"ruhu.upload/1\0"
DEVICE = "Ruhu-Device"
SIGNATURE = "Ruhu-Signature"
OFFSET = "Upload-Offset"
LENGTH = "Upload-Length"
COMPLETE = "Upload-Complete"


def proof(digest: str) -> bytes:
    """What a device signs to show that the bundle of a digest is its to send."""
    return DOMAIN + digest.encode()
