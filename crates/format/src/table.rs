//! The values of a package's tables as they are written, each with its offset. A value of a wrong
//! type is absent: `config` has reported it.

use std::collections::BTreeMap;

use manifests::At;
use model::Platform;

/// `[[package]]`.
#[derive(Debug)]
pub struct PackageTable {
    /// Where the table starts.
    pub offset: usize,
    /// `name`.
    pub name: At<String>,
    /// `version`.
    pub version: Option<At<String>>,
    /// `description`.
    pub description: Option<At<String>>,
    /// `license`.
    pub license: Option<At<String>>,
    /// The formats' tables, by their keys.
    pub formats: BTreeMap<&'static str, Values>,
}

/// One table.
#[derive(Debug, Default)]
pub struct Values {
    /// Where it starts.
    pub offset: usize,
    entries: BTreeMap<String, At<Value>>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A list.
    List(Vec<At<Value>>),
    /// Names and texts.
    Variables(BTreeMap<String, String>),
}

impl Values {
    /// The table that starts at `offset`.
    #[must_use]
    pub fn new(offset: usize, entries: BTreeMap<String, At<Value>>) -> Self {
        Self { offset, entries }
    }

    /// The text at `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<At<String>> {
        self.get(key, Value::text)
    }

    /// The text at `key`, or the digits of the number there.
    #[must_use]
    pub fn text_or_number(&self, key: &str) -> Option<At<String>> {
        self.get(key, |value| value.text().or_else(|| Some(value.whole()?.to_string())))
    }

    /// The flag at `key`.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.entries.get(key)?.value {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// The flag at `key`, and where it is written.
    #[must_use]
    pub fn flag_at(&self, key: &str) -> Option<At<bool>> {
        self.get(key, |value| match value {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        })
    }

    /// The texts in the list at `key`.
    #[must_use]
    pub fn texts(&self, key: &str) -> Option<At<Vec<At<String>>>> {
        self.list(key, Value::text)
    }

    /// The texts in the list at `key`, or the one text there.
    #[must_use]
    pub fn text_or_texts(&self, key: &str) -> Option<At<Vec<At<String>>>> {
        let one = |at: At<String>| At::new(vec![At::new(at.value, at.offset)], at.offset);
        self.texts(key).or_else(|| self.text(key).map(one))
    }

    /// The platforms in the list at `key`.
    #[must_use]
    pub fn platforms(&self, key: &str) -> Option<At<Vec<At<Platform>>>> {
        self.list(key, |value| value.text()?.parse().ok())
    }

    /// The TCP ports in the list at `key`.
    #[must_use]
    pub fn ports(&self, key: &str) -> Option<At<Vec<At<u16>>>> {
        self.list(key, |value| u16::try_from(value.whole()?).ok())
    }

    /// The names and texts at `key`.
    #[must_use]
    pub fn variables(&self, key: &str) -> Option<At<BTreeMap<String, String>>> {
        self.get(key, |value| match value {
            Value::Variables(variables) => Some(variables.clone()),
            _ => None,
        })
    }

    fn get<T>(&self, key: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<At<T>> {
        let at = self.entries.get(key)?;
        Some(At::new(read(&at.value)?, at.offset))
    }

    /// The items that could be read.
    fn list<T>(&self, key: &str, read: impl Fn(&Value) -> Option<T>) -> Option<At<Vec<At<T>>>> {
        self.get(key, |value| match value {
            Value::List(items) => {
                let item = |item: &At<Value>| Some(At::new(read(&item.value)?, item.offset));
                Some(items.iter().filter_map(item).collect())
            }
            _ => None,
        })
    }
}

impl Value {
    fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(*number),
            _ => None,
        }
    }
}

/// The items in their order, each once.
#[must_use]
pub fn unique<T: PartialEq>(items: Vec<T>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::with_capacity(items.len());
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}
