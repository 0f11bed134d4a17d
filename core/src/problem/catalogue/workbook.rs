//! Workbooks and tables that people fill in.

catalogue! {
    K001 UNKNOWN_SHEET Error {
        zh: "不认识的工作表“{sheet}”；最接近：{closest}；可用：{known}",
        en: "unknown sheet \"{sheet}\"; closest: {closest}; known: {known}",
    }
    K002 UNKNOWN_COLUMN Error {
        zh: "不认识的列“{column}”；最接近：{closest}",
        en: "unknown column \"{column}\"; closest: {closest}",
    }
    K003 COLUMN_TWICE Error { zh: "列“{column}”出现两次", en: "the column \"{column}\" appears twice" }
    K004 MISSING_COLUMN Error { zh: "缺少列“{column}”", en: "the column \"{column}\" is missing" }
    K005 REQUIRED_CELL Error { zh: "必填项为空", en: "this cell must be filled in" }
    K006 BAD_DATE Error {
        zh: "“{value}”不是日期；请写成 2026-03-31",
        en: "\"{value}\" is not a date; write 2026-03-31",
    }
    K007 BAD_MONEY Error {
        zh: "“{value}”不是精确到分的金额（元，最多两位小数）",
        en: "\"{value}\" is not an amount in yuan with at most two decimals",
    }
    K008 BAD_NUMBER Error { zh: "“{value}”不是数", en: "\"{value}\" is not a number" }
    K009 BAD_YEAR Error { zh: "“{value}”不是年度；请写成 2026", en: "\"{value}\" is not a year; write 2026" }
    K010 NOT_IN_LIST Error {
        zh: "“{value}”不在可选项中；最接近：{closest}；可选：{known}",
        en: "\"{value}\" is not one of the choices; closest: {closest}; choices: {known}",
    }
    K011 NEGATIVE Error { zh: "不能为负数：{value}", en: "must not be negative: {value}" }
    K012 CELL_ERROR Error { zh: "单元格的公式出错：{error}", en: "the formula of the cell fails: {error}" }
    K013 NUMBER_AS_SHOWN Warning {
        zh: "存储的数带有浮点尾差，按 Excel 显示的 15 位有效数字读作 {value}",
        en: "the stored number has a floating-point tail; read as {value}, the 15 digits that Excel shows",
    }
    K014 NUMBER_TOO_LONG Error {
        zh: "数的有效位多于 15 位，工作簿无法精确保存（读作 {value}）；请设为文本格式填写",
        en: "the number has more than 15 digits, which a workbook cannot hold ({value}); enter it as text",
    }
    K015 ONE_OF_THESE Error { zh: "须填写其中之一：{fields}", en: "one of these must be filled in: {fields}" }
    K016 TWICE Error {
        zh: "“{value}”重复（首见第 {row} 行）",
        en: "\"{value}\" stands twice (first in row {row})",
    }
    K017 NO_SUCH_ROW Error { zh: "“{value}”不在工作表“{sheet}”中", en: "\"{value}\" is not in the sheet \"{sheet}\"" }
    K018 BAD_LIST Error {
        zh: "“{value}”：几个值请用、或；隔开，数中不要写逗号",
        en: "\"{value}\": divide several values by ; and write no commas in numbers",
    }
    K019 NOT_AS_ABOVE Error {
        zh: "“{value}”与同名第 {row} 行的“{other}”不一致",
        en: "\"{value}\" is not what row {row} of the same name says: \"{other}\"",
    }
    K021 OUT_IS_INPUT Error {
        zh: "结果不能写到输入文件上",
        en: "the result must not be written over an input",
    }
    K022 NO_STORED_VALUE Error {
        zh: "公式没有保存计算结果；请用 Excel 或 WPS 打开并保存一次",
        en: "the formula has no stored value; open the file in a spreadsheet program and save it",
    }
    K023 LARGE_RATE Warning {
        zh: "比率 {value} 即 {percent}%，请核对：5.5% 应写 5.5% 或 0.055",
        en: "the rate {value} is {percent} %, please check: 5.5 % is written 5.5% or 0.055",
    }
    K020 ONE_PACK Error {
        zh: "该模板只用一个政策包，给出了 {count} 个",
        en: "this workbook is made for one policy, {count} were named",
    }
}
