"""Settings to channels: whoever is not configured is left to the bandeja."""

from __future__ import annotations

from promesa.kernel.clock import SystemClock
from promesa.notify.channels import ChannelPort, Channels
from promesa.notify.guard import UrlPolicy
from promesa.notify.repository import Channel
from promesa.notify.sms import SmsChannel, SmsSettings
from promesa.notify.smtp import SmtpChannel, SmtpSecurity, SmtpSettings
from promesa.notify.tray import TrayChannel
from promesa.notify.webhook import WebhookChannel
from promesa.runtime import settings as tree

_SECURITY = {
    "starttls": SmtpSecurity.STARTTLS,
    "implicit": SmtpSecurity.TLS,
    "none": SmtpSecurity.PLAIN,
}


def make_channels(settings: tree.Settings) -> Channels:
    """The channels that can send, by kind."""
    channels: dict[Channel, ChannelPort] = {
        Channel.TRAY: TrayChannel(),
        Channel.WEBHOOK: WebhookChannel(SystemClock(), url_policy(settings)),
    }
    if settings.smtp.host:
        channels[Channel.EMAIL] = _smtp(settings.smtp)
    if settings.sms.url:
        channels[Channel.SMS] = SmsChannel(
            SmsSettings(
                base_url=settings.sms.url,
                account_sid=settings.sms.account,
                auth_token=settings.sms.token,
                sender=settings.sms.sender,
            )
        )
    return channels


def url_policy(settings: tree.Settings) -> UrlPolicy:
    """Where webhooks may go."""
    return UrlPolicy(allows_private=settings.webhooks.private_networks)


async def close_channels(channels: Channels) -> None:
    """Gives their connections back."""
    for channel in channels.values():
        if isinstance(channel, SmsChannel | WebhookChannel):
            await channel.close()


def _smtp(settings: tree.SmtpSettings) -> SmtpChannel:
    if settings.tls not in _SECURITY:
        raise tree.SettingsError("smtp.tls debe ser starttls, implicit o none.")
    return SmtpChannel(
        SmtpSettings(
            host=settings.host,
            port=settings.port,
            sender=settings.sender,
            username=settings.user or None,
            password=settings.password or None,
            security=_SECURITY[settings.tls],
        )
    )
