//! The declarations from which types, readers, schema and documentation come.
//!
//! A field is written `name: Type [required|optional|= "TOML"], "中文", "English";`.

/// Declares an enum of words: `Variant = "word", "中文", "English";`, or the words of an enum that exists (`for T`).
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $value:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($variant),+ }
        $crate::policy::spec::choice! { for $name { $($variant = $value, $zh, $en;)+ } }
    };
    (for $name:ident { $($variant:ident = $value:literal, $zh:literal, $en:literal;)+ }) => {
        impl $crate::policy::spec::Param for $name {
            const SHAPE: &'static $crate::policy::spec::Shape = &$crate::policy::spec::Shape::Choice(&[$(
                $crate::policy::spec::Choice {
                    value: $value,
                    words: $crate::policy::spec::Words { zh: $zh, en: $en },
                },
            )+]);
            fn read(
                node: &$crate::policy::node::Node,
                context: &mut $crate::policy::spec::Context<'_>,
            ) -> Option<$name> {
                match node.as_text() {
                    $(Some($value) => Some($name::$variant),)+
                    Some(other) => context.unknown(
                        &node.origin,
                        &$crate::problem::catalogue::policy::UNKNOWN_CHOICE,
                        "value",
                        other,
                        &[$($value),+],
                    ),
                    None => context.wrong_type(node, "text"),
                }
            }
        }
    };
}

macro_rules! field_type {
    ($type:ty, optional) => { Option<$type> };
    ($type:ty, $($need:tt)+) => { $type };
}

macro_rules! need_of {
    (required) => {
        $crate::policy::spec::Need::Required
    };
    (optional) => {
        $crate::policy::spec::Need::Optional
    };
    (= $default:literal) => {
        $crate::policy::spec::Need::Default($default)
    };
}

/// The value of an absent key: outer `None` when that is a problem (told already by `check_keys`).
macro_rules! default_of {
    ($type:ty, $context:ident, required) => {
        None::<$type>
    };
    ($type:ty, $context:ident, optional) => {
        Some(None::<$type>)
    };
    ($type:ty, $context:ident, = $default:literal) => {
        <$type as $crate::policy::spec::Param>::read(&$crate::policy::node::parse_value($default, "default"), $context)
    };
}

macro_rules! read_field {
    ($keys:ident, $context:ident, $name:expr, $type:ty, optional) => {
        match $keys.get($name) {
            Some(node) => $context
                .within($name, |context| <$type as $crate::policy::spec::Param>::read(node, context))
                .map(Some),
            None => Some(None::<$type>),
        }
    };
    ($keys:ident, $context:ident, $name:expr, $type:ty, $($need:tt)+) => {
        match $keys.get($name) {
            Some(node) => $context
                .within($name, |context| <$type as $crate::policy::spec::Param>::read(node, context)),
            None => $crate::policy::spec::default_of!($type, $context, $($need)+),
        }
    };
}

/// Declares a table with fixed keys, or (with `key "column", …`) a row of a CSV table.
macro_rules! record {
    (
        $(#[$doc:meta])* $name:ident $(key $($key:literal),+)? {
            $($field:ident : $type:ty [ $($need:tt)+ ], $zh:literal, $en:literal;)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $(#[doc = $en] pub $field: $crate::policy::spec::field_type!($type, $($need)+),)+
        }
        impl $name {
            pub const FIELDS: &'static [$crate::policy::spec::Field] = &[$(
                $crate::policy::spec::Field {
                    name: stringify!($field),
                    shape: <$type as $crate::policy::spec::Param>::SHAPE,
                    need: $crate::policy::spec::need_of!($($need)+),
                    words: $crate::policy::spec::Words { zh: $zh, en: $en },
                },
            )+];
        }
        impl $crate::policy::spec::Param for $name {
            const SHAPE: &'static $crate::policy::spec::Shape = &$crate::policy::spec::Shape::Record($name::FIELDS);
            fn read(
                node: &$crate::policy::node::Node,
                context: &mut $crate::policy::spec::Context<'_>,
            ) -> Option<$name> {
                let Some(keys) = node.as_table() else {
                    return context.wrong_type(node, "table");
                };
                $crate::policy::spec::check_keys(keys, &node.origin, $name::FIELDS, &[], context);
                $(let $field = $crate::policy::spec::read_field!(
                    keys, context, stringify!($field), $type, $($need)+);)+
                Some($name { $($field: $field?),+ })
            }
        }
        $(impl $crate::policy::spec::RowsOf for $name { const KEY: &'static [&'static str] = &[$($key),+]; })?
    };
}

