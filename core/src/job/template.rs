//! Workbooks to fill in.

use std::path::{Path, PathBuf};

use super::{FiscalPacks, PackFiles, Scheme};
use crate::awards::forms::FORMS;
use crate::policy::{Bundle, open};
use crate::problem::catalogue::{files, workbook as w};
use crate::problem::{Lang, Problem, Problems};
use crate::scenario::sheets;
use crate::scheme::DEMO;
use crate::workbook::Reference;
use crate::workbook::{Filled, Form, Template};
use crate::{awards, fiscal};

/// What a workbook is filled in for: a line here and one in [`template`] for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateKind {
    Awards,
    Fiscal,
    Scenario,
}

impl TemplateKind {
    /// The packs whose lists it offers when none is named.
    #[must_use]
    pub const fn packs(self) -> &'static [&'static str] {
        match self {
            TemplateKind::Awards => &["bazhong_awards"],
            TemplateKind::Fiscal => &["bazhong_fiscal"],
            TemplateKind::Scenario => &[DEMO, "bazhong_awards", "bazhong_fiscal"],
        }
    }
}

/// The bytes of a workbook to fill in, with the lists of packs: of one, or for scenarios of as many as there are. Equal
/// packs give equal bytes.
///
/// # Errors
/// What is wrong with the packs.
pub fn template(kind: TemplateKind, packs: &[PathBuf], filled: Filled, lang: Lang) -> Result<Vec<u8>, Problems> {
    let known = kind.packs().iter().map(PathBuf::from).collect::<Vec<_>>();
    let packs = if packs.is_empty() { &known } else { packs };
    let one = || match packs {
        [pack] => Ok(pack.as_path()),
        _ => Err(Problems::from(Problem::new(&w::ONE_PACK).with("count", packs.len()))),
    };
    match kind {
        TemplateKind::Awards => award_template(one()?, filled, lang),
        TemplateKind::Fiscal => fiscal_template(one()?, filled, lang),
        TemplateKind::Scenario => scenario_template(packs, filled, lang),
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
    bytes(
        &Template { title: &policy.title, guide: &guide, forms: &forms, lists: &lists, reference: None, lang },
        filled,
    )
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
    bytes(
        &Template { title: &policy.title, guide: &guide, forms: &[&form], lists: &lists, reference: None, lang },
        filled,
    )
}

const SCENARIO_GUIDE: [[&str; 2]; 6] = [
    [
        "一、在“基线”表写明与什么相比：已结算的账册与期间，或分组方案、政策包与病例；财政奖补与投入底线各写政策包和填报表。",
        "1. The sheet baseline says what is compared with: a settled book and a period, or scheme, policy and claims.",
    ],
    [
        "二、在“情景”表一行写一个参数的变动：参数从下拉列表选，“参数”表列有路径、现值和取值范围；同名的行是同一个情景。",
        "2. A row of the sheet scenarios changes a parameter; choose it from the list, the sheet Parameters has all.",
    ],
    [
        "三、增加或去掉事件、到位资金等写在“新增…”“删除行”表；其他填报表可另建工作表，名为“新增”加表名，列与该表相同。",
        "3. Rows to add or to leave out have sheets of their own; for other forms make a sheet named add and its name.",
    ],
    [
        "四、网格、敏感性、抽样、目标求解、多年预测各有一张表，不用的留空。",
        "4. Grids, sensitivities, draws, goals and projections have a sheet each; leave empty what is not needed.",
    ],
    [
        "五、计算：dianzhi scenario run 本文件.xlsx -o 结果.xlsx    只检查：dianzhi scenario check 本文件.xlsx",
        "5. Run: dianzhi scenario run THIS.xlsx -o result.xlsx    Only check: dianzhi scenario check THIS.xlsx",
    ],
    [
        "六、填错的单元格会逐一列出（工作表、单元格、原因），改正后重新运行。不要改工作表名和表头。",
        "6. Every wrong cell is told by sheet and address, with the reason. Keep the names of sheets and columns.",
    ],
];

fn scenario_template(packs: &[PathBuf], filled: Filled, lang: Lang) -> Result<Vec<u8>, Problems> {
    let bundles = packs.iter().map(|pack| bundle(pack)).collect::<Result<Vec<Bundle>, Problems>>()?;
    let mut lists = sheets::lists();
    // The choices of the columns of events: those of a pack that has award rules.
    for fiscal in bundles.iter().filter_map(|bundle| bundle.fiscal(&[]).ok()) {
        let policy = if fiscal.is_empty() { None } else { awards::compile(&fiscal).ok() };
        if let Some((policy, _)) = policy.filter(|(policy, _)| !policy.rules.is_empty()) {
            lists.0.extend(awards::forms::lists(&policy).0);
        }
    }
    let added: Vec<&Form> =
        FORMS.iter().map(|form| &***form).filter(|form| sheets::ADDED.contains(&&*form.key)).collect();
    let forms = sheets::forms(&added);
    let forms: Vec<&Form> = forms.iter().collect();
    let title = lang.pick("政策测算", "Scenarios");
    let guide = SCENARIO_GUIDE.map(|[zh, en]| lang.pick(zh, en));
    let reference = reference(&bundles, lang);
    let template = Template { title, guide: &guide, forms: &forms, lists: &lists, reference: Some(&reference), lang };
    bytes(&template, filled)
}

/// A pack of either money; the tables of the demonstration scheme stand for those of a scheme.
fn bundle(pack: &Path) -> Result<Bundle, Problems> {
    let (scheme, _) = Scheme::read(Path::new(DEMO))?;
    let files = PackFiles::find(pack, Some(&scheme.source))?;
    open(&files.packs, &files)
}

/// Every parameter with its value: `label｜path`, as the drop-down list offers it.
fn reference(bundles: &[Bundle], lang: Lang) -> Reference {
    let rows = bundles.iter().flat_map(Bundle::parameters).map(|one| {
        let label = format!("{}｜{}", lang.pick(&one.zh, &one.en), one.path);
        vec![label, one.value.clone(), lang.pick(&one.may_be.0, &one.may_be.1).to_owned(), one.rests_on]
    });
    let heads = [("参数（名称｜路径）", "Parameter"), ("现值", "Value"), ("取值", "May be"), ("依据", "Rests on")];
    Reference {
        list: "parameters",
        name: lang.pick("参数", "Parameters").to_owned(),
        heads: heads.map(|(zh, en)| lang.pick(zh, en).to_owned()).to_vec(),
        rows: rows.collect(),
    }
}

fn bytes(template: &Template<'_>, filled: Filled) -> Result<Vec<u8>, Problems> {
    template.to_xlsx(filled).map_err(|error| Problem::new(&files::CANNOT_WRITE).with("reason", error).into())
}
