//! Named switches: every question a policy text leaves open, the readings the engine knows, and the one in force.
//!
//! The first reading of each switch is its default. A pack sets a switch for all its rules or for one rule; each
//! result says which switches decided it.

/// A question the text leaves open.
#[derive(Debug, PartialEq, Eq)]
pub struct Switch {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// The default first.
    pub readings: &'static [Reading],
}

/// One answer to a [`Switch`].
#[derive(Debug, PartialEq, Eq)]
pub struct Reading {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

/// Why a switch was not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSet {
    NoSuchSwitch,
    NoSuchReading,
}

macro_rules! switches {
    ($(
        $field:ident: $type:ident = $zh:literal / $en:literal {
            $first:ident $first_name:literal = $first_zh:literal / $first_en:literal,
            $($variant:ident $name:literal = $variant_zh:literal / $variant_en:literal,)*
        }
    )+) => {
        $(
            #[doc = $en]
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub enum $type {
                #[doc = $first_en]
                #[default]
                $first,
                $(#[doc = $variant_en] $variant,)*
            }

            impl $type {
                const fn reading(self) -> &'static str {
                    match self {
                        $type::$first => $first_name,
                        $($type::$variant => $name,)*
                    }
                }

                fn named(name: &str) -> Option<$type> {
                    match name {
                        $first_name => Some($type::$first),
                        $($name => Some($type::$variant),)*
                        _ => None,
                    }
                }
            }
        )+

        /// The readings in force.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Switches {
            $(#[doc = $en] pub $field: $type,)+
        }

        impl Switches {
            /// Puts a reading in force by name.
            pub fn set(&mut self, switch: &str, reading: &str) -> Result<(), NotSet> {
                match switch {
                    $(stringify!($field) => {
                        self.$field = $type::named(reading).ok_or(NotSet::NoSuchReading)?;
                    })+
                    _ => return Err(NotSet::NoSuchSwitch),
                }
                Ok(())
            }

            /// The name of the reading in force.
            #[must_use]
            pub fn get(&self, switch: &str) -> Option<&'static str> {
                match switch {
                    $(stringify!($field) => Some(self.$field.reading()),)+
                    _ => None,
                }
            }
        }

        /// Every switch, in the order of the questions.
        pub static ALL: &[Switch] = &[$(Switch {
            name: stringify!($field),
            zh: $zh,
            en: $en,
            readings: &[
                Reading { name: $first_name, zh: $first_zh, en: $first_en },
                $(Reading { name: $name, zh: $variant_zh, en: $variant_en },)*
            ],
        }),+];
    };
}