/// Declares a family of rules as an enum, a variant a kind.
macro_rules! family {
    (
        $(#[$doc:meta])* $name:ident = $family:literal, $count:ident, $fzh:literal, $fen:literal;
        $(
            $variant:ident = $kind:literal, $kzh:literal, $ken:literal, $formula:literal {
                $($field:ident : $type:ty [ $($need:tt)+ ], $zh:literal, $en:literal;)*
            }
        )+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $(
                #[doc = $ken]
                $variant { $(#[doc = $en] $field: $crate::policy::spec::field_type!($type, $($need)+),)* },
            )+
        }
        impl $crate::policy::spec::Family for $name {
            const SPEC: &'static $crate::policy::spec::FamilySpec = &$crate::policy::spec::FamilySpec {
                family: $family,
                count: $crate::policy::spec::Count::$count,
                words: $crate::policy::spec::Words { zh: $fzh, en: $fen },
                kinds: &[$(
                    $crate::policy::spec::KindSpec {
                        kind: concat!($family, ".", $kind),
                        words: $crate::policy::spec::Words { zh: $kzh, en: $ken },
                        formula: $formula,
                        fields: &[$(
                            $crate::policy::spec::Field {
                                name: stringify!($field),
                                shape: <$type as $crate::policy::spec::Param>::SHAPE,
                                need: $crate::policy::spec::need_of!($($need)+),
                                words: $crate::policy::spec::Words { zh: $zh, en: $en },
                            },
                        )*],
                    },
                )+],
            };
            #[allow(unused_variables, clippy::allow_attributes, reason = "a kind without parameters reads none")]
            fn read(
                kind: &'static $crate::policy::spec::KindSpec,
                node: &$crate::policy::node::Node,
                context: &mut $crate::policy::spec::Context<'_>,
            ) -> Option<$name> {
                let keys = node.as_table()?;
                match kind.kind.strip_prefix(concat!($family, "."))? {
                    $($kind => {
                        $(let $field = $crate::policy::spec::read_field!(
                            keys, context, stringify!($field), $type, $($need)+);)*
                        Some($name::$variant { $($field: $field?),* })
                    })+
                    _ => None,
                }
            }
        }
    };
}

/// Declares all families, and the book that holds the rules of a pack by family.
macro_rules! families {
    ($($field:ident : $type:ty),+ $(,)?) => {
        /// The rules of a pack, by family.
        #[derive(Clone, Debug, Default)]
        pub struct RuleBook { $(pub $field: Vec<$crate::policy::Ruled<$type>>,)+ }
        /// Every family there is.
        pub static FAMILIES: &[&$crate::policy::spec::FamilySpec] =
            &[$(<$type as $crate::policy::spec::Family>::SPEC),+];
        impl $crate::policy::spec::RuleSet for RuleBook {
            const FAMILIES: &'static [&'static $crate::policy::spec::FamilySpec] = FAMILIES;
            fn read(
                &mut self,
                kind: &'static $crate::policy::spec::KindSpec,
                rule: $crate::policy::RuleNo,
                node: &$crate::policy::node::Node,
                context: &mut $crate::policy::spec::Context<'_>,
            ) {
                let family = kind.kind.split('.').next().unwrap_or_default();
                $(if family == <$type as $crate::policy::spec::Family>::SPEC.family {
                    if let Some(value) = <$type as $crate::policy::spec::Family>::read(kind, node, context) {
                        self.$field.push($crate::policy::Ruled { rule, value });
                    }
                })+
            }
            fn numbers(&self) -> Vec<(&'static $crate::policy::spec::FamilySpec, Vec<$crate::policy::RuleNo>)> {
                vec![$((
                    <$type as $crate::policy::spec::Family>::SPEC,
                    self.$field.iter().map(|ruled| ruled.rule).collect(),
                )),+]
            }
        }
    };
}

pub(crate) use {choice, default_of, families, family, field_type, need_of, read_field, record};
