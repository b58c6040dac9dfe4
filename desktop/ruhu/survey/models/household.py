"""The household: place, registration, house, water, farming, income and members."""

from typing import Annotated, Literal

from pydantic import Field

from ruhu.survey.facts.types import (
    Amount,
    Count,
    Day,
    IdNumberText,
    ItemName,
    Label,
    Population,
    Words,
    Year,
    YesNo,
)
from ruhu.survey.models.base import Section
from ruhu.survey.models.choices import (
    Attribute,
    BusinessForm,
    CertificateKind,
    DangerGrade,
    GrantTier,
    HospitalLevel,
    HousingStage,
    Organiser,
    PovertyCategory,
    Renovation,
    SchoolStage,
    Sex,
    StayPlace,
    TrainingType,
)
from ruhu.survey.models.common import Facility, Record


class Registration(Section):
    """建档立卡."""

    registered_poor: Annotated[YesNo, Label("建档立卡贫困户", "Registered poor household")] = None
    household_no: Annotated[Words, Label("户编号", "Household number")] = None
    attribute: Annotated[Attribute | None, Label("贫困户属性", "Attribute")] = None
    score: Annotated[Amount, Label("精准识别分数", "Identification score")] = None
    poverty_category: Annotated[
        PovertyCategory | None, Label("贫困程度", "Category of poverty")
    ] = None
    in_information_system: Annotated[
        YesNo, Label("已录入信息系统", "Entered in the information system")
    ] = None
    exit_year: Annotated[Year, Label("脱贫年度", "Year out of poverty")] = None


class HousingStep(Section):
    """A stage of a housing case and its date."""

    stage: Annotated[HousingStage, Label("环节", "Stage")]
    on: Annotated[Day, Label("日期", "Date")] = None


class Housing(Section):
    """农村危房改造."""

    danger_grade: Annotated[DangerGrade | None, Label("危房等级", "Danger grade")] = None
    relocation_listed: Annotated[YesNo, Label("列入整体移民搬迁计划", "Listed for relocation")] = (
        None
    )
    renovation: Annotated[Renovation | None, Label("改造方式", "Rebuild or repair")] = None
    floor_area_m2: Annotated[
        Amount, Label("改造后建筑面积（含储藏间）", "Floor area with storage", "m2")
    ] = None
    storage_area_m2: Annotated[
        Amount, Label("其中储藏谷物、放置农具等用房", "Of it storage rooms", "m2")
    ] = None
    self_funding: Annotated[YesNo, Label("有自筹资金能力", "Able to fund a share")] = None
    card_account: Annotated[Words, Label("一卡（折）通账号", "Card account")] = None
    stage: Annotated[HousingStage | None, Label("当前环节", "Stage reached")] = None
    stages: Annotated[
        list[HousingStep] | None, Label("各环节日期", "Dates of the stages"), Field(max_length=50)
    ] = None
    paid_amount: Annotated[Amount, Label("拨付金额", "Amount paid", "CNY")] = None
    seismic_ok: Annotated[YesNo, Label("抗震达标", "Seismic standard met")] = None
    current_area_m2: Annotated[Amount, Label("现住房面积", "Present floor area", "m2")] = None


class HouseholdHealth(Section):
    """The household's doctor."""

    contract_doctor: Annotated[YesNo, Label("家庭签约医生", "Contract doctor")] = None


class Water(Section):
    """饮水."""

    centralised: Annotated[YesNo, Label("集中供水", "Centralised supply")] = None
    tap: Annotated[YesNo, Label("自来水入户", "Tap water at home")] = None
    quality_ok: Annotated[YesNo, Label("水质达标", "Water quality meets the standard")] = None
    safe: Annotated[YesNo, Label("饮水安全", "Drinking water is safe")] = None


class Microloan(Section):
    """扶贫小额信贷."""

    wanted: Annotated[YesNo, Label("有贷款意愿", "Wants a loan")] = None
    can_repay: Annotated[YesNo, Label("有还款能力", "Able to repay")] = None
    amount: Annotated[Amount, Label("贷款金额", "Loan", "CNY")] = None
    months: Annotated[Count, Label("贷款期限", "Term", "month")] = None


class Insurance(Section):
    """农业保险."""

    policy_based: Annotated[YesNo, Label("政策性农业保险", "Policy-based insurance")] = None
    bought_on: Annotated[Day, Label("投保日期", "Bought on")] = None
    premium: Annotated[Amount, Label("农户应交保费", "Premium of the household", "CNY")] = None


class Farming(Section):
    """特色种养业."""

    microloan: Microloan = Microloan()
    insurance: Insurance = Insurance()
    facility: Facility = Facility()


class Income(Section):
    """家庭收入."""

    operating: Annotated[Amount, Label("家庭经营收入", "Operating income", "CNY")] = None
    operating_last_year: Annotated[
        Amount, Label("上年家庭经营收入", "Operating income last year", "CNY")
    ] = None


