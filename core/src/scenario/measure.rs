//! What is compared.

/// The unit a figure is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scale {
    /// Money in fen.
    Fen,
    /// Millionths of a yuan a point.
    PriceE6,
    /// Ten-thousandths of a point.
    PointsE4,
    Count,
}

impl Scale {
    /// Decimals of the figure as people write it.
    #[must_use]
    pub const fn digits(self) -> u32 {
        match self {
            Scale::Fen => 2,
            Scale::PriceE6 => 6,
            Scale::PointsE4 => 4,
            Scale::Count => 0,
        }
    }
}

macro_rules! measures {
    ($($variant:ident = $code:literal, $scale:ident, $zh:literal, $en:literal;)+) => {
        /// A figure of a subject.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Measure { $(#[doc = $en] $variant,)+ }

        impl Measure {
            pub const ALL: &'static [Measure] = &[$(Measure::$variant),+];

            /// The code written to files.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Measure::$variant => $code),+ }
            }

            #[must_use]
            pub const fn scale(self) -> Scale {
                match self { $(Measure::$variant => Scale::$scale),+ }
            }

            /// What people call it.
            #[must_use]
            pub const fn words(self) -> (&'static str, &'static str) {
                match self { $(Measure::$variant => ($zh, $en)),+ }
            }
        }
    };
}

measures! {
    Budget = "budget", Fen, "预算", "budget";
    Due = "due", Fen, "应付", "due";
    Balance = "balance", Fen, "结余", "balance";
    AfterSharing = "after_sharing", Fen, "分担后结余", "balance after sharing";
    PointValue = "point_value", PriceE6, "点值", "point value";
    Points = "points", PointsE4, "点数", "points";
    Cases = "cases", Count, "病例数", "cases";
    Unpaid = "unpaid", Count, "未付病例数", "unpaid cases";
    Prepaid = "prepaid", Fen, "预付", "prepaid";
    Withheld = "withheld", Fen, "保证金", "withheld";
    Payable = "payable", Fen, "实付", "payable";
    Adjustment = "adjustment", Fen, "盈亏调整", "adjustment";
    MemberShare = "member_share", Fen, "集团分配", "share of the consortium's balance";
    Net = "net", Fen, "全年所得", "net of the year";
    Final = "final", Fen, "清算应补（退）", "to pay or recover";
    Total = "total", Fen, "总额", "total";
    Kept = "kept", Fen, "留用", "kept";
    Borne = "borne", Fen, "基金分担", "borne by the fund";
    Reserve = "reserve", Fen, "调剂金期末", "reserve at the end";
    Amount = "amount", Fen, "金额", "amount";
    Required = "required", Fen, "应达到", "required";
    Gap = "gap", Fen, "缺口", "gap";
    Cost = "cost", Fen, "补足所需", "cost of closing";
}

impl Measure {
    /// The measure of a code.
    #[must_use]
    pub fn find(code: &str) -> Option<Measure> {
        Measure::ALL.iter().copied().find(|measure| measure.code() == code)
    }
}
