//! One stay given field by field, such as a person types it.

use std::borrow::Cow;

use super::clean::{Style, clean};
use super::columns::{Sex, Stays, UNKNOWN};
use super::fields::{Field, Shape};
use crate::text::TextList;

/// What is given for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    Nothing,
    Text(String),
    Whole(i64),
    Texts(Vec<String>),
}

/// The stay, when every field is written as tables write it. `None`: something must be cleaned or is wrong, which
/// reading it as a table of one row does and tells. Fields that grouping does not need are passed by.
#[must_use]
pub fn plain_stay(fields: &[(&str, Given)]) -> Option<Stays> {
    let known: Vec<(Field, &Given)> =
        fields.iter().map(|(name, given)| Some((Field::of_name(name)?, given))).collect::<Option<_>>()?;
    let given = |field: Field| known.iter().find(|(own, _)| *own == field).map_or(&Given::Nothing, |(_, given)| given);
    let whole = |field: Field| whole(field, given(field));
    let text = |field: Field| text(given(field));
    if Field::NEEDED_TO_GROUP.iter().any(|field| !known.iter().any(|(own, _)| own == field))
        || *given(Field::VentUsedDura) != Given::Nothing
    {
        return None;
    }
    let mut stays = Stays::default();
    stays.setl_id.push(&text(Field::SetlId).filter(|id| !id.is_empty())?);
    stays.sex.push(match &*text(Field::Gend)? {
        "" => Sex::NotGiven,
        "1" => Sex::Male,
        "2" => Sex::Female,
        _ => return None,
    });
    stays.age_years.push(whole(Field::Age)?);
    stays.age_days.push(whole(Field::NwbAge)?);
    stays.birth_weight_g.push(whole(Field::NwbBirWt)?);
    stays.admission_weight_g.push(whole(Field::NwbAdmWt)?);
    stays.los_days.push(whole(Field::ActIptDays)?);
    stays.department.push(&text(Field::DscgCaty)?);
    stays.discharge_way.push(&text(Field::DscgWay)?);
    stays.med_type.push(&text(Field::MedType)?);
    stays.icu.push(match &*text(Field::Icu)? {
        "" => UNKNOWN,
        "0" => 0,
        "1" => 1,
        _ => return None,
    });
    stays.icu_hours.push(whole(Field::IcuHours)?);
    stays.vent_hours.push(whole(Field::VentHours)?);
    codes(given(Field::DiagCodes), &mut stays.diagnoses)?;
    codes(given(Field::OprnCodes), &mut stays.procedures)?;
    Some(stays)
}

fn whole(field: Field, given: &Given) -> Option<i32> {
    let Shape::Whole(min, max) = field.shape() else { return None };
    match given {
        Given::Nothing => Some(UNKNOWN),
        Given::Whole(number) => i32::try_from(*number).ok().filter(|number| (min..=max).contains(number)),
        _ => None,
    }
}

fn text(given: &Given) -> Option<Cow<'_, str>> {
    match given {
        Given::Nothing => Some("".into()),
        Given::Whole(number) => Some(number.to_string().into()),
        Given::Text(text) => text.bytes().all(|b| b.is_ascii_graphic()).then_some(text.into()),
        Given::Texts(_) => None,
    }
}

/// Codes in the usual case, one by one or joined by `|`.
fn codes(given: &Given, to: &mut TextList) -> Option<()> {
    let plain = |code: &str| {
        let whole = !code.is_empty() && code.is_ascii() && !code.contains([',', ';', '|']);
        whole && matches!(clean(code, Style::Code), Cow::Borrowed(_))
    };
    let mut take = |code: &str| plain(code).then(|| to.push_item(code));
    match given {
        Given::Nothing => {}
        Given::Text(text) if text.is_empty() => {}
        Given::Text(text) => text.split('|').try_for_each(&mut take)?,
        Given::Texts(codes) => codes.iter().try_for_each(|code| take(code))?,
        Given::Whole(_) => return None,
    }
    to.end_row();
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Given {
        Given::Text(text.to_owned())
    }

    fn stay(more: &[(&'static str, Given)]) -> Option<Stays> {
        let mut fields =
            vec![("setl_id", given("S1")), ("gend", Given::Whole(2)), ("diag_codes", given("I21.000|J18.900"))];
        for (name, value) in more {
            fields.retain(|(own, _)| own != name);
            fields.push((name, value.clone()));
        }
        plain_stay(&fields)
    }

    #[test]
    fn plain_fields_are_taken() {
        let codes = Given::Texts(vec!["A18.100x018+N51.8*".to_owned()]);
        let stays = stay(&[("age", Given::Whole(63)), ("oprn_codes", codes), ("psn_no", given("ｘ"))]).unwrap();
        assert_eq!((stays.sex[0], stays.age_years[0], stays.icu[0]), (Sex::Female, 63, UNKNOWN));
        assert_eq!(stays.diagnoses.get(0).collect::<Vec<_>>(), ["I21.000", "J18.900"]);
        assert_eq!(stays.procedures.get(0).collect::<Vec<_>>(), ["A18.100x018+N51.8*"]);
    }

    #[test]
    fn what_must_be_cleaned_or_is_wrong_is_left_to_the_reader_of_tables() {
        for (name, value) in [
            ("gend", Given::Whole(9)),
            ("gend", given("男")),
            ("age", Given::Whole(131)),
            ("age", given("63")),
            ("icu", given("yes")),
            ("setl_id", given("")),
            ("setl_id", given(" S1")),
            ("vent_used_dura", given("1/2/3")),
            ("diag_codes", given("i21.000")),
            ("diag_codes", given("I21.000,J18.900")),
            ("diag_codes", given("|I21.000")),
            ("diag_codes", Given::Texts(vec!["I21.000 ".to_owned()])),
            ("no_such_field", Given::Nothing),
        ] {
            assert!(stay(&[(name, value.clone())]).is_none(), "{name} {value:?}");
        }
        assert!(plain_stay(&[("setl_id", given("S1")), ("gend", Given::Whole(1))]).is_none(), "no diagnoses");
    }
}