class Schooling(Section):
    """在校情况."""

    stage: Annotated[SchoolStage | None, Label("在校生状况", "Schooling")] = None
    full_time: Annotated[YesNo, Label("全日制", "Full time")] = None
    boarding: Annotated[YesNo, Label("寄宿", "Boarding")] = None
    new_student: Annotated[YesNo, Label("新生", "New student")] = None
    enrolment_confirmed: Annotated[YesNo, Label("取得学籍", "Enrolment confirmed")] = None
    in_region: Annotated[YesNo, Label("学校在广西区内", "School inside Guangxi")] = None
    difficulty: Annotated[YesNo, Label("认定家庭经济困难", "Recognised as in difficulty")] = None
    grant_tier: Annotated[GrantTier | None, Label("助学金档次", "Tier of the grant")] = None
    women_class: Annotated[YesNo, Label("扶贫巾帼励志班", "Women's class")] = None
    paired_helper: Annotated[YesNo, Label("结对帮扶", "Paired helper")] = None
    from_secondary_vocational: Annotated[
        YesNo, Label("由中职毕业升入", "Came up from a secondary vocational school")
    ] = None
    completed_compulsory: Annotated[
        YesNo, Label("完成义务教育", "Completed compulsory schooling")
    ] = None


class Labour(Section):
    """劳动力."""

    able: Annotated[YesNo, Label("有劳动能力", "Able to work")] = None
    wants_public_job: Annotated[YesNo, Label("愿意上公益性岗位", "Wants a public job")] = None
    farming: Annotated[YesNo, Label("从事农业生产经营", "Works in farming")] = None


class Training(Section):
    """A training that a member took."""

    training_id: Annotated[ItemName, Label("培训编号", "Training id")]
    organiser: Annotated[Organiser | None, Label("主办单位", "Organiser")] = None
    type: Annotated[TrainingType | None, Label("培训类型", "Type")] = None
    certificate: Annotated[YesNo, Label("取得证书", "Certificate obtained")] = None
    certificate_kind: Annotated[CertificateKind | None, Label("证书类型", "Certificate")] = None
    verifiable_online: Annotated[YesNo, Label("证书可网上查证", "Verifiable online")] = None
    days: Annotated[Amount, Label("培训天数", "Days")] = None
    on: Annotated[Day, Label("培训日期", "Date")] = None


class Business(Section):
    """自主创业."""

    form: Annotated[BusinessForm | None, Label("经营形式", "Form of business")] = None
    registered_on: Annotated[Day, Label("注册日期", "Registered on")] = None
    operating: Annotated[YesNo, Label("正常经营", "Operating")] = None


class MemberHealth(Section):
    """健康与医保."""

    insured: Annotated[YesNo, Label("参加城乡居民基本医疗保险", "Has basic insurance")] = None
    premium_covered: Annotated[
        YesNo, Label("个人缴费已由政府补贴", "Premium already covered by government")
    ] = None
    record: Annotated[YesNo, Label("电子健康档案", "Electronic health record")] = None
    card: Annotated[YesNo, Label("健康卡", "Health card")] = None
    condition: Annotated[Words, Label("健康状况", "State of health")] = None


class Stay(Section):
    """A hospital stay."""

    stay_id: Annotated[ItemName, Label("住院编号", "Stay id")]
    place: Annotated[StayPlace | None, Label("就医地", "Where treated")] = None
    level: Annotated[HospitalLevel | None, Label("医院级别", "Level of the hospital")] = None
    on: Annotated[Day, Label("出院日期", "Discharged on")] = None
    total: Annotated[Amount, Label("总费用", "Total cost", "CNY")] = None
    in_scope: Annotated[Amount, Label("政策范围内费用", "Cost in scope", "CNY")] = None
    major_spend: Annotated[
        Amount,
        Label("本年度累计计入大病保险的自付合规费用", "Own spend counted for major illness", "CNY"),
    ] = None
    aid: Annotated[Amount, Label("医疗救助金额", "Medical aid", "CNY")] = None
    reimbursed: Annotated[Amount, Label("已实际报销合计", "Reimbursed in all", "CNY")] = None
    in_county: Annotated[YesNo, Label("县域内定点医院", "Designated hospital in the county")] = None


class Member(Section):
    """A person of the household."""

    member_id: Annotated[ItemName, Label("人编号", "Member id")]
    name: Annotated[Words, Label("姓名", "Name")] = None
    sex: Annotated[Sex | None, Label("性别", "Sex")] = None
    id_number: Annotated[IdNumberText, Label("公民身份号码", "Id number")] = None
    birth_date: Annotated[Day, Label("出生日期", "Birth date")] = None
    relationship: Annotated[Words, Label("与户主关系", "Relationship to the head")] = None
    ethnicity: Annotated[Words, Label("民族", "Ethnicity")] = None
    education_level: Annotated[Words, Label("文化程度", "Level of education")] = None
    phone: Annotated[Words, Label("联系电话", "Telephone")] = None
    schooling: Schooling = Schooling()
    labour: Labour = Labour()
    trainings: Annotated[
        list[Training] | None, Label("培训", "Trainings"), Field(max_length=100)
    ] = None
    business: Business = Business()
    health: MemberHealth = MemberHealth()
    stays: Annotated[list[Stay] | None, Label("住院", "Hospital stays"), Field(max_length=200)] = (
        None
    )


class Household(Record):
    """农户."""

    kind: Literal["household"]
    registration: Registration = Registration()
    population: Annotated[Population, Label("家庭实际人口", "Persons in the household")] = None
    housing: Housing = Housing()
    water: Water = Water()
    farming: Farming = Farming()
    income: Income = Income()
    health: HouseholdHealth = HouseholdHealth()
    members: Annotated[list[Member] | None, Label("家庭成员", "Members"), Field(max_length=200)] = (
        None
    )
