"""Closed lists of the survey: the contract's words and their official labels."""

from enum import StrEnum
from typing import Self

from ruhu.i18n import BilingualText


class Choice(StrEnum):
    """A value of a closed list. `label` is printed on the form and the slip."""

    label: BilingualText

    def __new__(cls, value: str, zh: str = "", en: str = "") -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = BilingualText(zh, en)
        return word


class RecordKind(Choice):
    """What a record is about."""

    HOUSEHOLD = "household", "农户", "Household"
    ENTERPRISE = "enterprise", "企业", "Enterprise"
    TRAINING_CLASS = "training_class", "培训班", "Training class"
    VILLAGE = "village", "行政村", "Village"


class Attribute(Choice):
    """贫困户属性."""

    GENERAL = "general", "一般贫困户", "General"
    LOW_INCOME = "low_income", "低保贫困户", "Low income"
    FIVE_GUARANTEE = "five_guarantee", "五保贫困户", "Five guarantee"


class PovertyCategory(Choice):
    """贫困程度, the basis of the housing subsidy."""

    EXTREME = "extreme", "极端贫困", "Extreme"
    SPECIAL = "special", "特别贫困", "Special"
    MEDIUM = "medium", "中等贫困", "Medium"
    GENERAL = "general", "一般贫困", "General"


class DangerGrade(Choice):
    """危房等级 after the technical guide for rural houses."""

    A = "A", "A级", "Grade A"
    B = "B", "B级", "Grade B"
    C = "C", "C级", "Grade C"
    D = "D", "D级", "Grade D"


class Renovation(Choice):
    """改造方式."""

    REBUILD = "rebuild", "新建（全拆重建）", "Rebuild"
    REPAIR = "repair", "维修（修缮）加固", "Repair"


class HousingStage(Choice):
    """危房改造环节, in the order they follow each other."""

    IDENTIFIED = "identified", "鉴定", "Identified"
    APPLIED = "applied", "申请", "Applied"
    APPRAISED = "appraised", "评议", "Appraised"
    PUBLICISED = "publicised", "公示", "Publicised"
    REVIEWED = "reviewed", "审核", "Reviewed"
    APPROVED = "approved", "审批", "Approved"
    BUILDING = "building", "建设", "Building"
    ACCEPTED = "accepted", "验收", "Accepted"
    PAID = "paid", "拨付", "Paid"


class FacilityLand(Choice):
    """设施占地."""

    FOREST = "forest", "林地", "Forest land"
    GRASSLAND = "grassland", "草地", "Grassland"
    OTHER = "other", "其他", "Other"


class FacilityPurpose(Choice):
    """设施用途."""

    LIVESTOCK = "livestock", "畜禽养殖", "Livestock"
    POST_HARVEST = "post_harvest", "采后处理", "Post-harvest handling"
    PRIMARY_PROCESSING = "primary_processing", "初加工", "Primary processing"
    OTHER = "other", "其他", "Other"


class Sex(Choice):
    """性别."""

    MALE = "male", "男", "Male"
    FEMALE = "female", "女", "Female"


class SchoolStage(Choice):
    """在校生状况."""

    NONE = "none", "非在校生", "Not in school"
    PRESCHOOL = "preschool", "学前教育", "Preschool"
    PRIMARY = "primary", "小学", "Primary school"
    JUNIOR_HIGH = "junior_high", "初中", "Junior high school"
    SENIOR_HIGH = "senior_high", "普通高中", "Senior high school"
    SECONDARY_VOCATIONAL = "secondary_vocational", "中等职业学校", "Secondary vocational school"
    HIGHER_VOCATIONAL = "higher_vocational", "高等职业学校（专科）", "Higher vocational college"
    UNDERGRADUATE = "undergraduate", "本科", "Undergraduate"
    POSTGRADUATE = "postgraduate", "研究生", "Postgraduate"


class GrantTier(Choice):
    """助学金档次."""

    FIRST = "first", "一等", "First"
    SECOND = "second", "二等", "Second"


class Organiser(Choice):
    """培训主办单位."""

    POVERTY_OFFICE = "poverty_office", "扶贫部门", "Poverty-alleviation office"
    OTHER = "other", "其他单位", "Other"


class TrainingType(Choice):
    """培训类型."""

    SHORT_TERM_SKILL = "short_term_skill", "短期技能培训", "Short-term skill training"
    SKILL = "skill", "技能培训", "Skill training"
    VOCATIONAL = "vocational", "职业培训", "Vocational training"
    PRACTICAL_FARMING = "practical_farming", "农村实用技术培训", "Practical farming training"


class CertificateKind(Choice):
    """证书类型."""

    QUALIFICATION = "qualification", "职业资格证书", "Vocational qualification"
    POST = "post", "上岗证", "Work permit"


class BusinessForm(Choice):
    """经营形式."""

    INDIVIDUAL = "individual", "个体工商户", "Individual business"
    OTHER = "other", "其他", "Other"


class StayPlace(Choice):
    """就医地."""

    IN_AREA = "in_area", "统筹区域内", "Inside the pooling area"
    REFERRED_OUT = "referred_out", "经批准转诊到区域外", "Referred outside the area"
    UNREFERRED_OUT = "unreferred_out", "未经转诊到区域外", "Outside without referral"


class HospitalLevel(Choice):
    """医院级别."""

    TOWNSHIP = "township", "乡镇级", "Township"
    COUNTY = "county", "县级", "County"
    CITY = "city", "市级", "City"
    REGION = "region", "自治区级", "Region"


class EnterpriseType(Choice):
    """企业类型."""

    COMPANY = "company", "公司", "Company"
    COOPERATIVE = "cooperative", "合作社", "Cooperative"
    COLLECTIVE = "collective", "集体经济组织", "Collective economic organisation"
    OTHER = "other", "其他", "Other"


class Sector(Choice):
    """行业类别."""

    LABOUR_INTENSIVE = "labour_intensive", "劳动密集型", "Labour-intensive"
    PRIMARY_PROCESSING = "primary_processing", "农林产品初加工", "Primary processing"
    SUPPLY_CHAIN = "supply_chain", "产业链配套", "Supply chain"
    OTHER = "other", "其他", "Other"


class Scale(Choice):
    """企业规模."""

    MICRO = "micro", "微型", "Micro"
    SMALL = "small", "小型", "Small"
    MEDIUM = "medium", "中型", "Medium"
    LARGE = "large", "大型", "Large"


class Project(Choice):
    """项目类型."""

    NEW = "new", "新建", "New"
    REBUILD_EXPAND = "rebuild_expand", "改扩建", "Rebuild or expand"
    NONE = "none", "无", "None"


class PartnerMode(Choice):
    """带动方式."""

    COMPANY_FARMER = "company_farmer", "公司＋农户", "Company and farmer"
    OTHER = "other", "其他", "Other"


class ClassType(Choice):
    """培训班类型."""

    VOCATIONAL = "vocational", "职业培训", "Vocational training"
    PRACTICAL_FARMING = "practical_farming", "农村实用技术培训", "Practical farming training"


class TeacherTitle(Choice):
    """授课教师职称."""

    INTERMEDIATE_OR_BELOW = "intermediate_or_below", "中级及以下", "Intermediate or below"
    SENIOR = "senior", "高级", "Senior"
