//! The head of a pack: who made it, for where and when.

use std::sync::Arc;

use chrono::NaiveDate;

use super::Pack;
use crate::policy::node::{Keys, Node};
use crate::policy::spec::{Context, Param, Text, choice, record};
use crate::problem::Problems;
use crate::problem::catalogue::policy as p;

choice! {
    /// Whether a pack is law.
    Status {
        InForce = "in_force", "现行有效", "in force";
        Draft = "draft", "草案；结果均为模拟", "a draft; every result is a simulation";
    }
}

choice! {
    /// Which money a pack is about.
    Money {
        Insurance = "insurance", "医保基金", "insurance money";
        Fiscal = "fiscal", "财政资金（奖补、投入底线）", "fiscal money: awards and floors";
    }
}

record! {
    /// A document that rules cite.
    Source key "id" {
        id: Text [required], "规则引用的名字", "the name by which rules cite it";
        document: Text [required], "文件名称", "title of the document";
        number: Text [optional], "文号", "its number";
        date: NaiveDate [optional], "日期", "its date";
        note: Text [optional], "备注", "note";
    }
}

record! {
    /// The keys of a pack above its rules.
    Header {
        id: Text [required], "唯一标识", "unique id";
        title: Text [required], "名称", "title";
        place: Text [optional], "地区；没有地区的包只能被继承", "place; a pack without one can only be extended";
        valid_from: NaiveDate [optional], "有效期起（含），按出院日期", "valid from (inclusive), by discharge date";
        valid_to: NaiveDate [optional], "有效期止（含）；不写为长期", "valid to (inclusive); open without it";
        money: Money [= "insurance"], "资金性质；医保与财政规则不得同包", "the money it is about; rules of both never share a pack";
        status: Status [= "draft"], "状态", "status";
        extends: Text [optional], "所继承的包的 id", "id of the pack it extends";
        note: Text [optional], "备注", "note";
        source: Vec<Source> [optional], "来源文件", "documents";
    }
}

/// Splits a parsed file into header and rules.
pub(super) fn read(name: &str, root: &Node, problems: &mut Problems) -> Option<Pack> {
    let mut context = Context::new(problems, "");
    let rules = match root.as_table()?.get("rules") {
        Some(node) if node.as_table().is_none() => {
            return context.within("rules", |context| context.wrong_type(node, "table"));
        }
        _ => rules(root),
    };
    let header = read_header(root, &mut context)?;
    Some(Pack { header, rules, file: name.into() })
}

/// The rules of a parsed file; none where it has none.
pub(super) fn rules(root: &Node) -> Keys {
    let rules = root.as_table().and_then(|keys| keys.get("rules")).and_then(Node::as_table);
    rules.cloned().unwrap_or_default()
}

/// A header for a file that has none to read, so that its rules can be looked at all the same.
pub(super) fn unread(name: &str) -> Header {
    Header {
        id: name.to_owned(),
        title: name.to_owned(),
        place: None,
        valid_from: None,
        valid_to: None,
        money: Money::Insurance,
        status: Status::Draft,
        extends: None,
        note: None,
        source: None,
    }
}

/// The documents of a parsed file that can be read.
pub(super) fn sources(root: &Node) -> Vec<Source> {
    let mut untold = Problems::new();
    let mut context = Context::new(&mut untold, "");
    let listed = root.as_table().and_then(|keys| keys.get("source")).and_then(Node::as_list).unwrap_or_default();
    listed.iter().filter_map(|node| Source::read(node, &mut context)).collect()
}

fn read_header(root: &Node, context: &mut Context<'_>) -> Option<Header> {
    let mut head = root.as_table()?.clone();
    head.remove("rules");
    let head = Node { raw: super::node::Raw::Table(Arc::new(head)), origin: root.origin.clone() };
    let header = Header::read(&head, context)?;
    if let (Some(from), Some(to)) = (header.valid_from, header.valid_to)
        && to < from
    {
        let problem = crate::problem::Problem::new(&p::DATES_REVERSED).with("from", from).with("to", to);
        return context.refuse(&root.origin, problem);
    }
    if header.place.is_some() && header.valid_from.is_none() {
        let problem = crate::problem::Problem::new(&p::NEEDS).with("what", "place").with("needs", "valid_from");
        return context.refuse(&root.origin, problem);
    }
    Some(header)
}
