"""CBOR (RFC 8949), as far as Lugn's messages go: written deterministically, read without checks."""


def head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for low, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << 8 * size:
            return bytes([major << 5 | low]) + value.to_bytes(size, "big")
    raise ValueError(value)


def encode(item):
    if item is None or isinstance(item, bool):
        return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[item]
    if isinstance(item, int):
        return head(0, item) if item >= 0 else head(1, -1 - item)
    if isinstance(item, bytes):
        return head(2, len(item)) + item
    if isinstance(item, str):
        return head(3, len(item.encode())) + item.encode()
    if isinstance(item, list):
        return head(4, len(item)) + b"".join(map(encode, item))
    return head(5, len(item)) + b"".join(encode(key) + encode(item[key]) for key in sorted(item))


def decode(data, at=0):
    """One item, and where it ends."""
    major, low = data[at] >> 5, data[at] & 31
    at += 1
    value = low
    if low >= 24:
        size = 1 << low - 24
        value, at = int.from_bytes(data[at:at + size], "big"), at + size
    if major == 0:
        return value, at
    if major == 1:
        return -1 - value, at
    if major == 2:
        return bytes(data[at:at + value]), at + value
    if major == 3:
        return bytes(data[at:at + value]).decode(), at + value
    if major == 4:
        items = []
        for _ in range(value):
            item, at = decode(data, at)
            items.append(item)
        return items, at
    if major == 5:
        items = {}
        for _ in range(value):
            key, at = decode(data, at)
            items[key], at = decode(data, at)
        return items, at
    return {20: False, 21: True, 22: None}[low], at


def whole(data):
    item, at = decode(data)
    assert at == len(data), "bytes behind a message"
    return item


def sequence(data):
    items, at = [], 0
    while at < len(data):
        item, at = decode(data, at)
        items.append(item)
    return items
