//! A trace as text, in Chinese or English.

use super::nearest::{Change, Neighbour};
use super::steps::{Attempt, Ending, Finding, MdcStep, RuleStep, Trace};
use crate::grouper::{Grouper, Status};
use crate::problem::Lang;

impl Trace {
    /// The trace as indented lines. Names of codes come from the grouper's scheme.
    #[must_use]
    pub fn render(&self, grouper: &Grouper, lang: Lang) -> String {
        let page = Page { trace: self, grouper, lang };
        page.lines().join("\n")
    }
}

struct Page<'a> {
    trace: &'a Trace,
    grouper: &'a Grouper,
    lang: Lang,
}

impl Page<'_> {
    fn lines(&self) -> Vec<String> {
        let trace = self.trace;
        let mut lines = vec![self.headline()];
        lines.extend(trace.translations.iter().map(|change| match &change.to {
            Some(to) => format!("  {} {} → {to}", self.pick("编码转换", "translated"), change.from),
            None => format!("  {} {}", self.pick("编码无法转换：", "cannot be translated:"), change.from),
        }));
        if let Some(field) = trace.refused_for {
            let why =
                self.pick("信息校验不通过，缺少或无效的字段：", "refused by the input check, missing or invalid:");
            lines.push(format!("  {why} {field}"));
        }
        for attempt in &trace.attempts {
            self.attempt(attempt, &mut lines);
        }
        self.severity(&mut lines);
        self.nearest(&mut lines);
        lines
    }

    fn headline(&self) -> String {
        let outcome = &self.trace.outcome;
        let group = match outcome.status {
            Status::Grouped => format!("{} › {} › {} {}", outcome.mdc, outcome.adrg, outcome.drg, self.trace.name),
            status => format!("{} {}", self.pick(status.chinese(), status.code()), outcome.drg),
        };
        format!("{} [{}]: {}", self.trace.setl_id, self.trace.scheme, group.trim_end())
    }

    fn attempt(&self, attempt: &Attempt, lines: &mut Vec<String>) {
        if let Some(code) = &attempt.only_procedure {
            let text = self.pick("再试：只取手术操作", "tried again with the only procedure");
            lines.push(format!("  {text} {}", self.code(code)));
        }
        let (opened, skipped): (Vec<_>, Vec<_>) = attempt.mdcs.iter().partition(|mdc| mdc.opened);
        if !skipped.is_empty() {
            let names: Vec<&str> = skipped.iter().map(|mdc| &*mdc.mdc).collect();
            let text = self.pick("条件不满足的 MDC：", "MDCs whose condition fails: ");
            lines.push(format!("  {text}{}", names.join(" ")));
        }
        for mdc in opened {
            self.mdc(mdc, lines);
        }
    }

    fn mdc(&self, mdc: &MdcStep, lines: &mut Vec<String>) {
        let because = self.because(&mdc.findings);
        lines.push(format!("  ✓ {} {}{because}", mdc.mdc, mdc.name));
        for rule in &mdc.rules {
            self.rule(rule, lines);
        }
        if mdc.rules.iter().all(|rule| matches!(rule.ending, Ending::Failed | Ending::Next)) {
            lines.push(format!(
                "    {}",
                self.pick("没有规则命中，继续下一个 MDC", "no rule is taken; on to the next MDC")
            ));
        }
    }

    fn rule(&self, rule: &RuleStep, lines: &mut Vec<String>) {
        let mark = if rule.holds { "✓" } else { "✗" };
        let because = self.because(&rule.findings);
        lines.push(format!("    {mark} {} {}{because}", rule.adrg, rule.name));
        for drg in &rule.drgs {
            let mark = if drg.holds { "✓" } else { "✗" };
            lines.push(format!("      {mark} {} {}{}", drg.drg, drg.name, self.because(&drg.findings)));
        }
        let ending = match rule.ending {
            Ending::Failed | Ending::Drg => return,
            Ending::BareAdrg => {
                self.pick("无细分组命中，以 ADRG 编码为结果", "no DRG holds: the ADRG code is the result")
            }
            Ending::Ambiguous => self.pick("歧义病案", "ambiguous case"),
            Ending::Next => self.pick("无细分组命中，继续下一条规则", "no DRG holds: on to the next rule"),
        };
        lines.push(format!("      {ending}"));
    }

    fn because(&self, findings: &[Finding]) -> String {
        let finding = |finding: &Finding| {
            let verdict = if finding.passed { "" } else { self.pick("不满足：", "fails: ") };
            let saw: Vec<String> = finding.saw.iter().map(|seen| self.code(seen)).collect();
            let saw = if saw.is_empty() { String::new() } else { format!(" [{}]", saw.join(", ")) };
            format!("{verdict}{}{saw}", finding.test.words(self.lang))
        };
        if findings.is_empty() {
            return String::new();
        }
        let texts: Vec<String> = findings.iter().map(finding).collect();
        format!(" — {}", texts.join(self.pick("；", "; ")))
    }

    fn severity(&self, lines: &mut Vec<String>) {
        if self.trace.severity.is_empty() {
            lines.push(format!("  {}", self.pick("其他诊断中没有 CC 或 MCC", "no secondary diagnosis is a CC or MCC")));
        }
        for step in &self.trace.severity {
            let verdict = if step.excluded {
                let principal = self.trace.diagnoses.first().map_or("", String::as_str);
                let words = self.pick(
                    "被主要诊断 {pdx} 的排除组 {group} 排除",
                    "excluded by group {group} of the principal diagnosis {pdx}",
                );
                words.replace("{pdx}", principal).replace("{group}", &step.group)
            } else {
                self.pick("计入", "counts").to_owned()
            };
            lines.push(format!("  {} {}: {verdict}", step.level, self.code(&step.code)));
        }
    }

    fn nearest(&self, lines: &mut Vec<String>) {
        for neighbour in &self.trace.nearest {
            lines.push(format!("  ~ {} → {}", self.change(neighbour), self.result(neighbour)));
        }
    }

    fn change(&self, neighbour: &Neighbour) -> String {
        let (zh, en) = match neighbour.change {
            Change::Without => ("去掉 {}", "without {}"),
            Change::WithDiagnosis => ("增加其他诊断 {}", "with the further diagnosis {}"),
            Change::WithProcedure => ("增加手术操作 {}", "with the further procedure {}"),
            Change::AsPrincipal => ("以 {} 为主要诊断", "with {} as principal diagnosis"),
            Change::AsMain => ("以 {} 为主要手术操作", "with {} as main procedure"),
        };
        let level = neighbour.level.map(|level| format!(" ({level})")).unwrap_or_default();
        self.pick(zh, en).replace("{}", &format!("{}{level}", self.code(&neighbour.code)))
    }

    fn result(&self, neighbour: &Neighbour) -> String {
        let outcome = &neighbour.outcome;
        match outcome.status {
            Status::Grouped => {
                let drg = self.grouper.definition().drgs.iter().find(|drg| drg.code == outcome.drg);
                format!("{} {}", outcome.drg, drg.map_or("", |drg| drg.name.as_str()))
            }
            status => self.pick(status.chinese(), status.code()).to_owned(),
        }
    }

    /// A code with its name, where the scheme has one.
    fn code(&self, code: &str) -> String {
        let definition = self.grouper.definition();
        let name = definition.diagnosis_names.get(code).or_else(|| definition.procedure_names.get(code));
        name.map_or_else(|| code.to_owned(), |name| format!("{code} {name}"))
    }

    fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(zh, en)
    }
}
