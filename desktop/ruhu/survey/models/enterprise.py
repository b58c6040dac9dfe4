"""The enterprise, its employees and the households it works with."""

from typing import Annotated, Literal

from pydantic import Field

from ruhu.survey.facts.types import (
    Amount,
    Count,
    Day,
    Figure,
    ItemName,
    Label,
    Share,
    Words,
    Year,
    YesNo,
)
from ruhu.survey.models.base import Section
from ruhu.survey.models.choices import EnterpriseType, PartnerMode, Project, Scale, Sector
from ruhu.survey.models.common import Facility, Record


class Employee(Section):
    """An employee; payments are the employer's share, CNY a month."""

    employee_id: Annotated[ItemName, Label("员工编号", "Employee id")]
    name: Annotated[Words, Label("姓名", "Name")] = None
    registered_poor: Annotated[YesNo, Label("建档立卡贫困劳动力", "Registered poor worker")] = None
    contract_months: Annotated[Count, Label("劳动合同期限", "Contract", "month")] = None
    subsidised_months: Annotated[Count, Label("已补贴月数", "Months subsidised", "month")] = None
    paid_pension: Annotated[Amount, Label("月缴基本养老保险", "Pension paid", "CNY")] = None
    paid_medical: Annotated[Amount, Label("月缴基本医疗保险", "Medical paid", "CNY")] = None
    paid_unemployment: Annotated[Amount, Label("月缴失业保险", "Unemployment paid", "CNY")] = None
    paid_other: Annotated[Amount, Label("月缴其他社会保险", "Other insurance paid", "CNY")] = None


class Partner(Section):
    """A household that the enterprise supports."""

    household_no: Annotated[ItemName, Label("户编号", "Household number")]
    registered_poor: Annotated[YesNo, Label("建档立卡贫困户", "Registered poor household")] = None
    mode: Annotated[PartnerMode | None, Label("带动方式", "Mode")] = None
    since: Annotated[Day, Label("带动起始日期", "Since")] = None
    out_of_poverty: Annotated[YesNo, Label("已脱贫", "Out of poverty")] = None
    already_paid: Annotated[YesNo, Label("已领取奖励", "Award already paid")] = None


class Enterprise(Record):
    """企业."""

    kind: Literal["enterprise"]
    name: Annotated[Words, Label("企业名称", "Name")] = None
    in_poor_area: Annotated[YesNo, Label("在贫困地区", "In a poor area")] = None
    poor_county: Annotated[YesNo, Label("在54个贫困县", "In one of the 54 poor counties")] = None
    national_poor_county: Annotated[YesNo, Label("在国家级贫困县", "In a national poor county")] = (
        None
    )
    type: Annotated[EnterpriseType | None, Label("企业类型", "Type")] = None
    sector: Annotated[Sector | None, Label("行业类别", "Sector")] = None
    introduced_from_outside_city: Annotated[
        YesNo, Label("本市以外新引进", "Introduced from outside the city")
    ] = None
    restricted_or_prohibited: Annotated[
        YesNo, Label("属限制或禁止类", "Restricted or prohibited")
    ] = None
    first_revenue_year: Annotated[
        Year, Label("取得第一笔生产经营收入年度", "Year of first revenue")
    ] = None
    technology_service: Annotated[YesNo, Label("技术服务类", "Technology service")] = None
    facility: Facility = Facility()
    industrial: Annotated[YesNo, Label("工业企业", "Industrial")] = None
    scale: Annotated[Scale | None, Label("企业规模", "Scale")] = None
    project: Annotated[Project | None, Label("项目类型", "Project")] = None
    raises_poor_income: Annotated[
        YesNo, Label("带动贫困户增收", "Raises poor households' income")
    ] = None
    legal_person: Annotated[YesNo, Label("法人企业", "Legal person")] = None
    new_investment: Annotated[YesNo, Label("新办投资", "New investment")] = None
    uses_local_resources: Annotated[YesNo, Label("利用当地资源", "Uses local resources")] = None
    in_encouraged_catalogue: Annotated[
        YesNo, Label("主营业务在鼓励类目录", "In the encouraged catalogue")
    ] = None
    encouraged_revenue_share: Annotated[
        Share, Label("鼓励类收入占比（0至1）", "Encouraged share of revenue (0 to 1)")
    ] = None
    high_tech: Annotated[YesNo, Label("高新技术企业", "High-tech enterprise")] = None
    total_assets: Annotated[Amount, Label("资产总额", "Total assets", "CNY")] = None
    employee_count: Annotated[Count, Label("从业人数", "Number of employees")] = None
    taxable_income: Annotated[Amount, Label("年应纳税所得额", "Taxable income", "CNY")] = None
    donation: Annotated[Amount, Label("扶贫公益捐赠", "Donation", "CNY")] = None
    annual_profit: Annotated[Figure, Label("年度利润总额", "Annual profit", "CNY")] = None
    ecommerce: Annotated[YesNo, Label("电商企业", "E-commerce")] = None
    brings_registered_households: Annotated[
        YesNo, Label("带动建档立卡贫困户脱贫", "Lifts registered households")
    ] = None
    employees: Annotated[
        list[Employee] | None, Label("员工", "Employees"), Field(max_length=5000)
    ] = None
    partners: Annotated[
        list[Partner] | None, Label("带动农户", "Partner households"), Field(max_length=5000)
    ] = None
