//! The JSON Schema of a pack, from the same descriptions that read it.

use serde_json::{Map, Value, json};

use super::kinds;
use super::load::Header;
use super::spec::{Field, KindSpec, Need, Shape, Words};

/// The schema of a pack file (published as `seeds/policy.schema.json`).
#[must_use]
pub fn json_schema() -> Value {
    let mut properties = fields(Header::FIELDS);
    let kinds: Vec<Value> = kinds::all().map(kind).collect();
    let removal = json!({
        "type": "object",
        "properties": { "kind": { "const": "none" } },
        "required": ["kind"],
        "additionalProperties": false,
        "description": "取消继承的同名规则 · removes the inherited rule of this name",
    });
    let rules: Vec<Value> = kinds.into_iter().chain([removal]).collect();
    properties.insert("rules".into(), json!({ "type": "object", "additionalProperties": { "oneOf": rules } }));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dianzhi policy pack",
        "description": "政策包 · a policy pack (docs/policy.md)",
        "type": "object",
        "properties": properties,
        "required": required(Header::FIELDS),
        "additionalProperties": false,
    })
}

fn kind(spec: &KindSpec) -> Value {
    let mut properties = fields(spec.fields);
    properties.insert("kind".into(), json!({ "const": spec.kind }));
    for (name, zh, en) in [
        ("source", "所依据文件在 [[source]] 中的 id", "id of the document among [[source]]"),
        ("article", "条款", "article"),
        ("placeholder", "没有依据的原因与缺省值", "why it has no source, and the default"),
        ("note", "备注", "note"),
    ] {
        properties
            .insert(name.into(), json!({ "type": "string", "minLength": 1, "description": words(Words { zh, en }) }));
    }
    let mut needed = required(spec.fields);
    needed.insert(0, "kind".into());
    json!({
        "type": "object",
        "description": words(spec.words),
        "properties": properties,
        "required": needed,
        "additionalProperties": false,
        "anyOf": [{ "required": ["source", "article"] }, { "required": ["placeholder"] }],
    })
}

fn words(words: Words) -> String {
    format!("{} · {}", words.zh, words.en)
}

fn required(fields: &[Field]) -> Vec<String> {
    fields.iter().filter(|field| field.need == Need::Required).map(|field| field.name.to_owned()).collect()
}

fn fields(fields: &[Field]) -> Map<String, Value> {
    let with_words = |field: &Field| {
        let mut value = shape(field.shape);
        if let Value::Object(object) = &mut value {
            object.insert("description".into(), words(field.words).into());
            if let Need::Default(default) = field.need {
                let default = serde_json::from_str(default).unwrap_or_else(|_| Value::from(default));
                object.insert("default".into(), default);
            }
        }
        (field.name.to_owned(), value)
    };
    fields.iter().map(with_words).collect()
}

fn shape(of: &Shape) -> Value {
    match of {
        Shape::Number { min, max, digits, .. } => {
            let number = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
            let mut bare = Map::new();
            bare.insert("type".into(), "number".into());
            bare.insert("minimum".into(), number(min));
            if let Some(max) = max {
                bare.insert("maximum".into(), number(max));
            }
            let pattern = format!("^-?[0-9]+(\\.[0-9]{{1,{digits}}}0*)?$");
            json!({ "anyOf": [bare, { "type": "string", "pattern": pattern }] })
        }
        Shape::Whole { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Text => json!({ "type": "string", "minLength": 1 }),
        Shape::Date => json!({ "type": "string", "format": "date" }),
        Shape::Choice(choices) => json!({ "enum": choices.iter().map(|choice| choice.value).collect::<Vec<_>>() }),
        Shape::List(item) => json!({ "type": "array", "items": shape(item) }),
        Shape::Map(value) => json!({ "type": "object", "additionalProperties": shape(value) }),
        Shape::Record(keys) => json!({
            "type": "object",
            "properties": fields(keys),
            "required": required(keys),
            "additionalProperties": false,
        }),
        Shape::Rows { row, .. } => table(shape(row)),
        Shape::FreeRows => table(json!({ "type": "object" })),
        Shape::Codes => table(json!({ "type": "string" })),
    }
}

/// The name of a CSV file, or the rows themselves.
fn table(row: Value) -> Value {
    json!({ "anyOf": [{ "type": "string", "minLength": 1 }, { "type": "array", "items": row }] })
}
