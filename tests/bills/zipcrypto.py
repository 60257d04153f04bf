"""Writes a zip in the old ZipCrypto manner, as WeChat Pay sends it; libraries still read it and no longer write it."""

from __future__ import annotations

import binascii
import struct
import zlib

_TABLE = [binascii.crc32(bytes([n]), 0xFFFFFFFF) ^ 0xFFFFFFFF for n in range(256)]


def zipcrypto(name: str, data: bytes, password: str) -> bytes:
    """A zip of one file, locked; PKWARE's APPNOTE, section 6.1."""
    crc, packer = zlib.crc32(data), zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    body = _encrypted(bytes(11) + bytes([crc >> 24]) + packed, password.encode())
    path = name.encode()
    fields = struct.pack("<HHHHHLLLHH", 20, 0x801, 8, 0, 0x21, crc, len(body), len(data), len(path), 0)
    local = b"PK\x03\x04" + fields + path + body
    central = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + path
    end = struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def _encrypted(plain: bytes, password: bytes) -> bytes:
    keys = [0x12345678, 0x23456789, 0x34567890]
    for byte in password:
        _turn(keys, byte)
    out = bytearray()
    for byte in plain:
        mask = keys[2] | 2
        out.append(byte ^ (mask * (mask ^ 1) >> 8 & 0xFF))
        _turn(keys, byte)
    return bytes(out)


def _turn(keys: list[int], byte: int) -> None:
    keys[0] = _crc(keys[0], byte)
    keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
    keys[2] = _crc(keys[2], keys[1] >> 24)


def _crc(key: int, byte: int) -> int:
    return key >> 8 ^ _TABLE[(key ^ byte) & 0xFF]
