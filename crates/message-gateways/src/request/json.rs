//! JSON with placeholders in its strings. The document is put together as a value, so nothing that
//! fills a placeholder can end a string or begin a member.

use serde_json::{Map, Value};

use crate::template::{Place, Placeholder, Template, TemplateError, Values};

/// A JSON document with placeholders.
#[derive(Clone, Debug)]
pub(super) enum JsonTemplate {
    Text(Template),
    Number(Placeholder),
    Constant(Value),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl JsonTemplate {
    pub(super) fn of(document: Value) -> Result<Self, TemplateError> {
        Ok(match document {
            Value::String(text) => match Template::number(&text)? {
                Some(placeholder) => Self::Number(placeholder),
                None => Self::Text(Template::parse(&text, Place::Json)?),
            },
            Value::Array(items) => {
                Self::Array(items.into_iter().map(Self::of).collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let member = |(name, value)| Ok((name, Self::of(value)?));
                Self::Object(members.into_iter().map(member).collect::<Result<_, _>>()?)
            }
            constant => Self::Constant(constant),
        })
    }

    pub(super) fn fill(&self, values: &Values<'_>) -> Value {
        match self {
            Self::Text(template) => Value::String(template.fill(values)),
            Self::Number(placeholder) => values.number(*placeholder).into(),
            Self::Constant(value) => value.clone(),
            Self::Array(items) => items.iter().map(|item| item.fill(values)).collect(),
            Self::Object(members) => {
                let member = |(name, value): &(String, Self)| (name.clone(), value.fill(values));
                Value::Object(members.iter().map(member).collect::<Map<_, _>>())
            }
        }
    }

    pub(super) fn names(&self, placeholder: Placeholder) -> bool {
        match self {
            Self::Text(template) => template.names(placeholder),
            Self::Number(number) => *number == placeholder,
            Self::Constant(_) => false,
            Self::Array(items) => items.iter().any(|item| item.names(placeholder)),
            Self::Object(members) => members.iter().any(|(_, value)| value.names(placeholder)),
        }
    }
}
