"""Internet addresses of machines."""

from redaction import shapes, types
from redaction.recognisers.base import ShapeRecogniser


class IpRecogniser(ShapeRecogniser):
    """Four numbers up to 255, parted by dots."""

    TYPE = types.IP
    SHAPES = (("version 4", shapes.IP, 0.7),)
