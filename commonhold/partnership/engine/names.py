"""How long a name may be: a partner's, a client body's, and that of whoever answers for a team."""

from typing import Final

NAME_LIMIT: Final = 120
