//! JSON: the one rendering of our own, a size limit for any, and errors as diagnostics.

use std::fmt;

use model::limits::MAX_JSON_BYTES;
use model::{Code, Diagnostic};
use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Two-space indented JSON with a newline at the end.
pub(crate) fn render<T: Serialize>(code: &'static Code, value: &T) -> Result<String, Diagnostic> {
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|error| Diagnostic::new(code, format!("cannot be written as JSON: {error}")))?;
    text.push('\n');
    Ok(text)
}

/// Reads JSON of any white space into `T`; `what` names the document in messages.
pub(crate) fn read<T: DeserializeOwned>(
    code: &'static Code,
    what: &str,
    text: &str,
) -> Result<T, Diagnostic> {
    bounded(code, what, text)?;
    serde_json::from_str(text).map_err(|error| unreadable(code, what, &error))
}

/// Reads JSON of any white space as a tree of at most `values` values, in which no object has a
/// name twice: two readers could take different ones of them.
pub(crate) fn tree(
    code: &'static Code,
    what: &str,
    text: &str,
    values: usize,
) -> Result<Value, Diagnostic> {
    bounded(code, what, text)?;
    let mut left = values;
    let mut reader = serde_json::Deserializer::from_str(text);
    let tree = Tree { left: &mut left }.deserialize(&mut reader);
    tree.and_then(|tree| reader.end().map(|()| tree))
        .map_err(|error| unreadable(code, what, &error))
}

fn bounded(code: &'static Code, what: &str, text: &str) -> Result<(), Diagnostic> {
    if text.len() as u64 <= MAX_JSON_BYTES {
        return Ok(());
    }
    let message = format!("the {what} has {} bytes; the limit is {MAX_JSON_BYTES}", text.len());
    Err(Diagnostic::new(code, message))
}

fn unreadable(code: &'static Code, what: &str, error: &serde_json::Error) -> Diagnostic {
    Diagnostic::new(code, format!("the {what} cannot be read: {error}"))
}

/// A value of which `left` more may follow.
struct Tree<'l> {
    left: &'l mut usize,
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        *self.left = self.left.checked_sub(1).ok_or_else(|| Error::custom("too many values"))?;
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(Tree { left: &mut *self.left })? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            let value = fields.next_value_seed(Tree { left: &mut *self.left })?;
            if object.contains_key(&name) {
                return Err(Error::custom(format_args!("`{}` appears twice", name.escape_debug())));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// That `text` is the one rendering; `expected` is what its content renders to.
pub(crate) fn same(
    code: &'static Code,
    what: &str,
    text: &str,
    expected: &str,
) -> Result<(), Diagnostic> {
    let Some(offset) = first_difference(text.as_bytes(), expected.as_bytes()) else {
        return Ok(());
    };
    let message = format!(
        "the {what} is not spelled as it would be rendered: byte {offset} differs ({} bytes, \
         {} expected)",
        text.len(),
        expected.len()
    );
    Err(Diagnostic::new(code, message))
}

/// The offset of the first byte in which both differ; nothing when they are equal.
fn first_difference(found: &[u8], expected: &[u8]) -> Option<usize> {
    match found.iter().zip(expected).position(|(a, b)| a != b) {
        None if found.len() == expected.len() => None,
        None => Some(found.len().min(expected.len())),
        at => at,
    }
}
