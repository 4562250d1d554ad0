"""Opens a zip without trusting it: how many files, how large once unpacked, how much compressed."""

import io
import struct
import zipfile
import zlib

from apdash.errors import ApdashError
from apdash.imports.kinds import MEGABYTE

ZIP = b"PK\x03\x04"
MAX_UNPACKED = 40 * MEGABYTE
MAX_RATIO = 150  # real exports: 10 to 30
MAX_ENTRIES = 500
_CHUNK = 64 * 1024
_SMALL = MEGABYTE  # below that, how much a file is compressed does not matter
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
    OverflowError,
    IndexError,
    KeyError,
)


def entries(name: str, data: bytes) -> dict[str, int]:
    """Return name -> announced size of the files of a zip; raises `ApdashError` when it is broken or hostile."""
    _check_directory(name, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except _BROKEN as error:
        raise _broken(name) from error
    if any(info.flag_bits & 0x1 for info in infos):
        raise ApdashError(
            "Archive protégée.", f"{name} demande un mot de passe. Donnez le fichier sans protection."
        )
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise _too_large(name)
    return {info.filename: info.file_size for info in infos if not info.filename.startswith("__MACOSX/")}


def unpacked(name: str, data: bytes, entry: str) -> bytes:
    """Return one file of a zip, read piece by piece and given up as soon as it grows too much."""
    pieces: list[bytes] = []
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(entry) as stream:
            packed = max(archive.getinfo(entry).compress_size, 1)
            while piece := stream.read(_CHUNK):
                total += len(piece)
                if total > MAX_UNPACKED or (total > _SMALL and total > packed * MAX_RATIO):
                    raise _too_large(name)
                pieces.append(piece)
    except _BROKEN as error:
        raise _broken(name) from error
    return b"".join(pieces)


def _check_directory(name: str, data: bytes) -> None:
    """Refuse a list of files that would take long just to read."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or len(data) < end + 20:
        raise _broken(name)
    count, size = struct.unpack("<HI", data[end + 10 : end + 16])
    if count > MAX_ENTRIES or size > MEGABYTE or b"PK\x06\x07" in data[max(0, end - 20) : end]:
        raise ApdashError(
            "Archive refusée.", f"{name} contient trop de fichiers. Donnez le seul export utile."
        )


def _broken(name: str) -> ApdashError:
    return ApdashError("Archive illisible.", f"{name} est abîmé ou incomplet. Téléchargez-le de nouveau.")


def _too_large(name: str) -> ApdashError:
    return ApdashError(
        "Archive refusée.",
        f"{name} grossit anormalement une fois décompressé (plus de {MAX_UNPACKED // MEGABYTE} Mo, "
        f"ou plus de {MAX_RATIO} fois sa taille).",
    )
