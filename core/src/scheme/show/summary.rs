//! A scheme at a glance.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::problem::Lang;
use crate::scheme::{Definition, InputCheck, Level, MissingNumber, Options, RuleKind, SeverityScan};

/// Counts and options of a scheme.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    pub scheme: String,
    pub fingerprint: String,
    pub mdcs: usize,
    pub adrgs: usize,
    pub rules: usize,
    pub ambiguous: usize,
    pub drgs: usize,
    /// Different diagnoses in the tables of the MDCs.
    pub diagnoses: usize,
    /// Procedures that count as an operation.
    pub operations: usize,
    pub mcc: usize,
    pub cc: usize,
    pub exclusion_groups: usize,
    /// Clinical-edition codes with an insurance-edition code: diagnoses, procedures.
    pub mapped: [usize; 2],
    /// DRGs with a weight, and the columns of the table; `None` when the scheme has none.
    pub weights: Option<(usize, Vec<String>)>,
    /// The options in words: Chinese, English.
    pub options: Vec<(String, String)>,
}

#[must_use]
pub fn summary(definition: &Definition) -> Summary {
    let ambiguous = definition.rules.iter().filter(|rule| rule.kind == RuleKind::Ambiguous);
    let adrgs = definition.rules.iter().filter(|rule| rule.kind != RuleKind::Ambiguous);
    let diagnoses = definition.mdcs.iter().flat_map(|mdc| mdc.lists.values().flatten());
    let of_level = |level: Level| definition.cc.iter().filter(|entry| entry.level == level).count();
    let groups = definition.cc.iter().map(|entry| entry.group.as_str()).filter(|group| !group.is_empty());
    let weights = definition.weights.as_ref().map(|table| {
        let weight = table.column("weight");
        let given = table.rows.iter().filter(|row| weight.is_some_and(|at| !row.cells[at].is_empty()));
        (given.count(), table.header.clone())
    });
    Summary {
        scheme: definition.options.name.clone(),
        fingerprint: definition.fingerprint.clone(),
        mdcs: definition.mdcs.len(),
        adrgs: adrgs.map(|rule| rule.adrg.as_str()).collect::<BTreeSet<_>>().len(),
        rules: definition.rules.len(),
        ambiguous: ambiguous.map(|rule| rule.adrg.as_str()).collect::<BTreeSet<_>>().len(),
        drgs: definition.drgs.len(),
        diagnoses: diagnoses.collect::<BTreeSet<_>>().len(),
        operations: definition.valid_procedures.len(),
        mcc: of_level(Level::Mcc),
        cc: of_level(Level::Cc),
        exclusion_groups: groups.collect::<BTreeSet<_>>().len(),
        mapped: [definition.diagnosis_map.len(), definition.procedure_map.len()],
        weights,
        options: in_words(&definition.options).into_iter().map(|(zh, en)| (zh.to_owned(), en.to_owned())).collect(),
    }
}

/// The options of a scheme as sentences, in the order of its table.
#[must_use]
pub fn in_words(options: &Options) -> [(&'static str, &'static str); 6] {
    [
        match options.retry_other_procedures {
            true => (
                "无法入组且有多个手术操作时，逐个以其他手术操作重试",
                "a claim that fits nowhere is tried again with each other procedure as the only one",
            ),
            false => ("只看首个主要手术操作，不重试", "no second try with the other procedures"),
        },
        match options.missing_number {
            MissingNumber::Unknown => {
                ("缺失的数值使比较不成立", "a comparison with a number that is missing does not hold")
            }
            MissingNumber::Zero => ("缺失的数值按 0 计", "a missing number counts as 0"),
        },
        match options.severity_scan {
            SeverityScan::Secondary => ("只有其他诊断计入 CC/MCC", "only secondary diagnoses count as CC/MCC"),
            SeverityScan::All => (
                "主要诊断也计入 CC/MCC（有其他诊断时）",
                "the principal diagnosis counts as CC/MCC too, when there is a secondary one",
            ),
        },
        match options.cc_exclusion {
            true => ("按排除组排除 CC/MCC", "exclusion groups are heeded"),
            false => ("不使用排除组", "exclusion groups are ignored"),
        },
        match options.input_check {
            InputCheck::Full => (
                "校验：性别为 1 或 2，有年龄；0 岁须有天龄，28 天内须有出生体重",
                "checked: sex is 1 or 2, age is given; age in days at age 0, birth weight up to 28 days",
            ),
            InputCheck::SexAndDiagnosis => {
                ("校验：性别为 1 或 2，至少一个诊断", "checked: sex is 1 or 2, there is a diagnosis")
            }
            InputCheck::SexGiven => ("校验：性别不为空", "checked: sex is not empty"),
        },
        match options.invalid_as_zeros {
            true => ("校验不通过时各分组写 0", "a claim that fails the check gets zeros for its groups"),
            false => ("校验不通过时各分组留空", "a claim that fails the check gets empty groups"),
        },
    ]
}

impl Summary {
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        let [map_dx, map_proc] = self.mapped;
        let mut lines = match lang {
            Lang::Zh => vec![
                format!("方案 {}（指纹 {}）", self.scheme, self.fingerprint),
                format!(
                    "  {} 个 MDC，{} 个 ADRG（{} 条规则，含 {} 个歧义组），{} 个 DRG",
                    self.mdcs, self.adrgs, self.rules, self.ambiguous, self.drgs
                ),
                format!("  {} 个 MDC 诊断，{} 个有效手术操作", self.diagnoses, self.operations),
                format!("  {} 个 MCC，{} 个 CC，{} 个排除组", self.mcc, self.cc, self.exclusion_groups),
                format!("  国临版转换：{map_dx} 个诊断，{map_proc} 个手术操作"),
            ],
            Lang::En => vec![
                format!("Scheme {} (fingerprint {})", self.scheme, self.fingerprint),
                format!(
                    "  {} MDCs, {} ADRGs ({} rules, {} ambiguous groups), {} DRGs",
                    self.mdcs, self.adrgs, self.rules, self.ambiguous, self.drgs
                ),
                format!("  {} diagnoses of MDCs, {} procedures count as operations", self.diagnoses, self.operations),
                format!("  {} MCC, {} CC, {} exclusion groups", self.mcc, self.cc, self.exclusion_groups),
                format!("  clinical-edition codes translated: {map_dx} diagnoses, {map_proc} procedures"),
            ],
        };
        lines.push(match (&self.weights, lang) {
            (None, _) => lang.pick("  没有权重表", "  no table of weights").to_owned(),
            (Some((count, columns)), Lang::Zh) => format!("  {count} 个 DRG 有权重（列：{}）", columns.join("、")),
            (Some((count, columns)), Lang::En) => {
                format!("  {count} DRGs have a weight (columns: {})", columns.join(", "))
            }
        });
        lines.push(lang.pick("  选项：", "  Options:").to_owned());
        lines.extend(self.options.iter().map(|(zh, en)| format!("    {}", lang.pick(zh, en))));
        lines.join("\n")
    }
}
