"""Parsing what is typed at the sign-in and on the profile page."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import permissions_of
from accounts.ceremonies import MOST_CHARACTERS as MOST_IN_ANSWER
from accounts.models import User
from accounts.passkeys import NAME_LENGTH
from accounts.passwords import MOST_CHARACTERS
from accounts.roles import PERMISSIONS
from core.emails import MAX_LENGTH, EmailProblem, normalise_email
from core.forms import ProblemForm


class EmailForm(ProblemForm):
    email = forms.CharField(
        label=_("Email"),
        max_length=MAX_LENGTH,
        error_messages={"required": _("Enter your email address.")},
        widget=forms.EmailInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_email(self) -> str:
        try:
            return normalise_email(str(self.cleaned_data["email"]))
        except EmailProblem as problem:
            raise forms.ValidationError(str(problem), code=problem.code) from None


class SignInForm(EmailForm):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=MOST_CHARACTERS,
        error_messages={"required": _("Enter your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(ProblemForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        error_messages={"required": _("Enter the code.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "data-focus": "",
            }
        ),
    )


class AnswerInput(forms.HiddenInput):
    """Never given back to the page: after a passkey that was refused, the next try may be a code."""

    def format_value(self, value: Any) -> None:
        return None


class ShownForm(ProblemForm):
    """A form that a passkey answers as well as what is typed: the browser's script puts its answer into a hidden field."""

    typed = "code"
    by_passkey = "passkey"
    has_passkey = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.by_passkey] = passkey_field()
        if self.data.get(self.by_passkey):
            self.fields[self.typed].required = False

    def offer_passkey(self, has_passkey: bool) -> None:
        """Whether the page shows the passkey's button; with it, the field does not take the focus."""
        self.has_passkey = has_passkey
        if has_passkey:
            self.fields[self.typed].widget.attrs.pop("data-focus", None)


def passkey_field() -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=MOST_IN_ANSWER,
        widget=AnswerInput(attrs={"data-passkey-answer": "", "autocomplete": "off"}),
    )


class PasskeyNameForm(ProblemForm):
    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=NAME_LENGTH,
        help_text=_("Where it is kept, so that you know it again."),
        error_messages={"required": _("Give the passkey a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PasskeyForm(PasskeyNameForm):
    """A new passkey: its name, and what the browser made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passkey"] = passkey_field()
        self.fields["passkey"].required = True
        self.fields["passkey"].error_messages["required"] = _(
            "Your browser made no passkey. That needs JavaScript, and a browser that knows passkeys."
        )


class ConfirmForm(ShownForm):
    """Showing once more that it is you."""

    typed = "step_up_secret"
    by_passkey = "step_up_passkey"

    step_up_secret = forms.CharField(
        label=_("Your password, or a code from your app"),
        strip=False,
        max_length=MOST_CHARACTERS,
        error_messages={"required": _("Enter your password or a code.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "data-focus": ""}),
    )


class NumberCodeForm(CodeForm):
    """A code of digits: phones show the number pad."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "class": "code"})


class StepForm(ShownForm, NumberCodeForm):
    """The second step: a passkey or a code."""


class SetUpForm(NumberCodeForm):
    """Confirms a new authenticator; where one is replaced, by a code of the old one too."""

    def __init__(self, *args: Any, replacing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from your app")
        if replacing:
            self.fields["current"] = forms.CharField(
                label=_("Code of the authenticator you used until now, or a recovery code"),
                max_length=40,
                error_messages={"required": _("Enter a current code.")},
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )


class DetailsForm(ProblemForm):
    """What colleagues know one by."""

    display_name = forms.CharField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    job_title = forms.CharField(
        label=_("Job title"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, data: Any = None, *, of: User) -> None:
        super().__init__(data, initial={name: getattr(of, name) for name in self.base_fields})


class PasswordForm(ProblemForm):
    current = forms.CharField(
        label=_("Your password now"),
        strip=False,
        max_length=MOST_CHARACTERS,
        error_messages={"required": _("Enter the password you use now.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=MOST_CHARACTERS,
        help_text=_("At least 12 characters. Three or four words that only you would put together do well."),
        error_messages={"required": _("Choose a new password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("New password, once more"),
        strip=False,
        max_length=MOST_CHARACTERS,
        error_messages={"required": _("Type the new password once more.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, asks_current: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_current:
            del self.fields["current"]

    def clean(self) -> dict[str, Any]:
        new, repeated = self.cleaned_data.get("new"), self.cleaned_data.get("repeated")
        if new and repeated and new != repeated:
            self.add_error("repeated", _("This is not the same as above."))
        return self.cleaned_data


class JoinForm(ProblemForm):
    """What an invited person says of themselves."""

    display_name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=MOST_CHARACTERS,
        help_text=_("At least 12 characters. Three or four words that only you would put together do well."),
        error_messages={"required": _("Choose a password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        max_length=MOST_CHARACTERS,
        error_messages={"required": _("Type the password once more.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        password, repeated = self.cleaned_data.get("password"), self.cleaned_data.get("repeated")
        if password and repeated and password != repeated:
            self.add_error("repeated", _("This is not the same as above."))
        return self.cleaned_data


class TokenForm(ProblemForm):
    name = forms.CharField(
        label=_("Program"),
        max_length=80,
        help_text=_("What will use it, such as “Website booking”."),
        error_messages={"required": _("Name the program that will use the token.")},
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        initial=90,
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing the token may do.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = permissions_of(user)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [(name, text) for name, text in PERMISSIONS.items() if name in held]

    def expires_at(self, at: datetime) -> datetime:
        return at + timedelta(days=self.cleaned_data["days"])
