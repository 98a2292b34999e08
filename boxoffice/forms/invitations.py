"""The form of an invitation to the staff."""

from django import forms

from staff.models import Invitation


class InvitationForm(forms.ModelForm):
    """Offers a role to an address. The answer is the same whether or not it has an account."""

    class Meta:
        model = Invitation
        fields = ("email", "first_name", "last_name", "theater", "role", "reason")
        help_texts = {
            "email": "They get a mail with a link that is good for 72 hours. It sets their password and second factor.",
            "role": (
                "Box office sells at the counter. Door scans tickets. A manager plans, sets prices and gives money back. "
                "Finance and auditors read figures and books; finance also gives money back. An owner may do everything here."
            ),
            "reason": "Such as: new at the box office. Kept in the audit log for ever.",
        }
