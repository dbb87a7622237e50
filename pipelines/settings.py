"""What an operator can set: the file, the options above it, and how the two are joined.

``config/monitor.yaml`` is one :class:`MonitorFile`. Options of a command win over the file,
the file over the defaults; a first try needs no file.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from w3lib.url import canonicalize_url

from connectors.channels import ChannelPlan
from connectors.index import IndexSettings
from connectors.net import FetchPolicy
from connectors.records import Feed, stable_id
from pipelines.errors import UserError
from pipelines.yaml_source import YamlFile, read_yaml, validate

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

DEFAULT_INDEX = "sqlite:var/vigie.db"
DEFAULT_METRICS_PORT = 9464
DEFAULT_INTERVAL_SECS = 300
"""Five minutes: the interval most agencies state as their ttl; a feed's own wins."""

DEFAULT_REREAD_HOURS = (24.0, 168.0)
"""Most corrections come within a day; what is left after a week mostly stays."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _http_url(url: str) -> str:
    try:
        whole = bool(urlsplit(url).hostname) and url.startswith(("http://", "https://"))
    except ValueError:
        whole = False
    if not whole:
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

    @field_validator("location")
    @classmethod
    def _check_location(cls, location: str) -> str:
        return check_index_location(location)


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

    @field_validator("allow_addresses")
    @classmethod
    def _check_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(check_network(one) for one in networks)


class ChannelSettings(_Strict):
    """One receiver of alerts."""

    type: Literal["console", "webhook", "alertmanager", "apprise"]
    url: str | None = None
    secret: str | None = None
    secret_file: Path | None = None

    @model_validator(mode="after")
    def _check_url(self) -> ChannelSettings:
        if self.type != "console" and not self.url:
            raise ValueError(f"expected a url for a channel of type {self.type}")
        if self.type in {"webhook", "alertmanager"}:
            _http_url(self.url or "")
        return self


Development = Literal["new_story", "new_claim", "changed_status", "contradiction", "revision"]


class AlertRuleSettings(_Strict):
    """Which developments of which subjects alert whom."""

    subjects: tuple[str, ...] = ("*",)
    developments: tuple[Development, ...] = (
        "new_story",
        "new_claim",
        "changed_status",
        "contradiction",
        "revision",
    )
    channels: tuple[str, ...] = ()
    severity: Literal["info", "warning", "critical"] = "info"
    min_sources: int = Field(default=1, ge=1, le=1000)
    quiet_hours: (
        Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")] | None
    ) = None
    cool_down_secs: int = Field(default=0, ge=0)


class AlertSettings(_Strict):
    """Receivers and rules; without any, alerts go to the console."""

    channels: dict[str, ChannelSettings] = Field(
        default_factory=lambda: {"console": ChannelSettings(type="console")}
    )
    rules: tuple[AlertRuleSettings, ...] = (AlertRuleSettings(),)
    window_days: int = Field(default=14, ge=1, le=365)
    late_articles: bool = False

    @model_validator(mode="after")
    def _check_channels(self) -> AlertSettings:
        named = {name for rule in self.rules for name in rule.channels}
        unknown = sorted(named - set(self.channels))
        if unknown:
            known = ", ".join(sorted(self.channels))
            raise ValueError(f"unknown channel {unknown[0]}; known channels: {known}")
        return self


class MetricsSettings(_Strict):
    """Where ``/metrics`` is served."""

    port: int = Field(default=DEFAULT_METRICS_PORT, ge=0, le=65535)
    address: str = "127.0.0.1"


class WebSubSettings(_Strict):
    """Where hubs reach us: the public address, and where it leads to on this machine."""

    callback_url: Annotated[str, AfterValidator(_http_url)]
    port: int = Field(ge=0, le=65535)
    address: str = "127.0.0.1"


class MonitorFile(_Strict):
    """``config/monitor.yaml``: what ops set."""

    index: IndexFileSettings = IndexFileSettings()
    feeds: str | tuple[FeedSettings, ...] = ()
    subjects: tuple[str, ...] = ()
    fetch: FetchSettings = FetchSettings()
    alerts: AlertSettings = AlertSettings()
    metrics: MetricsSettings = MetricsSettings()
    websub: WebSubSettings | None = None
    interval_secs: int = Field(default=DEFAULT_INTERVAL_SECS, ge=2, le=604_800)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run needs, checked: the one thing that commands hand to the pipeline."""

    index: IndexSettings
    feeds: tuple[Feed, ...]
    subjects: tuple[str, ...] | None
    fetch: FetchPolicy
    alerts: AlertSettings
    metrics: MetricsSettings
    interval_secs: int
    reread_after_hours: tuple[float, ...] = DEFAULT_REREAD_HOURS
    websub: WebSubSettings | None = None

    @property
    def channel_plans(self) -> tuple[ChannelPlan, ...]:
        """The configured receivers, as the connectors take them."""
        return tuple(
            ChannelPlan(name=name, type=one.type, url=one.url, secret=one.secret)
            for name, one in self.alerts.channels.items()
        )


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
    scheme, mark, rest = url.strip().partition("://")
    return scheme in {"http", "https"} and bool(mark) and bool(rest.strip("/"))


