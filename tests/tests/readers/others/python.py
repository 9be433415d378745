"""Reads a file of frames and prints one line of JSON for each: what Python's readers see.

A frame is one letter (which reader), the length as four bytes (big-endian), and the input. A line
is `{"ok": reading}` or `{"error": text}`.
"""

import configparser
import csv
import email
import gzip
import hashlib
import io
import json
import struct
import sys
import tarfile
import zipfile
from importlib import metadata as installed


def digest(data):
    return hashlib.sha256(data).hexdigest()[:12]


def text(name):
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def tar(data):
    rows = []
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:", encoding="utf-8") as archive:
        for member in archive:
            if member.isreg():
                kind, content = "file", archive.extractfile(member).read()
            else:
                kinds = [
                    (member.isdir(), "folder"),
                    (member.issym(), "symlink"),
                    (member.islnk(), "hardlink"),
                    (member.isdev(), "device"),
                ]
                kind = next((name for fits, name in kinds if fits), f"of type {member.type}")
                content = b""
            link = text(member.linkname) if kind in ("symlink", "hardlink") else ""
            row = [text(member.name), kind, member.mode & 0o7777, member.uid, link]
            rows.append(row + [digest(content)])
    return rows


def zip_archive(data):
    rows = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            mode = info.external_attr >> 16
            kind = {0: "file", 0o100000: "file", 0o040000: "folder"}.get(mode & 0o170000)
            if info.filename.endswith("/"):
                kind = "folder" if kind else None
            # As pip decides it: a regular file by its mode, with any of the three bits.
            executable = mode & 0o170000 == 0o100000 and mode & 0o111 != 0
            rows.append([text(info.filename), kind, executable, digest(archive.read(info))])
    return rows


def headers(message):
    """Lines without the blanks around them: where a folded value goes on is layout (RFC 822)."""
    pairs = []
    for name, value in message.raw_items():
        lines = value.replace("\r\n", "\n").split("\n")
        pairs.append([name, "\n".join(line.strip(" \t") for line in lines)])
    return pairs


def email_text(data):
    """As `importlib.metadata` reads it."""
    message = email.message_from_string(data.decode("utf-8"))
    if message.is_multipart():
        raise ValueError("several parts")
    return {"headers": headers(message), "description": message.get_payload()}


def email_bytes(data):
    """As `packaging.metadata` and installers read it."""
    message = email.message_from_bytes(data)
    if message.is_multipart():
        raise ValueError("several parts")
    body = message.get_payload(decode=True).decode("utf-8")
    utf8 = lambda field: field.encode("ascii", "surrogateescape").decode("utf-8")
    pairs = [[utf8(field) for field in pair] for pair in headers(message)]
    return {"headers": pairs, "description": body}


def record(data):
    rows = csv.reader(data.decode("utf-8").splitlines())
    return [row for row in rows if row]


def entry_points_installed(data):
    found = installed.EntryPoints._from_text(data.decode("utf-8"))
    return sorted([point.group, point.name, point.value] for point in found)


def entry_points_ini(data):
    """The specification: any name without `=`, told apart by case."""
    parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str
    parser.read_string(data.decode("utf-8"))
    rows = [[group, *entry] for group in parser.sections() for entry in parser.items(group)]
    return sorted(rows)


def version(data):
    from packaging.version import Version

    return str(Version(data.decode("utf-8")))


def specifiers(data):
    from packaging.specifiers import SpecifierSet

    SpecifierSet(data.decode("utf-8"))
    return True


def requirement(data):
    from packaging.requirements import Requirement

    found = Requirement(data.decode("utf-8"))
    clauses = sorted(str(found.specifier).split(",")) if str(found.specifier) else []
    return [found.name, clauses, found.url, found.marker is not None]


def wheel_name(data):
    from packaging.utils import parse_wheel_filename

    name, found, build, tags = parse_wheel_filename(data.decode("utf-8"))
    return [name, str(found), list(build), sorted(str(tag) for tag in tags)]


def sdist_name(data):
    from packaging.utils import parse_sdist_filename

    name, found = parse_sdist_filename(data.decode("utf-8"))
    return [name, str(found)]


READERS = {
    "T": tar,
    "G": lambda data: digest(gzip.decompress(data)),
    "Z": zip_archive,
    "M": email_text,
    "B": email_bytes,
    "R": record,
    "E": entry_points_installed,
    "I": entry_points_ini,
    "V": version,
    "S": specifiers,
    "Q": requirement,
    "W": wheel_name,
    "D": sdist_name,
}


def frames(path):
    with open(path, "rb") as file:
        while head := file.read(5):
            letter, length = struct.unpack(">cI", head)
            yield letter.decode("ascii"), file.read(length)


def main():
    for letter, data in frames(sys.argv[1]):
        try:
            answer = {"ok": READERS[letter](data)}
        except Exception as error:  # Whatever a reader raises, it did not read this.
            answer = {"error": f"{type(error).__name__}: {error}"}
        line = json.dumps(answer, ensure_ascii=False) + "\n"
        sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))


main()
