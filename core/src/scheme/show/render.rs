//! Cards as text, in Chinese or English.

use super::cards::{AdrgCard, Card, CodeCard, DrgCard, DrgLine, MdcCard, Named, RuleLine};
use crate::problem::Lang;
use crate::scheme::condition::Kind;

/// Codes of a list that are shown without `all`.
const FEW: usize = 6;

impl Card {
    /// The card as indented lines; with `all`, every code of every list.
    #[must_use]
    pub fn render(&self, lang: Lang, all: bool) -> String {
        let page = Page { lang, all };
        let lines = match self {
            Card::Mdc(card) => page.mdc(card),
            Card::Adrg(card) => page.adrg(card),
            Card::Drg(card) => page.drg(card),
            Card::Code(card) => page.code(card),
        };
        lines.join("\n")
    }
}

struct Page {
    lang: Lang,
    all: bool,
}

impl Page {
    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    fn fact(&self, zh: &'static str, en: &'static str, value: impl std::fmt::Display) -> String {
        format!("  {}{}{value}", self.pick(zh, en), self.pick("：", ": "))
    }

    fn mdc(&self, card: &MdcCard) -> Vec<String> {
        let mut lines = vec![
            format!("{} {}", card.code, card.name),
            self.fact("顺序", "order", card.order),
            self.fact("条件", "condition", card.condition.pick(self.lang)),
        ];
        for (list, codes) in &card.lists {
            lines.push(match self.lang {
                Lang::Zh => format!("  诊断表 {list}：{codes} 个编码"),
                Lang::En => format!("  diagnoses {list}: {codes} codes"),
            });
        }
        lines.push(self.fact("规则（按先后）", "rules, in order", card.rules.len()));
        lines.extend(card.rules.iter().map(|rule| self.rule(rule, true)));
        lines
    }

    /// `adrg:12 medical — 主要诊断属于 D1`, with the ADRG before it where that is not plain.
    fn rule(&self, rule: &RuleLine, with_adrg: bool) -> String {
        let care = match rule.care {
            "surgical" => self.pick("外科手术", "surgical"),
            "procedure" => self.pick("非手术室操作", "procedure"),
            "medical" => self.pick("内科", "medical"),
            _ => self.pick("歧义病案", "ambiguous"),
        };
        let adrg = if with_adrg { format!("{} {} ", rule.adrg, rule.name) } else { String::new() };
        let no_drg = match rule.no_drg {
            Some("adrg") if !with_adrg => {
                self.pick("；无细分组命中时以 ADRG 编码为结果", "; when no DRG holds, the ADRG code is the result")
            }
            Some("next") if !with_adrg => {
                self.pick("；无细分组命中时继续下一条规则", "; when no DRG holds, the next rule is tried")
            }
            _ => "",
        };
        format!("    {adrg}[adrg:{}, {care}] {}{no_drg}", rule.row, rule.condition.pick(self.lang))
    }

    fn adrg(&self, card: &AdrgCard) -> Vec<String> {
        let mut lines = vec![
            format!("{} {}", card.code, card.name),
            self.fact("MDC", "MDC", named(&card.mdc)),
            format!("  {}", self.pick("规则：", "rules:")),
        ];
        lines.extend(card.rules.iter().map(|rule| self.rule(rule, false)));
        for list in &card.lists {
            let count = list.codes.len();
            lines.push(match self.lang {
                Lang::Zh => format!("  列表 {}：{count} 个编码", list.list),
                Lang::En => format!("  list {}: {count} codes", list.list),
            });
            let shown = if self.all { count } else { count.min(FEW) };
            lines.extend(list.codes[..shown].iter().map(|code| format!("    {}", named(code))));
            lines.extend(self.more(count - shown));
        }
        lines.push(format!("  {}", self.pick("DRG（按先后）：", "DRGs, in order:")));
        lines.extend(card.drgs.iter().map(|drg| self.drg_line(drg)));
        lines
    }

    fn more(&self, count: usize) -> Option<String> {
        (count > 0).then(|| match self.lang {
            Lang::Zh => format!("    …… 另有 {count} 个（--all 全部列出）"),
            Lang::En => format!("    … {count} more (--all lists them)"),
        })
    }

    fn drg_line(&self, drg: &DrgLine) -> String {
        let weights: Vec<String> = drg.weights.iter().map(|(head, value)| format!("{head} {value}")).collect();
        let weights = if weights.is_empty() { String::new() } else { format!(" [{}]", weights.join(", ")) };
        format!("    {} {} — {}{weights}", drg.code, drg.name, drg.condition.pick(self.lang))
    }

