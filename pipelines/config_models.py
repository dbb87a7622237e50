"""What people write in ``config/*.yaml``, as pydantic models: every key, its limits, its default.

Unknown keys are refused. :mod:`pipelines.settings` reads the files and lays the options of a
command over them.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from w3lib.url import canonicalize_url

from connectors.backends import cloud_address
from connectors.records import Feed, stable_id

DEFAULT_INDEX = "sqlite:var/vigie.db"
DEFAULT_METRICS_PORT = 9464
DEFAULT_INTERVAL_SECS = 300
"""Five minutes: the interval most agencies state as their ttl; a feed's own wins."""

MAX_RETENTION_MONTHS = 1200
DEFAULT_REREAD_HOURS = (24.0, 168.0)
"""Most corrections come within a day; what is left after a week mostly stays."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _http_url(url: str) -> str:
    if not _is_http(url):
        raise ValueError("expected an address that starts with http:// or https://")
    return url


class FeedSettings(_Strict):
    """One feed of the watch list."""

    url: str
    id: str | None = None
    outlet: str | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$")
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    interval_secs: int | None = Field(default=None, ge=2, le=604_800)

    _check_url = field_validator("url")(_http_url)

    def to_feed(self) -> Feed:
        """Return the feed as the pipeline knows it; its id is stable from run to run."""
        return Feed(
            id=self.id or feed_id(self.url),
            url=self.url,
            outlet=self.outlet,
            language=self.language,
            country=self.country,
            interval_secs=self.interval_secs,
        )


class FeedsFile(_Strict):
    """``config/feeds.yaml``: the watch list."""

    feeds: tuple[FeedSettings, ...]


class IndexFileSettings(_Strict):
    """Where the index is and how to log in."""

    location: str = DEFAULT_INDEX
    api_key: str | None = None
    api_key_file: Path | None = None
    username: str | None = None
    password: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    cloud_id: str | None = None
    prefix: str = Field(default="vigie", pattern=r"^[a-z][a-z0-9_-]{0,60}$")
    timeout_secs: float = Field(default=30.0, gt=0, le=600)
    retention_months: int | None = Field(default=None, ge=1, le=MAX_RETENTION_MONTHS)

    @field_validator("location")
    @classmethod
    def _check_location(cls, location: str) -> str:
        return check_index_location(location)

    @field_validator("cloud_id")
    @classmethod
    def _check_cloud_id(cls, cloud_id: str | None) -> str | None:
        if cloud_id is not None:
            cloud_address(cloud_id)
        return cloud_id

    @model_validator(mode="after")
    def _check_one_place(self) -> IndexFileSettings:
        if self.cloud_id is not None and "location" in self.model_fields_set:
            raise ValueError("expected location or cloud_id, got both")
        return self


class FetchSettings(_Strict):
    """How pages and feeds are fetched."""

    contact: str | None = None
    timeout_secs: float = Field(default=30.0, gt=0, le=300)
    min_delay_secs: float = Field(default=1.0, ge=0, le=3600)
    max_connections_per_host: int = Field(default=2, ge=1, le=50)
    concurrency: int = Field(default=50, ge=1, le=1000)
    obey_robots: bool = True
    proxy: str | None = None
    allow_addresses: tuple[str, ...] = ()
    reread_after_hours: tuple[Annotated[float, Field(gt=0, le=2160)], ...] = DEFAULT_REREAD_HOURS

    @field_validator("proxy")
    @classmethod
    def _check_proxy(cls, proxy: str | None) -> str | None:
        return proxy if proxy is None else _http_url(proxy)

    @field_validator("allow_addresses")
    @classmethod
    def _check_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(check_network(one) for one in networks)


class ChannelSettings(_Strict):
    """One receiver of alerts."""

    type: Literal["console", "webhook", "alertmanager", "apprise"]
    url: str | None = Field(default=None, validate_default=True)
    secret: str | None = None
    secret_file: Path | None = None

    @field_validator("url")
    @classmethod
    def _check_url(cls, url: str | None, info: ValidationInfo) -> str | None:
        kind = info.data.get("type", "console")
        if kind != "console" and not url:
            raise ValueError(f"expected a url for a channel of type {kind}")
        return _http_url(url) if url and kind in {"webhook", "alertmanager"} else url


Development = Literal[
    "new_story", "new_claim", "changed_status", "contradiction", "revision", "deletion"
]


class AlertRuleSettings(_Strict):
    """Which developments of which subjects alert whom."""

    subjects: tuple[str, ...] = ("*",)
    developments: tuple[Development, ...] = (
        "new_story",
        "new_claim",
        "changed_status",
        "contradiction",
        "revision",
        "deletion",
    )
    channels: tuple[str, ...] = ()
    severity: Literal["info", "warning", "critical"] = "info"
    min_sources: int = Field(default=1, ge=1, le=1000)
    quiet_hours: (
        Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")] | None
    ) = None
    time_zone: str = "UTC"
    cool_down_secs: int = Field(default=0, ge=0)

    @field_validator("time_zone")
    @classmethod
    def _check_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("expected the name of a time zone, such as Europe/Paris") from error
        return name


class AlertSettings(_Strict):
    """Receivers and rules; without any, alerts go to the console."""

    channels: dict[str, ChannelSettings] = Field(
        default_factory=lambda: {"console": ChannelSettings(type="console")}
    )
    rules: tuple[AlertRuleSettings, ...] = (AlertRuleSettings(),)
    window_days: int = Field(default=14, ge=1, le=365)
    late_articles: bool = False


class MetricsSettings(_Strict):
    """Where ``/metrics`` is served."""

    port: int = Field(default=DEFAULT_METRICS_PORT, ge=0, le=65535)
    address: str = "127.0.0.1"


class LogSettings(_Strict):
    """What is logged, and how it looks."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"
    format: Literal["text", "json"] = "text"