def check_network(network: str) -> str:
    """Return ``network`` in its normal form.

    Raises:
        ValueError: it is no address range in CIDR notation.
    """
    try:
        return str(ipaddress.ip_network(network, strict=False))
    except ValueError:
        raise ValueError("expected an address or range such as 10.1.0.0/16") from None


def load_settings(args: argparse.Namespace) -> Settings:
    """Return the settings of a command: its options over its ``--config`` over the defaults.

    Raises:
        UserError: every fault of the files and the options, one per line.
    """
    config = getattr(args, "config", None)
    if config:
        source = read_yaml(Path(config))
        file, base = validate(source, MonitorFile), Path(config).resolve().parent
        feeds = _file_feeds(file, source, base)
    else:
        file, base, feeds = MonitorFile(), Path.cwd(), ()
    settings = Settings(
        index=_index_settings(file.index, base),
        feeds=feeds,
        subjects=tuple(str(base / path) for path in file.subjects) or None,
        fetch=_fetch_policy(file.fetch),
        alerts=_with_secrets(file.alerts, base),
        metrics=file.metrics,
        interval_secs=file.interval_secs,
        reread_after_hours=file.fetch.reread_after_hours,
        websub=file.websub,
    )
    return _with_options(settings, args)


def _file_feeds(file: MonitorFile, source: YamlFile, base: Path) -> tuple[Feed, ...]:
    if isinstance(file.feeds, str):
        source = read_yaml(base / file.feeds)
        chosen, where = validate(source, FeedsFile).feeds, "feeds"
    else:
        chosen, where = file.feeds, "feeds"
    feeds = tuple(one.to_feed() for one in chosen)
    seen: dict[str, int] = {}
    faults = []
    for number, feed in enumerate(feeds):
        if feed.id in seen:
            faults.append(
                f"{source.place(f'{where}.{number}')}: {where}.{number}: the same feed as "
                f"{where}.{seen[feed.id]}: {feed.url}"
            )
        seen.setdefault(feed.id, number)
    if faults:
        raise UserError("\n".join(faults))
    return feeds


def _index_settings(file: IndexFileSettings, base: Path) -> IndexSettings:
    location = file.location
    if location.startswith("sqlite:"):
        path = Path(location.removeprefix("sqlite:")).expanduser()
        location = f"sqlite:{path}"
    return IndexSettings(
        location=location,
        api_key=file.api_key or _secret(file.api_key_file, base),
        username=file.username,
        password=file.password or _secret(file.password_file, base),
        ca_file=str(base / file.ca_file) if file.ca_file else None,
        cloud_id=file.cloud_id,
        prefix=file.prefix,
        timeout_secs=file.timeout_secs,
    )


def _secret(path: Path | None, base: Path) -> str | None:
    if path is None:
        return None
    try:
        return (base / path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise UserError(f"{base / path}: the secret cannot be read: {reason}") from None


def _with_secrets(alerts: AlertSettings, base: Path) -> AlertSettings:
    channels = {
        name: one.model_copy(update={"secret": one.secret or _secret(one.secret_file, base)})
        for name, one in alerts.channels.items()
    }
    return alerts.model_copy(update={"channels": channels})


def _fetch_policy(file: FetchSettings) -> FetchPolicy:
    given = file.model_dump(exclude_none=True, exclude={"reread_after_hours"})
    return FetchPolicy(**given)


def _with_options(settings: Settings, args: argparse.Namespace) -> Settings:
    """Lay the command's options over ``settings``, collecting every fault."""
    faults: list[str] = []
    feeds = _option_feeds(getattr(args, "feed", None) or (), faults)
    if feeds:
        settings = replace(settings, feeds=feeds)
    location = getattr(args, "index", None)
    if location:
        try:
            settings = replace(
                settings, index=replace(settings.index, location=check_index_location(location))
            )
        except ValueError as error:
            faults.append(f"--index: {error}, got {location!r}")
    networks = []
    for network in getattr(args, "allow_address", None) or ():
        try:
            networks.append(check_network(network))
        except ValueError as error:
            faults.append(f"--allow-address: {error}, got {network!r}")
    if networks:
        allowed = (*settings.fetch.allow_addresses, *networks)
        settings = replace(settings, fetch=replace(settings.fetch, allow_addresses=allowed))
    if getattr(args, "subjects", None):
        settings = replace(settings, subjects=tuple(args.subjects))
    if getattr(args, "metrics_port", None) is not None:
        metrics = settings.metrics.model_copy(update={"port": args.metrics_port})
        settings = replace(settings, metrics=metrics)
    if faults:
        raise UserError("\n".join(faults))
    return settings


def _option_feeds(urls: Sequence[str], faults: list[str]) -> tuple[Feed, ...]:
    feeds: dict[str, Feed] = {}
    for url in urls:
        try:
            feed = FeedSettings(url=url).to_feed()
            feeds.setdefault(feed.id, feed)
        except ValueError:
            faults.append(f"--feed: expected an http:// or https:// address, got {url!r}")
    return tuple(feeds.values())
