"""The only row locks of staff."""

from staff.models import Invitation


def invitation_to_change(invitation_id: int) -> Invitation:
    """Accepting, withdrawing and sending again wait for each other. Raises Invitation.DoesNotExist."""
    Invitation.objects.select_for_update().values_list("pk").get(pk=invitation_id)
    return Invitation.objects.select_related("theater", "invited_by").get(pk=invitation_id)
