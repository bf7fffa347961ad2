"""What every form that leads to an action can do."""

from django import forms

from core.problems import Invalid


class ProblemForm(forms.Form):
    """A form that can take an action's list of failures back to its fields."""

    def take(self, problem: Invalid) -> None:
        for each in problem.errors:
            field = each["field"] if each["field"] in self.fields else None
            self.add_error(field, forms.ValidationError(each["message"], code=each["code"]))
