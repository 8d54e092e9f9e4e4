"""Signing in and out, the own account, and the settings of departments, people and roles."""

from django.urls import path

from accounts.views import departments, sessions

urlpatterns = [
    path("sign-in/", sessions.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sessions.SignOut.as_view(), name="sign-out"),
    path("form-token/", sessions.form_token, name="form-token"),
    path("password/", sessions.PasswordChange.as_view(), name="password-change"),
    path("settings/departments/", departments.departments, name="departments"),
    path("settings/departments/new/", departments.new_department, name="department-new"),
    path("settings/departments/<int:key>/", departments.department, name="department"),
    path("settings/departments/<int:key>/change/", departments.change_department, name="department-change"),
    path("settings/departments/<int:key>/end/", departments.end_department, name="department-end"),
    path("settings/departments/<int:key>/reopen/", departments.reopen_department, name="department-reopen"),
]
