//! JSON in which no object has a key twice: readers take the first one, or the last one.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::Budget;

/// Bytes of a key beside its text: a text, and its share of a tree's node.
const KEY_BYTES: usize = 48;

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ambiguity {
    /// It cannot be read at all.
    Syntax(String),
    /// An object has a key twice, or the keys take more than is left of a budget.
    Refused(String),
}

impl Ambiguity {
    /// What is wrong with a document that can be read.
    #[must_use]
    pub fn repeated(self) -> Option<String> {
        match self {
            Self::Syntax(_) => None,
            Self::Refused(why) => Some(why),
        }
    }
}

impl fmt::Display for Ambiguity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(why) | Self::Refused(why) => f.write_str(why),
        }
    }
}

/// Reads `json` once, and says what is wrong: it cannot be read, an object has a key twice, or its
/// keys take more than is left of `budget`. Nothing when all is well.
#[must_use]
pub fn ambiguity(json: &[u8], budget: &Budget) -> Option<Ambiguity> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let read = Unique(budget).deserialize(&mut reader).and_then(|()| reader.end());
    let error = read.err()?;
    let why = error.to_string();
    // Ours are the only ones about what was read and not how it is spelled.
    Some(if error.is_data() { Ambiguity::Refused(why) } else { Ambiguity::Syntax(why) })
}

#[derive(Clone, Copy)]
struct Unique<'b>(&'b Budget);

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        while values.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = fields.next_key::<String>()? {
            self.0.spend_len(key.len() + KEY_BYTES).map_err(|exhausted| {
                Error::custom(format_args!("its keys take more than {} bytes", exhausted.limit))
            })?;
            if seen.contains(&key) {
                let shown: String = key.chars().take(100).flat_map(char::escape_debug).collect();
                return Err(Error::custom(format_args!("the key `{shown}` appears twice")));
            }
            seen.insert(key);
            fields.next_value_seed(self)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_with_a_key_twice_is_found_at_any_depth() {
        let check = |json: &str, expected: Option<&str>| {
            let found = ambiguity(json.as_bytes(), &Budget::of(0));
            let fits = match (&found, expected) {
                (None, None) => true,
                (Some(found), Some(words)) => found.to_string().contains(words),
                _ => false,
            };
            assert!(fits, "{json}: {found:?}");
        };
        check(r#"{"a": 1, "b": [{"a": null}, {"a": -1.5, "A": "a"}], "c": {"a": true}}"#, None);
        check("[]", None);
        check(r#"{"a": 1, "a": 1}"#, Some("`a` appears twice"));
        check(r#"{"a": 1, "\u0061": 2}"#, Some("`a` appears twice"));
        check(r#"[{"b": {"c": [{"x": 1, "y": 2, "x": 3}]}}]"#, Some("`x` appears twice"));
        check(r#"{"": 1, "": 2}"#, Some("`` appears twice"));
        check(r#"{"a": 1} {"a": 2}"#, Some("trailing"));
        check("{", Some("EOF"));
        check(&"[".repeat(100_000), Some("recursion"));
    }

    #[test]
    fn keys_are_taken_from_the_budget() {
        let keys: Vec<String> = (0..100).map(|at| format!("\"{at}\": 0")).collect();
        let json = format!("{{{}}}", keys.join(","));
        assert_eq!(ambiguity(json.as_bytes(), &Budget::limited(10_000)), None);
        let found = ambiguity(json.as_bytes(), &Budget::limited(1_000));
        assert!(
            found.and_then(Ambiguity::repeated).is_some_and(|why| why.contains("than 1000 bytes"))
        );
    }
}
