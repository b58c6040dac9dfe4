"""The administrative village."""

from typing import Annotated, Literal

from ruhu.survey.facts.types import Amount, Count, Label, Words, YesNo
from ruhu.survey.models.common import Record


class Village(Record):
    """行政村."""

    kind: Literal["village"]
    name: Annotated[Words, Label("村名", "Name")] = None
    households: Annotated[Count, Label("总户数", "Households")] = None
    poor_village: Annotated[YesNo, Label("贫困村", "Poor village")] = None
    poor_county: Annotated[YesNo, Label("在54个贫困县", "In one of the 54 poor counties")] = None
    centralised_households: Annotated[
        Count, Label("集中供水户数", "Households with centralised supply")
    ] = None
    tap_households: Annotated[Count, Label("自来水户数", "Households with tap water")] = None
    quality_ok_households: Annotated[
        Count, Label("水质达标户数", "Households with water to the standard")
    ] = None
    broadband_mbps: Annotated[Amount, Label("宽带速率", "Broadband", "Mbps")] = None
    fibre: Annotated[YesNo, Label("通光纤", "Fibre")] = None
    courier_point: Annotated[YesNo, Label("快递网点", "Courier point")] = None
    courier_hours: Annotated[Amount, Label("快递送达时间", "Courier delivery", "h")] = None
    ecommerce_point: Annotated[YesNo, Label("电商服务点", "E-commerce service point")] = None
    clinic_standard: Annotated[YesNo, Label("标准化村卫生室", "Standard village clinic")] = None
    clinic_device: Annotated[YesNo, Label("健康一体机", "All-in-one health device")] = None
    leading_industry: Annotated[YesNo, Label("有主导产业", "Has a leading industry")] = None
    doctor_trainings: Annotated[
        Count, Label("村医年培训次数", "Trainings of the village doctor a year")
    ] = None
    doctor_training_days: Annotated[Amount, Label("村医年培训天数", "Days of training a year")] = (
        None
    )
