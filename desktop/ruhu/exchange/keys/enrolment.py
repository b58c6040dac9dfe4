"""A laptop's enrolment request over the network: its public keys, signed by the key in them."""

import base64
import binascii

import rfc8785
from pydantic import BaseModel, ConfigDict

from ruhu.errors import UserError
from ruhu.exchange.keys.device import DeviceKey, DevicePublic, read_device
from ruhu.exchange.keys.key_document import verify
from ruhu.i18n import BilingualText

DOMAIN = b"ruhu.enrolment/1\0"
MAX_DEVICE_NAME_CHARS = 100


class NotGenuine(UserError):
    """The request is not signed by the key in it."""


class EnrolmentRequest(BaseModel):
    """The keys, and the signature over their canonical JSON after the domain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: DevicePublic
    signature: str

    def checked(self) -> DevicePublic:
        """Return the device after verifying its signature. Raises `NotGenuine`."""
        wrong = NotGenuine(
            BilingualText(
                "登记申请的签名不对", "the enrolment request is not signed by its own key"
            )
        )
        try:
            device = read_device(self.device.model_dump_json().encode())
            signature = base64.b64decode(self.signature, validate=True)
            good = verify(device.key, signature, _signed_bytes(self.device))
        except (UserError, ValueError, binascii.Error):
            raise wrong from None
        if not good or len(device.surveyor) > MAX_DEVICE_NAME_CHARS:
            raise wrong
        return device


def _signed_bytes(device: DevicePublic) -> bytes:
    return DOMAIN + rfc8785.dumps(device.model_dump(mode="json"))


def request_enrolment(device: DevicePublic, key: DeviceKey) -> EnrolmentRequest:
    """Create a request of the laptop that has the key."""
    signature = base64.b64encode(key.sign(_signed_bytes(device))).decode()
    return EnrolmentRequest(device=device, signature=signature)
