"""Certificates for servers on loopback: good ones, and the two that must be refused."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_AUTHORITY = """\
[ca]
default_ca = here
[here]
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""

_SERVER = """\
subjectAltName = {names}
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""

_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key, PEM files."""

    cert: Path
    key: Path


class Authority:
    """A certificate authority in a folder of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(mode=0o700)
        self.folder = folder
        self.pem = folder / "ca.pem"
        (folder / "index").touch()
        (folder / "serial").write_text("01\n")
        (folder / "ca.cnf").write_text(_AUTHORITY.format(folder=folder))
        files = ["-keyout", str(folder / "ca.key"), "-out", str(self.pem)]
        usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        _openssl(["req", "-x509", *_KEY, "-days", "3650", "-subj", f"/CN={name}", *files, *usage])

    def sign(self, name: str, names: str, *, start: str = "20200101", end: str = "20450101") -> Certificate:
        """A server certificate `name` for `names` (`DNS:localhost,IP:127.0.0.1`), valid between two days."""
        stem = self.folder / name
        made = Certificate(stem.with_suffix(".pem"), stem.with_suffix(".key"))
        request, extensions = stem.with_suffix(".csr"), stem.with_suffix(".ext")
        extensions.write_text(_SERVER.format(names=names))
        _openssl(["req", *_KEY, "-subj", f"/CN={name}", "-keyout", str(made.key), "-out", str(request)])
        by = ["-cert", str(self.pem), "-keyfile", str(self.folder / "ca.key")]
        days = ["-startdate", f"{start}000000Z", "-enddate", f"{end}000000Z"]
        files = ["-extfile", str(extensions), "-in", str(request), "-out", str(made.cert)]
        _openssl(["ca", "-batch", "-notext", "-config", str(self.folder / "ca.cnf"), *by, *days, *files])
        return made


def _openssl(words: list[str]) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True, stdin=subprocess.DEVNULL)
