"""Try whether the mail server takes our mails, and say in words what is in the way."""

from contextlib import suppress
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from ssl import SSLError

from django.core.mail import EmailMessage, mailers
from django.utils.translation import gettext


def what_stops_mail(*, to: str, sender: str) -> str:
    """Send a mail now; what is in the way in a sentence that says where to look, '' when the server has taken it."""
    message = EmailMessage(gettext("Mail works"), gettext("This mail was sent to try it."), sender, [to])
    server = mailers.default
    try:
        server.send_messages([message])
    except OSError as error:  # SMTPException is one
        return _in_words(error, to=to, sender=sender)
    finally:
        with suppress(OSError):
            server.close()  # what was opened before a login was refused, too
    return ""


def _in_words(error: OSError, *, to: str, sender: str) -> str:
    says = {"to": to, "sender": sender, "answer": _answer_of(error)}
    match error:
        case SMTPRecipientsRefused():
            sentence = gettext("the mail server takes no mail for %(to)s. It says: %(answer)s")
        case SMTPSenderRefused():
            sentence = gettext(
                "the mail server does not send for %(sender)s. Change the sender of the house or ask who runs the mail server. "
                "It says: %(answer)s"
            )
        case SMTPAuthenticationError():
            sentence = gettext(
                "the mail server does not accept the name and password in EMAIL_URL. It says: %(answer)s"
            )
        case SMTPNotSupportedError() | SSLError():
            sentence = gettext(
                "the mail server answers, but not in the way that EMAIL_URL asks for: look at smtp or smtps, tls=1, the port, "
                "and whether it wants a name and password. In its words: %(answer)s"
            )
        case SMTPResponseException():
            sentence = gettext("the mail server says: %(answer)s")
        case _:
            sentence = gettext(
                "no mail server answers at the address in EMAIL_URL. Look at host and port, then try again. (%(answer)s)"
            )
    return sentence % says


def _answer_of(error: OSError) -> str:
    """The server's answer in words: 550 no such mailbox."""
    code: int
    text: bytes | str
    if isinstance(error, SMTPRecipientsRefused):
        (code, text), *_ = error.recipients.values()
    elif isinstance(error, SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    elif isinstance(error, SMTPException):
        return str(error)
    else:
        return error.strerror or str(error)
    said = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return f"{code} {' '.join(said.split())}"
