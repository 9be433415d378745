//! How a package comes about in its formats: typed for the format, JSON for everybody else.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How a package comes about in one format.
pub trait Spec: Any + Send + Sync + Clone + Serialize {
    /// The format's key in the configuration; also the key in a plan.
    const KEY: &str;
}

/// The specs of a package, each by its key, in the order of the table of formats.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Specs {
    entries: Vec<(String, Entry)>,
}

/// One of them.
#[derive(Clone)]
struct Entry {
    /// Compact JSON, its keys in the order in which the format writes them.
    json: String,
    /// Absent in a plan that was read, until [`Specs::read`].
    typed: Option<Arc<dyn Any + Send + Sync>>,
}

impl Specs {
    /// The spec of type `T`; nothing where the package has none, or it was read with a plan and not
    /// yet by [`Specs::read`].
    #[must_use]
    pub fn get<T: Spec>(&self) -> Option<&T> {
        let (_, entry) = self.entries.iter().find(|(key, _)| key == T::KEY)?;
        entry.typed.as_ref()?.downcast_ref()
    }

    /// Types the spec at `T`'s key, where it is one and spelled as it would be written. It is a
    /// step of its own so that a program that only makes plans links no reader of specs.
    pub fn read<T: Spec + DeserializeOwned>(&mut self) {
        if let Some((_, entry)) = self.entries.iter_mut().find(|(key, _)| key == T::KEY) {
            let read: Option<T> = serde_json::from_str(&entry.json).ok();
            let read = read.filter(|spec| Entry::json_of(spec) == entry.json);
            entry.typed = read.map(|spec| Arc::new(spec) as Arc<dyn Any + Send + Sync>);
        }
    }

    /// Whether the spec at `key` is typed: that it is one is then known.
    #[must_use]
    pub fn is_typed(&self, key: &str) -> bool {
        self.entries.iter().any(|(own, entry)| own == key && entry.typed.is_some())
    }

    /// Adds `spec`, or puts it in the place of the one before.
    pub fn set<T: Spec>(&mut self, spec: T) {
        let entry = Entry { json: Entry::json_of(&spec), typed: Some(Arc::new(spec)) };
        match self.entries.iter_mut().find(|(key, _)| key == T::KEY) {
            Some((_, old)) => *old = entry,
            None => self.entries.push((T::KEY.to_owned(), entry)),
        }
    }

    /// Changes the spec of type `T`, where the package has one.
    pub fn edit<T: Spec>(&mut self, change: impl FnOnce(&mut T)) {
        if let Some(mut spec) = self.get::<T>().cloned() {
            change(&mut spec);
            self.set(spec);
        }
    }

    /// Puts the specs in the order of `keys`; others come after.
    pub fn order(&mut self, keys: &[&str]) {
        let mut rest = std::mem::take(&mut self.entries);
        for key in keys {
            if let Some(index) = rest.iter().position(|(own, _)| own == key) {
                self.entries.push(rest.remove(index));
            }
        }
        self.entries.extend(rest);
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(key, _)| key.as_str())
    }
}

impl Entry {
    /// Specs hold nothing that JSON cannot, so the fallback is never taken.
    fn json_of<T: Spec>(spec: &T) -> String {
        serde_json::to_string(spec).unwrap_or_default()
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

impl Eq for Entry {}

impl fmt::Debug for Specs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries.iter().map(|(key, entry)| (key, &entry.json))).finish()
    }
}

impl Serialize for Specs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.entries.len()))?;
        for (key, entry) in &self.entries {
            map.serialize_entry(key, &Transcoded(&entry.json))?;
        }
        map.end()
    }
}

/// JSON text as a value of any serialiser.
struct Transcoded<'j>(&'j str);

