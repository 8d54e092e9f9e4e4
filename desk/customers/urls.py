"""Customers and their contacts."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from desk.customers.views import contacts, customers, merging

urlpatterns: list[URLPattern | URLResolver] = [
    path("customers/", customers.listing, name="customers"),
    path("customers/new/", customers.new, name="customer-new"),
    path("customers/<int:key>/", customers.page, name="customer"),
    path("customers/<int:key>/change/", customers.change, name="customer-change"),
    path("customers/<int:key>/merge/", merging.customer, name="customer-merge"),
    path("customers/<int:key>/contacts/merge/", merging.contacts, name="contacts-merge"),
    path("customers/<int:key>/contacts/new/", contacts.new, name="contact-new"),
    path("customers/<int:key>/contacts/<int:contact_key>/", contacts.change, name="contact-change"),
]
