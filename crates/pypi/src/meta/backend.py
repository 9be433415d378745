"""PEP 517 backend of a package that holds nothing but requirements: METADATA is PKG-INFO."""

import base64
import hashlib
import io
import os
import re
import tarfile
import zipfile

WHEEL = "Wheel-Version: 1.0\nGenerator: package-actions\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
SOURCES = ("PKG-INFO", "meta_backend.py", "pyproject.toml")


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    folder = _stem() + ".dist-info"
    files = {folder + "/METADATA": _read("PKG-INFO"), folder + "/WHEEL": WHEEL.encode()}
    record = "".join(_record_line(path, data) for path, data in files.items())
    files[folder + "/RECORD"] = (record + folder + "/RECORD,,\n").encode()
    name = _stem() + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            wheel.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), data)
    return name


def build_sdist(sdist_directory, config_settings=None):
    name = _stem() + ".tar.gz"
    path = os.path.join(sdist_directory, name)
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as sdist:
        for source in SOURCES:
            data = _read(source)
            member = tarfile.TarInfo(_stem() + "/" + source)
            member.size = len(data)
            sdist.addfile(member, io.BytesIO(data))
    return name


def _stem():
    name = re.sub(r"[-_.]+", "_", _header("Name")).lower()
    return name + "-" + _header("Version")


def _header(name):
    for line in _read("PKG-INFO").decode().splitlines():
        if line.startswith(name + ": "):
            return line.split(": ", 1)[1]
    raise ValueError("PKG-INFO has no " + name)


def _read(path):
    with open(path, "rb") as file:
        return file.read()


def _record_line(path, data):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return "%s,sha256=%s,%d\n" % (path, digest, len(data))
