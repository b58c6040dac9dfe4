"""The training class and its teachers."""

from typing import Annotated, Literal

from pydantic import Field

from ruhu.survey.facts.types import Amount, Count, ItemName, Label, Words
from ruhu.survey.models.base import Section
from ruhu.survey.models.choices import ClassType, TeacherTitle
from ruhu.survey.models.common import Record


class Teacher(Section):
    """One teacher of a class; fees in CNY a half-day."""

    teacher_id: Annotated[ItemName, Label("教师编号", "Teacher id")]
    name: Annotated[Words, Label("姓名", "Name")] = None
    title: Annotated[TeacherTitle | None, Label("职称", "Title")] = None
    half_days: Annotated[Count, Label("授课半天数", "Half-days taught")] = None
    hours_per_half_day: Annotated[Amount, Label("半天课时", "Hours a half-day", "h")] = None
    fee_per_half_day: Annotated[Amount, Label("半天课酬", "Fee a half-day", "CNY")] = None


class TrainingClass(Record):
    """培训班."""

    kind: Literal["training_class"]
    name: Annotated[Words, Label("培训班名称", "Name")] = None
    type: Annotated[ClassType | None, Label("培训类型", "Type")] = None
    participants: Annotated[Count, Label("参训人数", "Participants")] = None
    registered_participants: Annotated[
        Count, Label("其中建档立卡贫困人口", "Of them registered poor")
    ] = None
    days: Annotated[Amount, Label("培训天数", "Days")] = None
    total_cost: Annotated[Amount, Label("经费总额", "Total cost", "CNY")] = None
    graduates_placed_one_year: Annotated[
        Count, Label("就业并签一年以上合同人数", "Graduates placed for a year or more")
    ] = None
    teachers: Annotated[
        list[Teacher] | None, Label("授课教师", "Teachers"), Field(max_length=500)
    ] = None
