//! One description of each rule kind, from which the reader, the JSON Schema and the parameter tables of the
//! documentation come.

mod context;
mod macros;
mod scalars;
mod shape;
mod table;

pub use context::{Context, check_keys};
pub(crate) use macros::{choice, default_of, families, family, field_type, need_of, read_field, record};
pub use scalars::{Digits, Factor, Points, Price, Share, SignedYuan, Text, Whole, Yuan};
pub use shape::{Choice, Count, FamilySpec, Field, KindSpec, Need, Shape, Words};
pub use table::{Codes, FreeRows, Rows, RowsOf, row_name};

use super::RuleNo;
use super::node::Node;

/// A type that a parameter can have.
pub trait Param: Sized {
    /// What may be written, for the schema and the documentation.
    const SHAPE: &'static Shape;
    /// Reads the value, or tells why not.
    fn read(node: &Node, context: &mut Context<'_>) -> Option<Self>;
}

/// A family of rules: the choices a policy makes at one point of the way.
pub trait Family: Sized {
    const SPEC: &'static FamilySpec;
    /// Reads the parameters of a rule of `kind`, or tells why not.
    fn read(kind: &'static KindSpec, node: &Node, context: &mut Context<'_>) -> Option<Self>;
}

/// The rules of a pack, by family: what `families!` declares.
pub trait RuleSet: Default {
    const FAMILIES: &'static [&'static FamilySpec];
    /// Reads a rule of `kind` into its family.
    fn read(&mut self, kind: &'static KindSpec, rule: RuleNo, node: &Node, context: &mut Context<'_>);
    /// The rules of each family, for counting.
    fn numbers(&self) -> Vec<(&'static FamilySpec, Vec<RuleNo>)>;
}
