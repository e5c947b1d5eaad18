"""The addresses of sign-in: those of allauth's pages that Commonhold has, under the names that allauth knows.

The others (signing up, addresses of e-mail that people change by themselves, accounts elsewhere) are not there: who
has an account, and under which address, is for acts.
"""

from allauth.account import views as account
from django.conf import settings
from django.urls import include, path, re_path

from commonhold.partnership.views import entrance

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path(
        "password/reset/",
        account.PasswordResetView.as_view(extra_context={"sends_email": settings.TELL_BY_EMAIL}),
        name="account_reset_password",
    ),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("email/", entrance.own_account, name="account_email"),
    path("signup/", entrance.not_here, name="account_signup"),
    path("confirm-email/", entrance.not_here, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", entrance.not_here, name="account_confirm_email"),
]
