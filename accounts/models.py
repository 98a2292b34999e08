from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.crypto import salted_hmac

from core.clock import ClockTimestamp
from core.letters.mailboxes import AddressField, clean_address, same_mailbox
from core.letters.outbox import OutboxQuerySet, OutboxRow


class UserManager(BaseUserManager["User"]):
    """Creates accounts. The e-mail address is the login, stored in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=clean_address(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=same_mailbox(username or ""))


class User(AbstractUser):
    username = None  # type: ignore[assignment]
    email = AddressField("e-mail address", unique=True)
    sessions_number = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="One more ends every session of this person, for good."
    )

    language = models.CharField(
        max_length=10, blank=True, default="", db_default="", help_text="Of the switch. Empty: not chosen yet."
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message="There is an account with this e-mail address already.",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """The hash that every session carries. It includes `sessions_number`, so that sessions can be ended without a
        new password.
        """
        password = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        if not self.sessions_number:
            return password
        return salted_hmac(
            "accounts.sessions", f"{password}:{self.sessions_number}", secret=secret, algorithm="sha256"
        ).hexdigest()


class AccountMail(OutboxRow):
    """A mail of the account pages or an invitation. Its text has links that open accounts: it is encrypted, and deleted
    once it was sent.
    """

    kind = models.CharField(max_length=80)
    to = AddressField()
    sealed = models.TextField(blank=True, help_text="Subject and text, encrypted with a key made of SECRET_KEY.")

    objects = OutboxQuerySet.as_manager()

    class Meta(OutboxRow.Meta):
        verbose_name = "mail of an account"
        verbose_name_plural = "mails of accounts"
        indexes = [
            models.Index(
                fields=["try_at"],
                condition=models.Q(sent_at__isnull=True, gave_up_at__isnull=True),
                name="account_mail_due",
            ),
            models.Index(fields=["created_at"], condition=~models.Q(sealed=""), name="account_mail_sealed"),
            models.Index(fields=["created_at"], name="account_mail_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class StaffNotice(OutboxRow):
    """A change of who acts as staff or how they sign in, to be told to the owners by mail.

    Triggers write it (staff/migrations/0004_staff_changes_are_noted.py), for every change that the database roles of web and
    workers make. Neither role can write, change or delete one; workers note that its mail
    went. `to` holds the addresses as they were before the change.
    """

    what = models.CharField(max_length=400, help_text="What happened to the account, as the rest of a sentence.")
    person = models.CharField(max_length=254)
    database_role = models.CharField(max_length=63)
    to = ArrayField(models.CharField(max_length=254))

    objects = OutboxQuerySet.as_manager()

    class Meta(OutboxRow.Meta):
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["try_at"],
                condition=models.Q(sent_at__isnull=True, gave_up_at__isnull=True),
                name="staff_notice_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.what}"


class AccountSessionQuerySet(models.QuerySet["AccountSession"]):
    def alive(self, user: User) -> "AccountSessionQuerySet":
        """Sessions that still open the account: not ended, not too old, and not closed by a new password or factor."""
        hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
        stored = Session.objects.filter(pk=models.OuterRef("session_key"), expire_date__gt=ClockTimestamp())
        return self.filter(models.Exists(stored), user=user, auth_hash__in=hashes)

    def dead(self) -> "AccountSessionQuerySet":
        """Rows whose session has ended or expired."""
        stored = Session.objects.filter(pk=models.OuterRef("session_key"), expire_date__gt=ClockTimestamp())
        return self.filter(~models.Exists(stored))


class AccountSession(models.Model):
    """A place where somebody is signed in. It opens nothing; it describes the row of Django's sessions in `session_key`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    auth_hash = models.CharField(max_length=128, help_text="As in the session: it ends with the password or a factor.")
    user_agent = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=60, help_text="IPv6 by its /64.")
    signed_in_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(db_default=ClockTimestamp(), help_text="To within five minutes.")

    objects = AccountSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen_at"]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.address}"


class SavedNeeds(models.Model):
    """The needs of an account's person concerning seats and shows: data about health, kept until they empty it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_needs")
    needs = ArrayField(models.CharField(max_length=20), default=list)
    agreed_at = models.DateTimeField(db_default=ClockTimestamp(), help_text="When they agreed that we keep it.")
    tells_staff = models.BooleanField(
        default=False, db_default=False, help_text="Agreed that the door sees it with the bookings of the account."
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Needs of account {self.user_id}"
