//! A month settled in parts.

catalogue! {
    N001 NEEDS_MEANS Error {
        zh: "规则 {rule} 用全部病例的例均费用：先对每一批病例求和（measure），把和交给 price",
        en: "rule {rule} takes the mean cost of all cases: first measure every batch, and give the sums to price",
    }
    N002 NEEDS_PERSONS Error {
        zh: "规则 {rule} 要看同一人的全部住院：同一人的病例须在同一批，并以 persons_together 声明",
        en: "rule {rule} looks at all stays of a person: keep a person's claims in one batch, and say persons_together",
    }
    N003 NOT_CONSERVED Error {
        zh: "各批之和不守恒：{what} 应为 {expected}，实为 {found}；有批次丢失或重复",
        en: "the sums of batches do not add up: {what} is {found}, not {expected}; a batch was lost or counted twice",
    }
    N004 OTHER_ENGINE Error {
        zh: "规则包由 dianzhi {found} 制作，此处是 {own}；各机器须装同一版本",
        en: "the rules were packed by dianzhi {found}, this is {own}: all machines need the same version",
    }
    N005 NOT_A_KIT Error { zh: "不是 dianzhi 的规则包：{reason}", en: "not the packed rules of dianzhi: {reason}" }
    N006 OWN_PERIOD_ONLY Warning {
        zh: "规则 {rule} 也看以前各月的住院；分批结算只看 {period} 本期的病例",
        en: "rule {rule} also looks at stays of earlier months; settling in batches sees those of {period} only",
    }
}
