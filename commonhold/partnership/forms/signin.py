"""The forms of allauth's pages, with fields that render themselves. What they check and do is allauth's."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from commonhold.govuk.fields import Checkbox, Email, Password, Text
from commonhold.govuk.fields.hidden import Carried
from commonhold.govuk.form import Form


class NewPassword(Password):
    """A password that somebody chooses, held to what passwords must be."""

    user: Any = None

    def __init__(self, label: str = "New password", **options: Any) -> None:
        super().__init__(label, autocomplete="new-password", hint="At least 12 characters.", **options)

    def clean(self, value: Any) -> Any:
        return get_adapter().clean_password(super().clean(value), user=self.user)


class Credential(Carried, forms.JSONField):
    """What a passkey answered; a script puts it in."""


def again() -> Password:
    return Password("The same password again", autocomplete="new-password")


def code(label: str, hint: str) -> Text:
    return Text(label, hint=hint, autocomplete="one-time-code", inputmode="numeric", width=10)


class SignIn(account.LoginForm, Form):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = Email(autocomplete="username")
        self.fields["password"] = Password()


class ChangePassword(account.ChangePasswordForm, Form):  # type: ignore[misc]
    oldpassword = Password("Your password now")
    password1 = NewPassword()
    password2 = again()


class SetPassword(account.SetPasswordForm, Form):  # type: ignore[misc]
    password1 = NewPassword("Password")
    password2 = again()


class ResetPassword(account.ResetPasswordForm, Form):  # type: ignore[misc]
    email = Email()


class ResetPasswordKey(account.ResetPasswordKeyForm, Form):  # type: ignore[misc]
    password1 = NewPassword("Password")
    password2 = again()


class Reauthenticate(account.ReauthenticateForm, Form):  # type: ignore[misc]
    password = Password()


class Authenticate(mfa.AuthenticateForm, Form):  # type: ignore[misc]
    code = code("Code", "The 6 figures that your authenticator app shows, or one of your recovery codes.")


class ReauthenticateByCode(mfa.ReauthenticateForm, Form):  # type: ignore[misc]
    code = code("Code", "The 6 figures that your authenticator app shows, or one of your recovery codes.")


class ActivateApp(totp.ActivateTOTPForm, Form):  # type: ignore[misc]
    code = code("Code", "The 6 figures that the app shows now.")


class DeactivateApp(totp.DeactivateTOTPForm, Form):  # type: ignore[misc]
    """Nothing to enter."""


class GenerateCodes(recovery.GenerateRecoveryCodesForm, Form):  # type: ignore[misc]
    """Nothing to enter."""


class AddPasskey(webauthn.AddWebAuthnForm, Form):  # type: ignore[misc]
    name = Text("Name", required=False, max_length=60, hint="For example: work laptop.")
    passwordless = Checkbox(
        "Sign in with it instead of a password",
        required=False,
        hint="It then asks for a PIN, a fingerprint or your face.",
    )
    credential = Credential()
    field_order = ("name", "passwordless", "credential")


class RenamePasskey(webauthn.EditWebAuthnForm, Form):  # type: ignore[misc]
    name = Text("Name", max_length=60)


class AuthenticateByPasskey(webauthn.AuthenticateWebAuthnForm, Form):  # type: ignore[misc]
    credential = Credential()


class SignInByPasskey(webauthn.LoginWebAuthnForm, Form):  # type: ignore[misc]
    credential = Credential()


class ReauthenticateByPasskey(webauthn.ReauthenticateWebAuthnForm, Form):  # type: ignore[misc]
    credential = Credential()
