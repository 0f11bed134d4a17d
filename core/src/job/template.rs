//! Workbooks to fill in.

use std::path::Path;

use super::FiscalPacks;
use crate::problem::catalogue::files;
use crate::problem::{Lang, Problem, Problems};
use crate::workbook::{Filled, Form, Template};
use crate::{awards, fiscal};

/// What a workbook is filled in for: a line here and one in [`template`] for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateKind {
    Awards,
    Fiscal,
}

impl TemplateKind {
    /// The pack whose lists it offers when none is named.
    #[must_use]
    pub const fn pack(self) -> &'static str {
        match self {
            TemplateKind::Awards => "bazhong_awards",
            TemplateKind::Fiscal => "bazhong_fiscal",
        }
    }
}

/// The bytes of a workbook to fill in, with the lists of a pack. Equal packs give equal bytes.
///
/// # Errors
/// What is wrong with the pack.
pub fn template(kind: TemplateKind, pack: &Path, filled: Filled, lang: Lang) -> Result<Vec<u8>, Problems> {
    match kind {
        TemplateKind::Awards => award_template(pack, filled, lang),
        TemplateKind::Fiscal => fiscal_template(pack, filled, lang),
    }
}

const AWARD_GUIDE: [[&str; 2]; 5] = [
    [
        "一、在各工作表填写，一行一条；黄色列必填。把鼠标放在表头或单元格上可看填写说明，“示例”表有样例。",
        "1. Fill in the sheets; yellow columns are required. Headings and cells have notes; see the examples.",
    ],
    [
        "二、计算：dianzhi award 本文件.xlsx -o 结果.xlsx    记账：加 --book 账册文件夹 --period 2025",
        "2. Run: dianzhi award THIS.xlsx -o result.xlsx    Into a book: add --book FOLDER --period 2025",
    ],
    [
        "三、填错的单元格会逐一列出（工作表、单元格、原因），改正后重新运行。",
        "3. Every wrong cell is told by sheet and address, with the reason; mend it and run again.",
    ],
    [
        "四、以前年度的事件可以留在表中：账册里已有的不会重复计奖。",
        "4. Events of earlier years may stay: what is in the book is not paid again.",
    ],
    [
        "五、不要改工作表名和表头；不用的表留空即可。请勿填写身份证号等个人敏感信息。",
        "5. Keep the names of sheets and columns; leave unused sheets empty. Enter no identity numbers.",
    ],
];

fn award_template(pack: &Path, filled: Filled, lang: Lang) -> Result<Vec<u8>, Problems> {
    let packs = FiscalPacks::read(pack, &[])?;
    let (policy, _) = awards::compile(&packs.packs)?;
    let forms: Vec<&Form> = awards::forms::FORMS.iter().map(|form| &***form).collect();
    let lists = awards::forms::lists(&policy);
    let guide = AWARD_GUIDE.map(|[zh, en]| lang.pick(zh, en));
    bytes(&Template { title: &policy.title, guide: &guide, forms: &forms, lists: &lists, lang }, filled)
}

const FISCAL_GUIDE: [[&str; 2]; 4] = [
    [
        "一、在“财政账户”表填写，一个政府一年一行，金额单位为元；没有的数留空，不要填 0。",
        "1. Fill in a row a government and year, in yuan; leave empty what is not known, do not enter 0.",
    ],
    [
        "二、逐年增长、逐年下降的底线要与上年比：请同时填写上一年的行。",
        "2. Floors that compare with the year before need its row as well.",
    ],
    [
        "三、计算：dianzhi fiscal 本文件.xlsx -o 结果.xlsx    分三年补足：加 --close-over 3",
        "3. Run: dianzhi fiscal THIS.xlsx -o result.xlsx    Closing the gaps over three years: add --close-over 3",
    ],
    [
        "四、填错的单元格会逐一列出（工作表、单元格、原因），改正后重新运行。",
        "4. Every wrong cell is told by sheet and address, with the reason; mend it and run again.",
    ],
];

fn fiscal_template(pack: &Path, filled: Filled, lang: Lang) -> Result<Vec<u8>, Problems> {
    let packs = FiscalPacks::read(pack, &[])?;
    let (policy, _) = fiscal::compile(&packs.packs)?;
    let (form, lists) = (fiscal::form(&policy), fiscal::lists(&policy));
    let guide = FISCAL_GUIDE.map(|[zh, en]| lang.pick(zh, en));
    bytes(&Template { title: &policy.title, guide: &guide, forms: &[&form], lists: &lists, lang }, filled)
}

fn bytes(template: &Template<'_>, filled: Filled) -> Result<Vec<u8>, Problems> {
    template.to_xlsx(filled).map_err(|error| Problem::new(&files::CANNOT_WRITE).with("reason", error).into())
}
