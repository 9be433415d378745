//! Names that formats give to things: of the formats themselves, of kinds of artifact, of ways to
//! build. Whoever parses one takes any name; whether somebody knows it, a table of formats says.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of a name at most: it is copied wherever it is needed.
const MAX_BYTES: usize = 23;

/// A lower-case ASCII name in kebab-case, kept in place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Word {
    /// Zeros after the name.
    bytes: [u8; MAX_BYTES],
    length: u8,
}

impl Word {
    /// Nothing where `text` is not such a name.
    const fn parse(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        if text.is_empty() || text.len() > MAX_BYTES {
            return None;
        }
        let mut bytes = [0; MAX_BYTES];
        let mut index = 0;
        while index < text.len() {
            let byte = text[index];
            let inner = index > 0 && index + 1 < text.len();
            if !(byte.is_ascii_lowercase() || byte.is_ascii_digit() || (byte == b'-' && inner)) {
                return None;
            }
            bytes[index] = byte;
            index += 1;
        }
        Some(Self { bytes, length: text.len() as u8 })
    }

    fn as_str(&self) -> &str {
        let text = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        // Only ASCII gets in.
        std::str::from_utf8(text).unwrap_or_default()
    }
}

/// A text that is not a name of this kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidName {
    text: String,
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.text.chars().take(80).collect();
        write!(
            f,
            "`{}` is not a name of up to {MAX_BYTES} lower-case letters, digits and `-`",
            shown.escape_debug()
        )
    }
}

impl std::error::Error for InvalidName {}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(Word);

        impl $name {
            /// The name `text`, for constants.
            ///
            /// # Panics
            /// When `text` is not a name: for a constant, while it is compiled.
            #[must_use]
            pub const fn new(text: &'static str) -> Self {
                let word = Word::parse(text);
                assert!(word.is_some(), "not a name");
                match word {
                    Some(word) => Self(word),
                    None => Self(Word { bytes: [0; MAX_BYTES], length: 0 }),
                }
            }

            /// Its spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, InvalidName> {
                let word = Word::parse(text);
                word.map(Self).ok_or_else(|| InvalidName { text: text.to_owned() })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

name! {
    /// A format that packages are released in, such as `helm`. Its spelling is also the name of its
    /// folder in `dist/`.
    Format
}

name! {
    /// A kind of artifact, such as `wheel`.
    ArtifactKind
}

name! {
    /// A way in which a unit comes about, such as `go-binary`. The details are in the unit's
    /// package.
    Recipe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_lower_case_words() {
        let longest = "a".repeat(MAX_BYTES);
        for text in ["a", "image-index", "2", longest.as_str()] {
            let name: ArtifactKind = text.parse().unwrap();
            assert_eq!(name.as_str(), text);
            let json = serde_json::to_string(&name).unwrap();
            assert_eq!(serde_json::from_str::<ArtifactKind>(&json).unwrap(), name, "{json}");
        }
        let long = "a".repeat(MAX_BYTES + 1);
        for text in ["", "A", "ä", "a_b", "-a", "a-", "a b", "a\0", long.as_str()] {
            assert!(text.parse::<Recipe>().is_err(), "{text:?}");
            let json = serde_json::to_string(text).unwrap();
            assert!(serde_json::from_str::<Format>(&json).is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_are_ordered_as_their_texts_are() {
        let mut names = ["oci", "helm", "helm-x", "binary"].map(Format::new);
        names.sort();
        assert_eq!(names.map(|name| name.to_string()), ["binary", "helm", "helm-x", "oci"]);
    }
}