switches! {
    tiers: Tiers = "同一主体先后达到同组多个等次如何计奖" / "One subject reaches several tiers of a group" {
        Each "each" = "每个等次首次达到时足额计奖" / "each tier is paid in full when first reached",
        Difference "difference" = "只补与同组已奖金额的差额" / "only what exceeds the group's earlier awards is paid",
        Highest "highest" = "只奖最高等次，较低等次已奖的冲回" / "only the highest tier is paid; lower ones paid before are taken back",
    }
    tiers_window: TiersWindow = "同组等次在多长时间内互斥" / "For how long the tiers of a group exclude each other" {
        Ever "ever" = "不限年度" / "across all years",
        AwardYear "award_year" = "仅在同一奖补年度内" / "within one award year",
    }
    newly_created: NewlyCreated = "“新创”如何认定" / "What newly created (新创) means" {
        DatedNeverHeld "dated_never_held" = "政策起始日后获得，且此前从未取得" / "obtained since the policy started, never held before",
        Dated "dated" = "政策起始日后获得，此前一日未持有（失而复得也算）" / "obtained since the policy started, regained counts",
        NeverHeld "never_held" = "此前从未取得，不论获得日期" / "never held before, whatever the date",
    }
    built: Built = "“建成”如何认定" / "What built (建成) means" {
        SinceStart "since_start" = "政策起始日后首次建成" / "first reached on or after the policy starts",
        AnyDate "any_date" = "政策起始日前建成的也算" / "what was reached before the policy starts counts too",
    }
    first_time: FirstTime = "“首次”如何认定" / "What first time (首次) means" {
        Ever "ever" = "该法人历史上第一次" / "first ever for the legal person",
        SinceStart "since_start" = "政策起始日后第一次" / "first since the policy starts",
    }
    succession: Succession = "更名、改扩建、合并后的历史如何计算" / "History of a renamed, rebuilt or merged institution" {
        KeepsHistory "keeps_history" = "沿用前身历史" / "keeps the history of its predecessors",
        StartsAfresh "starts_afresh" = "视为新单位" / "starts afresh",
    }
    joint_winners: JointWinners = "多个主体共同获奖如何分配" / "How joint winners share" {
        Equal "equal" = "均分" / "equally",
        LeadOnly "lead_only" = "全部归牵头主体" / "all to the lead",
        AgreedShares "agreed_shares" = "按约定份额" / "by agreed shares",
    }
    person_and_team: PersonAndTeam = "个人奖与其所在团队奖是否并存" / "A person's own award and a share in a team's award" {
        Independent "independent" = "各自计奖" / "independent",
        Offset "offset" = "个人奖扣减同年度团队奖中的个人份额" / "the own award is reduced by the share in team awards of the year",
    }
    double_funding: DoubleFunding = "同一事项已获上级奖励的处理" / "A higher level has awarded the same fact" {
        Reduce "reduce" = "扣减上级奖励金额" / "reduced by the higher award",
        Keep "keep" = "不扣减" / "not reduced",
    }
    rounding: RoundingTo = "金额取整" / "Rounding of computed amounts to the fen" {
        HalfUp "half_up" = "四舍五入到分" / "half up",
        HalfEven "half_even" = "四舍六入五成双到分" / "half to even",
        TowardZero "toward_zero" = "舍去分以下" / "towards zero",
    }
    award_year: AwardYear = "奖补年度以哪个日期为准" / "Which date decides the award year" {
        Named "named" = "正式认定（命名）文件日期" / "the official naming document",
        Paid "paid" = "拨付日期" / "the payment",
        Applied "applied" = "申请日期" / "the application",
    }
    clawback: ClawbackRule = "称号被撤销后是否追回" / "A title is revoked" {
        WithinYears "within_years" = "认定后若干年内撤销的追回" / "taken back when revoked within a number of years of naming",
        None "none" = "不追回" / "not taken back",
    }
    second_base: SecondBase = "二次奖补 10% 的基数" / "What the second award is a share of" {
        CountyPaidItem "county_paid_item" = "该事项县级实际到位资金" / "county money actually paid for the item",
        WholeItem "whole_item" = "该事项奖补总额" / "the whole award of the item",
        CountyYearTotal "county_year_total" = "该县当年全部事项县级到位总额" / "county money of all its items of the year",
        WithCityPaid "with_city_paid" = "该事项县级和市级实际到位资金" / "county and city money actually paid for the item",
    }
    second_gate: SecondGate = "“全部到位”按什么范围判断" / "For what the money must be all in place" {
        PerItem "per_item" = "按事项" / "for each item",
        CountyYear "county_year" = "按县按年度" / "for all items of a county and year",
    }
    second_municipal_units: SecondMunicipalUnits = "市级单位是否享受二次奖补" / "Second award for units of the city itself" {
        NotEligible "not_eligible" = "不享受" / "not eligible",
        Eligible "eligible" = "享受（以市级资金到位为前提）" / "eligible once the city's money is in place",
    }
    second_payee: SecondPayee = "二次奖补付给谁" / "Who receives the second award" {
        Original "original" = "原获奖主体，按原金额比例" / "the original payees pro rata",
        CountyFinance "county_finance" = "县（区）财政" / "the county's finance bureau",
        ByRule "by_rule" = "地方、单位、个人按规定比例" / "place, units and persons by stated shares",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_can_be_set_and_read_back() {
        for switch in ALL {
            assert_eq!(Switches::default().get(switch.name), Some(switch.readings[0].name), "{}", switch.name);
            for reading in switch.readings {
                let mut switches = Switches::default();
                assert_eq!(switches.set(switch.name, reading.name), Ok(()));
                assert_eq!(switches.get(switch.name), Some(reading.name));
            }
            assert_eq!(Switches::default().set(switch.name, "?"), Err(NotSet::NoSuchReading));
        }
        assert_eq!(Switches::default().set("teirs", "each"), Err(NotSet::NoSuchSwitch));
    }
}
