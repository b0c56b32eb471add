"""nginx before a server, and certificates for it."""

import ssl
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import attrs
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scripts.peers import programs
from tests.peers.running import free_port, running

COMMAND = programs.nginx()
_CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/1; proxy_temp_path {folder}/2;
    fastcgi_temp_path {folder}/3; uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    client_max_body_size 100m;
    server {{
        listen 127.0.0.1:{port} {tls};
        {options}
        location / {{ proxy_pass {upstream}; }}
    }}
}}
"""


@attrs.frozen
class Certificate:
    """What a TLS server shows, a PEM file with its key, and what whoever trusts it knows."""

    file: Path
    authority: str

    @property
    def trust(self) -> ssl.SSLContext:
        """A client's context that trusts it."""
        return ssl.create_default_context(cadata=self.authority)


def issued(folder: Path, *names: str) -> Certificate:
    """A certificate of an authority that nobody else knows."""
    authority = trustme.CA()
    file = folder / "issued.pem"
    authority.issue_cert(*names).private_key_and_cert_chain_pem.write_to_path(file)
    return Certificate(file, authority.cert_pem.bytes().decode())


def signed_by_itself(folder: Path, address: str) -> Certificate:
    """A certificate without an authority, as `openssl req -x509` makes one."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "friendli container")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "itself.pem"
    file.write_bytes(secret + pem)
    return Certificate(file, pem.decode())


@contextmanager
def nginx(
    folder: Path,
    upstream: str,
    options: str = "",
    *,
    certificate: Certificate | None = None,
) -> Generator[str]:
    """The URL of an nginx that passes requests on; `options` are directives of its server."""
    port, file, tls = free_port(), folder / "nginx.conf", ""
    if certificate:
        tls = "ssl"
        pem = certificate.file
        options += f"ssl_certificate {pem}; ssl_certificate_key {pem};"
    file.write_text(
        _CONFIGURATION.format(
            folder=folder,
            port=port,
            upstream=upstream,
            tls=tls,
            options=options,
        )
    )
    command = (COMMAND or "nginx", "-p", folder, "-c", file, "-e", folder / "e")
    with running(*command, port=port, log=folder / "printed") as url:
        yield url.replace("http:", "https:") if certificate else url
