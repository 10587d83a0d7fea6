"""Settings from the environment (``CCEZONE_*`` and ``DATABASE_URL``), read once, typed, failing loudly with the variable's name."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingError(Exception):
    """A setting is missing or unusable; the text names the variable and the remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process needs to know from outside.

    ``sandbox`` lets firms choose outcomes by order number, which only the mock single window understands.
    ``database_url`` is a SQLAlchemy address of PostgreSQL 16 or later. ``secret_key`` signs sessions and links,
    ``personal_key`` (32 bytes) encrypts personal data and keys its digests: losing it loses that data.
    ``seal_key`` is a PKCS#12 file to seal returns with, ``seal_password`` opens it; without it one is made in the data folder.
    ``demo_clock`` names the file a demonstration's clock is led by while its month is loaded (``kernel.demo_clock``).
    ``webhooks_private`` lets webhooks call private addresses, for tests and demonstrations.
    """

    data_dir: Path
    database_url: str
    replica_url: str
    secret_key: str
    personal_key: bytes
    zone: str
    single_window_url: str
    public_url: str
    mail_url: str
    production: bool
    sandbox: bool = False
    webhooks_private: bool = False
    tax_bureau_url: str = "http://127.0.0.1:8102"
    bank_url: str = "http://127.0.0.1:8103"
    seal_key: str = ""
    seal_password: str = ""
    demo_clock: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings. Raises ``SettingError`` naming the first variable that is missing or malformed."""
        env = os.environ if environment is None else environment
        database_url = sqlalchemy_url(required(env, "DATABASE_URL"))
        production, webhooks_private = flag(env, "CCEZONE_PRODUCTION"), flag(env, "CCEZONE_WEBHOOKS_PRIVATE")
        if production and webhooks_private:
            raise SettingError("CCEZONE_WEBHOOKS_PRIVATE must not be set in production: firms could reach the inner network")
        demo_clock = env.get("CCEZONE_DEMO_CLOCK", "").strip()
        if production and demo_clock:
            raise SettingError("CCEZONE_DEMO_CLOCK must not be set in production: what passes through would be dated falsely")
        return cls(
            data_dir=Path(env.get("CCEZONE_DATA", "var")).absolute(),
            database_url=database_url,
            replica_url=sqlalchemy_url(env.get("DATABASE_REPLICA_URL", database_url)),
            secret_key=secret(env, "CCEZONE_SECRET_KEY"),
            personal_key=hex_key(env, "CCEZONE_PERSONAL_KEY"),
            zone=env.get("CCEZONE_ZONE", "GZ"),
            single_window_url=env.get("CCEZONE_SINGLE_WINDOW_URL", "http://127.0.0.1:8101"),
            public_url=env.get("CCEZONE_PUBLIC_URL", "http://127.0.0.1:8000"),
            mail_url=env.get("CCEZONE_MAIL_URL", ""),
            production=production,
            sandbox=sandbox(env),
            webhooks_private=webhooks_private,
            tax_bureau_url=env.get("CCEZONE_TAX_BUREAU_URL", "http://127.0.0.1:8102"),
            bank_url=env.get("CCEZONE_BANK_URL", "http://127.0.0.1:8103"),
            seal_key=env.get("CCEZONE_SEAL_KEY", ""),
            seal_password=optional_secret(env, "CCEZONE_SEAL_PASSWORD"),
            demo_clock=Path(demo_clock).absolute() if demo_clock else None,
        )


def required(env: Mapping[str, str], name: str) -> str:
    """Return a variable that must be there."""
    value = env.get(name, "").strip()
    if not value:
        raise SettingError(f"{name} is not set: set it in the environment (`ccezone up` sets it for its own processes)")
    return value


def secret(env: Mapping[str, str], name: str) -> str:
    """Return a secret from ``NAME`` or from the file that ``NAME_FILE`` points to."""
    path = env.get(f"{name}_FILE", "").strip()
    if not path:
        return required(env, name)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(f"{name}_FILE points to {path}, which cannot be read: {error.strerror}") from error


def optional_secret(env: Mapping[str, str], name: str) -> str:
    """Return a secret as ``secret`` does; empty where neither variable is set."""
    return secret(env, name) if env.get(name) or env.get(f"{name}_FILE") else ""


def hex_key(env: Mapping[str, str], name: str) -> bytes:
    """Return a 32-byte key written as 64 hexadecimal digits."""
    try:
        key = bytes.fromhex(secret(env, name))
    except ValueError:
        key = b""
    if len(key) != 32:
        raise SettingError(f"{name} must be 64 hexadecimal digits (32 bytes): make one with `openssl rand -hex 32`")
    return key


def flag(env: Mapping[str, str], name: str) -> bool:
    """Read a yes/no variable."""
    value = env.get(name, "").strip().lower()
    if value in ("", "0", "no", "false"):
        return False
    if value in ("1", "yes", "true"):
        return True
    raise SettingError(f"{name} is {value!r}: write 1 or 0")


def sandbox(env: Mapping[str, str]) -> bool:
    """Return whether firms may try outcomes: on outside production, where it may be switched off; never in production."""
    production = flag(env, "CCEZONE_PRODUCTION")
    if "CCEZONE_SANDBOX" not in env:
        return not production
    wanted = flag(env, "CCEZONE_SANDBOX")
    if wanted and production:
        raise SettingError("CCEZONE_SANDBOX is 1 with CCEZONE_PRODUCTION: customs plays no outcomes, remove it")
    return wanted


def sqlalchemy_url(url: str) -> str:
    """Accept the common spellings of a PostgreSQL address and name the driver."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith("postgresql+psycopg://"):
        raise SettingError("DATABASE_URL must start with postgresql://: PostgreSQL is the only store")
    return url
