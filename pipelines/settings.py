"""The settings of a run: the files of :mod:`pipelines.config_models` and the options above them.

Options of a command win over the file, the file over the defaults; a first try needs no file.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from connectors.backends import cloud_address
from connectors.channels import ChannelPlan
from connectors.index import IndexSettings
from connectors.net import FetchPolicy
from pipelines.config_models import (
    DEFAULT_INDEX,
    DEFAULT_REREAD_HOURS,
    AlertSettings,
    FeedSettings,
    FeedsFile,
    FetchSettings,
    IndexFileSettings,
    MetricsSettings,
    MonitorFile,
    WebSubSettings,
    check_index_location,
    check_network,
    feed_id,
)
from pipelines.errors import UserError
from pipelines.logs import LogPlan
from pipelines.yaml_source import YamlFile, read_yaml, validate

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from connectors.records import Feed


_Read = TypeVar("_Read")


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
    embedding_model: str | None = None
    logs: LogPlan = field(default_factory=LogPlan)

    @property
    def channel_plans(self) -> tuple[ChannelPlan, ...]:
        """The configured receivers, as the connectors take them."""
        return tuple(
            ChannelPlan(name=name, type=one.type, url=one.url, secret=one.secret)
            for name, one in self.alerts.channels.items()
        )


def load_settings(args: argparse.Namespace) -> Settings:
    """Return the settings of a command: its options over its ``--config`` over the defaults.

    Raises:
        UserError: every fault of the files and the options, one per line.
    """
    config = getattr(args, "config", None)
    if config:
        source = read_yaml(Path(config))
        file, base = validate(source, MonitorFile), Path(config).resolve().parent
    else:
        source, file, base = None, MonitorFile(), Path.cwd()
    faults: list[str] = []
    feeds: tuple[Feed, ...] = ()
    if source:
        feeds = _tried(partial(_file_feeds, file, source, base), faults, feeds)
        faults += _channel_faults(file.alerts, source)
    index = _tried(
        partial(_index_settings, file.index, base), faults, IndexSettings(location=DEFAULT_INDEX)
    )
    alerts = _tried(partial(_with_secrets, file.alerts, base), faults, file.alerts)
    _refuse_faults(faults)
    settings = Settings(
        index=index,
        feeds=feeds,
        subjects=tuple(str(base / path) for path in file.subjects) or None,
        fetch=_fetch_policy(file.fetch),
        alerts=alerts,
        metrics=file.metrics,
        interval_secs=file.interval_secs,
        reread_after_hours=file.fetch.reread_after_hours,
        websub=file.websub,
        embedding_model=file.stories.embedding_model,
        logs=_log_plan(file, args),
    )
    return _with_options(settings, args)


def _tried(read: Callable[[], _Read], faults: list[str], default: _Read) -> _Read:
    """Return what ``read`` reads, or ``default`` when it has faults, which ``faults`` gains."""
    try:
        return read()
    except UserError as error:
        faults += str(error).splitlines()
        return default


def _refuse_faults(faults: Sequence[str]) -> None:
    if faults:
        raise UserError("\n".join(faults))


def _channel_faults(alerts: AlertSettings, source: YamlFile) -> list[str]:
    """Return which rules name a channel that nothing configures."""
    known = ", ".join(sorted(alerts.channels))
    return [
        f"{source.place(where)}: {where}: unknown channel {name}; known channels: {known}"
        for number, rule in enumerate(alerts.rules)
        for place, name in enumerate(rule.channels)
        if name not in alerts.channels and (where := f"alerts.rules.{number}.channels.{place}")
    ]


def load_log_plan(args: argparse.Namespace) -> LogPlan:
    """Return how a command logs: its options over its ``--config`` over the defaults.

    A file with faults gives the defaults: the command itself tells them.
    """
    config = getattr(args, "config", None)
    file = MonitorFile()
    if config:
        with suppress(UserError):
            file = validate(read_yaml(Path(config)), MonitorFile)
    return _log_plan(file, args)


def _log_plan(file: MonitorFile, args: argparse.Namespace) -> LogPlan:
    return LogPlan(
        level=getattr(args, "log_level", None) or file.logs.level,
        format=getattr(args, "log_format", None) or file.logs.format,
    )


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
        first = seen.setdefault(feed.id, number)
        if first != number:
            same = "feed" if feed_id(feed.url) == feed_id(feeds[first].url) else f"id {feed.id}"
            faults.append(
                f"{source.place(f'{where}.{number}')}: {where}.{number}: the same {same} as "
                f"{where}.{first}: {feed.url}"
            )
    _refuse_faults(faults)
    return feeds


def _index_settings(file: IndexFileSettings, base: Path) -> IndexSettings:
    location = cloud_address(file.cloud_id) if file.cloud_id else file.location
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
        retention_months=file.retention_months,
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
                settings,
                index=replace(
                    settings.index, location=check_index_location(location), cloud_id=None
                ),
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
