"""Signing in and out, the own account, and the settings of departments, people and roles."""

from django.urls import path

from accounts.views import absences, departments, grants, links, own, people, sessions

urlpatterns = [
    path("sign-in/", sessions.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sessions.SignOut.as_view(), name="sign-out"),
    path("form-token/", sessions.form_token, name="form-token"),
    path("password/", sessions.PasswordChange.as_view(), name="password-change"),
    path("password/link/<str:secret>/", links.follow, name="password-link"),
    path("password/set/", links.set_password, name="password-set"),
    path("my/", own.my, name="my"),
    path("my/theme/", own.theme, name="my-theme"),
    path("my/tokens/new/", own.new_token, name="my-token-new"),
    path("my/tokens/<int:key>/revoke/", own.revoke_token, name="my-token-revoke"),
    path("my/absences/", absences.absences, name="absences"),
    path("my/absences/new/", absences.new_absence, name="absence-new"),
    path("my/absences/<int:key>/end/", absences.end_absence, name="absence-end"),
    path("my/absences/<int:key>/decline/", absences.decline, name="absence-decline"),
    path("settings/departments/", departments.departments, name="departments"),
    path("settings/departments/new/", departments.new_department, name="department-new"),
    path("settings/departments/<int:key>/", departments.department, name="department"),
    path("settings/departments/<int:key>/change/", departments.change_department, name="department-change"),
    path("settings/departments/<int:key>/end/", departments.end_department, name="department-end"),
    path("settings/departments/<int:key>/reopen/", departments.reopen_department, name="department-reopen"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/new/", people.new_person, name="person-new"),
    path("settings/people/<int:key>/", people.person, name="person"),
    path("settings/people/<int:key>/change/", people.change_person, name="person-change"),
    path("settings/people/<int:key>/reopen/", people.reopen_person, name="person-reopen"),
    path("settings/people/<int:key>/password-link/", links.make, name="person-password-link"),
    path("settings/people/<int:key>/qualifications/new/", people.new_qualification, name="person-qualify"),
    path("settings/people/<int:key>/grants/new/", grants.new_grants, name="person-grant"),
    path("settings/grants/<int:key>/end/", grants.end_grant, name="grant-end"),
    path("settings/grants/<int:key>/successor/", grants.hand_on, name="grant-successor"),
]
