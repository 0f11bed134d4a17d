//! Coefficients of institutions. All rules of the family multiply; f is their product.

use std::collections::BTreeMap;

use crate::policy::spec::{Codes, Factor, Rows, Text, family, record};

record! {
    /// A coefficient of one group at one institution.
    DrgInstitutionRow key "drg", "fixmedins_code" {
        drg: Text [required], "病组", "group";
        fixmedins_code: Text [required], "定点机构编码", "institution";
        coefficient: Factor [required], "系数", "coefficient";
        note: Text [optional], "备注", "note";
    }
}

family! {
    /// A factor of f.
    Coefficient = "coefficient", Any, "系数（各条相乘）", "coefficients (multiplied together)";
    Level = "level", "先查“病组×等级”列，再查等级系数，再取默认值；都没有则报错",
        "the group's column for the level, else the level's coefficient, else the default; none of them is an error",
        "f = column[drg, level] or levels[level] or default" {
        columns: BTreeMap<String, String> [optional], "等级 → 权重表中的系数列", "level → coefficient column of the weight table";
        levels: BTreeMap<String, Factor> [optional], "等级 → 系数", "level → coefficient";
        default: Factor [optional], "其余情形的系数；不写则未知等级报错", "for all others; without it an unknown level is an error";
    }
    Institution = "institution", "机构名录中的机构系数", "the institution's own coefficient in the register",
        "f = register[institution]" {
        default: Factor [optional], "名录中空白时的系数；不写则报错", "where the register is blank; without it that is an error";
    }
    DrgInstitution = "drg_institution", "病组×机构系数（成本系数）", "group × institution (cost coefficient)",
        "f = table[drg, institution]" {
        table: Rows<DrgInstitutionRow> [required], "系数表", "the table";
        default: Factor [optional],
            "表中没有时的系数（如新病组为 1）；不写则报错",
            "where the table has none (1 for new groups, say); without it that is an error";
    }
    Fixed = "fixed", "统一系数", "one factor for all", "f = value" {
        value: Factor [required], "系数", "the factor";
    }
}

family! {
    /// Groups paid alike everywhere: f = 1.
    SamePrice = "same_price", Any, "同病同价（基层病种）", "same price (primary-care groups)";
    Groups = "groups", "所列病组的系数一律为 1", "every coefficient of the listed groups is 1", "f = 1" {
        drgs: Codes [required], "病组，或首列为病组的 CSV 文件", "groups, or a CSV file with them in its first column";
        levels: Vec<String> [optional], "只对这些等级的机构", "only at institutions of these levels";
    }
}
