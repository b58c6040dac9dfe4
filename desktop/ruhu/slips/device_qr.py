"""A laptop's public key as a QR code: shown on its screen, read from a photo at the county."""

import io
import re

from ruhu.errors import UserError
from ruhu.exchange.keys.device import DevicePublic, read_device
from ruhu.i18n import BilingualText
from ruhu.slips.code_reader import texts_in

SCALE = 8
_DEVICE = re.compile(r"\{.{1,3000}\}", re.DOTALL)


def draw_device(device: DevicePublic) -> bytes:
    """Return the QR code as PNG."""
    import zxingcpp
    from PIL import Image

    text = device.model_dump_json(exclude_defaults=False)
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn = zxingcpp.write_barcode_to_image(code, scale=SCALE, add_quiet_zones=True)
    stream = io.BytesIO()
    Image.fromarray(drawn).save(stream, "PNG")
    return stream.getvalue()


def device_in(name: str, data: bytes) -> DevicePublic:
    """Return the device of a key file, or of the QR code in a picture or PDF.

    Raises `UserError` unless there is exactly one.
    """
    if data.lstrip()[:1] == b"{":
        return read_device(data)
    devices = {text: read_device(text.encode()) for text in texts_in(name, data, _DEVICE)}
    if len(devices) != 1:
        raise UserError(
            BilingualText(
                "{name}：应有且只有一个设备二维码",
                "{name}: must contain exactly one device's QR code",
            ).format(name=name)
        )
    return next(iter(devices.values()))
