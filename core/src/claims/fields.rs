//! The fields of a claim: names of the national interface (医保信息平台), what they mean and what stands in them.

use serde::Deserialize;

/// What may stand in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// An identifier, kept as written.
    Id,
    /// A code of a short dictionary.
    Keyword,
    /// Diagnosis or procedure codes.
    Codes,
    /// A whole number within these bounds.
    Whole(i32, i32),
    /// An amount in yuan.
    Money,
    /// A day, with or without the time.
    Day,
    /// Yes (1) or no (0).
    Flag,
    /// `days/hours/minutes`, or whole hours.
    Duration,
}

macro_rules! fields {
    ($($variant:ident $name:literal $zh:literal $shape:expr;)*) => {
        /// A field of a claim.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        pub enum Field {
            $(#[doc = concat!("`", $name, "` ", $zh)] #[serde(rename = $name)] $variant,)*
        }

        impl Field {
            pub const ALL: &'static [Field] = &[$(Field::$variant),*];

            /// The name in files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Field::$variant => $name,)* }
            }

            /// What the field is called in Chinese.
            #[must_use]
            pub const fn chinese(self) -> &'static str {
                match self { $(Field::$variant => $zh,)* }
            }

            pub(super) const fn shape(self) -> Shape {
                match self { $(Field::$variant => $shape,)* }
            }
        }
    };
}

/// Most hours a stay can hold: 100 years.
const HOURS_MAX: i32 = 876_600;

fields! {
    SetlId "setl_id" "结算ID" Shape::Id;
    MdtrtId "mdtrt_id" "就诊ID" Shape::Id;
    PsnNo "psn_no" "人员编号" Shape::Id;
    FixmedinsCode "fixmedins_code" "定点医疗机构编号" Shape::Keyword;
    HospLv "hosp_lv" "医院等级" Shape::Keyword;
    Insutype "insutype" "险种类型" Shape::Keyword;
    Insuplc "insuplc" "参保地" Shape::Keyword;
    Gend "gend" "性别" Shape::Keyword;
    Age "age" "年龄" Shape::Whole(0, 130);
    NwbAge "nwb_age" "不足一周岁的天数" Shape::Whole(0, 47_500);
    NwbBirWt "nwb_bir_wt" "新生儿出生体重（克）" Shape::Whole(0, 1_000_000);
    NwbAdmWt "nwb_adm_wt" "新生儿入院体重（克）" Shape::Whole(0, 1_000_000);
    AdmTime "adm_time" "入院时间" Shape::Day;
    DscgTime "dscg_time" "出院时间" Shape::Day;
    ActIptDays "act_ipt_days" "实际住院天数" Shape::Whole(0, 36_525);
    DscgCaty "dscg_caty" "出院科别" Shape::Keyword;
    DscgWay "dscg_way" "离院方式" Shape::Keyword;
    MedType "med_type" "医疗类别" Shape::Keyword;
    SetlTime "setl_time" "结算时间" Shape::Day;
    DiagCodes "diag_codes" "诊断编码" Shape::Codes;
    OprnCodes "oprn_codes" "手术操作编码" Shape::Codes;
    Icu "icu" "重症监护标志" Shape::Flag;
    IcuHours "icu_hours" "重症监护小时数" Shape::Whole(0, HOURS_MAX);
    VentHours "vent_hours" "呼吸机使用小时数" Shape::Whole(0, HOURS_MAX);
    VentUsedDura "vent_used_dura" "呼吸机使用时长" Shape::Duration;
    MedfeeSumamt "medfee_sumamt" "医疗费总额" Shape::Money;
    HifpPay "hifp_pay" "统筹基金支出" Shape::Money;
    PsnPay "psn_pay" "个人负担" Shape::Money;
    OthFundPay "oth_fund_pay" "其他基金支出" Shape::Money;
    FulamtOwnpayAmt "fulamt_ownpay_amt" "全自费金额" Shape::Money;
    PreselfpayAmt "preselfpay_amt" "先行自付金额" Shape::Money;
    DedcStd "dedc_std" "起付标准" Shape::Money;
    TcmAmt "tcm_amt" "中医药费用" Shape::Money;
    TcmBaseAmt "tcm_base_amt" "中治率的分母费用" Shape::Money;
    RefdSetlFlag "refd_setl_flag" "退费结算标志" Shape::Flag;
    InitSetlId "init_setl_id" "原结算ID" Shape::Id;
    ValiFlag "vali_flag" "有效标志" Shape::Flag;
    DiagCode "diag_code" "诊断代码" Shape::Codes;
    DiagType "diag_type" "诊断类别" Shape::Keyword;
    MaindiagFlag "maindiag_flag" "主诊断标志" Shape::Flag;
    DiagSrtNo "diag_srt_no" "诊断排序号" Shape::Whole(0, i32::MAX);
    OprnOprtCode "oprn_oprt_code" "手术操作代码" Shape::Codes;
    OprnOprtType "oprn_oprt_type" "手术操作类别" Shape::Keyword;
    OprnSrtNo "oprn_srt_no" "手术操作排序号" Shape::Whole(0, i32::MAX);
    FundPayType "fund_pay_type" "基金支付类型" Shape::Keyword;
    FundPayamt "fund_payamt" "基金支付金额" Shape::Money;
    Amt "amt" "金额" Shape::Money;
    ScsCutdSumDura "scs_cutd_sum_dura" "重症监护合计时长" Shape::Duration;
}

