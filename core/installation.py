"""The random id of this installation: every object that it creates at a payment provider carries it.

The provider's account may serve other programs and rehearsals too. Only what carries this id was created here.
"""

from core.caches.process_cache import ProcessCache
from core.models import Installation

KEPT_SECONDS = 24 * 3600
METADATA_KEY = "installation"
_kept: ProcessCache[None, str] = ProcessCache(seconds=KEPT_SECONDS, most=1, has_sentences=False)


def installation_id() -> str:
    """The id of this database, 32 hexadecimal digits, which a restore keeps."""
    return _kept.get(None, Installation.objects.read_or_create)


def is_from_here(metadata: dict[str, str]) -> bool:
    return metadata.get(METADATA_KEY) == installation_id()


def is_from_elsewhere(metadata: dict[str, str]) -> bool:
    """Created by another installation. False also for objects without an id: those of releases before there was one."""
    return metadata.get(METADATA_KEY, installation_id()) != installation_id()
