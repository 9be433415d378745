"""Unpacks one checked archive: python3 -I -c THIS ARCHIVE FOLDER [INNER [ONLY]].

A zip (a wheel is one) or a gzipped tar; INNER is an archive inside it that is unpacked instead,
ONLY the one path prefix that is kept. Files become 0644, or 0755 where the archive says executable.
"""

import io
import os
import sys
import tarfile
import zipfile

archive, folder, inner, only = (sys.argv[1:] + ["", ""])[:4]


def members(stream):
    """Yields (path, whether executable, a file object) of each regular file."""
    if zipfile.is_zipfile(stream):
        with zipfile.ZipFile(stream) as bundle:
            for info in bundle.infolist():
                mode = info.external_attr >> 16
                if not info.is_dir() and (mode & 0o170000) in (0, 0o100000):
                    yield info.filename, mode & 0o111, bundle.open(info)
    else:
        stream.seek(0)
        with tarfile.open(fileobj=stream, mode="r:gz") as bundle:
            for info in bundle:
                if info.isfile():
                    yield info.name, info.mode & 0o111, bundle.extractfile(info)


def unpack(stream):
    root = os.path.realpath(folder)
    for path, executable, content in members(stream):
        if not path.startswith(only):
            continue
        target = os.path.realpath(os.path.join(root, path))
        if not target.startswith(root + os.sep):
            sys.exit("`%s` leaves the folder" % path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with content, open(target, "wb") as file:
            while chunk := content.read(1 << 20):
                file.write(chunk)
        os.chmod(target, 0o755 if executable else 0o644)


with open(archive, "rb") as outer:
    if not inner:
        unpack(outer)
    else:
        found = [content.read() for path, _, content in members(outer) if path == inner]
        if len(found) != 1:
            sys.exit("`%s` is not in the archive" % inner)
        unpack(io.BytesIO(found[0]))
