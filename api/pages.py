"""Lists for programs, page by page."""

from __future__ import annotations

from datetime import UTC

from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    """Ordered by a moment; a cursor that was made up is answered with 404."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "page_size"

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Where the page begins; raises NotFound for a position that is no moment that the database knows."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                moment = parse_datetime(str(cursor.position))
                is_moment = moment is not None and moment.astimezone(UTC).year > 1
            except (ValueError, OverflowError):
                is_moment = False
            if not is_moment:
                raise NotFound(self.invalid_cursor_message)
        return cursor
