"""Settings, read once from the environment (prefix `QIANQI_`) or from the file named by `QIANQI_ENV_FILE`."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, AliasChoices, Field, SecretStr
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from core.marking import N_

PREFIX, ENV_FILE = "QIANQI_", "QIANQI_ENV_FILE"
BUCKET = r"s3://[a-z0-9][a-z0-9.-]+(/[^?#]*)?"
"""Regular expression of the address of a bucket, with a prefix or without."""
_NO_DATABASE = N_("must look like postgresql://user:password@host:5432/name, its port a number from 1 to 65535.")
_NO_QUEUE = N_("must look like redis://:password@host:6379/0, its port a number from 1 to 65535.")
_QUEUES = ("redis", "rediss", "unix", "redis+sentinel")


def _default_data_dir() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/qianqi")
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "qianqi"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        message = f"there is no time zone {name!r}"
        raise ValueError(message) from problem
    return name


def _database_address(url: str) -> str:
    """Refuse what the parsers of addresses do not understand; what they say may hold the password."""
    if not url:
        return url
    try:
        conninfo_to_dict(url)
        port = make_url(url).port
    except (psycopg.Error, SQLAlchemyError, ValueError):
        port = 0
    _check(url.startswith(("postgresql://", "postgres://")) and _is_port(port), _NO_DATABASE)
    return url


def _queue_address(url: str) -> str:
    if not url:
        return url
    scheme, _mark, rest = url.partition("://")
    hosts = re.split("[/?#]", rest)[0].rpartition("@")[2].split(",")
    try:
        ports = {urlsplit(f"//{host}").port for host in hosts}
    except ValueError:
        ports = {0}
    _check(scheme in _QUEUES and bool(rest) and all(map(_is_port, ports)), _NO_QUEUE)
    return url


def _is_port(number: int | None) -> bool:
    return number is None or 1 <= number <= 65535


def _check(well: bool, message: str) -> None:
    if not well:
        raise PydanticCustomError("address", message)


class Settings(BaseSettings):
    """Every setting of the product; `docs/configuration.md` lists them and a test keeps the two equal."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", hide_input_in_errors=True)

    mode: Literal["demo", "production"] = Field(
        "demo", description="`demo` loads the demonstration data at first start; `production` never does"
    )
    host: str = Field("127.0.0.1", description="address the web server listens on")
    port: int = Field(8501, ge=1, le=65535, description="port the web server listens on")
    public_url: str = Field(
        "", pattern=r"^(https?://.+)?$", description="address people open, for links and OIDC; empty: http://host:port"
    )
    data_dir: Path = Field(
        default_factory=_default_data_dir, description="folder of embedded database, queue and uploaded files"
    )
    database_url: Annotated[str, AfterValidator(_database_address)] = Field(
        "",
        description="PostgreSQL to use; empty: the embedded one",
        validation_alias=AliasChoices("QIANQI_DATABASE_URL", "DATABASE_URL"),
    )
    migration_url: Annotated[str, AfterValidator(_database_address)] = Field(
        "", description="PostgreSQL login that owns the tables, when it differs from `DATABASE_URL`"
    )
    redis_url: Annotated[str, AfterValidator(_queue_address)] = Field(
        "",
        description="Redis or Valkey to use, as `redis://…`, or `redis+sentinel://host:26379,host:26379/name/0`; "
        "empty: the embedded one",
        validation_alias=AliasChoices("QIANQI_REDIS_URL", "REDIS_URL"),
    )
    secret_key: SecretStr | None = Field(
        None, description="signs cookies and tokens, 32 characters or more; required in production mode"
    )
    secure_cookies: bool = Field(False, description="send cookies over HTTPS only; set it behind TLS")
    trusted_proxies: str = Field("127.0.0.1", description="addresses whose X-Forwarded-For is believed")
    session_hours: int = Field(12, ge=1, description="hours after which a sign-in ends")
    session_idle_minutes: int = Field(120, ge=1, description="minutes without use after which a sign-in ends")
    sign_in_attempts: int = Field(5, ge=1, description="wrong passwords before an account or address must wait")
    sign_in_wait_minutes: int = Field(15, ge=1, description="how long it must wait")
    leaked_passwords: str = Field(
        "",
        description="file of leaked passwords that nobody may choose: SHA-1 in hexadecimal capitals, a line each, in "
        "order, as Have I Been Pwned publishes them; empty: those many use and what is made of them are refused alone",
    )
    oidc_issuer: str = Field("", description="OpenID Connect issuer; empty: local accounts only")
    oidc_client_id: str = Field("", description="client id registered with the issuer")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="client secret registered with the issuer")
    oidc_match: Literal["never", "email", "username"] = Field(
        "never",
        description="how a new identity finds its account: by verified e-mail address, by user name, or never, "
        "so that people link it on their own page first",
    )
    oidc_label: str = Field("", description="text on the OpenID Connect button")
    default_locale: Literal["zh_CN", "en"] = Field("zh_CN", description="language before a person chose one")
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "Asia/Shanghai", description="time zone of business rules and of shown times"
    )
    landmarks: str = Field(
        "",
        description="CSV file of known places for the map by area, UTF-8 with the columns `name`, `longitude`, "
        "`latitude` (GCJ-02) or `name`, `wgs84_longitude`, `wgs84_latitude`; empty: none, in demo mode those of the "
        "demonstration",
    )
    max_upload_mb: int = Field(100, ge=1, description="largest import file, in MiB")
    max_photo_mb: int = Field(15, ge=1, description="largest photo, in MiB")
    max_document_mb: int = Field(50, ge=1, description="largest PDF or office file, in MiB")
    max_audio_mb: int = Field(50, ge=1, description="largest sound recording, in MiB")
    max_video_mb: int = Field(200, ge=1, description="largest video, in MiB")
    files_url: str = Field(
        "",
        pattern=f"^({BUCKET})?$",
        description="where uploaded files are kept, as `s3://bucket/prefix`; empty: in the data folder",
    )
    files_endpoint: str = Field(
        "",
        pattern=r"^(https?://[^/?#]+/?)?$",
        description="address of the server that speaks S3, as `https://minio.example:9000`; empty: Amazon's",
    )
    files_region: str = Field("us-east-1", description="region of the bucket")
    files_key: str = Field("", description="access key of the bucket; empty: the machine's own role")
    files_secret: SecretStr = Field(SecretStr(""), description="secret that belongs to the access key")
    files_bucket_host: bool = Field(
        False, description="put the bucket's name before the server's, as Alibaba OSS and Tencent COS want it"
    )
    database_pool: int = Field(10, ge=1, description="database connections per process")
    statement_seconds: int = Field(
        30, ge=1, description="seconds after which a page gives up a question to the database and says so"
    )
    worker_processes: int = Field(2, ge=1, description="worker processes started by `qianqi up`")
    worker_threads: int = Field(4, ge=1, description="threads in each worker process")
    claim_seconds: int = Field(
        60, ge=5, description="how long a worker that died keeps its reminders and messages from the others"
    )
    scan_seconds: int = Field(30, ge=1, description="the scheduler looks for what is due at least this often")
    retry_seconds: int = Field(
        30, ge=1, description="first wait before a message that did not go out is sent again; it doubles each time"
    )
    backup_dir: str = Field(
        "",
        description="where backups go: a folder, best on another disk, or `s3://bucket/prefix` of the store of "
        "`QIANQI_FILES_ENDPOINT`; empty: none is made by itself",
    )
    backup_key: SecretStr = Field(
        SecretStr(""),
        description="encrypts backups, 16 characters or more; keep it elsewhere: without it they are lost",
    )
    backup_hours: int = Field(24, ge=1, description="hours from one backup to the next")
    backup_keep_days: int = Field(7, ge=1, description="days of which the last backup is kept")
    backup_keep_weeks: int = Field(4, ge=0, description="weeks of which the last backup is kept")
    backup_keep_months: int = Field(12, ge=0, description="months of which the last backup is kept")
    webhook_local: bool = Field(
        False, description="let webhooks of people and teams point at this machine itself and at link-local addresses"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="least level logged")
    log_format: Literal["console", "json"] = Field("console", description="form of a log line")

    @property
    def files_dir(self) -> Path:
        """Folder of uploaded files, and of those on their way to another store."""
        return self.data_dir / "files"

    @property
    def largest_upload_mb(self) -> int:
        """The largest upload of any kind, in MiB: what the web server lets through."""
        documents = max(self.max_photo_mb, self.max_document_mb, self.max_audio_mb, self.max_video_mb)
        return max(self.max_upload_mb, documents)

    @property
    def base_url(self) -> str:
        """Address people open, without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


@cache
def settings() -> Settings:
    """Return the settings of this process.

    Raises:
        pydantic.ValidationError: a value has the wrong type or is out of range.
        EnvFileError: the file cannot be read, or sets what is no setting.
    """
    from core import env_file  # its sentences are in the language that the settings name

    file = os.environ.get(ENV_FILE, "qianqi.env")
    if ENV_FILE in os.environ or Path(file).exists():
        env_file.check(file)
    return Settings(_env_file=file, _env_file_encoding="utf-8")