impl Serialize for Transcoded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serde_json::Deserializer::from_str(self.0);
        serde_transcode::transcode(&mut json, serializer).map_err(S::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Specs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Read)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Specs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("how a package comes about, by format")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Specs, A::Error> {
        let mut specs = Specs::default();
        while let Some(key) = map.next_key::<String>()? {
            if specs.keys().any(|known| known == key) {
                return Err(A::Error::custom(format!("`{key}` appears twice")));
            }
            let Text(json) = map.next_value()?;
            specs.entries.push((key, Entry { json, typed: None }));
        }
        Ok(specs)
    }
}

/// A value as compact JSON text, its keys in the order in which they were read.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut json = Vec::new();
        serde_transcode::transcode(deserializer, &mut serde_json::Serializer::new(&mut json))
            .map_err(D::Error::custom)?;
        String::from_utf8(json).map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Toy {
        zeta: u8,
        alpha: String,
    }

    impl Spec for Toy {
        const KEY: &str = "toy";
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        name: String,
        #[serde(flatten)]
        specs: Specs,
    }

    fn toy() -> Toy {
        Toy { zeta: 1, alpha: "a".to_owned() }
    }

    #[test]
    fn what_is_written_is_read_back_in_its_own_order() {
        let mut specs = Specs::default();
        specs.set(toy());
        let holder = Holder { name: "n".to_owned(), specs };
        let json = serde_json::to_string(&holder).unwrap();
        assert_eq!(json, r#"{"name":"n","toy":{"zeta":1,"alpha":"a"}}"#);
        let pretty = serde_json::to_string_pretty(&holder).unwrap();
        for text in [&json, &pretty] {
            let mut read: Holder = serde_json::from_str(text).unwrap();
            assert_eq!(read, holder);
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
            assert_eq!(read.specs.get::<Toy>(), None);
            read.specs.read::<Toy>();
            assert_eq!(read.specs.get::<Toy>(), Some(&toy()));
        }
    }

    #[test]
    fn the_spec_of_a_format_that_nobody_here_knows_is_kept() {
        let json = r#"{"name":"n","later":{"b":[1,{"c":null}],"a":true}}"#;
        let read: Holder = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        assert_eq!(read.specs.keys().collect::<Vec<_>>(), ["later"]);
        assert_eq!(read.specs.get::<Toy>(), None);
    }

    #[test]
    fn a_spec_with_anything_else_in_it_is_not_typed() {
        let check = |toy: &str, expected: bool| {
            let json = format!(r#"{{"name":"n","toy":{toy}}}"#);
            let mut read: Holder = serde_json::from_str(&json).unwrap();
            assert!(!read.specs.is_typed("toy"));
            read.specs.read::<Toy>();
            assert_eq!(read.specs.is_typed("toy"), expected, "{toy}");
            assert_eq!(read.specs.get::<Toy>().is_some(), expected, "{toy}");
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        };
        check(r#"{"zeta":1,"alpha":"a"}"#, true);
        check(r#"{"alpha":"a","zeta":1}"#, false);
        check(r#"{"zeta":1,"alpha":"a","more":2}"#, false);
        check(r#"{"zeta":1}"#, false);
        check("null", false);
    }

    #[test]
    fn specs_are_changed_and_put_in_order() {
        let json = r#"{"name":"n","b":1,"toy":{"zeta":1,"alpha":"a"},"a":2}"#;
        let mut read: Holder = serde_json::from_str(json).unwrap();
        read.specs.read::<Toy>();
        read.specs.edit(|toy: &mut Toy| toy.zeta = 9);
        read.specs.order(&["toy", "a"]);
        assert_eq!(read.specs.keys().collect::<Vec<_>>(), ["toy", "a", "b"]);
        assert_eq!(read.specs.get::<Toy>().unwrap().zeta, 9);
        assert!(read.specs.is_typed("toy"));
        assert!(serde_json::to_string(&read).unwrap().contains(r#""zeta":9"#));
    }

    #[test]
    fn a_format_has_one_spec() {
        let json = r#"{"name":"n","toy":{},"toy":{}}"#;
        assert!(serde_json::from_str::<Holder>(json).unwrap_err().to_string().contains("twice"));
    }
}
