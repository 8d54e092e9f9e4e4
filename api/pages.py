"""Lists for programs, page by page."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from base.paging import Order, page


class NewestFirst(CursorPagination):
    """Ordered by a moment; a cursor that was made up is answered with 404."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "page_size"
    moment: str

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows of the page that the address asks for; raises NotFound for a cursor that was not given out."""
        order = Order(self.moment, descending=True)
        cursor = request.query_params.get(self.cursor_query_param, "")
        if cursor and order.place(queryset.model, cursor) is None:
            raise NotFound(self.invalid_cursor_message)
        self.address = request.build_absolute_uri()
        self.found = page(queryset, order, cursor, size=self.get_page_size(request) or self.page_size)
        return self.found.rows

    def get_next_link(self) -> str | None:
        return self._link(self.found.next)

    def get_previous_link(self) -> str | None:
        return self._link(self.found.previous)

    def _link(self, cursor: str) -> str | None:
        return replace_query_param(self.address, self.cursor_query_param, cursor) if cursor else None
