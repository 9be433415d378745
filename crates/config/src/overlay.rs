//! A configuration of one package without a file: values from the inputs of an action, each with
//! its origin. The same keys and the same checks hold for it as for the file.

use std::borrow::Cow;
use std::collections::BTreeSet;

use format::{Key, Origin, Origins};
use model::{Diagnostics, Findings};
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use crate::keys::{Keys, ROOT};
use crate::{Config, check, tables};

/// A configuration of one package, value by value.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    values: Vec<Set>,
}

/// A table of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// `[release]`.
    Release,
    /// The one `[[package]]`.
    Package,
    /// The table of a format in the package, by its key.
    Format(&'static str),
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// A list of TCP ports, in digits: the parser makes numbers of their texts alone.
    Ports(Vec<String>),
    /// Names and texts.
    Variables(Vec<(String, String)>),
}

#[derive(Debug, Clone)]
struct Set {
    table: Table,
    key: &'static str,
    value: Value,
    origin: Origin,
}

impl Overlay {
    /// Sets a key that was not set before.
    pub fn set(
        &mut self,
        table: Table,
        key: &'static str,
        value: impl Into<Value>,
        origin: Origin,
    ) {
        self.values.push(Set { table, key, value: value.into(), origin });
    }

    /// The configuration. Problems of shape are added to `problems`, as for the file.
    #[must_use]
    pub fn config(&self, formats: &[&'static Key], problems: &mut Diagnostics) -> Config {
        let keys = Keys { formats };
        let own = self.values.iter().map(|set| set.origin.clone());
        let origins = Origins::Values(std::iter::once(Origin::Default).chain(own).collect());
        let root = self.root();
        let mut shapes = Findings::new();
        check::check(&origins, keys, &ROOT, &root, NO_VALUE, &mut shapes);
        problems.extend(shapes.finish());
        let (release, packages) = tables::root(&root, keys);
        Config { origins, release, packages }
    }

    /// The values as the file's parser would give them, with their numbers for offsets.
    fn root(&self) -> DeTable<'_> {
        let mut package = self.table(Table::Package).unwrap_or_default();
        for key in self.formats() {
            if let Some(values) = self.table(Table::Format(key)) {
                package.insert(at(NO_VALUE, key.into()), at(NO_VALUE, DeValue::Table(values)));
            }
        }
        let packages = std::iter::once(at(NO_VALUE, DeValue::Table(package))).collect();
        let mut root = DeTable::new();
        let release = self.table(Table::Release).unwrap_or_default();
        root.insert(at(NO_VALUE, "release".into()), at(NO_VALUE, DeValue::Table(release)));
        root.insert(at(NO_VALUE, "package".into()), at(NO_VALUE, DeValue::Array(packages)));
        root
    }

    /// The keys of the formats that have a value.
    fn formats(&self) -> BTreeSet<&'static str> {
        let key = |set: &Set| match set.table {
            Table::Format(key) => Some(key),
            Table::Release | Table::Package => None,
        };
        self.values.iter().filter_map(key).collect()
    }

    fn table(&self, table: Table) -> Option<DeTable<'_>> {
        let mut values = DeTable::new();
        // The number before the first is `NO_VALUE`.
        let own = (NO_VALUE + 1..).zip(&self.values).filter(|(_, set)| set.table == table);
        for (number, set) in own {
            let value = set.value.parsed(number);
            values.insert(at(number, set.key.into()), at(number, value));
        }
        (!values.is_empty()).then_some(values)
    }
}

/// The offset of what is not one of the values.
const NO_VALUE: usize = 0;

impl Value {
    fn parsed(&self, number: usize) -> DeValue<'_> {
        let text = |text| DeValue::String(Cow::Borrowed(text));
        match self {
            Self::Text(value) => text(value),
            Self::Texts(values) => {
                DeValue::Array(values.iter().map(|value| at(number, text(value))).collect())
            }
            Self::Ports(ports) => {
                DeValue::Array(ports.iter().map(|port| at(number, whole(port))).collect())
            }
            Self::Variables(pairs) => {
                let mut table = DeTable::new();
                for (name, value) in pairs {
                    table.insert(at(number, Cow::Borrowed(&**name)), at(number, text(value)));
                }
                DeValue::Table(table)
            }
        }
    }
}