    fn drg(&self, card: &DrgCard) -> Vec<String> {
        let drg = &card.drg;
        let mut lines = vec![
            format!("{} {}", drg.code, drg.name),
            self.fact("ADRG", "ADRG", named(&card.adrg)),
            self.fact("MDC", "MDC", named(&card.mdc)),
        ];
        lines.push(format!("  {}", self.pick("ADRG 的规则：", "rules of the ADRG:")));
        lines.extend(card.rules.iter().map(|rule| self.rule(rule, false)));
        lines.push(self.fact("条件", "condition", drg.condition.pick(self.lang)));
        if !card.earlier.is_empty() {
            lines.push(format!("  {}", self.pick("先于它的 DRG：", "DRGs tried before it:")));
            lines.extend(card.earlier.iter().map(|drg| self.drg_line(drg)));
        }
        lines.extend(drg.weights.iter().map(|(head, value)| format!("  {head}{}{value}", self.pick("：", ": "))));
        if drg.weights.is_empty() {
            lines.push(format!("  {}", self.pick("方案没有它的权重", "the scheme gives it no weight")));
        }
        lines
    }

    fn code(&self, card: &CodeCard) -> Vec<String> {
        let kind = match card.of {
            Kind::Diagnosis => self.pick("诊断", "diagnosis"),
            Kind::Procedure => self.pick("手术操作", "procedure"),
        };
        let name = if card.name.is_empty() { self.pick("（名称表中没有）", "(no name)") } else { &card.name };
        let mut lines = vec![format!("{} {name} [{kind}]", card.code)];
        if let Some(clinical) = &card.translated_from {
            lines.push(self.fact("由国临版编码转换", "translated from the clinical edition", clinical));
        }
        if !card.clinical.is_empty() {
            lines.push(self.fact("对应的国临版编码", "clinical-edition codes", card.clinical.join(" ")));
        }
        if let Some(valid) = card.valid {
            lines.push(match valid {
                true => format!("  {}", self.pick("属于有效手术操作（VALID）", "counts as an operation (VALID)")),
                false => format!("  {}", self.pick("不属于有效手术操作", "does not count as an operation")),
            });
        }
        lines.extend(card.mdcs.iter().map(|(mdc, list)| {
            let of = format!("{}{}", named(mdc), if list == "D" { String::new() } else { format!(" [{list}]") });
            self.fact("MDC 诊断表", "in the diagnoses of", of)
        }));
        self.severity(card, &mut lines);
        if card.uses.is_empty() {
            lines.push(format!("  {}", self.pick("没有规则按列表引用它", "no rule asks for it by a list")));
        } else {
            lines.push(format!("  {}", self.pick("引用它的规则：", "asked for by:")));
        }
        lines.extend(card.uses.iter().map(|asked| {
            let list = asked.list.as_ref().map_or_else(String::new, |list| format!(" {list}"));
            let of = named(&asked.of);
            format!("    {of}{list} [{}:{}] {}", asked.table, asked.row, asked.condition.pick(self.lang))
        }));
        lines
    }

    fn severity(&self, card: &CodeCard, lines: &mut Vec<String>) {
        if card.of == Kind::Procedure {
            return;
        }
        if card.severity.is_empty() {
            lines.push(format!("  {}", self.pick("不是 CC/MCC", "neither CC nor MCC")));
        }
        for line in &card.severity {
            let (level, group, count) = (line.level, &line.group, line.excluded_by);
            lines.push(match (group.is_empty(), self.lang) {
                (true, Lang::Zh) => format!("  {level}，没有排除组"),
                (true, Lang::En) => format!("  {level}, in no exclusion group"),
                (false, Lang::Zh) => format!("  {level}，排除组 {group}：{count} 个主要诊断将其排除"),
                (false, Lang::En) => {
                    format!("  {level}, exclusion group {group}: {count} principal diagnoses exclude it")
                }
            });
        }
        let has_groups = !card.severity.is_empty() || !card.excludes.is_empty();
        if has_groups && !card.exclusions_heeded {
            lines.push(format!("  {}", self.pick("本方案不使用排除组", "this scheme ignores exclusion groups")));
        }
        lines.extend(card.excludes.iter().map(|(group, count)| match self.lang {
            Lang::Zh => format!("  作为主要诊断，排除第 {group} 组的 {count} 个 CC/MCC"),
            Lang::En => format!("  as principal diagnosis it excludes the {count} CC/MCC of group {group}"),
        }));
    }
}

fn named(named: &Named) -> String {
    format!("{} {}", named.code, named.name).trim_end().to_owned()
}