impl Field {
    /// What is read of a claim in wide form, or of `setlinfo`.
    pub(super) fn of_claims() -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(|&field| field <= Field::ValiFlag)
    }

    /// What grouping reads.
    pub const OF_STAYS: &'static [Field] = &[
        Field::SetlId,
        Field::Gend,
        Field::Age,
        Field::NwbAge,
        Field::NwbBirWt,
        Field::NwbAdmWt,
        Field::ActIptDays,
        Field::DscgCaty,
        Field::DscgWay,
        Field::MedType,
        Field::Icu,
        Field::IcuHours,
        Field::VentHours,
        Field::VentUsedDura,
        Field::DiagCodes,
        Field::OprnCodes,
    ];
    /// Columns without which nothing can be grouped.
    pub const NEEDED_TO_GROUP: &'static [Field] = &[Field::SetlId, Field::Gend, Field::DiagCodes];
    /// Columns without which nothing can be paid.
    pub const NEEDED_TO_PAY: &'static [Field] = &[
        Field::SetlId,
        Field::FixmedinsCode,
        Field::Insutype,
        Field::Gend,
        Field::Age,
        Field::DscgTime,
        Field::DiagCodes,
        Field::OprnCodes,
        Field::MedfeeSumamt,
    ];
    /// Fields that no claim to be paid may leave empty.
    pub(super) const NEVER_EMPTY: &'static [Field] =
        &[Field::SetlId, Field::FixmedinsCode, Field::Insutype, Field::DscgTime, Field::MedfeeSumamt];

    /// The field with this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.name() == name)
    }
}

/// 险种类型 of the national dictionary.
pub(super) const INSURANCE_TYPES: [(&str, &str); 14] = [
    ("310", "职工基本医疗保险"),
    ("320", "公务员医疗补助"),
    ("330", "大额医疗费用补助"),
    ("340", "离休人员医疗保障"),
    ("350", "伤残军人医疗补助"),
    ("360", "老红军医疗保障"),
    ("370", "企业补充医疗保险"),
    ("380", "新型农村合作医疗"),
    ("390", "城乡居民基本医疗保险"),
    ("391", "城镇居民基本医疗保险"),
    ("392", "城乡居民大病医疗保险"),
    ("399", "其他特殊人员医疗保险"),
    ("410", "长期照护保险"),
    ("510", "生育保险"),
];

/// 性别 of GB/T 2261.1: 0 unknown, 1 male, 2 female, 9 not stated.
pub(super) const SEXES: [&str; 4] = ["0", "1", "2", "9"];