class WebSubSettings(_Strict):
    """Where hubs reach us: the public address, and where it leads to on this machine."""

    callback_url: Annotated[str, AfterValidator(_http_url)]
    port: int = Field(ge=0, le=65535)
    address: str = "127.0.0.1"


class StorySettings(_Strict):
    """What tells one story from another; ``embedding_model`` needs ``vigie[embeddings]``."""

    embedding_model: str | None = Field(default=None, min_length=1)


class MonitorFile(_Strict):
    """``config/monitor.yaml``: what ops set."""

    index: IndexFileSettings = IndexFileSettings()
    feeds: str | tuple[FeedSettings, ...] = ()
    subjects: tuple[str, ...] = ()
    fetch: FetchSettings = FetchSettings()
    alerts: AlertSettings = AlertSettings()
    stories: StorySettings = StorySettings()
    metrics: MetricsSettings = MetricsSettings()
    logs: LogSettings = LogSettings()
    websub: WebSubSettings | None = None
    interval_secs: int = Field(default=DEFAULT_INTERVAL_SECS, ge=2, le=604_800)


def feed_id(url: str) -> str:
    """Return the stable id of a feed's address."""
    return stable_id("feed", canonicalize_url(url))[:16]


def check_index_location(location: str) -> str:
    """Return ``location`` if it names a backend.

    Raises:
        ValueError: it is neither ``sqlite:PATH`` nor http(s) addresses.
    """
    if location.startswith("sqlite:") and len(location) > len("sqlite:"):
        return location
    if location and all(_is_http(one) for one in location.split(",")):
        return location
    raise ValueError("expected sqlite:PATH or http(s)://HOST:PORT")


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url.strip())
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, a bracket never closed
        return False


def check_network(network: str) -> str:
    """Return ``network`` in its normal form.

    Raises:
        ValueError: it is no address range in CIDR notation.
    """
    try:
        return str(ipaddress.ip_network(network, strict=False))
    except ValueError:
        raise ValueError("expected an address or range such as 10.1.0.0/16") from None
