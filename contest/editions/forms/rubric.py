"""The rubric editor: one row per criterion."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from contest.editions.codes import check_code, free_code, slug
from contest.editions.forms.fields import ExactField, at_most, blame, blame_row, given, needed
from contest.editions.guidance import check_guidance, format_guidance, parse_guidance
from contest.editions.measures import Conversion, Measure
from contest.editions.parts import PartSpec
from contest.editions.rules import CriterionSpec, LocalText, Rubric, Source
from contest.errors import RuleBroken
from contest.web.formats import is_english, local
from contest.web.forms import Form, no_nul

MOST_CRITERIA = 40
SOURCE_WORDS: dict[Source, Any] = {
    Source.JUDGES: _l("Judges"),
    Source.ORGANISER: _l("Organiser"),
    Source.AUDIENCE: _l("Audience"),
}
CONVERSION_WORDS: dict[Conversion, Any] = {
    Conversion.LINEAR: _l("Between two numbers, evenly"),
    Conversion.LEADER: _l("In proportion to the best number of the track"),
    Conversion.PLACES: _l("By places in the track"),
}
BLAMES = {
    "measure_without_ends": "measure_best",
    "measure_for_judges": "measure",
    "code_invalid": "code",
    "criterion_twice": "code",
    "scale_empty": "maximum",
    "scale_not_whole_steps": "step",
    "scale_too_fine": "step",
    "weight_negative": "weight",
    "floor_outside_scale": "floor",
    "guidance_off_scale": "guidance_vi",
    "guidance_line_invalid": "guidance_vi",
    "guidance_twice": "guidance_vi",
    "guidance_too_long": "guidance_vi",
}


class CriterionForm(Form):
    class Meta(Form.Meta):
        csrf = False  # a row of RubricForm, which carries the token

    code = StringField(_l("Code"), [Optional(), at_most(40), no_nul])
    name_vi = StringField(_l("Name in Vietnamese"), [needed(), at_most(300), no_nul])
    name_en = StringField(_l("Name in English"), [Optional(), at_most(300), no_nul])
    description_vi = TextAreaField(_l("Question for the judge, in Vietnamese"), [Optional(), at_most(2000), no_nul])
    description_en = TextAreaField(_l("Question for the judge, in English"), [Optional(), at_most(2000), no_nul])
    minimum = ExactField(_l("Lowest mark"), [needed()], default=Decimal(0))
    maximum = ExactField(_l("Highest mark"), [needed()], default=Decimal(10))
    step = ExactField(_l("Step"), [needed()], default=Decimal("0.5"))
    weight = ExactField(_l("Weight"), [needed()], default=Decimal(1))
    floor = ExactField(_l("Floor"), [Optional()])
    source = SelectField(_l("Filled by"), choices=[(one.value, word) for one, word in SOURCE_WORDS.items()])
    part = SelectField(_l("Looks at the part"), choices=[("", _l("None in particular"))], default="")
    measure = SelectField(
        _l("How numbers become marks"),
        choices=[("", _l("Marks are entered as such")), *((one.value, word) for one, word in CONVERSION_WORDS.items())],
        default="",
    )
    measure_best = ExactField(_l("Worth the highest mark"), [Optional()])
    measure_worst = ExactField(_l("Worth the lowest mark"), [Optional()])
    measure_lower = BooleanField(_l("Lower is better"))
    guidance_vi = TextAreaField(_l("What the marks mean, in Vietnamese"), [Optional(), at_most(8000), no_nul])
    guidance_en = TextAreaField(_l("What the marks mean, in English"), [Optional(), at_most(8000), no_nul])

    def spec(self, taken: Sequence[str]) -> CriterionSpec:
        """Return the criterion; raise `RuleBroken` as the core does. A missing code is made from the name."""
        code = self.code.data or free_code((slug(self.name_vi.data or "") or "tieu-chi").upper(), taken)
        spec = CriterionSpec(
            code=check_code(code),
            name=LocalText(self.name_vi.data or "", self.name_en.data or ""),
            minimum=given(self.minimum),
            maximum=given(self.maximum),
            step=given(self.step),
            weight=given(self.weight),
            floor=self.floor.data,
            source=Source(self.source.data),
            guidance=parse_guidance(self.guidance_vi.data or "", self.guidance_en.data or ""),
            description=LocalText(self.description_vi.data or "", self.description_en.data or ""),
            part=self.part.data or "",
            measure=self._measure(),
        )
        check_guidance(spec)
        return spec

    def _measure(self) -> Measure | None:
        # What was chosen before the judges became the ones who fill it says nothing any more.
        if not self.measure.data or self.source.data == Source.JUDGES.value:
            return None
        lower = bool(self.measure_lower.data)
        return Measure(Conversion(self.measure.data), self.measure_best.data, self.measure_worst.data, lower)

    @property
    def most(self) -> Decimal | None:
        """The highest weighted mark, none while the numbers cannot be read."""
        if not isinstance(self.maximum.data, Decimal) or not isinstance(self.weight.data, Decimal):
            return None
        return self.maximum.data * self.weight.data


class RubricForm(Form):
    criteria = FieldList(FormField(CriterionForm), max_entries=MOST_CRITERIA)

    def offer(self, parts: Sequence[PartSpec], stored: Rubric) -> None:
        """Offer the parts of a submission; a stored one that is gone stays selectable so that saving keeps it."""
        names = {part.code: local(part.name) for part in parts}
        kept = {spec.part: spec.part for spec in stored.criteria if spec.part and spec.part not in names}
        for row in self.criteria:
            row.form.part.choices = [("", _l("None in particular")), *names.items(), *kept.items()]

    def rubric(self) -> Rubric | None:
        """Return the rubric, or put what is wrong on its row or on the form."""
        specs: list[CriterionSpec] = []
        for row in self.criteria:
            spec = self._spec(row.form, [one.code for one in specs])
            if spec is not None:
                specs.append(spec)
        if len(specs) < len(self.criteria.entries):
            return None
        try:
            return Rubric(tuple(specs))
        except RuleBroken as refused:
            self.blame_code(refused, specs)
            return None

    def _spec(self, row: CriterionForm, taken: Sequence[str]) -> CriterionSpec | None:
        if row.errors:  # numbers that could not be read have their messages; the other rows are checked all the same
            return None
        try:
            return row.spec(taken)
        except RuleBroken as refused:
            english = refused.facts.get("language") == "en"
            blame_row(self.criteria, row, refused, {} if english else BLAMES, "guidance_en" if english else "name_vi")
            return None

    def blame_code(self, refused: RuleBroken, specs: Sequence[CriterionSpec]) -> None:
        places = [place for place, one in enumerate(specs) if one.code == refused.facts.get("criterion")]
        if places:
            blame_row(self.criteria, self.criteria.entries[places[-1]].form, refused, BLAMES, "code")
        else:
            blame(self, refused, {})

    @property
    def most(self) -> Decimal | None:
        """The highest total, none while a number cannot be read."""
        parts = [row.form.most for row in self.criteria]
        return None if None in parts else sum((part for part in parts if part is not None), Decimal(0))


def criterion_data(spec: CriterionSpec) -> dict[str, Any]:
    """Return a criterion as the data of its row."""
    mark = "." if is_english() else ","
    return {
        "code": spec.code,
        "name_vi": spec.name.vi,
        "name_en": spec.name.en,
        "description_vi": spec.description.vi,
        "description_en": spec.description.en,
        "minimum": spec.minimum,
        "maximum": spec.maximum,
        "step": spec.step,
        "weight": spec.weight,
        "floor": spec.floor,
        "source": spec.source.value,
        "part": spec.part,
        "measure": spec.measure.conversion.value if spec.measure else "",
        "measure_best": spec.measure.best if spec.measure else None,
        "measure_worst": spec.measure.worst if spec.measure else None,
        "measure_lower": spec.measure.lower_is_better if spec.measure else False,
        "guidance_vi": format_guidance(spec.guidance, "vi", mark),
        "guidance_en": format_guidance(spec.guidance, "en", mark),
    }


def rubric_data(rubric: Rubric) -> dict[str, Any]:
    """Return a rubric as the data of the form."""
    return {"criteria": [criterion_data(spec) for spec in rubric.criteria]}