/// The number that `digits` are.
fn whole(digits: &str) -> DeValue<'_> {
    match DeValue::parse(digits) {
        Ok(value) => value.into_inner(),
        Err(_) => DeValue::Integer(DeInteger::default()),
    }
}

fn at<T>(number: usize, value: T) -> Spanned<T> {
    Spanned::new(number..number, value)
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Vec<String>> for Value {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

impl From<Vec<u16>> for Value {
    fn from(ports: Vec<u16>) -> Self {
        Self::Ports(ports.iter().map(u16::to_string).collect())
    }
}

impl From<Vec<(String, String)>> for Value {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self::Variables(pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::keys;

    const PYTHON: Table = Table::Format("python");
    const IMAGE: Table = Table::Format("image");
    const BINARY: Table = Table::Format("binary");

    fn overlay(values: &[(Table, &'static str, Value)]) -> Overlay {
        let mut overlay = Overlay::default();
        for (table, key, value) in values {
            overlay.set(*table, key, value.clone(), Origin::Input(key));
        }
        overlay
    }

    #[test]
    fn values_are_read_as_from_a_file_with_their_origins() {
        let pairs = vec![("A".to_owned(), "1=\"2\"\n".to_owned())];
        let overlay = overlay(&[
            (Table::Release, "version", "1.0.0".into()),
            (Table::Package, "name", "a".into()),
            (IMAGE, "dockerfile", "Dockerfile".into()),
            (IMAGE, "ports", vec![80, 8080].into()),
            (IMAGE, "entrypoint", vec!["/a".to_owned(), "-x".to_owned()].into()),
            (IMAGE, "build-args", pairs.into()),
        ]);
        let mut problems = Diagnostics::new();
        let config = overlay.config(&keys(), &mut problems);
        assert_eq!(problems, Diagnostics::new());
        let package = config.packages.first().unwrap();
        let image = &package.formats["image"];
        let ports = image.ports("ports").unwrap();
        let ports: Vec<u16> = ports.value.iter().map(|at| at.value).collect();
        assert_eq!(ports, [80, 8080]);
        assert_eq!(image.variables("build-args").unwrap().value["A"], "1=\"2\"\n");
        let origin = |offset| config.origins.origin(offset);
        assert_eq!(origin(config.release.version.unwrap().offset), Origin::Input("version"));
        let entrypoint = image.texts("entrypoint").unwrap();
        assert_eq!(origin(entrypoint.offset), Origin::Input("entrypoint"));
        assert_eq!(origin(package.offset), Origin::Default);
    }

    #[test]
    fn what_is_wrong_names_its_input() {
        let check = |values: &[(Table, &'static str, Value)], code: &str, message: &str| {
            let mut problems = Diagnostics::new();
            let _config = overlay(values).config(&keys(), &mut problems);
            let found: Vec<(&str, &str)> =
                problems.0.iter().map(|it| (it.code.name, it.message.as_str())).collect();
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].0, code);
            assert!(found[0].1.starts_with(message), "{found:?}");
            assert_eq!(problems.0[0].location, None);
        };
        let name = (Table::Package, "name", Value::from("a"));
        let python = |key, value: &str| (PYTHON, key, Value::from(value));
        let path = python("path", ".");
        check(
            &[name.clone(), path, python("kind", "x")],
            "config-unknown-value",
            "the input `kind`: ",
        );
        let go = (BINARY, "go", Value::from("."));
        let rust = (BINARY, "rust", Value::from("."));
        check(&[name.clone(), go, rust], "config-conflict", "the input `rust`: ");
        let file = (IMAGE, "dockerfile", Value::from("D"));
        let ports = (IMAGE, "ports", Value::from(vec![0]));
        check(&[name, file, ports], "config-out-of-range", "the input `ports`: ");
    }
}
