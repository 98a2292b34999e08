"""The errors of providers. Refused: the provider understood and refused. Unknown: nobody knows whether it happened."""


class ProviderError(Exception):
    """Anything that went wrong with a provider."""


class Unknown(ProviderError):
    """No answer, or one that proves nothing: repeat with the same key."""


class Broken(Unknown):
    """The provider itself failed, and answers this key the same way for a day: look, then use another key."""


class Unproven(Unknown):
    """A refusal that does not prove that nothing happened. Look first, then repeat with the same key."""


class Unreadable(Unknown):
    """The answer is not what was asked for."""


class OtherCurrency(Unreadable):
    """Something in a currency that we do not sell in, such as what another program of the account took."""

    def __init__(self, kind: str, name: str, provider_payment_id: str | None, metadata: dict[str, str]) -> None:
        super().__init__(f"{kind} {name} is in a currency in which we do not sell")
        self.kind = kind
        self.name = name
        self.provider_payment_id = provider_payment_id
        self.metadata = metadata


class TooMany(Unknown):
    """The provider has more objects than we read at once."""


class NotPermitted(Unknown):
    """The provider does not let our key ask this. It says nothing of the customer's money; people are told."""

    def __init__(self, right: str) -> None:
        super().__init__(f"our key lacks the right {right}")
        self.right = right


# Errors that are answers to the question.
ANSWERS_OF_ONE = (Unreadable, TooMany, NotPermitted)


def is_silence(error: ProviderError) -> bool:
    """Whether the provider seems to be away, so that the next question would hardly be answered either. A refusal or an
    odd answer about one object does not count.
    """
    return isinstance(error, Unknown) and not isinstance(error, ANSWERS_OF_ONE)


class Refused(ProviderError):
    """The provider understood and said no, with a code. `is_missing`: it has no such object."""

    def __init__(self, code: str, message: str, *, is_missing: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.is_missing = is_missing


class BadSignature(ProviderError):
    """News that the provider did not sign."""


class TooOld(BadSignature):
    """The provider signed it, but longer ago than the clock of this machine allows."""


class Unstorable(ProviderError):
    """Signed news that can never be kept; the message says why."""


class Meaningless(ProviderError):
    """Stored news that no further try can make sense of."""
